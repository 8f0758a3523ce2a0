//! Steps that leave something running.

use std::io::{self, BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::panic;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bdd_steps::{Context, Fixture, step};

use crate::system;

/// How long a process lives that nobody ends.
const LIFE: &str = "60";

/// A line now and again.
const PRINTING: &str = "while kill -0 $PPID; do echo late; sleep 0.02; done";

/// Says who is left, so that a test can see whether it is gone.
fn left(child: &Child) {
    println!("left: {}", child.id());
}

#[step("^a step that leaves a process running$")]
fn leaves_process() -> io::Result<()> {
    left(&Command::new("sleep").arg(LIFE).spawn()?);
    Ok(())
}

/// Its parent is gone, too.
#[step("^a step that leaves an orphan running$")]
fn leaves_orphan() -> io::Result<()> {
    let script = format!("sleep {LIFE} & echo \"left: $!\"");
    Command::new("sh").args(["-c", &script]).status().map(drop)
}

#[step("^a step that leaves a daemon running$")]
fn leaves_daemon() -> io::Result<()> {
    let mut command = Command::new("sleep");
    command.arg(LIFE);
    // SAFETY: only one call of the system is made, which is allowed between fork and exec.
    unsafe { command.pre_exec(system::leave_session) };
    left(&command.spawn()?);
    Ok(())
}

/// Leaves a process that has a session of its own and whose parent is gone: `before` comes before it in its command.
fn leave_orphan_daemon(before: &[&str]) -> io::Result<()> {
    let daemon = format!("echo $$; exec sleep {LIFE}");
    let mut command = Command::new("sh");
    // The shell of the first command does not wait for the second.
    command.args(["-c", r#""$@" & "#, "sh"]);
    command.args(before).args(["setsid", "sh", "-c", &daemon]);
    let mut shell = command.stdout(Stdio::piped()).spawn()?;
    let mut id = String::new();
    if let Some(stdout) = shell.stdout.take() {
        BufReader::new(stdout).read_line(&mut id)?;
    }
    println!("left: {}", id.trim());
    shell.wait().map(drop)
}

#[step("^a step that leaves a daemon without environment running$")]
fn leaves_stripped_daemon() -> io::Result<()> {
    leave_orphan_daemon(&["env", "-i"])
}

#[step("^a step that leaves a daemon running that is to stay$")]
fn leaves_staying_daemon() -> io::Result<()> {
    leave_orphan_daemon(&["env", "-i", "BDD_KEEP_PROCESS=1"])
}

#[step("^a step that leaves an orphan that has ended$")]
fn leaves_ended_orphan() -> io::Result<()> {
    let script = "(sh -c 'exec true' & )";
    Command::new("sh").args(["-c", script]).status().map(drop)
}

#[step("^a step that leaves a process printing$")]
fn leaves_printing() -> io::Result<()> {
    left(&Command::new("sh").args(["-c", PRINTING]).spawn()?);
    Ok(())
}

/// It ends within the time that a process has to end.
#[step("^a step that leaves a process that ends$")]
fn leaves_ending() -> io::Result<()> {
    left(&Command::new("sleep").arg("0.03").spawn()?);
    Ok(())
}

#[step("^a step that keeps a process running$")]
fn keeps_process(context: &Context) -> io::Result<()> {
    let child = Command::new("sleep").arg(LIFE).spawn()?;
    context.keep_process(child.id());
    left(&child);
    Ok(())
}

#[step("^a step whose process ends with it$")]
fn waits_for_process() -> io::Result<()> {
    Command::new("true").status().map(drop)
}

/// A process that lives as long as the worker.
struct Server(Child);

impl Fixture for Server {
    const SCOPE: bdd_steps::Scope = bdd_steps::Scope::Worker;

    fn setup(_: &Context) -> Result<Self, Box<dyn std::error::Error>> {
        // What it starts from now on is its own affair as well. It ends with the worker, whatever ends that.
        let script = format!(
            "while kill -0 $PPID; do sleep {LIFE} & sleep 0.01; kill $!; done 2> /dev/null"
        );
        Ok(Self(Command::new("sh").args(["-c", &script]).spawn()?))
    }

    fn teardown(mut self) -> Result<(), Box<dyn std::error::Error>> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

#[step("^a step that starts a server for all scenarios$")]
fn starts_server(server: &Server) {
    left(&server.0);
}

#[step("^a step whose thread panics$")]
fn thread_panics() {
    let _ = thread::spawn(|| panic!("elsewhere")).join();
}

#[step(r#"^a step whose thread "(.*)" panics$"#)]
fn named_thread_panics(name: String) -> io::Result<()> {
    let thread = thread::Builder::new().name(name);
    let _ = thread.spawn(|| panic!("elsewhere"))?.join();
    Ok(())
}

#[step("^a step that expects panics of threads$")]
fn expects_panics(context: &Context) {
    context.expect_thread_panics();
}

#[step(r#"^a step whose thread prints "(.*)" after (\d+) ms$"#)]
fn thread_prints_later(text: String, millis: u64) {
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(millis));
        println!("{text}");
    });
}

#[step("^a step that takes the panic hook away$")]
fn takes_panic_hook() {
    let _ = panic::take_hook();
}

/// The hook that was there still hears of each panic.
#[step("^a step that wraps the panic hook$")]
fn wraps_panic_hook() {
    let wrapped = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        eprintln!("the hook of the step");
        wrapped(info);
    }));
}

#[step(r"^a step whose thread panics after (\d+) ms$")]
fn thread_panics_later(millis: u64) {
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(millis));
        panic!("late");
    });
}

/// A thread that panics when it is asked to, and waits until then.
static WAITING: Mutex<Option<(Sender<()>, JoinHandle<()>)>> = Mutex::new(None);

/// Lets it panic; the panic is over when this returns.
fn let_it_panic() {
    let waiting = WAITING.lock().ok().and_then(|mut waiting| waiting.take());
    if let Some((ask, thread)) = waiting {
        let _ = ask.send(());
        let _ = thread.join();
    }
}

#[step("^a step whose thread panics when it is asked to$")]
fn thread_waits() {
    let (ask, asked) = channel();
    let thread = thread::spawn(move || {
        let _ = asked.recv();
        panic!("late");
    });
    if let Ok(mut waiting) = WAITING.lock() {
        *waiting = Some((ask, thread));
    }
}

#[step("^a step that asks a thread to panic$")]
fn asks_thread() {
    let_it_panic();
}

/// Asks the thread to panic when the worker closes, after all scenarios.
struct AsksAtTheEnd;

impl Fixture for AsksAtTheEnd {
    const SCOPE: bdd_steps::Scope = bdd_steps::Scope::Worker;

    fn setup(_: &Context) -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self)
    }

    fn teardown(self) -> Result<(), Box<dyn std::error::Error>> {
        let_it_panic();
        Ok(())
    }
}

#[step("^a step after which a thread is asked to panic at the end$")]
fn asks_at_the_end(_: &AsksAtTheEnd) {}
