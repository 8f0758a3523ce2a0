//! Ends what a worker runs.
//!
//! The worker is asked to leave its step or hook, if it can. Else its process group gets SIGTERM and,
//! after a grace period, SIGKILL; what follows is in [`super::death`]. Why something is ended, and when
//! it is too late, is decided elsewhere.

use bdd_protocol::ToWorker;

use crate::event::Fault;

use super::super::crew::{Breaking, Why};
use super::Scheduler;

impl Scheduler<'_> {
    /// Ends what a worker runs. Gently, it is asked only; else it is signalled when that does not
    /// help.
    pub(super) fn break_off_running(&mut self, serial: u32, why: Why, gentle: bool) {
        let Some(member) = self.crew.get_mut(&serial) else {
            return;
        };
        if member.dismissed || member.breaking.is_some() {
            return;
        }
        if !member.breaks_off {
            if !gentle {
                member.breaking = Some(Breaking::new(why, gentle));
                self.terminate(serial);
            }
            return;
        }
        let in_step = (member.attempt.as_ref()).is_some_and(|attempt| attempt.in_step);
        member.breaking = Some(Breaking::new(why, gentle));
        if in_step || member.hook.is_some() {
            self.ask_to_leave(serial);
        }
    }

    /// Asks a worker to leave the step or hook that it runs.
    pub(super) fn ask_to_leave(&mut self, serial: u32) {
        let Some(member) = self.crew.get_mut(&serial) else {
            return;
        };
        let call = member.running_call();
        let Some(breaking) = member.breaking.as_mut().filter(|breaking| breaking.waits()) else {
            return;
        };
        breaking.asked(call);
        let message = ToWorker::BreakOff {
            call,
            kind: breaking.why.kind.to_owned(),
            message: breaking.why.message.clone(),
            cancelled: breaking.why.fault == Fault::Cancelled,
        };
        member.send(message);
    }

    /// A worker says whether it leaves what it runs.
    pub(super) fn breaking_off(&mut self, serial: u32, call: u64, can: bool) -> Result<(), String> {
        let Some(member) = self.crew.get_mut(&serial) else {
            return Ok(());
        };
        let Some(breaking) = &mut member.breaking else {
            // What it was asked about has ended by itself.
            return Ok(());
        };
        if !breaking.answered(call, can) || can {
            return Ok(());
        }
        if breaking.gentle {
            member.breaking = None;
        } else {
            self.terminate(serial);
        }
        Ok(())
    }

    /// A step or hook has ended: whether because it was broken off, and then why. One that came to its
    /// end before it was asked lets the next be asked, when the run is stopped.
    pub(super) fn left(&mut self, serial: u32) -> Option<Why> {
        let member = self.crew.get_mut(&serial)?;
        let breaking = member.breaking.take_if(|breaking| !breaking.waits())?;
        if breaking.is_leaving() {
            return Some(breaking.why);
        }
        if breaking.why.fault == Fault::Cancelled && member.attempt.is_some() {
            member.breaking = Some(Breaking::new(breaking.why, breaking.gentle));
        }
        None
    }

    pub(super) fn terminate(&mut self, serial: u32) {
        if let Some(member) = self.crew.get_mut(&serial) {
            member.terminate();
            if let Some(breaking) = &mut member.breaking {
                breaking.terminated();
            }
        }
    }

    pub(super) fn kill(&mut self, serial: u32) {
        if let Some(member) = self.crew.get_mut(&serial) {
            member.kill();
            if let Some(breaking) = &mut member.breaking {
                breaking.killed();
            }
        }
    }
}

/// Why what runs is broken off when the run is stopped.
pub(super) fn cancelled(reason: &str) -> Why {
    Why {
        fault: Fault::Cancelled,
        kind: "Cancelled",
        message: reason.to_owned(),
    }
}
