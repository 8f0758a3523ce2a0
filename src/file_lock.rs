//! Waiting for a lock of a file that another process holds for a moment.

use std::fs::{File, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

/// How long to wait between two tries.
const PAUSE: Duration = Duration::from_millis(5);

/// Locks a file; waits for it at most for so long.
///
/// # Errors
/// `WouldBlock` if another process still holds it then, and what the system says otherwise.
pub(crate) fn lock_within(file: &File, patience: Duration) -> Result<(), TryLockError> {
    let late = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < late => thread::sleep(PAUSE),
            result => return result,
        }
    }
}
