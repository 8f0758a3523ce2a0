//! Copies of the worker that code of the user forks, and that return from it.
//!
//! Such a copy would go on with the scenario and answer the runner in place of the worker.

use std::cell::Cell;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use rustix::process::{Pid, Signal, getpid, kill_process};

use bdd_protocol::Failure;

/// To fork a process takes the system longer than this, in nanoseconds. Most steps are quicker: for them the system is not
/// asked which process this is.
const QUICKEST_FORK: u64 = 10_000;

/// Finds out whether this process is the worker or a copy of it.
pub(crate) struct Forks {
    worker: Pid,
    /// Copies write to the second what they have done; `None` if the system refused it.
    notes: Option<(UnixStream, UnixStream)>,
    /// Whether there may be notes.
    slow: Cell<bool>,
}

impl Forks {
    /// This process is the worker.
    pub(super) fn new() -> Self {
        let notes = UnixStream::pair();
        let notes =
            notes.and_then(|(read, write)| read.set_nonblocking(true).map(|()| (read, write)));
        Self {
            worker: getpid(),
            notes: notes.ok(),
            slow: Cell::new(false),
        }
    }

    /// Code of the user has returned, after so many nanoseconds. A copy of the worker ends here.
    pub(crate) fn returned(
        &self,
        nanos: u64,
        error: Option<&Failure>,
        code: impl FnOnce() -> String,
    ) {
        if nanos >= QUICKEST_FORK {
            self.slow.set(true);
            if getpid() != self.worker {
                self.end_copy(error, &code());
            }
        }
    }

    /// Ends this process, with nothing that it would do at its end: that is for the worker.
    #[cold]
    fn end_copy(&self, error: Option<&Failure>, code: &str) {
        let failed = error.map_or_else(String::new, |error| format!(", with `{}`", error.message));
        let note = format!(
            "a process that {code} forked has returned from it{failed}: it must end there, as by `std::process::exit`"
        );
        if let Some((_, write)) = &self.notes {
            let _ = writeln!(&*write, "{}", note.replace('\n', " "));
        }
        let _ = kill_process(getpid(), Signal::KILL);
    }

    /// What copies have done since this was asked last, a line for each. `all` asks even if no code of the user took long.
    pub(super) fn notes(&self, all: bool) -> Vec<String> {
        let mut text = Vec::new();
        if let Some((read, _)) = self.notes.as_ref().filter(|_| self.slow.take() || all) {
            // It ends with an error: nothing more is there.
            let _ = (&*read).read_to_end(&mut text);
        }
        let text = String::from_utf8_lossy(&text);
        text.lines().map(str::to_owned).collect()
    }
}
