//! Standard error that nobody may read.

use std::io::{self, Write};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// A pipe takes this much at once when it takes anything: what POSIX demands of `PIPE_BUF`.
const PIECE: usize = 512;

/// How long a full pipe may stay full.
const PATIENCE: Timespec = Timespec {
    tv_sec: 2,
    tv_nsec: 0,
};

/// Standard error, past the lock that `std` has on it: another thread may hold that while it waits for a reader. When
/// nobody reads, the rest is dropped: there is no place where this could be reported.
#[derive(Debug, Default)]
pub(super) struct StandardError {
    /// Nobody reads.
    abandoned: bool,
}

impl Write for StandardError {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.abandoned || bytes.is_empty() {
            return Ok(bytes.len());
        }
        let stderr = rustix::stdio::stderr();
        let mut waits = [PollFd::new(&stderr, PollFlags::OUT)];
        match poll(&mut waits, Some(&PATIENCE)) {
            Ok(0) => {
                self.abandoned = true;
                return Ok(bytes.len());
            }
            Err(Errno::INTR) => return Err(io::ErrorKind::Interrupted.into()),
            // What cannot be waited for is written to at once.
            Ok(_) | Err(_) => {}
        }
        let piece = &bytes[..bytes.len().min(PIECE)];
        match rustix::io::write(stderr, piece) {
            // Somebody else has made it a stream that never blocks.
            Err(Errno::AGAIN) => Err(io::ErrorKind::Interrupted.into()),
            written => Ok(written?),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
