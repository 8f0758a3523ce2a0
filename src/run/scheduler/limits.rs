//! Enforces limits: notices what takes too long or prints too much, and warns. How it is ended is in
//! [`super::breaking`].

use std::time::{Duration, Instant};

use crate::event::{Event, Fault, HookPlace, RunErrorKind};
use crate::run::crew::Attempt;

use super::super::Problem;
use super::super::course::RunningHook;
use super::super::crew::{Escalation, LOOK, Member, Opening, Why};
use super::super::limits::Limit;
use super::Scheduler;
use super::death::{not_a_step_program, text_of};

/// How long messages may keep coming before what is late is dealt with all the same: among them may
/// be the one that it is not late any more.
const BACKLOG: Duration = Duration::from_millis(100);

/// What is to be done about a member at some moment.
///
/// It is asked for with every message, so it has no text yet.
#[derive(Debug, Clone, Copy)]
enum Due {
    Escalate(Escalation),
    /// It takes too long to say hello.
    Start,
    /// It takes too long to end.
    Finish,
    /// It does nothing for so long, and this is what it should have done.
    Silent(Duration, &'static str),
    /// What it runs takes longer than this.
    Late(Limit),
    /// The closing of fixtures behind what was broken off takes longer than this.
    LateToClose(Limit),
    WarnSlow(Duration),
    LookAtOutput,
}

impl Scheduler<'_> {
    /// How long nothing may happen before something is due.
    pub(super) fn patience(&self) -> Duration {
        let due = self.next_due();
        let due = due.unwrap_or_else(|| Instant::now() + Duration::from_secs(3600));
        due.saturating_duration_since(Instant::now())
    }

    /// The moment at which something is due.
    fn next_due(&self) -> Option<Instant> {
        let members = self.crew.values();
        let of_members = members.filter_map(|member| Some(self.due(member)?.0));
        let others = self.run_deadline.into_iter().chain(self.delays.next());
        of_members.chain(others).min()
    }

    /// Whether something is so late that no further message is waited for.
    pub(super) fn is_overdue(&self) -> bool {
        let now = Instant::now();
        self.next_due().is_some_and(|due| due + BACKLOG <= now)
    }

