//! The umask: which permissions new files do not get.

use rustix::fs::Mode;
use rustix::process::umask;

use super::change::StateChange;

/// A umask.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Umask(Mode);

impl Umask {
    /// The umask of this process. The system only shows it to those that set it; for this moment nobody but the owner
    /// can use new files.
    pub(super) fn now() -> Self {
        let now = umask(Mode::RWXG | Mode::RWXO);
        umask(now);
        Self(now)
    }

    /// Sets it again, if it has changed.
    pub(super) fn restore(self) -> Option<StateChange> {
        let now = umask(self.0);
        (now != self.0).then(|| StateChange {
            kind: "umask".to_owned(),
            message: format!(
                "it changed the umask from {:04o} to {:04o}; it was restored",
                self.0.bits(),
                now.bits()
            ),
        })
    }
}
