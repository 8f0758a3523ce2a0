//! What workers print: that it is not too much, wherever it is printed, and that it does not fill the disk.

use crate::event::{Event, Fault, RunErrorKind};

use super::super::attempts::RunningHook;
use super::super::workers::AbortCause;
use super::Scheduler;
use super::death::text_of;
use super::outside::within;

/// How many looks in a row must find too much output outside of scenarios. A scenario that prints may have begun though
/// the runner has not heard of it yet: on a machine with a load of 13 on two cores one look was not enough.
const LOOKS_OUTSIDE: u32 = 15;

impl Scheduler<'_> {
    /// Ends a worker, or what it runs, that has printed too much.
    pub(super) fn look_at_output(&mut self, serial: u32) {
        let start = self.attempts.output_at_start(serial);
        let limit = self.context.options.run.output_limit;
        let looks = self.workers.look_at_output(serial, start, limit.bytes());
        let needed = match self.attempts.is_running(serial) {
            true => 1,
            false => LOOKS_OUTSIDE,
        };
        if looks < needed {
            return;
        }
        if let Some(attempt) = self.attempts.attempt(serial) {
            if attempt.fault().is_none() {
                let cause = self.printed_too_much("scenario");
                self.break_off_running(serial, cause, false);
            }
        } else if self.attempts.hook(serial).is_some() {
            let cause = self.printed_too_much("hook");
            self.break_off_running(serial, cause, false);
        } else if self.workers.has_introduced_itself(serial) {
            let violation = format!("it printed more than {limit} (`output-limit`)");
            self.workers.accuse_late(serial, violation);
        } else {
            self.printed_too_much_before_hello(serial);
        }
    }

    fn printed_too_much_before_hello(&mut self, serial: u32) {
        let detail = text_of(self.workers.unreported_output(serial));
        let limit = self.context.options.run.output_limit;
        self.give_up(self.context.printed_too_much_before_hello(limit, &detail));
    }

    /// What it means to print more than the limit.
    pub(super) fn printed_too_much(&self, what: &str) -> AbortCause {
        let limit = self.context.options.run.output_limit;
        AbortCause {
            fault: Fault::OutputLimit {
                limit: limit.bytes(),
            },
            kind: "OutputLimit",
            message: format!("the {what} printed more than {limit} (`output-limit`)"),
        }
    }

    /// Makes the run fail when a hook outside of scenarios passed that has printed too much since `start`: whether that
    /// was seen while it ran is chance. Its host goes on, so the hook itself cannot fail any more.
    pub(super) fn check_output_of_hook(&mut self, hook: &RunningHook, end: u64) {
        let limit = self.context.options.run.output_limit;
        if end.saturating_sub(hook.output) <= limit.bytes() {
            return;
        }
        let (named, place) = (self.named(hook.hook), within(&hook.place));
        (self.emit)(Event::RunError {
            kind: RunErrorKind::Hook,
            message: format!("{named} printed more than {limit} (`output-limit`){place}"),
            detail: String::new(),
        });
        self.count_failure();
    }

    /// Gives back the space of output that was reported. A worker whose file system cannot do that is replaced.
    pub(super) fn give_back_output(&mut self, serial: u32) -> Result<(), String> {
        match self.workers.give_back_output(serial) {
            Some(reason) => self.retires(serial, &reason),
            None => Ok(()),
        }
    }
}
