//! The lines between the runner and a worker: whole messages, many at once.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use bdd_protocol::{FromWorker, ToWorker};

/// A line of the protocol longer than this is not one.
const LONGEST_LINE: usize = 256 * 1024 * 1024;

/// While messages keep coming, a reader lets them gather this long: a wake-up for each step
/// would cost more than the step. Well below the work that a worker has in hand.
const GATHER: Duration = Duration::from_micros(200);

/// What a reader has for the lines of its worker. It has more only while a line needs it.
const BUFFER: usize = 64 * 1024;

/// What is sent to a worker.
#[derive(Debug)]
pub(super) enum Outgoing {
    /// A message.
    Message(ToWorker),
    /// Bytes that need not be a message: a check sees what a worker makes of them.
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
    while let Ok(first) = outbox.recv() {
        let mut bytes = Vec::new();
        let mut hangs_up = false;
        for outgoing in std::iter::once(first).chain(outbox.try_iter()) {
            match outgoing {
                Outgoing::Message(message) => message.write(&mut bytes),
                Outgoing::Bytes(more) => bytes.extend(more),
                Outgoing::HangUp => hangs_up = true,
            }
        }
        if stream.write_all(&bytes).is_err() {
            return;
        }
        if hangs_up {
            // A connection that is already closed needs no end.
            let _ = stream.shutdown(Shutdown::Both);
            return;
        }
    }
}

/// Reads messages until the end of the stream. Returns the protocol violation, if there is one.
pub(super) fn read(
    mut stream: &UnixStream,
    mut pass: impl FnMut(Vec<FromWorker>) -> bool,
) -> Option<String> {
    let mut buffer = vec![0; BUFFER];
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            if filled >= LONGEST_LINE {
                return Some(format!("it sent a line of more than {LONGEST_LINE} bytes"));
            }
            buffer.resize(filled * 2, 0);
        }
        let more = match stream.read(&mut buffer[filled..]) {
            Ok(0) => return None,
            Ok(more) => more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return None,
        };
        let whole = buffer[filled..filled + more]
            .iter()
            .rposition(|&byte| byte == b'\n');
        filled += more;
        let Some(whole) = whole.map(|at| filled - more + at + 1) else {
            continue;
        };
        let lines = buffer[..whole]
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count();
        let mut messages = Vec::with_capacity(lines);
        for line in buffer[..whole - 1].split(|&byte| byte == b'\n') {
            match FromWorker::parse(line) {
                Ok(message) => messages.push(message),
                Err(error) => {
                    pass(messages);
                    return Some(format!(
                        "it sent a line that is not a message ({error}): {}",
                        beginning(line)
                    ));
                }
            }
        }
        buffer.copy_within(whole..filled, 0);
        filled -= whole;
        if buffer.len() > 16 * BUFFER && filled < BUFFER {
            buffer.truncate(BUFFER);
            buffer.shrink_to_fit();
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

/// The beginning of a line, fit to be shown.
fn beginning(line: &[u8]) -> String {
    let line = line.get(..800).unwrap_or(line);
    let shown: String = String::from_utf8_lossy(line).chars().take(200).collect();
    shown.trim_end().replace(char::is_control, "\u{fffd}")
}
