//! The exit codes of `bdd`.

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
    /// SIGINT ended the run.
    Interrupted = 130,
    /// SIGTERM ended the run.
    Terminated = 143,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        self as u8
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
            Self::Interrupted => 0,
            Self::Terminated => 1,
            Self::StepProgram => 2,
            Self::Parse => 3,
            Self::Usage => 4,
            Self::Failed => 5,
            Self::Report => 6,
            Self::Nothing => 7,
            Self::Success => 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_does_not_parse_counts_more_than_a_failure() {
        assert_eq!(Exit::Failed.or(Exit::Parse), Exit::Parse);
        assert_eq!(Exit::Report.or(Exit::Nothing), Exit::Report);
        assert_eq!(Exit::Success.or(Exit::Success).code(), 0);
        assert_eq!(Exit::Parse.or(Exit::Interrupted).code(), 130);
    }
}
