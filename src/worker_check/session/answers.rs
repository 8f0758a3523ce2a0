//! Messages that may come between others: answers, attachments, what is said of closing.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bdd_protocol::{FromWorker, Match, ToWorker};

use super::super::known::{MatchQuestion, Ready};
use super::super::rules::{self, ProtocolRule};
use super::{Go, Session, SessionWork, Stop};

/// What the worker was asked and has not answered.
#[derive(Debug, Default)]
pub(super) struct Asked {
    matches: Vec<(u32, Vec<MatchQuestion>)>,
    next_match: u32,
    cancels: usize,
    /// What was given back, and when, in microseconds.
    given_back: Vec<u32>,
    given_back_at: Option<u64>,
    /// How many scenarios have started since.
    pub(super) kept: usize,
    breaks: VecDeque<u64>,
    /// The call that was asked about again, and how often.
    asked_again: (u64, usize),
    /// The step or hook that is left, and what it must end with.
    leaving: Option<(u64, Leaving)>,
    /// The last answers to `match`, by text.
    answers: Vec<(MatchQuestion, Vec<Match>)>,
}

/// What a step or hook that is left ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaving {
    pub(super) kind: &'static str,
    pub(super) message: &'static str,
}

const LEAVING: Leaving = Leaving {
    kind: "Timeout",
    message: "worker-check asked to leave it",
};

impl Asked {
    /// The rule that is broken when nothing has come for too long.
    pub(super) fn overdue(&self, at_work: bool) -> Option<&'static ProtocolRule> {
        if !self.breaks.is_empty() {
            Some(&rules::BREAK_OFF_ANSWER)
        } else if at_work {
            None
        } else if self.cancels > 0 {
            Some(&rules::CANCEL_ANSWER)
        } else if !self.matches.is_empty() {
            Some(&rules::MATCH_ANSWER)
        } else {
            None
        }
    }

    fn is_open(&self) -> bool {
        self.cancels > 0 || !self.matches.is_empty() || !self.breaks.is_empty()
    }

    /// Whether a scenario was given back.
    pub(super) fn gave_back(&self, scenario: u32) -> bool {
        self.given_back.contains(&scenario)
    }

    /// Scenarios are sent: those among them that were given back may run now.
    pub(super) fn sent_again(&mut self, scenarios: &[Ready]) {
        let sent = |number: &u32| scenarios.iter().any(|one| one.scenario.scenario == *number);
        self.given_back.retain(|number| !sent(number));
        self.given_back_at = None;
    }

    /// When scenarios were given back last.
    pub(super) fn given_back_at(&self) -> Option<u64> {
        self.given_back_at
    }
}

