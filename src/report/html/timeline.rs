//! The timeline of the workers: a lane for each, with what it ran when.
//!
//! A run of 100,000 scenarios has more than a drawing can show: what is narrower than a hair is drawn together with its
//! neighbours, so the drawing never has more than a thousand marks in a lane.

use std::fmt::Write;

use super::counts::{VERDICTS, fill};
use super::record::written;
use crate::html::markup::push_line;
use crate::report::summary::Verdict;
use crate::report::text;

/// The width of a lane.
const WIDTH: f64 = 1000.0;
/// What is narrower is drawn together with its neighbours.
const HAIR: f64 = 2.0;
const LANE: usize = 22;
/// The lanes that are drawn.
const MOST: usize = 64;

/// An attempt in the timeline.
pub(super) struct Lap<'a> {
    pub(super) worker: u32,
    /// In microseconds.
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) verdict: Verdict,
    pub(super) title: &'a str,
    pub(super) anchor: u64,
}

/// A mark in a lane, for one attempt or several.
struct TimelineMark<'a> {
    from: f64,
    to: f64,
    verdict: Verdict,
    count: usize,
    first: &'a Lap<'a>,
}

/// The drawing. Nothing for a run without workers.
pub(super) fn push_timeline(out: &mut String, mut laps: Vec<Lap<'_>>) {
    laps.sort_by_key(|lap| (lap.worker, lap.start, lap.end));
    let start = laps.iter().map(|lap| lap.start).min();
    let end = laps.iter().map(|lap| lap.end).max();
    let Some((start, end)) = start.zip(end) else {
        return;
    };
    let span = (end - start).max(1);
    let lanes: Vec<&[Lap<'_>]> = laps
        .chunk_by(|one, other| one.worker == other.worker)
        .collect();
    let drawn = lanes.len().min(MOST);
    let height = drawn * LANE;
    out.push_str("<h3>Timeline of workers</h3>");
    let _ = write!(
        out,
        "<svg class=tl role=img aria-label=\"What each of {} ran, over {}\" viewBox=\"0 0 1000 {height}\" \
         preserveAspectRatio=none width=\"100%\" height={height}>",
        text::plural(lanes.len(), "worker"),
        text::duration(span.saturating_mul(1000)),
    );
    for (row, lane) in lanes.iter().take(MOST).enumerate() {
        let y = row * LANE;
        let _ = write!(
            out,
            "<rect class=ln fill=\"#e8ebef\" y={} width=1000 height={} />",
            y + 2,
            LANE - 4
        );
        for mark in marks(lane, start, span) {
            push_mark(out, &mark, y + 2);
        }
    }
    out.push_str("</svg>\n<p class=no>");
    let _ = write!(
        out,
        "One lane for each of {}, {} from left to right.",
        text::plural(lanes.len(), "worker"),
        text::duration(span.saturating_mul(1000)),
    );
    if lanes.len() > MOST {
        let _ = write!(out, " Only the first {MOST} lanes are drawn.");
    }
    out.push_str("</p>\n");
}

fn marks<'a>(lane: &'a [Lap<'a>], start: u64, span: u64) -> Vec<TimelineMark<'a>> {
    let mut marks: Vec<TimelineMark<'a>> = Vec::new();
    for lap in lane {
        let from = position(lap.start - start, span);
        let to = position(lap.end - start, span).max(from);
        if let Some(last) = marks.last_mut()
            && last.to - last.from < HAIR
            && to - from < HAIR
            && to - last.from < 2.0 * HAIR
        {
            last.to = to;
            last.count += 1;
            last.verdict = worse(last.verdict, lap.verdict);
            continue;
        }
        marks.push(TimelineMark {
            from,
            to,
            verdict: lap.verdict,
            count: 1,
            first: lap,
        });
    }
    marks
}

/// That of the two which is listed first.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    let found = VERDICTS
        .into_iter()
        .find(|known| *known == one || *known == other);
    found.unwrap_or(one)
}

fn push_mark(out: &mut String, mark: &TimelineMark<'_>, y: usize) {
    let (class, word) = written(mark.verdict);
    let _ = write!(
        out,
        "<a href=\"#s-{:016x}\"><rect class={class} fill=\"{}\" x={:.1} y={y} width={:.1} height={}><title>",
        mark.first.anchor,
        fill(mark.verdict),
        mark.from,
        (mark.to - mark.from - 0.3).max(0.7),
        LANE - 4,
    );
    push_line(out, mark.first.title);
    if mark.count > 1 {
        let more = text::plural(mark.count - 1, "more scenario");
        let _ = write!(out, " and {more}");
    } else {
        let took = (mark.first.end - mark.first.start).saturating_mul(1000);
        let _ = write!(out, ": {word}, {}", text::duration(took));
    }
    out.push_str("</title></rect></a>");
}

#[allow(clippy::cast_precision_loss, reason = "it is for a drawing")]
fn position(micros: u64, span: u64) -> f64 {
    micros as f64 / span as f64 * WIDTH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Status;

    #[test]
    fn a_lane_has_a_limited_number_of_marks() {
        let lap = |number: u64| Lap {
            worker: 0,
            start: number * 10,
            end: number * 10 + 9,
            verdict: Verdict::Status(if number == 7 {
                Status::Failed
            } else {
                Status::Passed
            }),
            title: "a",
            anchor: number,
        };
        let laps: Vec<Lap<'_>> = (0..100_000).map(lap).collect();
        let found = marks(&laps, 0, 1_000_000);
        assert!(found.len() <= 1000, "{}", found.len());
        assert_eq!(found[0].verdict, Verdict::Status(Status::Failed));
        assert_eq!(found.iter().map(|mark| mark.count).sum::<usize>(), 100_000);
    }
}
