//! Ends what a worker runs.
//!
//! The worker is asked to leave its step or hook, if it can. Else its process group gets SIGTERM and,
//! after a grace period, SIGKILL. Why something is ended, and when it is too late, is decided elsewhere.

use std::time::{Duration, Instant};

use bdd_protocol::ToWorker;

use super::interruption::{AbortCause, Interruption};
use super::{Worker, Workers};

impl Workers {
    /// Ends what a worker runs: `call` is the number of its step or hook, if it is in one. Gently, it is
    /// asked only; else it is signalled when that does not help.
    pub fn interrupt(&mut self, serial: u32, cause: AbortCause, gentle: bool, call: Option<u64>) {
        let Some(worker) = self.live.get_mut(&serial) else {
            return;
        };
        if worker.is_dismissed() || worker.interruption.is_some() {
            return;
        }
        if worker.promises.is_some_and(|promises| promises.breaks_off) {
            worker.interruption = Some(Interruption::new(cause, gentle));
            self.ask_to_leave(serial, call);
        } else if !gentle {
            worker.interruption = Some(Interruption::new(cause, gentle));
            self.terminate(serial);
        }
    }

    /// Asks a worker to leave the step or hook that it runs, if that is still to be done.
    pub fn ask_to_leave(&mut self, serial: u32, call: Option<u64>) {
        let (Some(worker), Some(call)) = (self.live.get_mut(&serial), call) else {
            return;
        };
        let waiting = worker.interruption.as_mut().filter(|one| one.waits());
        let Some(interruption) = waiting else {
            return;
        };
        interruption.asked(call);
        let cause = interruption.cause();
        worker.process.send(ToWorker::BreakOff {
            call,
            kind: cause.kind.to_owned(),
            message: cause.message.clone(),
            cancelled: cause.is_cancelled(),
        });
    }

    /// A worker says whether it leaves what it runs.
    pub fn answer_leave(&mut self, serial: u32, call: u64, can: bool) {
        let Some(worker) = self.live.get_mut(&serial) else {
            return;
        };
        let Some(interruption) = &mut worker.interruption else {
            // The step or hook has ended before the answer.
            return;
        };
        let expected = interruption.answered(call, can);
        if !expected || can {
            return;
        }
        if interruption.is_gentle() {
            worker.interruption = None;
        } else {
            self.terminate(serial);
        }
    }

    /// A step or hook of a worker has ended. The result is why, if it was broken off. One that came to its
    /// end before it was asked lets the next be asked, when the run is stopped and an attempt goes on.
    pub fn leave_call(&mut self, serial: u32, in_attempt: bool) -> Option<AbortCause> {
        let worker = self.live.get_mut(&serial)?;
        let interruption = worker
            .interruption
            .take_if(|one| !one.waits() && !one.is_ending())?;
        if interruption.is_leaving() {
            return Some(interruption.into_cause());
        }
        if in_attempt && interruption.cause().is_cancelled() {
            worker.interruption = Some(interruption.again());
        }
        None
    }

    /// The attempt of a worker is over; `again` says whether the worker runs the next one at once, and
    /// `output` is the length of its capture file, if it lives to say so. What was to be ended with the
    /// attempt has ended, unless the next one is no longer wanted either.
    pub fn leave_attempt(&mut self, serial: u32, output: Option<u64>, again: bool) {
        let Some(worker) = self.live.get_mut(&serial) else {
            return;
        };
        worker.silent_since = Instant::now();
        if let Some(output) = output {
            worker.output.note_reported(output);
        }
        if let Some(interruption) = worker.interruption.take_if(|one| !one.is_ending())
            && again
            && interruption.cause().is_cancelled()
        {
            worker.interruption = Some(interruption.again());
        }
    }

    /// Leaves a worker alone that has nothing left, when what was to be ended is what it would run next.
    pub fn spare_idle(&mut self, serial: u32) {
        self.spare(serial, Interruption::waits);
    }

    /// Lets a closing hook that has begun come to its end when what runs was to be broken off because the
    /// run is stopped.
    pub fn spare_closing(&mut self, serial: u32) {
        self.spare(serial, |one| one.cause().is_cancelled() && one.waits());
    }

    fn spare(&mut self, serial: u32, wanted: impl Fn(&Interruption) -> bool) {
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.interruption.take_if(|one| wanted(one));
        }
    }

    /// Whether a worker that is late is spared for now, because the machine is slow.
    pub fn is_spared(&mut self, serial: u32, now: Instant, grace: Duration) -> bool {
        let Some(worker) = self.live.get_mut(&serial) else {
            return false;
        };
        let ready = worker.process.ready_times();
        (worker.interruption.as_mut()).is_some_and(|one| one.spares(now, ready, grace))
    }

    /// Asks the process group of a worker to end.
    pub fn terminate(&mut self, serial: u32) {
        self.signal(
            serial,
            |worker| worker.process.terminate(),
            Interruption::terminated,
        );
    }

    /// Ends the process group of a worker at once.
    pub fn kill(&mut self, serial: u32) {
        self.signal(serial, |worker| worker.process.kill(), Interruption::killed);
    }

    fn signal(&mut self, serial: u32, send: impl Fn(&Worker), note: impl Fn(&mut Interruption)) {
        if let Some(worker) = self.live.get_mut(&serial) {
            send(worker);
            worker.interruption.as_mut().map(note);
        }
    }
}
