//! The socket to the runner.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bdd_protocol::FromWorker;
use rustix::event::{PollFd, PollFlags, poll};

/// The socket to the runner. The threads of the worker share it, so lines are written whole.
pub(super) struct Socket {
    stream: UnixStream,
    turn: Arc<Mutex<()>>,
}

impl Socket {
    /// Connects to the socket at a path.
    pub(super) fn connect(path: &Path) -> io::Result<Self> {
        Ok(Self {
            stream: UnixStream::connect(path)?,
            turn: Arc::default(),
        })
    }

    /// A second handle.
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        Ok(Self {
            stream: self.stream.try_clone()?,
            turn: self.turn.clone(),
        })
    }

    /// Waits until the runner has written something, or is gone.
    ///
    /// A thread that waits in a read from a socket is also woken whenever the other side has read from it, for nothing.
    pub(super) fn wait(&self) {
        // Whatever goes wrong here, reading says so.
        let _ = poll(&mut [PollFd::new(&self.stream, PollFlags::IN)], None);
    }

    /// What the runner writes.
    pub(super) fn reader(&self) -> &UnixStream {
        &self.stream
    }

    /// Writes whole lines.
    pub(super) fn send(&self, lines: &[u8]) -> io::Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        (&self.stream).write_all(lines)
    }

    /// Makes the runner read the outbox.
    pub(super) fn ring(&self) -> io::Result<()> {
        self.send(&FromWorker::Ring {}.to_line())
    }
}
