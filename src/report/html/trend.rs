//! What earlier runs say about a scenario: a mark for each of its last results, how often it was flaky, its usual time.
//!
//! The marks are letters, so they can be read without style; they differ in height, not only in colour.

use std::fmt::Write;

use super::record::ScenarioRecord;
use crate::event::{PastMark, ScenarioTrend, Status};
use crate::html::markup::push_line;
use crate::report::summary::Verdict;
use crate::report::{text, timestamp};

/// The class and the sign of a mark.
fn sign(mark: PastMark) -> (&'static str, char) {
    match mark {
        PastMark::Passed => ("p", '▂'),
        PastMark::Retried => ("u", '▅'),
        PastMark::Failed => ("f", '█'),
    }
}

/// The marks of the last results, with their sum in words.
pub(super) fn push_marks(out: &mut String, trend: &ScenarioTrend) {
    if trend.last.is_empty() {
        return;
    }
    let _ = write!(
        out,
        " <span class=tn role=img title=\"{}\">",
        words(&trend.last)
    );
    for same in trend.last.chunk_by(|one, other| one == other) {
        let (class, sign) = sign(same[0]);
        let _ = write!(out, "<span class={class}>");
        out.extend(std::iter::repeat_n(sign, same.len()));
        out.push_str("</span>");
    }
    out.push_str("</span>");
}

/// `Before: 3 of 4 results passed, 1 failed, the latest`.
fn words(last: &[PastMark]) -> String {
    let count = |wanted: PastMark| last.iter().filter(|mark| **mark == wanted).count();
    let latest = match last.last() {
        Some(PastMark::Failed) => "failed",
        Some(PastMark::Retried) => "passed after a retry",
        _ => "passed",
    };
    let counts = [
        (count(PastMark::Passed), "passed"),
        (count(PastMark::Failed), "failed"),
        (count(PastMark::Retried), "passed after a retry"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    format!(
        "Before, of {}: {}; the latest {latest}",
        text::plural(last.len(), "result"),
        counts.join(", ")
    )
}

/// The same and more in a sentence, compared with the result of this run.
pub(super) fn push_trend(out: &mut String, trend: &ScenarioTrend, record: &ScenarioRecord) {
    let mut facts = Vec::new();
    let results = text::plural(trend.results as usize, "result");
    facts.push(match trend.flaky {
        0 => format!("{results} on record, none flaky"),
        flaky => format!(
            "{results} on record, {flaky} flaky ({})",
            percent(flaky, trend.results)
        ),
    });
    let is_failure = matches!(
        record.verdict(),
        Verdict::Status(Status::Failed | Status::Ambiguous | Status::Undefined | Status::Pending)
    );
    match (
        trend.last.last(),
        trend.failing_since.and_then(timestamp::moment),
    ) {
        (_, Some(since)) if is_failure => facts.push(format!("failing since {since}")),
        (Some(PastMark::Passed | PastMark::Retried), _) if is_failure => {
            facts.push("passed the last time".to_owned());
        }
        (Some(PastMark::Failed), _) if !is_failure => facts.push("failed the last time".to_owned()),
        _ => {}
    }
    if let Some(attempt) = record.deciding() {
        facts.push(times(attempt.nanos, trend.nanos));
    }
    out.push_str("<p class=no>");
    push_line(out, &facts.join(" · "));
    out.push_str("</p>");
}

/// `took 30ms, usually 12ms (+150 %)`.
fn times(now: u64, usual: u64) -> String {
    const MILLI: u64 = 1_000_000;
    let (took, usually) = (text::duration(now), text::duration(usual));
    if usual < MILLI {
        return format!("took {took}, usually {usually}");
    }
    let (sign, difference) = match now >= usual {
        true => ('+', now - usual),
        false => ('−', usual - now),
    };
    // Times are far below the 5 years from which on this would overflow.
    let percent = difference.saturating_mul(100) / usual;
    format!("took {took}, usually {usually} ({sign}{percent} %)")
}

fn percent(part: u32, whole: u32) -> String {
    let percent = u64::from(part) * 100 / u64::from(whole.max(1));
    match percent {
        0 => "less than 1 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_marks_share_an_element_and_the_title_says_all() {
        let mark = |letter| match letter {
            'p' => PastMark::Passed,
            'f' => PastMark::Failed,
            _ => PastMark::Retried,
        };
        let trend = ScenarioTrend {
            last: "pppfrpp".chars().map(mark).collect(),
            results: 7,
            flaky: 1,
            nanos: 5,
            failing_since: None,
        };
        let mut out = String::new();
        push_marks(&mut out, &trend);
        assert_eq!(
            out,
            " <span class=tn role=img title=\"Before, of 7 results: 5 passed, 1 failed, 1 passed after a retry; the \
             latest passed\"><span class=p>▂▂▂</span><span class=f>█</span><span class=u>▅</span>\
             <span class=p>▂▂</span></span>"
        );
    }

    #[test]
    fn times_are_compared_when_they_can_be() {
        let milli = 1_000_000;
        assert_eq!(
            times(30 * milli, 12 * milli),
            "took 30ms, usually 12ms (+150 %)"
        );
        assert_eq!(
            times(6 * milli, 12 * milli),
            "took 6ms, usually 12ms (−50 %)"
        );
        assert_eq!(times(6 * milli, 3), "took 6ms, usually 0ms");
        assert_eq!(
            (percent(1, 50), percent(1, 200)),
            ("2 %".to_owned(), "less than 1 %".to_owned())
        );
    }
}
