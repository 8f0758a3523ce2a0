//! What a check of the state of the process finds.

/// A change that a scenario has made.
pub(super) struct StateChange {
    /// What it is a change of; each is reported once.
    pub(super) kind: String,
    /// As the end of a sentence that begins with "the scenario".
    pub(super) message: String,
}
