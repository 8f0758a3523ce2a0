//! Why the run failed, if no test case and no hook in the stream says it.

use super::parts;
use crate::event::{HookResult, RunErrorKind, Status, StepError};

/// The first failure of each kind.
#[derive(Default)]
pub(super) struct Trouble {
    /// Something else than a hook.
    run: Option<StepError>,
    /// A hook of a feature or rule.
    hidden_hook: Option<StepError>,
    /// Any hook. The stream has its failure already if `shown`.
    hook: Option<StepError>,
    shown: bool,
}

impl Trouble {
    /// An error of the run.
    pub(super) fn error(&mut self, kind: RunErrorKind, message: &str, detail: &str) {
        let slot = match kind {
            RunErrorKind::Hook => &mut self.hook,
            _ => &mut self.run,
        };
        slot.get_or_insert_with(|| StepError {
            trace: detail.to_owned(),
            ..parts::error(message)
        });
    }

    /// An error in a test case that has no step to report it.
    pub(super) fn outside(&mut self, error: StepError) {
        self.run.get_or_insert(error);
    }

    /// The result of a hook that the stream does not show.
    pub(super) fn hidden_hook(&mut self, result: &HookResult) {
        if result.status == Status::Failed {
            let error = result.error.clone();
            let error = error.unwrap_or_else(|| parts::error("a hook failed"));
            self.hidden_hook.get_or_insert(error);
        }
    }

    /// The stream shows a hook of the run that failed.
    pub(super) fn hook_is_shown(&mut self) {
        self.shown = true;
    }

    /// The error for the end of the run.
    pub(super) fn take(&mut self) -> Option<StepError> {
        let Trouble {
            run,
            hidden_hook,
            hook,
            shown,
        } = std::mem::take(self);
        run.or(hidden_hook).or(hook.filter(|_| !shown))
    }
}
