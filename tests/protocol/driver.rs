//! Plays the runner for one worker, and checks every line against the schema.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use bdd_expressions::{BuiltIn, Expression};
use bdd_protocol::{
    Definition, DocStringArgument, FeatureInfo, FromWorker, Hello, RunArgument, RunScenario,
    RunStep, StepStatus, ToWorker,
};
use regex::Regex;

use super::schema::Schema;
use crate::support::python;

/// How long a worker may take for anything; only a broken one needs it.
const PATIENCE: Duration = Duration::from_secs(45);

/// A running worker.
pub struct Worker {
    child: Child,
    lines: BufReader<UnixStream>,
    schema: Schema,
    /// What it said first.
    pub hello: Hello,
    directory: tempfile::TempDir,
}

impl Worker {
    /// Starts a worker and hears its `hello`.
    pub fn start(command: &[OsString]) -> Self {
        Self::start_with(command, |_| {})
    }

    /// Starts a worker after a change to how it is started, and hears its `hello`.
    pub fn start_with(command: &[OsString], change: impl FnOnce(&mut Command)) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let socket = directory.path().join("socket");
        let listener = UnixListener::bind(&socket).expect("a socket");
        let output = File::options()
            .create(true)
            .append(true)
            .open(directory.path().join("output"))
            .unwrap();
        let mut starting = Command::new(&command[0]);
        starting
            .args(&command[1..])
            .env("PATH", python::path())
            .env("BDD_SOCKET", &socket)
            .env("BDD_WORKER_INDEX", "0")
            .env("BDD_JOBS", "1")
            .env("BDD_RUN_ID", "test")
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output);
        change(&mut starting);
        let mut child = starting
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let stream = accept(&listener, &mut child);
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut worker = Self {
            child,
            lines: BufReader::new(stream),
            schema: Schema::read(),
            hello: Hello::default(),
            directory,
        };
        match worker.receive() {
            FromWorker::Hello(hello) => worker.hello = *hello,
            other => panic!("expected hello, got {other:?}"),
        }
        worker
    }

    /// Sends a message.
    pub fn send(&mut self, message: &ToWorker) {
        let line = message.to_line();
        let value = serde_json::from_slice(&line).expect("a message is JSON");
        assert_eq!(self.schema.problem("to_worker", &value), None);
        self.send_line(&line);
    }

    /// Sends any bytes.
    pub fn send_line(&mut self, line: &[u8]) {
        self.lines
            .get_mut()
            .write_all(line)
            .expect("the worker reads");
    }

    /// The next message, or none when the worker has closed its end.
    pub fn receive_or_end(&mut self) -> Option<FromWorker> {
        let mut line = String::new();
        match self.lines.read_line(&mut line) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => panic!("the worker says nothing: {error}\n{}", self.output()),
        }
        let value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(self.schema.problem("from_worker", &value), None, "{line}");
        Some(FromWorker::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{error}: {line}")))
    }

    /// The next message.
    pub fn receive(&mut self) -> FromWorker {
        self.receive_or_end()
            .unwrap_or_else(|| panic!("the worker is gone\n{}", self.output()))
    }

    /// Messages up to the end of a scenario.
    pub fn receive_scenario(&mut self) -> Vec<FromWorker> {
        let mut messages = Vec::new();
        loop {
            messages.push(self.receive());
            if matches!(messages.last(), Some(FromWorker::ScenarioFinished { .. })) {
                return messages;
            }
        }
    }

    /// Messages up to the end of the stream.
    pub fn receive_all(&mut self) -> Vec<FromWorker> {
        std::iter::from_fn(|| self.receive_or_end()).collect()
    }

    /// All that the steps have printed so far.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.directory.path().join("output")).unwrap())
            .into_owned()
    }

    /// The step of a text: its definition as the runner, or the worker, finds it.
    pub fn step(&mut self, text: &str) -> RunStep {
        let found = self.hello.definitions.iter().find_map(|definition| {
            let groups = Regex::new(&regex(definition)?)
                .expect("a regular expression")
                .captures(text)?;
            let arguments = groups
                .iter()
                .skip(1)
                .map(|group| group.map(|group| group.as_str().to_owned()))
                .collect();
            Some((definition.id, arguments))
        });
        let (definition, arguments) = found.unwrap_or_else(|| self.matched(text));
        RunStep {
            definition,
            text: text.to_owned(),
            line: 3,
            arguments: arguments.into_iter().map(RunArgument::text).collect(),
            ..RunStep::default()
        }
    }

    fn matched(&mut self, text: &str) -> (u32, Vec<Option<String>>) {
        self.send(&ToWorker::Match {
            id: 99,
            texts: vec![text.to_owned()],
            keywords: vec![],
            uris: vec![],
            below: vec![],
        });
        let FromWorker::Matched { id: 99, matches } = self.receive() else {
            panic!("expected matched")
        };
        assert_eq!(matches.len(), 1);
        assert_eq!(matches[0].len(), 1, "one definition for `{text}`");
        let found = &matches[0][0];
        (
            found.definition,
            found
                .arguments
                .iter()
                .map(|group| group.value.clone())
                .collect(),
        )
    }

    /// A scenario of steps with these texts.
    pub fn scenario(&mut self, number: u32, texts: &[&str]) -> RunScenario {
        RunScenario {
            scenario: number,
            attempt: 0,
            name: format!("Scenario {number}"),
            line: 2,
            tags: vec!["@tag".to_owned()],
            steps: texts.iter().map(|text| self.step(text)).collect(),
            ..RunScenario::default()
        }
    }

    /// Sends scenarios.
    pub fn run(&mut self, scenarios: Vec<RunScenario>) {
        self.send(&ToWorker::Run {
            feature: feature(),
            scenarios,
        });
    }

    /// Runs one scenario with these steps; the status and error of its last step.
    pub fn outcome(&mut self, texts: &[&str]) -> (StepStatus, bdd_protocol::Failure) {
        let scenario = self.scenario(7, texts);
        self.run(vec![scenario]);
        let mut last = None;
        for message in self.receive_scenario() {
            if let FromWorker::StepFinished { status, error, .. } = message {
                last = Some((status, *error.unwrap_or_default()));
            }
        }
        last.expect("a step has finished")
    }

    /// The most memory that the process has had at once, in bytes; none where the system does not
    /// tell.
    pub fn peak_memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilobytes * 1024)
    }

    /// Expects a message within the patience, and passes over those before it.
    pub fn receive_until(&mut self, is: impl Fn(&FromWorker) -> bool) -> FromWorker {
        loop {
            let message = self.receive();
            if is(&message) {
                return message;
            }
        }
    }

    /// Closes the runner's end of the socket.
    pub fn hang_up(&mut self) {
        self.lines
            .get_ref()
            .shutdown(std::net::Shutdown::Both)
            .unwrap();
    }

    /// Waits until the process has ended.
    pub fn ended(&mut self) -> ExitStatus {
        ended(&mut self.child)
    }

    /// Ends the worker as a runner does.
    pub fn finish(mut self) {
        self.send(&ToWorker::Finish { hooks: Vec::new() });
        self.closes();
        assert_eq!(self.ended().code(), Some(0), "{}", self.output());
    }

    /// Expects that all is closed and nothing else is said, as far as it says so.
    pub fn closes(&mut self) {
        let closed = self.hello.says_closed.then_some(FromWorker::Closed {});
        assert_eq!(self.receive_all(), Vec::from_iter(closed));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The feature that all scenarios belong to.
pub fn feature() -> FeatureInfo {
    FeatureInfo {
        uri: "features/test.feature".to_owned(),
        name: "Test".to_owned(),
        tags: vec!["@all".to_owned()],
        ..FeatureInfo::default()
    }
}

/// A docstring for a step.
pub fn docstring(content: &str) -> DocStringArgument {
    DocStringArgument {
        media_type: Some("text".to_owned()),
        content: content.to_owned(),
    }
}

/// The path of a worker beside the tests.
pub fn worker_script(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/workers")
        .join(name)
}

fn accept(listener: &UnixListener, child: &mut Child) -> UnixStream {
    listener.set_nonblocking(true).unwrap();
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(false).unwrap();
            return stream;
        }
        assert!(
            child.try_wait().unwrap().is_none(),
            "the worker ended before it connected"
        );
        assert!(Instant::now() < deadline, "the worker does not connect");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn ended(child: &mut Child) -> ExitStatus {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(Instant::now() < deadline, "the worker does not end");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The regular expression of a definition, unless it is of a kind of the worker's own or uses a
/// parameter type of the worker's own.
fn regex(definition: &Definition) -> Option<String> {
    match definition.kind.as_str() {
        "regex" => Some(definition.pattern.clone()),
        "cucumber_expression" => {
            let expression = Expression::parse(&definition.pattern).expect("an expression");
            let regexps = |name: &str| BuiltIn::named(name).map(|built_in| built_in.linear);
            expression.to_regex(regexps).ok()
        }
        _ => None,
    }
}