impl Session<'_> {
    /// Asks the program to match texts. The answer is read with what follows.
    pub fn ask_to_match(&mut self, questions: Vec<MatchQuestion>) {
        let id = self.asked.next_match;
        self.asked.next_match += 1;
        self.send_match(id, &questions);
        self.asked.matches.push((id, questions));
    }

    /// Sends a `match`.
    pub(super) fn send_match(&mut self, id: u32, questions: &[MatchQuestion]) {
        let by = self.books.known.borrow().hello.match_by.clone();
        let column = |what: &str, of: &dyn Fn(&MatchQuestion) -> String| -> Vec<String> {
            match by.iter().any(|one| one == what) {
                true => questions.iter().map(of).collect(),
                false => Vec::new(),
            }
        };
        self.line.send(ToWorker::Match {
            id,
            texts: questions.iter().map(|one| one.text.clone()).collect(),
            keywords: column("keyword", &|one| one.keyword.to_owned()),
            uris: column("uri", &|one| one.uri.clone()),
            below: column("below", &|one| one.below.to_owned()),
        });
    }

    /// Asks for all that has not started.
    pub fn cancel(&mut self) {
        self.asked.cancels += 1;
        self.line.send(ToWorker::Cancel);
    }

    /// Asks the worker to leave the step or hook with this number.
    pub fn break_off(&mut self, call: u64) {
        self.asked.breaks.push_back(call);
        self.line.send(ToWorker::BreakOff {
            call,
            kind: LEAVING.kind.to_owned(),
            message: LEAVING.message.to_owned(),
            cancelled: false,
        });
    }

    /// The answers to all texts so far.
    pub fn matches(&self) -> &[(MatchQuestion, Vec<Match>)] {
        &self.asked.answers
    }

    /// Waits for all answers.
    pub(super) fn answers(&mut self) -> Go {
        while self.asked.is_open() {
            let message = self.wait("an answer")?;
            if let Some(message) = self.side(message)? {
                return Err(self.unasked(&message));
            }
        }
        Ok(())
    }

    /// Takes a message that may come between others; other messages are given back.
    pub(super) fn side(&mut self, message: FromWorker) -> Go<Option<FromWorker>> {
        match &message {
            FromWorker::Matched { id, matches } => self.matched(*id, matches, &message)?,
            FromWorker::Cancelled { scenarios } => self.cancelled(scenarios, &message)?,
            FromWorker::BreakingOff { call, can } => self.breaking_off(*call, *can, &message)?,
            FromWorker::Attachment { body, .. } => self.attachment(body, &message)?,
            FromWorker::RunSteps { text } => self.run_steps(text, &message)?,
            FromWorker::ClosingFailed { scope, .. } => self.closing_failed(scope, &message)?,
            FromWorker::Retiring { .. } => self.retires(&message)?,
            FromWorker::Abort { .. } => self.aborts(),
            FromWorker::HookAdded { hook } => self.adds_hook(hook, &message)?,
            FromWorker::HookStarted { hook, output } if self.position.is_added(*hook) => {
                self.added_hook(*hook, *output, &message)?;
            }
            FromWorker::ExtraStepStarted {
                extra,
                parent,
                depth,
                ..
            } => self.extra_starts(*extra, (*parent, *depth), &message)?,
            FromWorker::ExtraStepFinished { extra, status, .. } => {
                self.extra_ends(*extra, *status, &message)?;
            }
            FromWorker::ScenarioAdded(added) => {
                self.adds_scenario(added.key, &added.feature, &message)?;
            }
            FromWorker::Hello(_) => {
                return Err(self.fail(&rules::HELLO_ONCE, Some(&message), "it said hello before"));
            }
            FromWorker::Error { message: text, .. } => {
                let detail = format!("it says: {text}");
                return Err(self.fail(&rules::UNDERSTANDS, Some(&message), detail));
            }
            _ => return Ok(Some(message)),
        }
        Ok(None)
    }

    fn matched(&mut self, id: u32, matches: &[Vec<Match>], message: &FromWorker) -> Go {
        let mut open = self.asked.matches.iter();
        let Some(place) = open.position(|(one, _)| *one == id) else {
            let detail = format!("no `match` with the id {id} is open");
            return Err(self.fail(&rules::MATCH_UNASKED, Some(message), detail));
        };
        let (_, questions) = self.asked.matches.remove(place);
        self.check_matches(&questions, matches, message)?;
        for (question, found) in questions.iter().zip(matches) {
            let mut answers = self.asked.answers.iter();
            match answers.find(|(known, _)| known == question) {
                Some((_, before)) if before != found => {
                    let detail = format!("`{}` had another answer before", question.text);
                    self.note(&rules::MATCH_STABLE, Some(message), detail);
                }
                Some(_) => {}
                None => self.asked.answers.push((question.clone(), found.clone())),
            }
        }
        Ok(())
    }

    /// Checks an answer to questions.
    pub(super) fn check_matches(
        &self,
        questions: &[MatchQuestion],
        matches: &[Vec<Match>],
        message: &FromWorker,
    ) -> Go {
        if matches.len() != questions.len() {
            let detail = format!("{} texts, {} answers", questions.len(), matches.len());
            return Err(self.fail(&rules::MATCH_COUNT, Some(message), detail));
        }
        for (question, found) in questions.iter().zip(matches) {
            self.check_match(&question.text, found, message);
        }
        Ok(())
    }

    /// Checks what matches a text.
    fn check_match(&self, text: &str, found: &[Match], message: &FromWorker) {
        for one in found {
            let own = self.books.known.borrow().is_own(one.definition);
            if own != Some(true) {
                let what = match own {
                    None => "is not in `hello`",
                    Some(_) => "is of a kind that the runner matches",
                };
                let detail = format!("`{text}`: definition {} {what}", one.definition);
                self.note(&rules::MATCH_DEFINITION, Some(message), detail);
            }
            for problem in super::super::groups::problems(text, &one.arguments) {
                let detail = format!("`{text}`: {}", problem.detail);
                self.note(problem.rule, Some(message), detail);
            }
        }
    }

    /// Takes what the worker gives back out of the work.
    fn cancelled(&mut self, scenarios: &[u32], message: &FromWorker) -> Go {
        if self.asked.cancels == 0 {
            return Err(self.fail(
                &rules::CANCELLED_UNASKED,
                Some(message),
                "no `cancel` is open",
            ));
        }
        self.asked.cancels -= 1;
        let waiting: Vec<u32> = (self.todo.iter())
            .filter_map(|work| match work {
                SessionWork::Scenario(_, scenario) => Some(scenario.scenario),
                _ => None,
            })
            .collect();
        if !waiting.ends_with(scenarios) {
            let detail = format!("it has not started these, in this order: {waiting:?}");
            return Err(self.fail(&rules::CANCELLED_OTHERS, Some(message), detail));
        }
        self.todo.retain(|work| match work {
            SessionWork::Scenario(_, scenario) => !scenarios.contains(&scenario.scenario),
            _ => true,
        });
        self.asked.given_back.extend(scenarios);
        self.asked.given_back_at = Some(now());
        self.asked.kept = 0;
        self.seen.given_back += scenarios.len();
        Ok(())
    }

    fn breaking_off(&mut self, call: u64, can: bool, message: &FromWorker) -> Go {
        if self.asked.breaks.front() != Some(&call) {
            let detail = match self.asked.breaks.front() {
                Some(open) => format!("the `break_off` that is open is that of call {open}"),
                None => "no `break_off` is open".to_owned(),
            };
            return Err(self.fail(&rules::BREAKING_OFF_UNASKED, Some(message), detail));
        }
        self.asked.breaks.pop_front();
        let running = self.position.running_call();
        if !can {
            if running == Some(call) {
                self.break_off_again(call);
            }
            return Ok(());
        }
        if running != Some(call) {
            let detail = match running {
                Some(running) => format!("call {running} runs"),
                None => "no step or hook runs".to_owned(),
            };
            return Err(self.fail(&rules::BREAK_OFF_OTHER_CALL, Some(message), detail));
        }
        self.asked.leaving = Some((call, LEAVING));
        Ok(())
    }

    /// Asks once more to leave a step that runs: it may not have come to where it waits.
    fn break_off_again(&mut self, call: u64) {
        const MOST: usize = 10;
        const PAUSE: Duration = Duration::from_millis(5);
        let (last, times) = &mut self.asked.asked_again;
        if *last != call {
            (*last, *times) = (call, 0);
        }
        *times += 1;
        if *times <= MOST {
            std::thread::sleep(PAUSE);
            self.break_off(call);
        }
    }

    /// The step or hook of this number has ended: what it ends with if it was left.
    pub(super) fn left(&mut self, call: u64) -> Option<Leaving> {
        let (_, leaving) = self.asked.leaving.take_if(|(one, _)| *one == call)?;
        self.seen.left += 1;
        Some(leaving)
    }

    /// Whether a `run_steps`, or what else waits for an answer, must wait for one of these too.
    pub(super) fn match_id(&self) -> u32 {
        u32::MAX - self.asked.next_match
    }

    /// What a rule says of an error that a step or hook has, when it was left.
    pub(super) fn check_left(
        &self,
        leaving: &Leaving,
        error: Option<&bdd_protocol::Failure>,
        failed: bool,
        message: &FromWorker,
    ) -> Go {
        let as_asked = failed
            && error.is_some_and(|error| {
                error.kind == leaving.kind && error.message.contains(leaving.message)
            });
        match as_asked {
            true => Ok(()),
            false => Err::<(), Stop>(self.fail(
                &rules::BREAK_OFF_END,
                Some(message),
                "it answered that it leaves this step or hook",
            )),
        }
    }
}

/// Microseconds since 1970.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_micros()).unwrap_or(u64::MAX)
}
