//! The lines between the runner and a worker: whole messages, many at once.

use std::io::{self, Write};
use std::net::Shutdown;
use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use bdd_protocol::{FromWorker, ToWorker};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::lines::{Junk, MessageLines};
use super::outbox::Outbox;

/// While messages keep coming, a reader lets them gather this long: a wake-up for each step
/// would cost more than the step. Well below the work that a worker has in hand.
const GATHER: Duration = Duration::from_micros(200);

/// A worker that has stopped rings no more. So this long after its last message on the socket the outbox is read in any
/// case.
const SOON: Duration = Duration::from_millis(20);

/// The same when that has happened since the last message. It is shorter than a worker may seem to print outside of
/// scenarios.
const LATER: Duration = Duration::from_millis(250);

/// What is sent to a worker.
#[derive(Debug)]
pub(super) enum Outgoing {
    /// A message.
    Message(ToWorker),
    /// Messages that are written already, or bytes that are none: a check sees what a worker makes of them.
    Bytes(Vec<u8>),
    /// The end of the connection, as if the runner were gone.
    HangUp,
}

/// Writes messages until no more can come or the worker is gone.
pub(super) fn write(stream: &Receiver<Arc<UnixStream>>, outbox: &Receiver<Outgoing>) {
    let Ok(stream) = stream.recv() else {
        return;
    };
    let mut stream = &*stream;
    while let Ok(outgoing) = outbox.recv() {
        let bytes = match outgoing {
            Outgoing::Message(message) => message.to_line(),
            Outgoing::Bytes(bytes) => bytes,
            Outgoing::HangUp => {
                // A connection that is already closed needs no end.
                let _ = stream.shutdown(Shutdown::Both);
                return;
            }
        };
        if stream.write_all(&bytes).is_err() {
            return;
        }
    }
}

/// Reads messages until the end of the stream. What is in the outbox comes before each message of the stream.
/// Returns the protocol violation, if there is one.
pub(super) fn read(
    stream: &UnixStream,
    outbox: Option<&Outbox>,
    mut pass: impl FnMut(Vec<FromWorker>) -> bool,
) -> Option<String> {
    let mut lines = MessageLines::new();
    let mut early = outbox.map(|outbox| (outbox, MessageLines::new()));
    let mut alarm = Alarm::new(outbox.is_some());
    loop {
        let more = alarm.wait(stream).and_then(|()| lines.fill(stream));
        if let Some((outbox, lines)) = &mut early
            && let ControlFlow::Break(violation) = outbox.drain(lines, &mut pass)
        {
            return violation;
        }
        match more {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                alarm.rang();
                continue;
            }
            Err(_) => return None,
        }
        alarm.reset();
        let mut messages = match lines.take() {
            Ok(messages) => messages,
            Err(Junk { before, violation }) => {
                pass(before);
                return Some(violation);
            }
        };
        messages.retain(|message| *message != FromWorker::Ring {});
        if messages.is_empty() {
            continue;
        }
        let gather = messages.len() > 1;
        if !pass(messages) {
            return None;
        }
        if gather {
            thread::sleep(GATHER);
        }
    }
}

/// Lets the wait for a message end after a time, so that the outbox is read.
struct Alarm {
    /// `None` if there is no outbox.
    after: Option<Duration>,
}

impl Alarm {
    fn new(wanted: bool) -> Self {
        Self {
            after: wanted.then_some(SOON),
        }
    }

    /// Waits until something can be read.
    ///
    /// A thread that waits in a read from a socket is also woken whenever the other side has read from it, for nothing.
    ///
    /// # Errors
    /// `WouldBlock` after the time, and those of waiting.
    fn wait(&self, stream: &UnixStream) -> io::Result<()> {
        let after = self.after.and_then(|after| Timespec::try_from(after).ok());
        let mut sources = [PollFd::new(stream, PollFlags::IN)];
        match poll(&mut sources, after.as_ref())? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            _ => Ok(()),
        }
    }

    /// A message has come.
    fn reset(&mut self) {
        self.after = self.after.and(Some(SOON));
    }

    /// No message has come for the time.
    fn rang(&mut self) {
        self.after = self.after.and(Some(LATER));
    }
}
