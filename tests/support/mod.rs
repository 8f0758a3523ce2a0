//! A project in a temporary directory of its own, and the `bdd` that runs in it.
//!
//! A check that does not hold shows the command, the exit code, both streams and the directory,
//! which then stays for a look.

pub mod built;
pub mod json_schema;
pub mod needs;
pub mod python;
pub mod same_document;
pub mod step_program;
pub mod waiting;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// All kinds of hooks, as step programs name them.
pub const HOOK_KINDS: [&str; 12] = [
    "before_run",
    "after_run",
    "before_all",
    "after_all",
    "before_feature",
    "after_feature",
    "before_rule",
    "after_rule",
    "before_scenario",
    "after_scenario",
    "before_step",
    "after_step",
];

/// A warning about a feature file without the name of its rule, which must stand at its end.
pub fn without_rule(warning: &str) -> &str {
    let is_rule = |rest: &str| {
        let name = rest.strip_suffix(']');
        name.is_some_and(|name| bdd::rule::LintRule::named(name).is_some())
    };
    match warning.rsplit_once(" [") {
        Some((text, rest)) if is_rule(rest) => text,
        _ => panic!("no rule at the end of: {warning}"),
    }
}

/// A directory with files, deleted when its test passes.
pub struct Project {
    directory: Option<tempfile::TempDir>,
    root: PathBuf,
}

impl Project {
    /// An empty directory.
    pub fn new() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("bdd-test-")
            .tempdir()
            .expect("a temporary directory");
        let root = directory.path().canonicalize().expect("the directory");
        Self {
            directory: Some(directory),
            root,
        }
    }

    /// Writes a file, and the folders above it.
    pub fn file(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).expect("a folder for the file");
        }
        fs::write(path, content).expect("a file");
        self
    }

    /// Makes a folder.
    pub fn folder(&self, path: &str) -> &Self {
        fs::create_dir_all(self.root.join(path)).expect("a folder");
        self
    }

    /// The absolute path of something in the project.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// What a file holds now.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path))
            .unwrap_or_else(|error| panic!("cannot read {path}: {error}"))
    }

    /// What `bdd init` makes, for [`Self::run_building`].
    pub fn initialized() -> Self {
        // All are built into one folder, where cargo takes the program of another project with the same name for
        // the newest one of this.
        static CRATES: AtomicUsize = AtomicUsize::new(0);
        let project = Self::new();
        project.bdd(["init"]).exits(0);
        let name = format!("name = \"built-{}\"", CRATES.fetch_add(1, Relaxed));
        let manifest = project.read("features/steps/Cargo.toml");
        let manifest = manifest.replace("name = \"steps\"", &name);
        project.file("features/steps/Cargo.toml", manifest);
        project
    }

    /// Prepares `bdd run` of a step crate that cargo builds from what the build of these tests has fetched, into a
    /// folder of all such crates.
    pub fn run_building(&self) -> Bdd {
        self.bdd(["run", "--offline", "-f", "progress"]).env(
            "CARGO_TARGET_DIR",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/pasted"),
        )
    }

    /// Prepares `bdd ARGUMENTS`, to be run in this directory.
    pub fn bdd<I, S>(&self, arguments: I) -> Bdd
    where
        I: IntoIterator<Item = S>,
        S: AsRef<std::ffi::OsStr>,
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bdd"));
        command
            .args(arguments)
            .env("PATH", python::path())
            .current_dir(&self.root)
            .stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("BDD_") || name == "NO_COLOR" || name.starts_with("CLICOLOR") {
                command.env_remove(&*name);
            }
        }
        Bdd {
            command,
            root: self.root.clone(),
        }
    }
}

impl Project {
    /// Runs a command that is not `bdd` itself, but comes to it.
    pub fn runs(&self, command: Command) -> Outcome {
        Bdd {
            command,
            root: self.root.clone(),
        }
        .run()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(directory) = self.directory.take()
        {
            let _ = directory.keep();
        }
    }
}

/// A command that is ready to run.
pub struct Bdd {
    command: Command,
    root: PathBuf,
}

impl Bdd {
    /// Sets a variable of the environment.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Adds arguments.
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    /// Runs it under another command, which gets it as its last arguments.
    pub fn under(self, words: &[&str]) -> Self {
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .arg(self.command.get_program())
            .args(self.command.get_args())
            .stdin(Stdio::null());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = self.command.get_current_dir() {
            command.current_dir(folder);
        }
        Self { command, ..self }
    }

