//! Why a worker could not be started.

use std::fmt;
use std::io;

use rustix::io::Errno;

use crate::system_error::reason;

/// Why a worker could not be started.
#[derive(Debug)]
pub enum LaunchError {
    /// The system refused something that every worker needs; `what` ends the sentence "the system has no …".
    Refused {
        /// What it is, such as "socket".
        what: &'static str,
        /// Why not.
        error: io::Error,
    },
    /// The program itself did not start.
    Program(io::Error),
}

impl LaunchError {
    /// The system refused this.
    pub(super) fn refused(what: &'static str) -> impl Fn(io::Error) -> Self {
        move |error| Self::Refused { what, error }
    }

    /// The program did not start, for this reason.
    pub(super) fn of_spawn(error: io::Error) -> Self {
        match is_shortage(&error) {
            true => Self::refused("process")(error),
            false => Self::Program(error),
        }
    }

    /// The error of the system.
    pub fn error(&self) -> &io::Error {
        match self {
            Self::Refused { error, .. } | Self::Program(error) => error,
        }
    }

    /// Whether the system has run out of something, so that it may work later.
    pub fn is_shortage(&self) -> bool {
        is_shortage(self.error())
    }
}

impl fmt::Display for LaunchError {
    /// The end of a sentence that begins with the worker: "cannot be started: …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { what, error } => {
                // What it was for does not matter then.
                let what = match is_full(error) {
                    true => "descriptor",
                    false => what,
                };
                write!(f, "cannot be started: no {what}: {}", reason(error))
            }
            Self::Program(error) => write!(f, "cannot be started: {}", reason(error)),
        }
    }
}

/// Whether an error means that the system, or this user's share of it, is used up.
pub(super) fn is_shortage(error: &io::Error) -> bool {
    is_full(error) || is_one_of(error, &[Errno::AGAIN, Errno::NOMEM, Errno::NOBUFS])
}

/// Whether an error means that there is no descriptor left.
fn is_full(error: &io::Error) -> bool {
    is_one_of(error, &[Errno::MFILE, Errno::NFILE])
}

fn is_one_of(error: &io::Error, wanted: &[Errno]) -> bool {
    let errno = error.raw_os_error().map(Errno::from_raw_os_error);
    errno.is_some_and(|errno| wanted.contains(&errno))
}
