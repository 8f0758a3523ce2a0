//! The timeline of the workers: a lane for each, with what it ran when.
//!
//! A run of 100,000 scenarios has more than a drawing can show: what is narrower than a hair is drawn together with its
//! neighbours, so the drawing never has more than a thousand marks in a lane. The attempts are read from their file in the
//! order in which they ended, which is the order of each lane, so none of them stays in memory.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;

use super::counts::{VERDICTS, fill};
use super::record::{AttemptRecord, written};
use super::scenario_list::{ScenarioList, anchor};
use crate::html::markup::push_line;
use crate::report::catalogue::{Catalogue, Place};
use crate::report::summary::{Summary, Verdict};
use crate::report::{text, trouble};

/// The width of a lane.
const WIDTH: f64 = 1000.0;
/// What is narrower is drawn together with its neighbours.
const HAIR: f64 = 2.0;
const LANE: usize = 22;
/// The lanes that are drawn.
const MOST: usize = 64;

/// An attempt in the timeline.
#[derive(Clone, Copy)]
struct Lap {
    worker: u32,
    /// In microseconds.
    start: u64,
    end: u64,
    of: Place,
    verdict: Verdict,
}

/// A mark in a lane, for one attempt or several.
struct TimelineMark {
    from: f64,
    to: f64,
    verdict: Verdict,
    count: usize,
    first: Lap,
}

/// The times that the drawing shows, in microseconds.
#[derive(Clone, Copy)]
struct Span {
    start: u64,
    end: u64,
}

/// What is known of a lane before it is drawn.
struct LaneOrder {
    last: Lap,
    /// Whether its attempts ended in the order in which they began. They do in runs of bdd: a worker runs one after the
    /// other. Events of another tool may say otherwise.
    in_order: bool,
}

/// The drawing. Nothing for a run without workers.
pub(super) fn push_timeline(out: &mut String, list: &mut ScenarioList<'_>) -> io::Result<()> {
    let mut span: Option<Span> = None;
    let mut orders: BTreeMap<u32, LaneOrder> = BTreeMap::new();
    each_lap(list, &mut |lap| {
        span = Some(span.map_or(lap.span(), |known| known.with(lap.span())));
        let new = LaneOrder {
            last: lap,
            in_order: true,
        };
        let order = orders.entry(lap.worker).or_insert(new);
        order.in_order &= order.last.key() <= lap.key();
        order.last = lap;
    })?;
    let Some(span) = span else {
        return Ok(());
    };
    let lanes = orders.len();
    let drawn = orders.into_iter().take(MOST);
    let mut marks: BTreeMap<u32, LaneMarks> = drawn
        .map(|(worker, order)| (worker, LaneMarks::new(order.in_order)))
        .collect();
    each_lap(list, &mut |lap| {
        if let Some(lane) = marks.get_mut(&lap.worker) {
            lane.add(lap, span);
        }
    })?;
    let marks = marks.into_values().map(|lane| lane.finish(span));
    push_lanes(out, lanes, &marks.collect::<Vec<_>>(), span, list.catalogue);
    Ok(())
}

/// Gives away what workers ran, in the order in which it ended.
fn each_lap(list: &mut ScenarioList<'_>, take: &mut dyn FnMut(Lap)) -> io::Result<()> {
    let (catalogue, summary) = (list.catalogue, list.summary);
    list.records.attempts(&mut |place, attempt| {
        if let Some(lap) = Lap::of(place, attempt).filter(|lap| lap.is_here(catalogue, summary)) {
            take(lap);
        }
    })
}

fn push_lanes(
    out: &mut String,
    lanes: usize,
    drawn: &[Vec<TimelineMark>],
    span: Span,
    catalogue: &Catalogue,
) {
    let height = drawn.len() * LANE;
    let took = text::duration(span.length().saturating_mul(1000));
    let workers = text::plural(lanes, "worker");
    out.push_str("<h3>Timeline of workers</h3>");
    let _ = write!(
        out,
        "<svg class=tl role=img aria-label=\"What each of {workers} ran, over {took}\" viewBox=\"0 0 1000 {height}\" \
         preserveAspectRatio=none width=\"100%\" height={height}>",
    );
    for (row, marks) in drawn.iter().enumerate() {
        let y = row * LANE;
        let _ = write!(
            out,
            "<rect class=ln fill=\"#e8ebef\" y={} width=1000 height={} />",
            y + 2,
            LANE - 4
        );
        for mark in marks {
            push_mark(out, mark, y + 2, catalogue);
        }
    }
    out.push_str("</svg>\n<p class=no>");
    let _ = write!(
        out,
        "One lane for each of {workers}, {took} from left to right."
    );
    if lanes > MOST {
        let _ = write!(out, " Only the first {MOST} lanes are drawn.");
    }
    out.push_str("</p>\n");
}

impl Lap {
    fn of(place: Place, attempt: &AttemptRecord) -> Option<Self> {
        let start = attempt.at?.0;
        Some(Self {
            worker: attempt.worker?,
            start,
            end: start.saturating_add(attempt.nanos / 1000),
            of: place,
            verdict: attempt.verdict.unwrap_or(Verdict::NotRun),
        })
    }

