//! `progress`: a character per scenario, then the failures in full.
//!
//! The characters: `.` passed, `F` failed, `E` the step program crashed, `U` undefined, `A` ambiguous, `P`
//! pending, `S` skipped, `R` passed when it was tried again, `x` failed as a tag says, `X` passed although a
//! tag says that it fails, `-` broken off. Scenarios that did not start have no character: a run that cannot
//! begin would print thousands. With `-v` a line per scenario.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use super::block::{self, BlockFrame};
use super::slowest::SlowestLists;
use super::style::{Ink, Style};
use super::{closing, extras, same_cause};
use crate::event::{Event, Status};
use crate::report::attempt::Attempt;
use crate::report::catalogue::{Catalogue, Place, rule_of};
use crate::report::hook::OutsideHook;
use crate::report::output::Output;
use crate::report::{Finish, Reporter, Summary, trouble};

/// Shows a character per scenario. It holds what is running and what failed.
pub(in crate::report) struct Progress {
    output: Output,
    style: Style,
    column: u16,
    /// The failed attempts of scenarios that are tried again.
    retried: HashMap<Place, Vec<Arc<Attempt>>>,
    /// The attempts that are shown in full at the end.
    shown: Vec<ShownScenario>,
    slowest: SlowestLists,
}

/// A scenario that is shown in full.
struct ShownScenario {
    place: Place,
    attempts: Vec<Arc<Attempt>>,
    /// Whether it passed in the end; then these are the earlier attempts.
    flaky: bool,
}

/// How a scenario ended, as a character and as a word.
struct ProgressMark {
    letter: &'static str,
    word: &'static str,
    ink: Ink,
}

impl ProgressMark {
    const NOT_RUN: ProgressMark = ProgressMark {
        letter: "-",
        word: "NOT RUN",
        ink: Ink::Comment,
    };

    const FLAKY: ProgressMark = ProgressMark {
        letter: "R",
        word: "FLAKY",
        ink: Ink::Status(Status::Pending),
    };
    const FLAKY_FAILS: ProgressMark = ProgressMark {
        ink: Ink::Status(Status::Failed),
        ..ProgressMark::FLAKY
    };
    const EXPECTED_FAILURE: ProgressMark = ProgressMark {
        letter: "x",
        word: "EXPECTED FAILURE",
        ink: Ink::Expected,
    };
    const UNEXPECTED_PASS: ProgressMark = ProgressMark {
        letter: "X",
        word: "UNEXPECTED PASS",
        ink: Ink::Status(Status::Failed),
    };

    fn of(attempt: &Attempt) -> Self {
        if attempt.failed_as_expected() {
            return ProgressMark::EXPECTED_FAILURE;
        }
        if attempt.passed_unexpectedly() {
            return ProgressMark::UNEXPECTED_PASS;
        }
        let (letter, word) = match attempt.status {
            Status::Failed if attempt.crashed() => ("E", "ERROR"),
            Status::Failed if attempt.timed_out() => ("T", "TIMEOUT"),
            Status::Failed => ("F", "FAIL"),
            Status::Passed => (".", "ok"),
            Status::Skipped => ("S", "SKIP"),
            Status::Pending => ("P", "PENDING"),
            Status::Undefined => ("U", "UNDEFINED"),
            Status::Ambiguous => ("A", "AMBIGUOUS"),
        };
        ProgressMark {
            letter,
            word,
            ink: Ink::Status(attempt.status),
        }
    }
}

impl Progress {
    pub(in crate::report) fn new(output: Output, style: Style) -> Self {
        Progress {
            output,
            style,
            column: 0,
            retried: HashMap::new(),
            shown: Vec::new(),
            slowest: SlowestLists::new(style.options.durations),
        }
    }

    fn mark(
        &mut self,
        name: impl FnOnce() -> String,
        mark: &ProgressMark,
        attempts: usize,
    ) -> io::Result<()> {
        let mut out = String::new();
        if self.style.verbose {
            self.style.line(&mut out, Ink::Plain, &name());
            out.push_str(" ... ");
            self.style.line(&mut out, mark.ink, mark.word);
            if attempts > 1 {
                let _ = write!(out, " ({attempts} attempts)");
            }
            out.push('\n');
        } else {
            if self.column == self.style.columns {
                out.push('\n');
                self.column = 0;
            }
            self.column += 1;
            self.style.line(&mut out, mark.ink, mark.letter);
        }
        self.output.write_all(out.as_bytes())?;
        // A person wants to see each; a file does not.
        if self.output.is_live() {
            self.output.flush()
        } else {
            Ok(())
        }
    }

    /// Shows a line at once on a terminal. Elsewhere it is shown at the end.
    fn interject(&mut self, line: &str) -> io::Result<()> {
        if !self.output.is_live() {
            return Ok(());
        }
        if self.column > 0 {
            self.output.write_all(b"\n")?;
            self.column = 0;
        }
        self.output.write_all(line.as_bytes())?;
        self.output.flush()
    }

    fn finished(&mut self, attempt: Arc<Attempt>, catalogue: &Catalogue) -> io::Result<()> {
        let place = attempt.place;
        if attempt.cancelled() {
            return self.not_run(place, catalogue);
        }
        if attempt.will_be_retried {
            self.retried.entry(place).or_default().push(attempt);
            return Ok(());
        }
        let mut attempts = self.retried.remove(&place).unwrap_or_default();
        let count = attempts.len() + 1;
        let fails = attempt.fails(catalogue);
        let flaky = !fails && attempt.status == Status::Passed && !attempts.is_empty();
        let mark = if flaky {
            ProgressMark::FLAKY
        } else if attempt.fails_as_flaky(catalogue) {
            ProgressMark::FLAKY_FAILS
        } else {
            ProgressMark::of(&attempt)
        };
        if fails {
            attempts.push(attempt);
        }
        if fails || flaky {
            self.shown.push(ShownScenario {
                place,
                attempts,
                flaky,
            });
        }
        self.mark(|| name(catalogue, place), &mark, count)
    }

