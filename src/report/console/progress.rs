//! `progress`: a character per scenario, then the failures in full.
//!
//! The characters: `.` passed, `F` failed, `E` the step program crashed, `U` undefined, `A` ambiguous, `P`
//! pending, `S` skipped, `R` passed when it was tried again, `x` failed as a tag says, `X` passed although a
//! tag says that it fails, `-` broken off. Scenarios that did not start have no character: a run that cannot
//! begin would print thousands. With `-v` a line per scenario.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::failures::{self, EndedScenario, FailedScenarios, FailureFrame};
use super::slowest::SlowestLists;
use super::style::{Ink, Style};
use super::{closing, extras};
use crate::event::Event;
use crate::report::catalogue::{Catalogue, Place};
use crate::report::hook::OutsideHook;
use crate::report::output::Output;
use crate::report::{Finish, Reporter, Summary};

/// Shows a character per scenario. It holds what is running and what failed.
pub(in crate::report) struct Progress {
    output: Output,
    style: Style,
    column: u16,
    failed: FailedScenarios,
    slowest: SlowestLists,
}

impl Progress {
    pub(in crate::report) fn new(output: Output, style: Style) -> Self {
        Progress {
            output,
            style,
            column: 0,
            failed: FailedScenarios::default(),
            slowest: SlowestLists::new(style.options.durations),
        }
    }

    fn mark(&mut self, name: impl FnOnce() -> String, ended: &EndedScenario) -> io::Result<()> {
        let EndedScenario { mark, attempts } = ended;
        let mut out = String::new();
        if self.style.verbose {
            self.style.line(&mut out, Ink::Plain, &name());
            out.push_str(" ... ");
            self.style.line(&mut out, mark.ink, mark.word);
            if *attempts > 1 {
                let _ = write!(out, " ({attempts} attempts)");
            }
            self.style.end_line(&mut out, 0);
        } else {
            if self.column >= self.style.room.marks() {
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

    /// No attempt follows.
    fn not_run(&mut self, place: Place, catalogue: &Catalogue) -> io::Result<()> {
        let ended = self.failed.not_run(place, catalogue);
        self.mark(|| failures::name(catalogue, place), &ended)
    }
}

impl Reporter for Progress {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        if let Event::ScenarioNotRun { scenario, .. } = event
            && let Some(place) = catalogue.place(*scenario)
        {
            if !self.failed.was_tried(place) && !self.style.verbose {
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
        let attempt = finish.attempt;
        self.slowest.attempt(attempt, catalogue);
        match self.failed.attempt(attempt, catalogue) {
            Some(ended) => self.mark(|| failures::name(catalogue, attempt.place), &ended),
            None => Ok(()),
        }
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
        let frame = FailureFrame {
            style: self.style,
            catalogue,
            // A file keeps each failure in full.
            joins: self.output.is_live(),
        };
        let output = &mut self.output;
        frame.write(&self.failed.take(), |text| {
            output.write_all(text.as_bytes())
        })?;
        let mut out = String::new();
        self.slowest.write(self.style, &mut out);
        closing::write(self.style, &mut out, summary);
        self.output.write_all(out.as_bytes())?;
        self.output.commit()
    }
}
