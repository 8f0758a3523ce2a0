//! What `pretty` has written and what waits for its turn: headings, lines, and where failures stand.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::closing;
use super::failures::{FailureFrame, ShownScenario};
use super::grouping::{Grouping, Waiting};
use super::headings::Headings;
use super::slowest::SlowestLists;
use super::style::Style;
use crate::plan::PlannedFeature;
use crate::report::catalogue::{Catalogue, Place};
use crate::report::output::Output;
use crate::report::{Summary, text};

/// A part of the report that may wait.
pub(super) struct Piece {
    pub(super) feature: u32,
    pub(super) text: String,
    pub(super) kind: PieceKind,
    /// When it came.
    pub(super) at: Instant,
}

/// What a piece is.
pub(super) enum PieceKind {
    /// An attempt at a scenario, below the headings that it needs.
    Scenario {
        of: Arc<PlannedFeature>,
        place: Place,
        /// Whether it failed.
        failed: bool,
    },
    /// Lines outside scenarios.
    Lines,
}

impl Waiting for Piece {
    fn feature(&self) -> u32 {
        self.feature
    }

    fn length(&self) -> usize {
        self.text.len()
    }
}

/// The report as far as it is written, and what waits.
pub(super) struct Paper {
    output: Output,
    style: Style,
    headings: Headings,
    grouping: Grouping<Piece>,
    /// How many lines are written.
    lines: usize,
    /// The line with which the last attempt of each failed scenario ends.
    failed_at: HashMap<Place, usize>,
    /// What went wrong while nobody could be told.
    error: Option<io::Error>,
    ended: bool,
}

impl Paper {
    pub(super) fn new(output: Output, style: Style, hold: Duration) -> Self {
        Paper {
            output,
            style,
            headings: Headings::default(),
            grouping: Grouping::new(hold),
            lines: 0,
            failed_at: HashMap::new(),
            error: None,
            ended: false,
        }
    }

    /// Whether somebody may read it while the run lasts.
    pub(super) fn is_live(&self) -> bool {
        self.output.is_live()
    }

    /// Whether something waits.
    pub(super) fn waits(&self) -> bool {
        self.grouping.oldest().is_some()
    }

    /// How much longer what waits longest may wait.
    pub(super) fn patience(&self, hold: Duration) -> Option<Duration> {
        let oldest = self.grouping.oldest()?;
        Some(hold.saturating_sub(oldest.at.elapsed()))
    }

    /// Takes the time of the next event.
    pub(super) fn tick(&mut self, at: u64) -> io::Result<()> {
        let due = self.grouping.tick(at);
        self.show(due)
    }

    pub(super) fn begins(&mut self, place: Place, scenarios: usize) {
        self.grouping.begins(place, scenarios);
    }

    pub(super) fn ends(&mut self, place: Place, is_final: bool) -> u64 {
        self.grouping.ends(place, is_final)
    }

    /// Takes a piece, and shows what is to be shown now.
    pub(super) fn take(&mut self, piece: Piece, began: u64) -> io::Result<()> {
        let shown = self.grouping.take(piece, began);
        self.show(shown)
    }

    /// Shows what waits longest. An error is reported with the next piece.
    pub(super) fn release(&mut self) {
        let due = self.grouping.release();
        if let Err(error) = self.show(due) {
            self.error = Some(error);
        }
    }

    /// Shows all that waits.
    pub(super) fn release_all(&mut self) -> io::Result<()> {
        let all = self.grouping.release_all();
        self.show(all)
    }

    /// From now on nothing waits.
    pub(super) fn hold_nothing(&mut self) -> io::Result<()> {
        let all = self.grouping.hold_nothing();
        self.show(all)
    }

    fn show(&mut self, pieces: Vec<Piece>) -> io::Result<()> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        if pieces.is_empty() {
            return Ok(());
        }
        for piece in pieces {
            let mut out = String::new();
            match &piece.kind {
                PieceKind::Scenario { of, place, .. } => {
                    let planned = &of.scenarios[place.scenario as usize];
                    self.headings.add(self.style, &mut out, *place, of, planned);
                }
                PieceKind::Lines => self.headings.interrupt(&mut out),
            }
            out.push_str(&piece.text);
            self.write(&out)?;
            if let PieceKind::Scenario {
                place,
                failed: true,
                ..
            } = piece.kind
            {
                self.failed_at.insert(place, self.lines);
            }
        }
        self.output.flush()
    }

    /// Shows something at once that is not a scenario.
    pub(super) fn interject(&mut self, lines: &str) -> io::Result<()> {
        let mut out = String::new();
        self.headings.interrupt(&mut out);
        out.push_str(lines);
        self.write(&out)?;
        self.output.flush()
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.lines += self.rows(text);
        self.output.write_all(text.as_bytes())
    }

    /// How many lines of the terminal a text takes.
    fn rows(&self, text: &str) -> usize {
        let Some(columns) = self.style.room.fold() else {
            return text.lines().count();
        };
        let columns = usize::from(columns.max(1));
        let rows = |line: &str| match line.len() <= columns {
            true => 1,
            false => text::width(line).div_ceil(columns).max(1),
        };
        text.lines().map(rows).sum()
    }

    pub(super) fn is_ended(&self) -> bool {
        self.ended
    }

    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    /// Shows all that waits, repeats failures that have scrolled away, and ends the report.
    pub(super) fn finish(
        &mut self,
        summary: &Summary,
        catalogue: &Catalogue,
        failed: Vec<ShownScenario>,
        slowest: &SlowestLists,
    ) -> io::Result<()> {
        self.ended = true;
        self.release_all()?;
        let mut end = String::new();
        slowest.write(self.style, &mut end);
        closing::write(self.style, &mut end, summary);
        if self.headings.any() {
            self.write("\n")?;
        }
        let after = self.lines + self.rows(&end);
        let page = usize::from(self.style.room.page());
        let has_scrolled_away = |one: &ShownScenario| {
            let shown_at = self.failed_at.get(&one.place);
            !one.flaky && shown_at.is_some_and(|shown_at| after - shown_at > page)
        };
        let again: Vec<ShownScenario> = failed.into_iter().filter(has_scrolled_away).collect();
        if !again.is_empty() {
            self.output.write_all(b"Failures:\n\n")?;
        }
        let frame = FailureFrame {
            style: self.style,
            catalogue,
            joins: true,
        };
        let output = &mut self.output;
        frame.write(&again, |text| output.write_all(text.as_bytes()))?;
        self.output.write_all(end.as_bytes())?;
        self.output.commit()
    }
}
