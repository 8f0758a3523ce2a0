//! The ways to the runner: the socket, and the outbox if there is one.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;

use crate::worker::outbox::Outbox;
use crate::worker::socket::Socket;

/// The ways to the runner. The threads of the worker share them, so lines are written whole.
pub(super) struct Connection {
    socket: Socket,
    /// Where all messages go after the first, if the system allows it.
    outbox: Option<Arc<Outbox>>,
}

impl Connection {
    /// Connects to the socket at a path.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        // Once the worker has connected, the runner removes the name of the pipe.
        let pipe = Outbox::open_pipe();
        let socket = Socket::connect(path)?;
        let bell = socket.try_clone();
        let outbox = pipe.zip(bell.ok());
        let outbox = outbox.and_then(|(pipe, bell)| Outbox::start(pipe, bell));
        Ok(Self {
            socket,
            outbox: outbox.map(Arc::new),
        })
    }

    /// A second handle.
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        Ok(Self {
            socket: self.socket.try_clone()?,
            outbox: self.outbox.clone(),
        })
    }

    /// Writes the first message, which always goes to the socket.
    pub(super) fn introduce(&self, line: &[u8]) -> io::Result<()> {
        self.socket.send(line)
    }

    /// Writes whole lines. The runner reads them within some milliseconds.
    pub(super) fn send(&self, lines: &[u8]) -> io::Result<()> {
        match &self.outbox {
            Some(outbox) => outbox.write(lines, || self.socket.ring()),
            None => self.socket.send(lines),
        }
    }

    /// Lets the runner read at once what was written.
    pub(super) fn ring(&self) -> io::Result<()> {
        match self.outbox {
            Some(_) => self.socket.ring(),
            None => Ok(()),
        }
    }

    /// Waits until the runner has written something, or is gone.
    pub(super) fn wait(&self) {
        self.socket.wait();
    }

    /// What the runner writes.
    pub(super) fn reader(&self) -> &UnixStream {
        self.socket.reader()
    }
}
