//! What a run comes to: pure functions over facts, in a file that never sees a worker.

use crate::event::Status;

/// All that decides the exit code.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// The signal that ended the run.
    pub interrupted: Option<i32>,
    /// The step program could not be built or started, or has no definitions.
    pub no_step_program: bool,
    /// A feature file does not parse.
    pub parse_errors: bool,
    /// A scenario or something outside every scenario failed.
    pub failed: bool,
    /// A report could not be written.
    pub report_lost: bool,
    /// Nothing was selected, and that was not allowed.
    pub nothing_selected: bool,
}

/// The exit code of a run; when several apply the first of 130/143, 5, 3, 1, 6, 4 is given.
/// (2, wrong usage or configuration, ends a run before there are facts.)
pub fn exit_code(facts: &Facts) -> u8 {
    match facts {
        Facts {
            interrupted: Some(signal),
            ..
        } => u8::try_from(128 + signal).unwrap_or(130),
        Facts {
            no_step_program: true,
            ..
        } => 5,
        Facts {
            parse_errors: true, ..
        } => 3,
        Facts { failed: true, .. } => 1,
        Facts {
            report_lost: true, ..
        } => 6,
        Facts {
            nothing_selected: true,
            ..
        } => 4,
        _ => 0,
    }
}

/// Whether a scenario with this final status fails the run. A dry run passes what it only matched.
pub fn fails(status: Status, strict: bool) -> bool {
    match status {
        Status::Passed | Status::Skipped => false,
        Status::Undefined | Status::Pending => strict,
        Status::Ambiguous | Status::Failed => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_list_is_given() {
        let mut facts = Facts {
            nothing_selected: true,
            ..Facts::default()
        };
        assert_eq!(exit_code(&facts), 4);
        facts.report_lost = true;
        assert_eq!(exit_code(&facts), 6);
        facts.failed = true;
        assert_eq!(exit_code(&facts), 1);
        facts.parse_errors = true;
        assert_eq!(exit_code(&facts), 3);
        facts.no_step_program = true;
        assert_eq!(exit_code(&facts), 5);
        facts.interrupted = Some(15);
        assert_eq!(exit_code(&facts), 143);
        facts.interrupted = Some(2);
        assert_eq!(exit_code(&facts), 130);
        assert_eq!(exit_code(&Facts::default()), 0);
    }

    #[test]
    fn no_strict_lets_undefined_and_pending_through_and_nothing_else() {
        let failing = |strict| -> Vec<Status> {
            [
                Status::Passed,
                Status::Skipped,
                Status::Pending,
                Status::Undefined,
                Status::Ambiguous,
                Status::Failed,
            ]
            .into_iter()
            .filter(|status| fails(*status, strict))
            .collect()
        };
        assert_eq!(
            failing(true),
            [
                Status::Pending,
                Status::Undefined,
                Status::Ambiguous,
                Status::Failed
            ]
        );
        assert_eq!(failing(false), [Status::Ambiguous, Status::Failed]);
    }
}