    /// Takes a variable out of the environment.
    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Has a shell do something first; then it becomes the command.
    pub fn after_shell(self, first: &str) -> Self {
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{first}\nexec \"$@\""), "sh"])
            .arg(self.command.get_program())
            .args(self.command.get_args())
            .current_dir(self.command.get_current_dir().unwrap_or(&self.root))
            .stdin(Stdio::null());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Self {
            command,
            root: self.root,
        }
    }

    /// The command itself, for a test that does not wait for its end.
    pub fn command(self) -> Command {
        self.command
    }

    /// Runs in a folder of the project instead of its root.
    pub fn within(mut self, folder: &str) -> Self {
        self.command.current_dir(self.root.join(folder));
        self
    }

    /// Runs in a folder outside of the project.
    pub fn in_folder(mut self, folder: &str) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs the command to its end.
    pub fn run(mut self) -> Outcome {
        let output = self.command.output().expect("bdd starts");
        Outcome {
            command: format!("{:?}", self.command),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            root: self.root,
        }
    }

    /// Runs the command and expects an exit code.
    pub fn exits(self, code: i32) -> Outcome {
        self.run().code(code)
    }
}

/// How a command ended and what it printed.
pub struct Outcome {
    command: String,
    /// The exit code.
    pub code: Option<i32>,
    /// Standard output as printed.
    pub stdout: String,
    /// Standard error as printed.
    pub stderr: String,
    root: PathBuf,
}

impl Outcome {
    /// Expects an exit code.
    pub fn code(self, expected: i32) -> Self {
        if self.code != Some(expected) {
            self.fail(&format!("expected exit code {expected}"));
        }
        self
    }

    /// Expects standard output, redacted, to be exactly this.
    pub fn stdout(self, expected: &str) -> Self {
        let actual = redact(&self.stdout, &self.root);
        if actual != expected {
            self.fail(&difference("standard output", expected, &actual));
        }
        self
    }

    /// Expects standard error, redacted, to be exactly this.
    pub fn stderr(self, expected: &str) -> Self {
        let actual = redact(&self.stderr, &self.root);
        if actual != expected {
            self.fail(&difference("standard error", expected, &actual));
        }
        self
    }

    /// Expects standard output to have this somewhere.
    pub fn stdout_has(self, part: &str) -> Self {
        if !redact(&self.stdout, &self.root).contains(part) {
            self.fail(&format!("expected standard output to have {part:?}"));
        }
        self
    }

    /// Expects standard error to have this somewhere.
    pub fn stderr_has(self, part: &str) -> Self {
        if !redact(&self.stderr, &self.root).contains(part) {
            self.fail(&format!("expected standard error to have {part:?}"));
        }
        self
    }

    /// Fails the test and shows all there is to know.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        let code = self
            .code
            .map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        panic!(
            "{why}\n== command\n{}\n== directory\n{}\n== exit code\n{code}\n== stdout\n{}\n== stderr\n{}\n",
            self.command,
            self.root.display(),
            self.stdout,
            self.stderr
        );
    }
}

fn difference(what: &str, expected: &str, actual: &str) -> String {
    let mut text = format!("{what} is not what was expected\n");
    let (mut left, mut right) = (expected.lines(), actual.lines());
    loop {
        match (left.next(), right.next()) {
            (None, None) => break,
            (Some(line), Some(other)) if line == other => {
                let _ = writeln!(text, "  {line}");
            }
            (expected, actual) => {
                if let Some(line) = expected {
                    let _ = writeln!(text, "- {line}");
                }
                if let Some(line) = actual {
                    let _ = writeln!(text, "+ {line}");
                }
            }
        }
    }
    text
}

/// Replaces what differs between runs: the directory by `[DIR]`, times such as `0.012s`, `3 ms` or
/// `1m 2.5s` by `[TIME]`.
pub fn redact(text: &str, root: &Path) -> String {
    let text = text.replace(&*root.to_string_lossy(), "[DIR]");
    let times =
        regex::Regex::new(r"\b(?:\d+m ?)?\d+(?:\.\d+)? ?(?:ns|µs|ms|s)\b").expect("a pattern");
    times.replace_all(&text, "[TIME]").into_owned()
}
