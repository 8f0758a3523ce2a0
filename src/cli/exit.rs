//! The exit codes of `bdd`.

use signal_hook::consts::{SIGHUP, SIGQUIT, SIGTERM};

/// The ends of a command, each with its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Everything selected ran and passed.
    Success = 0,
    /// A scenario or hook failed, or a limit of the run was hit.
    Failed = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// A feature file does not parse.
    Parse = 3,
    /// Nothing was selected.
    Nothing = 4,
    /// The step program cannot be built or started, or has no definitions.
    StepProgram = 5,
    /// A report was lost while running.
    Report = 6,
    /// SIGHUP ended the run.
    HungUp = 129,
    /// SIGINT ended the run.
    Interrupted = 130,
    /// SIGQUIT ended the run.
    Quit = 131,
    /// SIGTERM ended the run.
    Terminated = 143,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The end of a run that this signal has ended.
    #[must_use]
    pub fn of_signal(signal: i32) -> Self {
        match signal {
            SIGHUP => Self::HungUp,
            SIGQUIT => Self::Quit,
            SIGTERM => Self::Terminated,
            _ => Self::Interrupted,
        }
    }

    /// Whether a signal ended the run.
    #[must_use]
    pub fn is_signal(self) -> bool {
        self.code() > 128
    }

    /// The end whose exit code is given when both apply.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self.rank() <= other.rank() {
            self
        } else {
            other
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::HungUp | Self::Interrupted | Self::Quit | Self::Terminated => 0,
            Self::StepProgram => 1,
            Self::Parse => 2,
            Self::Usage => 3,
            Self::Failed => 4,
            Self::Report => 5,
            Self::Nothing => 6,
            Self::Success => 7,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_give_the_codes_of_a_shell() {
        for signal in [1, 2, 3, 15] {
            assert_eq!(i32::from(Exit::of_signal(signal).code()), 128 + signal);
        }
    }

    #[test]
    fn a_file_that_does_not_parse_counts_more_than_a_failure() {
        assert_eq!(Exit::Failed.or(Exit::Parse), Exit::Parse);
        assert_eq!(Exit::Report.or(Exit::Nothing), Exit::Report);
        assert_eq!(Exit::Success.or(Exit::Success).code(), 0);
        assert_eq!(Exit::Parse.or(Exit::Interrupted).code(), 130);
    }
}