    /// No attempt follows. If there was an earlier attempt, it counts.
    fn not_run(&mut self, place: Place, catalogue: &Catalogue) -> io::Result<()> {
        let attempts = self.retried.remove(&place).unwrap_or_default();
        let mark = attempts
            .last()
            .map_or(ProgressMark::NOT_RUN, |last| ProgressMark::of(last));
        let count = attempts.len();
        if count > 0 {
            self.shown.push(ShownScenario {
                place,
                attempts,
                flaky: false,
            });
        }
        self.mark(|| name(catalogue, place), &mark, count)
    }

    /// One failing attempt under its ruled heading.
    fn failure(&self, attempt: &Attempt, flaky: bool, catalogue: &Catalogue) -> String {
        let style = self.style;
        let (feature, planned) = catalogue.at(attempt.place);
        let mut out = String::new();
        style.line(&mut out, Ink::Comment, &"=".repeat(style.rule.into()));
        out.push('\n');
        let mark = if flaky {
            ProgressMark::FLAKY
        } else if attempt.fails_as_flaky(catalogue) {
            ProgressMark::FLAKY_FAILS
        } else {
            ProgressMark::of(attempt)
        };
        style.line(&mut out, mark.ink, mark.word);
        out.push_str(": ");
        style.line(&mut out, Ink::Keyword, &name(catalogue, attempt.place));
        if attempt.number > 0 || attempt.will_be_retried {
            let number = trouble::attempt_number(attempt);
            style.line(&mut out, Ink::Plain, &format!(" ({number})"));
        }
        out.push('\n');
        style.line(&mut out, Ink::Comment, &"-".repeat(style.rule.into()));
        out.push('\n');
        style.line(
            &mut out,
            Ink::Plain,
            &format!("{}:{}", feature.uri, planned.location.line),
        );
        out.push('\n');
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
}

impl Progress {
    /// The scenarios that failed for the same reason as the one above.
    fn others(&self, others: &[Place], catalogue: &Catalogue) -> String {
        let mut out = String::new();
        if others.is_empty() {
            return out;
        }
        let count = others.len();
        let _ = writeln!(out, "The same failure in {count} other scenarios:");
        for place in others {
            let (feature, scenario) = catalogue.at(*place);
            let line = format!(
                "{}:{}  {}",
                feature.uri,
                scenario.location.line,
                trouble::label(scenario)
            );
            self.style.line_at(&mut out, Ink::Plain, 2, &line);
        }
        out.push('\n');
        out
    }
}

/// `Division: Divide regular numbers`.
fn name(catalogue: &Catalogue, place: Place) -> String {
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

impl Reporter for Progress {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        if let Event::ScenarioNotRun { scenario, .. } = event
            && let Some(place) = catalogue.place(*scenario)
        {
            let was_tried = self.retried.contains_key(&place);
            if !was_tried && !self.style.verbose {
                return Ok(());
            }
            return self.not_run(place, catalogue);
        }
        if let Some(line) = extras::slow(self.style, event) {
            return self.interject(&line);
        }
        Ok(())
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        self.slowest.attempt(finish.attempt, catalogue);
        self.finished(Arc::clone(finish.attempt), catalogue)
    }

    fn hook(&mut self, hook: &OutsideHook, catalogue: &Catalogue) -> io::Result<()> {
        self.slowest.hook(hook, catalogue);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        let marked = if self.style.verbose {
            summary.scenarios.total() > 0
        } else {
            self.column > 0
        };
        if marked {
            self.output
                .write_all(if self.style.verbose { b"\n" } else { b"\n\n" })?;
        }
        let unfinished = self.retried.drain().map(|(place, attempts)| ShownScenario {
            place,
            attempts,
            flaky: false,
        });
        self.shown.extend(unfinished);
        self.shown.sort_by_key(|shown| shown.place);
        let shown = std::mem::take(&mut self.shown);
        // A file keeps each failure in full.
        let is_live = self.output.is_live();
        let alone = |one: &ShownScenario| is_live && !one.flaky && one.attempts.len() == 1;
        let failures = shown.iter().map(|one| match alone(one) {
            true => one.attempts.first().map(AsRef::as_ref),
            false => None,
        });
        let joined = same_cause::joined(failures, catalogue);
        for (one, others) in shown.iter().zip(&joined) {
            let Some(others) = others else {
                continue;
            };
            for attempt in &one.attempts {
                let text = self.failure(attempt, one.flaky, catalogue);
                self.output.write_all(text.as_bytes())?;
            }
            let others: Vec<Place> = others.iter().map(|number| shown[*number].place).collect();
            let text = self.others(&others, catalogue);
            self.output.write_all(text.as_bytes())?;
        }
        if !shown.is_empty() {
            let mut rule = String::new();
            let dashes = "-".repeat(self.style.rule.into());
            self.style.line(&mut rule, Ink::Comment, &dashes);
            rule.push('\n');
            self.output.write_all(rule.as_bytes())?;
        }
        let mut out = String::new();
        self.slowest.write(&mut out);
        closing::write(self.style, &mut out, summary);
        self.output.write_all(out.as_bytes())?;
        self.output.commit()
    }
}
