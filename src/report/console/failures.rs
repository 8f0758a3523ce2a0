//! Failures in full, at the end of `progress`, and of `pretty` for those that have scrolled away.

use std::fmt::Write as _;
use std::sync::Arc;

use foldhash::HashMap;

use super::block::{self, BlockFrame};
use super::mark::ProgressMark;
use super::same_cause;
use super::style::{Ink, Style};
use crate::event::Status;
use crate::report::attempt::Attempt;
use crate::report::catalogue::{Catalogue, Place, rule_of};
use crate::report::trouble;

/// A scenario that is shown in full.
pub(super) struct ShownScenario {
    pub(super) place: Place,
    pub(super) attempts: Vec<Arc<Attempt>>,
    /// Whether it passed in the end; then these are the earlier attempts.
    pub(super) flaky: bool,
}

/// The scenarios that are shown in full, and the failed attempts of those that are tried again.
#[derive(Default)]
pub(super) struct FailedScenarios {
    retried: HashMap<Place, Vec<Arc<Attempt>>>,
    shown: Vec<ShownScenario>,
}

/// A scenario that has its result.
pub(super) struct EndedScenario {
    pub(super) mark: ProgressMark,
    pub(super) attempts: usize,
}

impl FailedScenarios {
    /// Takes an attempt that is over. Returns how its scenario ended, unless it is tried again.
    pub(super) fn attempt(
        &mut self,
        attempt: &Arc<Attempt>,
        catalogue: &Catalogue,
    ) -> Option<EndedScenario> {
        let place = attempt.place;
        if attempt.cancelled() {
            return Some(self.not_run(place, catalogue));
        }
        if attempt.will_be_retried {
            let retried = self.retried.entry(place).or_default();
            retried.push(Arc::clone(attempt));
            return None;
        }
        let mut attempts = self.retried.remove(&place).unwrap_or_default();
        let count = attempts.len() + 1;
        let fails = attempt.fails(catalogue);
        let flaky = !fails && attempt.status == Status::Passed && !attempts.is_empty();
        if fails {
            attempts.push(Arc::clone(attempt));
        }
        if fails || flaky {
            self.shown.push(ShownScenario {
                place,
                attempts,
                flaky,
            });
        }
        Some(EndedScenario {
            mark: ProgressMark::of(attempt, flaky, catalogue),
            attempts: count,
        })
    }

    /// Whether an attempt at a scenario failed and it was to be tried again.
    pub(super) fn was_tried(&self, place: Place) -> bool {
        self.retried.contains_key(&place)
    }

    /// No attempt follows. If there was an earlier attempt, it counts.
    pub(super) fn not_run(&mut self, place: Place, catalogue: &Catalogue) -> EndedScenario {
        let attempts = self.retried.remove(&place).unwrap_or_default();
        let last = attempts.last();
        let mark = last.map_or(ProgressMark::NOT_RUN, |last| {
            ProgressMark::of(last, false, catalogue)
        });
        let count = attempts.len();
        if count > 0 {
            self.shown.push(ShownScenario {
                place,
                attempts,
                flaky: false,
            });
        }
        EndedScenario {
            mark,
            attempts: count,
        }
    }

    /// All that are shown, in plan order. What was to be tried again is among them.
    pub(super) fn take(&mut self) -> Vec<ShownScenario> {
        let unfinished = self.retried.drain().map(|(place, attempts)| ShownScenario {
            place,
            attempts,
            flaky: false,
        });
        self.shown.extend(unfinished);
        self.shown.sort_by_key(|shown| shown.place);
        std::mem::take(&mut self.shown)
    }
}

/// How failures are written.
#[derive(Clone, Copy)]
pub(super) struct FailureFrame<'c> {
    pub(super) style: Style,
    pub(super) catalogue: &'c Catalogue,
    /// Whether equal failures of several scenarios are shown once.
    pub(super) joins: bool,
}

impl FailureFrame<'_> {
    /// Calls `write` with the text of one failure after the other, and with a rule at the end.
    pub(super) fn write<E>(
        &self,
        shown: &[ShownScenario],
        mut write: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let alone = |one: &ShownScenario| self.joins && !one.flaky && one.attempts.len() == 1;
        let failures = shown.iter().map(|one| match alone(one) {
            true => one.attempts.first().map(AsRef::as_ref),
            false => None,
        });
        let joined = same_cause::joined(failures, self.catalogue);
        for (one, others) in shown.iter().zip(&joined) {
            let Some(others) = others else {
                continue;
            };
            for attempt in &one.attempts {
                write(&self.failure(attempt, one.flaky))?;
            }
            let others: Vec<Place> = others.iter().map(|number| shown[*number].place).collect();
            write(&self.others(&others))?;
        }
        if shown.is_empty() {
            return Ok(());
        }
        let mut rule = String::new();
        self.rule(&mut rule, "-");
        write(&rule)
    }

    fn rule(&self, out: &mut String, sign: &str) {
        let rule = sign.repeat(self.style.room.rule().into());
        self.style.line_at(out, Ink::Comment, 0, &rule);
    }

    /// One failing attempt under its ruled heading.
    fn failure(&self, attempt: &Attempt, flaky: bool) -> String {
        let FailureFrame {
            style, catalogue, ..
        } = *self;
        let (feature, planned) = catalogue.at(attempt.place);
        let mut out = String::new();
        self.rule(&mut out, "=");
        let mark = ProgressMark::of(attempt, flaky, catalogue);
        let start = out.len();
        style.line(&mut out, mark.ink, mark.word);
        out.push_str(": ");
        style.line(&mut out, Ink::Keyword, &name(catalogue, attempt.place));
        if attempt.number > 0 || attempt.will_be_retried {
            let number = trouble::attempt_number(attempt);
            style.line(&mut out, Ink::Plain, &format!(" ({number})"));
        }
        style.end_line(&mut out, start);
        self.rule(&mut out, "-");
        let place = format!("{}:{}", feature.uri, planned.location.line);
        style.line_at(&mut out, Ink::Plain, 0, &place);
        let frame = BlockFrame {
            // `-v` means a line for each scenario here. Hooks that passed explain no failure.
            style: Style {
                verbose: false,
                ..style
            },
            catalogue,
            attempt,
            matches: &[],
        };
        block::steps(&mut out, &frame, 2);
        out.push('\n');
        out
    }

    /// The scenarios that failed for the same reason as the one above.
    fn others(&self, others: &[Place]) -> String {
        let mut out = String::new();
        if others.is_empty() {
            return out;
        }
        let count = others.len();
        let _ = writeln!(out, "The same failure in {count} other scenarios:");
        for place in others {
            let (feature, scenario) = self.catalogue.at(*place);
            let place = format!("{}:{}", feature.uri, scenario.location.line);
            let name = format!("  {}", trouble::label(scenario));
            let line = (place.as_str(), name.as_str());
            self.style.prose_at(&mut out, Ink::Plain, 2, line);
        }
        out.push('\n');
        out
    }
}

/// `Division: Divide regular numbers`.
pub(super) fn name(catalogue: &Catalogue, place: Place) -> String {
    let (feature, scenario) = catalogue.at(place);
    let feature_name = if feature.name.is_empty() {
        &feature.uri
    } else {
        &feature.name
    };
    let rule = rule_of(feature, scenario)
        .map(|rule| rule.name.as_ref())
        .filter(|name| !name.is_empty());
    match rule {
        Some(rule) => format!("{feature_name}: {rule}: {}", trouble::label(scenario)),
        None => format!("{feature_name}: {}", trouble::label(scenario)),
    }
}
