//! How a worker came to its end, in words. Where it was then is for others to say.

use crate::event::Fault;

/// How a worker came to its end.
pub(super) struct How {
    /// What ended it.
    pub(super) ended: Fault,
    /// What it did that it was killed for.
    pub(super) offence: Option<String>,
    /// Whether the offence is that it did not end in time, most likely by the fault of user code.
    pub(super) late: bool,
}

impl How {
    /// What happened, without where.
    pub(super) fn short(&self) -> String {
        match &self.offence {
            Some(offence) => format!("{}: {offence}", self.fault()),
            None => self.ended.to_string(),
        }
    }

    /// One line that says where it was, too.
    pub(super) fn told(&self, place: &str) -> String {
        match &self.offence {
            Some(offence) => format!("{} {place}: {offence}", self.fault()),
            None => format!("{} {place}", self.ended),
        }
    }

    fn fault(&self) -> &'static str {
        match self.late {
            true => "the step program was killed",
            false => "the step program did not keep to the protocol",
        }
    }
}
