//! What tests wait for: signs that something has happened, never a time in which it should have happened.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rustix::process::{Pid, Signal, kill_process};

use super::*;
pub(super) use crate::support::waiting::{PATIENCE, until};

/// Waits until a step or a build has written so many lines to this file.
#[track_caller]
pub(super) fn until_file(project: &Project, path: &str, lines: usize) {
    until(&format!("{path} has {lines} lines"), || {
        let content = fs::read_to_string(project.path(path));
        content.is_ok_and(|content| content.lines().count() >= lines)
    });
}

/// Tries something with longer and longer times until it shows what it is to show.
///
/// For limits that count from a start: on a busy machine a short one passes before the step program has come to
/// what the test is about. `attempt` then returns `None`. A quiet machine needs only the first.
///
/// The time is given as a duration and as text for a setting.
pub(super) fn with_longer_times<R>(mut attempt: impl FnMut(Duration, &str) -> Option<R>) -> R {
    let times = [300, 2_000, 8_000, 30_000].map(Duration::from_millis);
    let mut texts = times
        .iter()
        .map(|time| (*time, format!("{}ms", time.as_millis())));
    let shown = texts.find_map(|(time, text)| attempt(time, &text));
    shown.unwrap_or_else(|| panic!("none of these times was long enough: {times:?}"))
}

/// Tries something again until the step program answers in time that it can leave a step. The runner waits for
/// 100 ms at most, which is not enough on a machine that is very busy; then it ends the process instead.
pub(super) fn with_more_tries<R>(mut attempt: impl FnMut() -> Option<R>) -> R {
    const TRIES: u32 = 30;
    let shown = (0..TRIES).find_map(|_| attempt());
    shown.unwrap_or_else(|| {
        panic!("the step program did not answer in time in any of {TRIES} tries")
    })
}

/// A run that hears of a closed terminal, also where the tests themselves run under `nohup`: then it would inherit that
/// the signal is ignored, and a test would wait in vain for its end.
pub(super) fn hearing_hangups(bdd: Bdd) -> Bdd {
    needs::python3();
    const SCRIPT: &str = "import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])";
    bdd.under(&["python3", "-c", SCRIPT])
}

/// A run that was started. What it prints to standard output is read while it runs.
pub(super) struct Started {
    pub(super) child: Child,
    shown: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Started {
    pub(super) fn new(bdd: Bdd) -> Self {
        // Whatever runs is slow at once: see `hears_of`.
        let mut started = Self::unread(bdd.with(&["--slow-after", "1ms"]));
        let mut stdout = started.child.stdout.take().unwrap();
        let shown = started.shown.clone();
        started.reader = Some(std::thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(length @ 1..) = stdout.read(&mut part) {
                shown.lock().unwrap().extend(&part[..length]);
            }
        }));
        started
    }

    /// A run whose standard output the test reads itself.
    pub(super) fn unread(bdd: Bdd) -> Self {
        let mut command = bdd.command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self::of_command(command)
    }

    /// A run with the streams that it is given.
    pub(super) fn of_command(mut command: Command) -> Self {
        // As a shell does; signals of a test must not reach the tests.
        command.process_group(0);
        Self {
            child: command.spawn().unwrap(),
            shown: Arc::default(),
            reader: None,
        }
    }

    pub(super) fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap()).into_owned()
    }

    /// Waits until the runner knows that so many steps or hooks with this in their name run: it reports them as
    /// slow.
    #[track_caller]
    pub(super) fn hears_of(&self, name: &str, count: usize) {
        until(&format!("the runner hears of {name}"), || {
            let shown = self.shown();
            let slow = shown.lines().filter(|line| line.contains(" is slow: "));
            slow.filter(|line| line.contains(name)).count() >= count
        });
    }

    pub(super) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Sends SIGINT until the run has ended, as an impatient person does. Two signals are one for a process
    /// that has not come to handle the first.
    #[track_caller]
    pub(super) fn signal_until_it_ends(&mut self) {
        until("bdd ends", || {
            self.signal(Signal::INT);
            std::thread::sleep(Duration::from_millis(50));
            self.child.try_wait().unwrap().is_some()
        });
    }

    /// Waits for the end.
    #[track_caller]
    pub(super) fn ends(mut self, code: i32) -> (String, String) {
        let late = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > late {
                let _ = self.child.kill();
                panic!("bdd did not end; it printed:\n{}", self.shown());
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut stderr = String::new();
        if let Some(mut errors) = self.child.stderr.take() {
            errors.read_to_string(&mut stderr).unwrap();
        }
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        let stdout = self.shown();
        assert_eq!(status.code(), Some(code), "{stdout}\n{stderr}");
        (stdout, stderr)
    }
}

/// A test that fails shows what the run has printed, and ends it.
impl Drop for Started {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let _ = self.child.kill();
        let mut errors = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            let _ = stderr.read_to_string(&mut errors);
        }
        eprintln!("the run printed:\n{}\n{errors}", self.shown());
    }
}