    /// What is due next of a member, and when.
    fn due(&self, member: &Member) -> Option<(Instant, Due)> {
        if member.dismissed || member.offence.is_some() {
            // It is being killed.
            return None;
        }
        let finish = member.finishing.filter(|_| !self.options.attended);
        let finish = finish.map(|told| (told + self.options.finish_timeout, Due::Finish));
        if let Some(breaking) = &member.breaking {
            let escalation = breaking.deadline(self.options.grace);
            return escalation
                .map(|(at, escalation)| (at, Due::Escalate(escalation)))
                .or(finish);
        }
        if !member.introduced {
            let start = member.since + self.options.start_timeout;
            return Some((start, Due::Start)).filter(|_| !self.options.attended);
        }
        let of_hook = member
            .hook
            .as_ref()
            .map(|hook| self.due_of_hook(member, hook));
        let attempt = member.attempt.as_ref();
        let of_step = attempt.filter(|attempt| attempt.in_step && of_hook.is_none());
        let of_step = of_step.map(|attempt| {
            slow_or_late(
                attempt.step_since,
                attempt.limits.step,
                self.options.slow_after(attempt.limits.step),
                attempt.told_slow,
            )
        });
        let of_attempt = attempt.filter(|attempt| attempt.fault.is_none());
        let of_attempt = of_attempt.and_then(|attempt| {
            let limit = attempt.limits.scenario?;
            Some((attempt.started + limit.time, Due::Late(limit)))
        });
        let closing = self.due_of_closing(member);
        let silent = self.due_of_silence(member);
        let output = attempt.map(|attempt| (attempt.look_at_output, Due::LookAtOutput));
        let of_call = of_hook.or(of_step).flatten();
        let all = [finish, of_call, of_attempt, closing, silent, output];
        all.into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// When a worker is late that runs neither a scenario nor a hook, though it should: it may hang
    /// where no limit of a step or hook holds, such as in the closing of a fixture.
    fn due_of_silence(&self, member: &Member) -> Option<(Instant, Due)> {
        if member.attempt.is_some() || member.hook.is_some() || self.options.attended {
            return None;
        }
        let (limit, offence) = if member.opening == Opening::Asked {
            (self.options.start_timeout, "begin (`start-timeout`)")
        } else if member.load() > 0 && member.finishing.is_none() {
            let limit = self.options.hook_timeout?.duration();
            (limit, "go on with the next scenario (`hook-timeout`)")
        } else if member.giving_back && member.finishing.is_none() {
            (self.options.start_timeout, "answer a `cancel`")
        } else {
            return None;
        };
        Some((member.silent_since + limit, Due::Silent(limit, offence)))
    }

    /// When a worker is late with the closing of fixtures of an attempt that was broken off: the limit that
    /// ended it holds no more, and it must end some time.
    fn due_of_closing(&self, member: &Member) -> Option<(Instant, Due)> {
        let attempt = member.attempt.as_ref().filter(|attempt| !attempt.in_step)?;
        if attempt.fault.is_none() || member.hook.is_some() {
            return None;
        }
        let limit = self.options.hook_limit(true)?;
        Some((member.silent_since + limit.time, Due::LateToClose(limit)))
    }

    fn due_of_hook(&self, member: &Member, hook: &RunningHook) -> Option<(Instant, Due)> {
        let behind_timeout = (member.attempt.as_ref())
            .and_then(|attempt| attempt.fault.as_ref())
            .is_some_and(Fault::is_timeout);
        let limit = self.options.hook_limit(behind_timeout);
        let slow = self.options.slow_after(limit);
        slow_or_late(hook.since, limit, slow, hook.told_slow)
    }

    /// Does all that is due.
    pub(super) fn enforce(&mut self) {
        let now = Instant::now();
        if self.run_deadline.is_some_and(|deadline| deadline <= now) {
            self.run_out_of_time();
        }
        self.retry_due(now);
        let serials: Vec<u32> = self.crew.keys().copied().collect();
        for serial in serials {
            let due = self.crew.get(&serial).and_then(|member| self.due(member));
            let Some((at, due)) = due else {
                continue;
            };
            if at > now {
                continue;
            }
            match due {
                Due::Escalate(Escalation::Terminate) => self.terminate(serial),
                Due::Escalate(Escalation::Kill) => self.kill(serial),
                Due::Start => self.late_to_start(serial),
                Due::Finish => self.late_to_finish(serial),
                Due::Silent(limit, offence) => {
                    self.accuse_late(serial, format!("it did not {offence} within {limit:?}"));
                }
                Due::Late(limit) => self.break_off_running(serial, too_late(limit), false),
                Due::LateToClose(limit) => self.late_to_close(serial, limit),
                Due::WarnSlow(since) => self.warn_slow(serial, since),
                Due::LookAtOutput => self.look_at_output(serial),
            }
        }
    }

    fn run_out_of_time(&mut self) {
        self.run_deadline = None;
        let limit = self.options.run_timeout.map(|limit| limit.duration());
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
        let attempt = self.crew.get(&serial).and_then(|one| one.attempt.as_ref());
        if let Some(fault) = attempt.and_then(|attempt| attempt.fault.clone()) {
            let why = Why {
                fault,
                kind: "Timeout",
                message: format!("the closing of its fixtures {limit}"),
            };
            self.break_off_running(serial, why, false);
        }
    }

    fn late_to_finish(&mut self, serial: u32) {
        let seconds = self.options.finish_timeout.as_secs_f64();
        self.accuse_late(
            serial,
            format!("it did not end within {seconds} s (`finish-timeout`)"),
        );
    }

    /// Ends a worker that is too slow, most likely by the fault of user code.
    fn accuse_late(&mut self, serial: u32, offence: String) {
        if let Some(member) = self.crew.get_mut(&serial) {
            member.late = true;
            member.accuse(offence);
        }
    }

    fn late_to_start(&mut self, serial: u32) {
        let Some(member) = self.crew.get(&serial) else {
            return;
        };
        let seconds = self.options.start_timeout.as_secs_f64();
        let detail = text_of(member.late_output());
        let program = self.program();
        self.give_up(Problem {
            message: format!("the step program {program} did not say hello within {seconds} s"),
            detail: not_a_step_program(&detail),
        });
    }

    /// Warns that a step or hook takes long, while it still runs.
    fn warn_slow(&mut self, serial: u32, since: Duration) {
        let Some(member) = self.crew.get_mut(&serial) else {
            return;
        };
        let mut place = None;
        let what = if let Some(hook) = &mut member.hook {
            hook.told_slow = true;
            if let HookPlace::Scenario { scenario, .. } | HookPlace::Step { scenario, .. } =
                hook.place
            {
                place = Some((scenario, self.cast.scenario(scenario).location));
            }
            let hook = hook.hook;
            self.named(hook)
        } else if let Some(attempt) = &mut member.attempt {
            attempt.told_slow = true;
            let planned = self.cast.scenario(attempt.scenario);
            let Some(step) = planned.steps.get(attempt.finished) else {
                return;
            };
            place = Some((attempt.scenario, step.location));
            format!("the step `{}{}`", step.keyword, step.text)
        } else {
            return;
        };
        let place = place.map(|(scenario, location)| self.cast.source(scenario, location));
        (self.emit)(Event::Slow {
            message: format!("{what} is slow: it has been running for {since:?}"),
            place,
            nanos: u64::try_from(since.as_nanos()).unwrap_or(u64::MAX),
        });
    }

    fn look_at_output(&mut self, serial: u32) {
        let Some(member) = self.crew.get_mut(&serial) else {
            return;
        };
        let printed = member.printed_so_far();
        let Some(attempt) = &mut member.attempt else {
            return;
        };
        attempt.look_at_output = Instant::now() + LOOK;
        let limit = self.options.output_limit;
        if attempt.fault.is_none() && printed.is_some_and(|printed| printed > limit.bytes()) {
            let why = self.printed_too_much();
            self.break_off_running(serial, why, false);
        }
    }

    /// What it means to print more than the limit.
    pub(super) fn printed_too_much(&self) -> Why {
        let limit = self.options.output_limit;
        Why {
            fault: Fault::OutputLimit {
                limit: limit.bytes(),
            },
            kind: "OutputLimit",
            message: format!("the scenario printed more than {limit} (`output-limit`)"),
        }
    }
}

/// When something that runs since a moment is slow or late.
fn slow_or_late(
    since: Instant,
    limit: Option<Limit>,
    slow: Duration,
    told_slow: bool,
) -> Option<(Instant, Due)> {
    let too_late = limit.map(|limit| (since + limit.time, Due::Late(limit)));
    let warning = (!told_slow).then(|| (since + slow, Due::WarnSlow(slow)));
    let sooner = [too_late, warning].into_iter().flatten();
    sooner.min_by_key(|(at, _)| *at)
}

fn too_late(limit: Limit) -> Why {
    Why {
        fault: limit.fault(),
        kind: "Timeout",
        message: format!("the {} {limit}", limit.of),
    }
}

impl Attempt {
    /// Notes that the code of the step gets control now.
    pub(super) fn step_begins(&mut self) {
        self.step_since = Instant::now();
        self.told_slow = false;
    }
}
