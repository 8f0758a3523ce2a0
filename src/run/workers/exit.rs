//! How a worker came to its end.

use std::os::unix::process::ExitStatusExt;

use bdd_protocol::REFUSED;

use crate::event::Fault;
use crate::worker::process::Death;

use super::interruption::AbortCause;

/// How a worker came to its end.
#[derive(Debug)]
pub struct WorkerExit {
    fault: Fault,
    violation: Option<String>,
    /// Whether the violation is that it did not end in time, most likely by the fault of user code.
    late: bool,
    cause: Option<AbortCause>,
}

impl WorkerExit {
    /// What became of the process; what it did against the protocol, and whether that is only that it was
    /// too slow; and why the runner ended what it ran, if it did.
    pub fn new(
        death: &Death,
        violation: Option<(String, bool)>,
        cause: Option<AbortCause>,
    ) -> Self {
        let late = violation.as_ref().is_some_and(|(_, late)| *late);
        let violation = violation.map(|(violation, _)| violation);
        Self {
            fault: Fault::Crashed {
                exit_code: death.status.and_then(|status| status.code()),
                signal: death.status.and_then(|status| status.signal()),
            },
            violation: violation.or_else(|| death.junk.clone()),
            late,
            cause,
        }
    }

    /// What it means for the scenario that was running, unless the runner ended it.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// What it did against the protocol.
    pub fn violation(&self) -> Option<&str> {
        self.violation.as_deref()
    }

    /// Why the runner ended it, if that was because of what it ran.
    pub fn cause(&self) -> Option<&AbortCause> {
        self.cause.as_ref()
    }

    /// Whether it exited with code 0.
    pub fn is_success(&self) -> bool {
        self.has_exited_with(0)
    }

    /// Whether it exited with the code that means that the system refused something that it needs.
    pub fn is_refusal(&self) -> bool {
        self.has_exited_with(REFUSED)
    }

    fn has_exited_with(&self, code: i32) -> bool {
        let exited = Fault::Crashed {
            exit_code: Some(code),
            signal: None,
        };
        self.fault == exited
    }

    /// What happened, without where.
    pub fn short(&self) -> String {
        match (&self.cause, &self.violation) {
            (Some(cause), _) => cause.message.clone(),
            (_, Some(violation)) => format!("{}: {violation}", self.misconduct()),
            _ => self.fault.to_string(),
        }
    }

    /// One line that says where it was, too.
    pub fn message(&self, position: &str) -> String {
        match &self.violation {
            Some(violation) => format!("{} {position}: {violation}", self.misconduct()),
            None => format!("{} {position}", self.fault),
        }
    }

    fn misconduct(&self) -> &'static str {
        match self.late {
            true => "the step program was killed",
            false => "the step program did not keep to the protocol",
        }
    }
}
