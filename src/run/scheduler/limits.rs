//! Enforces limits: finds what takes too long or prints too much, and warns about slow steps.
//! [`super::break_off`] ends it.

use std::time::{Duration, Instant};

use crate::event::{Event, RunErrorKind};

use super::super::attempts::Slow;
use super::super::due::{Due, Escalation};
use super::super::limits::Limit;
use super::super::workers::{AbortCause, Expected};
use super::Scheduler;
use super::death::text_of;

/// How long a late worker is spared while more messages wait: one of them may show that it is no longer late.
const BACKLOG: Duration = Duration::from_millis(100);

/// How long to wait for a message until something is due.
pub(super) fn patience(due: Option<Instant>) -> Duration {
    let long = Duration::from_secs(3600);
    due.map_or(long, |due| due.saturating_duration_since(Instant::now()))
}

impl Scheduler<'_> {
    /// The moment at which something is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let workers = self.workers.iter();
        let of_workers = workers.filter_map(|serial| Some(self.due(serial)?.0));
        let deadline = self.stopping.deadline().into_iter();
        of_workers
            .chain(deadline)
            .chain(self.work.next_change())
            .chain(self.workers.next_try())
            .min()
    }

    /// Whether something is so late that the scheduler waits for no further message. `due` is when something was due
    /// before the last message: to ask all workers again is left for when that has passed.
    pub(super) fn is_overdue(&self, due: Option<Instant>) -> bool {
        let is_late = |due: Option<Instant>| due.is_some_and(|due| due + BACKLOG <= Instant::now());
        is_late(due) && is_late(self.next_due())
    }

    /// What to do next about a worker, and when.
    fn due(&self, serial: u32) -> Option<(Instant, Due)> {
        let options = self.context.options;
        let of_process = self.workers.due(serial, self.expected(serial), options);
        let of_attempt = match self.workers.is_undisturbed(serial) {
            true => self.attempts.due(serial, options),
            false => None,
        };
        let all = [of_process, of_attempt];
        all.into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// What a worker should do when it runs neither a scenario nor a hook.
    fn expected(&self, serial: u32) -> Option<Expected> {
        if self.attempts.is_busy(serial) {
            return None;
        }
        Some(if self.work.load(serial) > 0 {
            Expected::NextScenario
        } else if self.work.is_recalling(serial) {
            Expected::AnswerToRecall
        } else {
            Expected::Nothing
        })
    }

    /// Does everything whose moment has come.
    pub(super) fn enforce(&mut self) {
        let now = Instant::now();
        if self.stopping.runs_out_of_time(now) {
            self.run_out_of_time();
        }
        self.retry_due(now);
        self.work.end_pause(now);
        self.launch_due(now);
        for serial in self.workers.serials() {
            let Some((_, due)) = self.due(serial).filter(|(at, _)| *at <= now) else {
                continue;
            };
            match due {
                Due::Escalate(escalation) => self.escalate(serial, escalation),
                Due::Start => self.late_to_start(serial),
                Due::Finish => self.late_to_finish(serial),
                Due::Silent(limit, what) => {
                    let violation = format!("it did not {what} within {limit:?}");
                    self.workers.accuse_late(serial, violation);
                }
                Due::Late(limit) => self.break_off_running(serial, too_late(limit), false),
                Due::LateToClose(limit) => self.late_to_close(serial, limit),
                Due::WarnSlow(since) => self.warn_slow(serial, since),
                Due::LookAtOutput => self.look_at_output(serial),
            }
        }
    }

    /// Ends what a worker runs by a signal, unless it is the machine that is slow.
    fn escalate(&mut self, serial: u32, escalation: Escalation) {
        let grace = self.context.options.run.grace.duration();
        if self.workers.is_spared(serial, Instant::now(), grace) {
            return;
        }
        match escalation {
            Escalation::Terminate => self.workers.terminate(serial),
            Escalation::Kill => self.workers.kill(serial),
        }
    }

    fn run_out_of_time(&mut self) {
        let limit = self
            .context
            .options
            .run
            .run_timeout
            .map(|limit| limit.duration());
        let message = format!(
            "the run took longer than {:?} (`run-timeout`)",
            limit.unwrap_or_default()
        );
        (self.emit)(Event::RunError {
            kind: RunErrorKind::TimeLimit,
            message: message.clone(),
            detail: String::new(),
        });
        self.end_now(&message);
    }

    fn late_to_close(&mut self, serial: u32, limit: Limit) {
        let attempt = self.attempts.attempt(serial);
        if let Some(fault) = attempt.and_then(|attempt| attempt.fault().cloned()) {
            let cause = AbortCause {
                fault,
                kind: "Timeout",
                message: format!("the closing of its fixtures {limit}"),
            };
            self.break_off_running(serial, cause, false);
        }
    }

    fn late_to_finish(&mut self, serial: u32) {
        let seconds = self.context.options.finish_timeout.as_secs_f64();
        let violation = format!("it did not end within {seconds} s (`finish-timeout`)");
        self.workers.accuse_late(serial, violation);
    }

    fn late_to_start(&mut self, serial: u32) {
        let seconds = self.context.options.start_timeout.as_secs_f64();
        let detail = text_of(self.workers.unreported_output(serial));
        self.give_up(self.context.late_to_hello(seconds, &detail));
    }

    /// Warns that a step or hook takes long, while it still runs.
    fn warn_slow(&mut self, serial: u32, since: Duration) {
        let index = &self.context.index;
        let (what, place) = match self.attempts.report_slow(serial) {
            None => return,
            Some(Slow::Hook(hook, scenario)) => {
                let place = scenario.map(|one| index.source(one, index.scenario(one).location));
                (self.named(hook), place)
            }
            Some(Slow::Step(scenario, step)) => {
                let Some(step) = index.scenario(scenario).steps.get(step) else {
                    return;
                };
                let place = index.source(scenario, step.location);
                (
                    format!("the step `{}{}`", step.keyword, step.text),
                    Some(place),
                )
            }
        };
        (self.emit)(Event::Slow {
            message: format!("{what} is slow: it has been running for {since:?}"),
            place,
            nanos: u64::try_from(since.as_nanos()).unwrap_or(u64::MAX),
        });
    }
}

fn too_late(limit: Limit) -> AbortCause {
    AbortCause {
        fault: limit.fault(),
        kind: "Timeout",
        message: format!("the {} {limit}", limit.of),
    }
}