    /// Whether this run reports the scenario, and not another process.
    fn is_here(&self, catalogue: &Catalogue, summary: &Summary) -> bool {
        let scenario = catalogue.at(self.of).1.index;
        !summary.elsewhere.contains(&scenario)
    }

    /// The order in a lane.
    fn key(&self) -> (u64, u64, Place) {
        (self.start, self.end, self.of)
    }

    fn span(&self) -> Span {
        Span {
            start: self.start,
            end: self.end,
        }
    }
}

impl Span {
    fn with(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    fn length(self) -> u64 {
        (self.end - self.start).max(1)
    }

    #[allow(clippy::cast_precision_loss, reason = "it is for a drawing")]
    fn position(self, at: u64) -> f64 {
        (at - self.start) as f64 / self.length() as f64 * WIDTH
    }
}

/// The marks of a lane, as far as they are known.
struct LaneMarks {
    marks: Vec<TimelineMark>,
    /// The attempts of a lane that is out of order: they must be sorted first.
    unsorted: Option<Vec<Lap>>,
}

impl LaneMarks {
    fn new(in_order: bool) -> Self {
        Self {
            marks: Vec::new(),
            unsorted: (!in_order).then(Vec::new),
        }
    }

    fn add(&mut self, lap: Lap, span: Span) {
        match &mut self.unsorted {
            Some(laps) => laps.push(lap),
            None => add_mark(&mut self.marks, lap, span),
        }
    }

    fn finish(mut self, span: Span) -> Vec<TimelineMark> {
        let mut laps = self.unsorted.take().unwrap_or_default();
        laps.sort_by_key(Lap::key);
        for lap in laps {
            add_mark(&mut self.marks, lap, span);
        }
        self.marks
    }
}

/// Adds what came next in a lane to its marks.
fn add_mark(marks: &mut Vec<TimelineMark>, lap: Lap, span: Span) {
    let from = span.position(lap.start);
    let to = span.position(lap.end).max(from);
    if let Some(last) = marks.last_mut()
        && last.to - last.from < HAIR
        && to - from < HAIR
        && to - last.from < 2.0 * HAIR
    {
        last.to = to;
        last.count += 1;
        last.verdict = worse(last.verdict, lap.verdict);
        return;
    }
    marks.push(TimelineMark {
        from,
        to,
        verdict: lap.verdict,
        count: 1,
        first: lap,
    });
}

/// That of the two which is listed first.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    let found = VERDICTS
        .into_iter()
        .find(|known| *known == one || *known == other);
    found.unwrap_or(one)
}

fn push_mark(out: &mut String, mark: &TimelineMark, y: usize, catalogue: &Catalogue) {
    let (_, scenario) = catalogue.at(mark.first.of);
    let (class, word) = written(mark.verdict);
    let _ = write!(
        out,
        "<a href=\"#s-{:016x}\"><rect class={class} fill=\"{}\" x={:.1} y={y} width={:.1} height={}><title>",
        anchor(scenario),
        fill(mark.verdict),
        mark.from,
        (mark.to - mark.from - 0.3).max(0.7),
        LANE - 4,
    );
    push_line(out, trouble::title(scenario));
    if mark.count > 1 {
        let more = text::plural(mark.count - 1, "more scenario");
        let _ = write!(out, " and {more}");
    } else {
        let took = (mark.first.end - mark.first.start).saturating_mul(1000);
        let _ = write!(out, ": {word}, {}", text::duration(took));
    }
    out.push_str("</title></rect></a>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Status;

    fn laps() -> Vec<Lap> {
        let lap = |number: u32| Lap {
            worker: 0,
            start: u64::from(number) * 10,
            end: u64::from(number) * 10 + 9,
            of: Place {
                feature: 0,
                scenario: number,
                ordinal: number,
            },
            verdict: Verdict::Status(if number == 7 {
                Status::Failed
            } else {
                Status::Passed
            }),
        };
        (0..100_000).map(lap).collect()
    }

    fn marks(laps: impl Iterator<Item = Lap>, in_order: bool) -> Vec<TimelineMark> {
        let span = Span {
            start: 0,
            end: 1_000_000,
        };
        let mut lane = LaneMarks::new(in_order);
        laps.for_each(|lap| lane.add(lap, span));
        lane.finish(span)
    }

    #[test]
    fn a_lane_has_a_limited_number_of_marks() {
        let found = marks(laps().into_iter(), true);
        assert!(found.len() <= 1000, "{}", found.len());
        assert_eq!(found[0].verdict, Verdict::Status(Status::Failed));
        assert_eq!(found.iter().map(|mark| mark.count).sum::<usize>(), 100_000);
    }

    #[test]
    fn a_lane_out_of_order_has_the_same_marks() {
        let drawn = |marks: Vec<TimelineMark>| -> Vec<_> {
            let drawn = marks.into_iter();
            drawn
                .map(|mark| (mark.from, mark.to, mark.count, mark.first.of, mark.verdict))
                .collect()
        };
        let in_order = marks(laps().into_iter(), true);
        let backwards = marks(laps().into_iter().rev(), false);
        assert_eq!(drawn(in_order), drawn(backwards));
    }
}
