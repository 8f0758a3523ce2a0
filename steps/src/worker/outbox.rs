//! The pipe for messages that need not wake the runner.
//!
//! A message of its own for each step that wakes a thread of the runner costs more than a quick step: half of the
//! processor time of a run went there. What is in the pipe outlives the worker, as on the socket. The runner reads it
//! before each message on the socket, so the order is kept.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;

use crate::worker::aftermath;
use crate::worker::socket::Socket;
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
    /// Lines are written whole: the main thread and the listener share it.
    pipe: Mutex<File>,
    bell: Bell,
}

impl Outbox {
    /// Opens the pipe of the runner, if there is one.
    pub(super) fn open_pipe() -> Option<File> {
        let path = env::var_os(OUTBOX)?;
        let mut options = OpenOptions::new();
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).ok()?;
        options.write(true).custom_flags(flags).open(path).ok()
    }

    /// Uses the opened pipe. `None` if the system has no thread for its bell: then everything goes to the socket.
    pub(super) fn start(pipe: File, socket: Socket) -> Option<Self> {
        let bell = Bell::start(socket)?;
        let pipe = Mutex::new(pipe);
        Some(Self { pipe, bell })
    }

    /// Writes whole lines. The bell rings for them soon; `ring` does it at once when the pipe is full.
    pub(super) fn write(&self, lines: &[u8], ring: impl Fn() -> io::Result<()>) -> io::Result<()> {
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rest = lines;
        while !rest.is_empty() {
            match pipe.write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    ring()?;
                    wait_for_room(&pipe)?;
                }
                Err(error) => return Err(error),
            }
        }
        drop(pipe);
        // Not before the lines are there: the bell would ring for nothing, and stay silent for them.
        self.bell.set();
        Ok(())
    }
}

#[cold]
fn wait_for_room(pipe: &File) -> io::Result<()> {
    let mut pipes = [PollFd::new(pipe, PollFlags::OUT)];
    match poll(&mut pipes, Some(&REMINDER)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The thread that rings when lines have waited for [`DELAY`]. It sleeps while there are none.
struct Bell {
    set: Arc<AtomicBool>,
    thread: Thread,
}

impl Bell {
    fn start(socket: Socket) -> Option<Self> {
        let set = Arc::<AtomicBool>::default();
        let is_set = set.clone();
        let thread = thread::Builder::new().name("bdd bell".to_owned());
        let thread = thread.spawn(move || {
            aftermath::this_is_own();
            loop {
                while !is_set.load(Ordering::Acquire) {
                    thread::park();
                }
                thread::sleep(DELAY);
                is_set.store(false, Ordering::SeqCst);
                if socket.ring().is_err() {
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
