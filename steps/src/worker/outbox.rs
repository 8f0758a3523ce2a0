//! The pipe for messages that need not wake the runner.
//!
//! A message of its own for each step that wakes a thread of the runner costs more than a quick step: half of the
//! processor time of a run went there. What is in the pipe outlives the worker, as on the socket. The runner reads it
//! before each message on the socket, so the order is kept.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;

use crate::worker::connection::Connection;
use bdd_protocol::FromWorker;
use bdd_protocol::variables::OUTBOX;

/// How long messages stay in the pipe at most. A person who watches notices no delay, limits of time are rarely
/// shorter, and a worker has work for longer than that in hand.
const DELAY: Duration = Duration::from_millis(5);

/// How long to wait for room in the pipe until the runner is reminded of it.
const REMINDER: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// The pipe for messages that need not wake the runner.
pub(super) struct Outbox {
    pipe: File,
    bell: Bell,
}

impl Outbox {
    /// Opens the pipe of the runner, if there is one. It must be open before the worker connects: then the runner
    /// removes its name.
    pub(super) fn open() -> Option<File> {
        let path = env::var_os(OUTBOX)?;
        let mut options = OpenOptions::new();
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).ok()?;
        options.write(true).custom_flags(flags).open(path).ok()
    }

    /// Uses the opened pipe. `None` if the system has no thread for its bell: then everything goes through the
    /// connection.
    pub(super) fn start(pipe: File, connection: Connection) -> Option<Self> {
        let bell = Bell::start(connection)?;
        Some(Self { pipe, bell })
    }

    /// Writes whole lines. The runner reads them soon.
    pub(super) fn write(&self, lines: &[u8], connection: &Connection) -> io::Result<()> {
        let mut rest = lines;
        while !rest.is_empty() {
            match (&self.pipe).write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    ring(connection)?;
                    self.wait_for_room()?;
                }
                Err(error) => return Err(error),
            }
        }
        // Not before the lines are there: the bell would ring for nothing, and stay silent for them.
        self.bell.set();
        Ok(())
    }

    #[cold]
    fn wait_for_room(&self) -> io::Result<()> {
        let mut pipes = [PollFd::new(&self.pipe, PollFlags::OUT)];
        match poll(&mut pipes, Some(&REMINDER)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Makes the runner read the pipe now.
pub(super) fn ring(connection: &Connection) -> io::Result<()> {
    connection.send(&FromWorker::Ring {}.to_line())
}

/// The thread that rings when lines have waited for [`DELAY`]. It sleeps while there are none.
struct Bell {
    set: Arc<AtomicBool>,
    thread: Thread,
}

impl Bell {
    fn start(connection: Connection) -> Option<Self> {
        let set = Arc::<AtomicBool>::default();
        let is_set = set.clone();
        let thread = thread::Builder::new().name("bdd bell".to_owned());
        let thread = thread.spawn(move || {
            loop {
                while !is_set.load(Ordering::Acquire) {
                    thread::park();
                }
                thread::sleep(DELAY);
                is_set.store(false, Ordering::SeqCst);
                if ring(&connection).is_err() {
                    // The runner is gone, and the listener ends the process.
                    return;
                }
            }
        });
        let thread = thread.ok()?.thread().clone();
        Some(Self { set, thread })
    }

    /// Lets it ring after the delay.
    fn set(&self) {
        if !self.set.swap(true, Ordering::SeqCst) {
            self.thread.unpark();
        }
    }
}
