//! Breaks off what a worker runs. If its process dies of that, [`super::death`] handles it.

use super::super::workers::AbortCause;
use super::Scheduler;

impl Scheduler<'_> {
    /// Ends what a worker runs. If `gently`, the worker is only asked; otherwise signals follow if it does
    /// not react.
    pub(super) fn break_off_running(&mut self, serial: u32, cause: AbortCause, gentle: bool) {
        let call = self.attempts.running_call(serial);
        self.workers.interrupt(serial, cause, gentle, call);
    }

    /// Asks a worker to leave its step or hook, if a break-off waits for it.
    pub(super) fn ask_to_leave(&mut self, serial: u32) {
        let call = self.attempts.running_call(serial);
        self.workers.ask_to_leave(serial, call);
    }

    /// A step or hook has ended. Returns the cause if it was broken off.
    pub(super) fn leave_call(&mut self, serial: u32) -> Option<AbortCause> {
        let in_attempt = self.attempts.is_running(serial);
        self.workers.leave_call(serial, in_attempt)
    }
}
