//! The pipe into which a worker writes messages that need not wake this process at once.
//!
//! It is read before each message on the connection, and after the end of the connection: what a worker wrote is not
//! lost when the worker is killed.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use bdd_protocol::FromWorker;
use rustix::fs::OFlags;

use super::lines::{Junk, MessageLines};

/// The room in a pipe, if the system allows it: what a worker with quick steps writes before it rings.
const ROOM: usize = 256 * 1024;

/// As much is read before a message on the connection at most. It is more than any pipe holds, so all that was written
/// before the message comes before it; and a worker that does not stop writing does not hold up the message.
const MOST: usize = 4 * 1024 * 1024;

/// The reading end of the pipe of a worker.
#[derive(Debug)]
pub(super) struct Outbox {
    pipe: File,
    path: PathBuf,
}

impl Outbox {
    /// Makes a pipe at a path. `None` if the system or the file system refuses it: a worker can do without.
    pub(super) fn make(path: PathBuf) -> Option<Self> {
        make_pipe(&path)?;
        // Without waiting for a worker that opens it, or for what it writes.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).ok()?;
        let mut options = OpenOptions::new();
        let Ok(pipe) = options.read(true).custom_flags(flags).open(&path) else {
            let _ = fs::remove_file(&path);
            return None;
        };
        enlarge(&pipe);
        Some(Self { pipe, path })
    }

    /// Its name.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the name: the worker has opened the pipe, or does not use it.
    pub(super) fn hide(&self) {
        let _ = fs::remove_file(&self.path);
    }

    /// Passes on all messages that are in the pipe now. It breaks off with the protocol violation, if there is one, or
    /// when nobody takes the messages any more.
    pub(super) fn drain(
        &self,
        lines: &mut MessageLines,
        pass: &mut impl FnMut(Vec<FromWorker>) -> bool,
    ) -> ControlFlow<Option<String>> {
        let mut read = 0;
        while read < MOST {
            match lines.fill(&self.pipe) {
                // Nobody has it open for writing, or nothing is in it.
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => break,
            }
            match lines.take() {
                Ok(messages) if messages.is_empty() => {}
                Ok(messages) => {
                    if !pass(messages) {
                        return ControlFlow::Break(None);
                    }
                }
                Err(Junk { before, violation }) => {
                    pass(before);
                    return ControlFlow::Break(Some(violation));
                }
            }
        }
        ControlFlow::Continue(())
    }
}

#[cfg(target_os = "linux")]
fn make_pipe(path: &Path) -> Option<()> {
    use rustix::fs::{CWD, Mode, mkfifoat};
    mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR).ok()
}

#[cfg(target_os = "linux")]
fn enlarge(pipe: &File) {
    // With less room, the worker rings more often.
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, ROOM);
}

/// Without unsafe code, only Linux makes pipes with names.
#[cfg(not(target_os = "linux"))]
fn make_pipe(_: &Path) -> Option<()> {
    None
}

#[cfg(not(target_os = "linux"))]
fn enlarge(_: &File) {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;

    use super::*;

    /// An outbox, and its writing end.
    fn outbox(folder: &tempfile::TempDir) -> (Outbox, File) {
        let outbox = Outbox::make(folder.path().join("1.out")).unwrap();
        let writer = OpenOptions::new().write(true).open(outbox.path()).unwrap();
        outbox.hide();
        (outbox, writer)
    }

    fn drained(outbox: &Outbox, lines: &mut MessageLines) -> Vec<FromWorker> {
        let mut all = Vec::new();
        let flow = outbox.drain(lines, &mut |messages| {
            all.extend(messages);
            true
        });
        assert_eq!(flow, ControlFlow::Continue(()));
        all
    }

    #[test]
    fn what_was_written_outlives_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let (outbox, mut writer) = outbox(&folder);
        let mut lines = MessageLines::new();
        assert!(drained(&outbox, &mut lines).is_empty());
        let closed = FromWorker::Closed {};
        writer.write_all(&closed.to_line()).unwrap();
        writer.write_all(b"{\"type\":").unwrap();
        assert_eq!(drained(&outbox, &mut lines), std::slice::from_ref(&closed));
        writer.write_all(b"\"closed\"}\n").unwrap();
        drop(writer);
        assert_eq!(drained(&outbox, &mut lines), [closed]);
        assert!(drained(&outbox, &mut lines).is_empty());
    }

    #[test]
    fn a_line_that_is_not_a_message_is_a_violation() {
        let folder = tempfile::tempdir().unwrap();
        let (outbox, mut writer) = outbox(&folder);
        writer.write_all(b"{\"type\":\"closed\"}\nhello\n").unwrap();
        let mut count = 0;
        let flow = outbox.drain(&mut MessageLines::new(), &mut |messages| {
            count += messages.len();
            true
        });
        assert_eq!(count, 1);
        assert!(matches!(flow, ControlFlow::Break(Some(_))));
    }
}
