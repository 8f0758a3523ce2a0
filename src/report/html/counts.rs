//! The numbers of the run: a table for every reader, and a bar that shows their shares.

use std::fmt::Write;

use super::record::written;
use crate::event::Status;
use crate::report::summary::{Counts, Summary, Verdict};

/// The verdicts in the order in which they are listed.
pub(super) const VERDICTS: [Verdict; 8] = [
    Verdict::Status(Status::Failed),
    Verdict::Status(Status::Ambiguous),
    Verdict::Status(Status::Undefined),
    Verdict::Status(Status::Pending),
    Verdict::Status(Status::Passed),
    Verdict::ExpectedFailure,
    Verdict::Status(Status::Skipped),
    Verdict::NotRun,
];

/// The number of such results.
pub(super) fn number(counts: &Counts, verdict: Verdict) -> usize {
    let mut counts = *counts;
    *counts.of(verdict)
}

/// The bar and the table.
pub(super) fn push_counts(out: &mut String, summary: &Summary) {
    push_bar(out, &summary.scenarios);
    let rows = [
        ("Features", &summary.features),
        ("Rules", &summary.rules),
        ("Scenarios", &summary.scenarios),
        ("Steps", &summary.steps),
    ];
    let always = [Status::Passed, Status::Failed, Status::Skipped].map(Verdict::Status);
    let is_shown = |verdict: &Verdict| {
        always.contains(verdict) || rows.iter().any(|(_, counts)| number(counts, *verdict) > 0)
    };
    let shown: Vec<Verdict> = VERDICTS.into_iter().filter(is_shown).collect();
    out.push_str("<table class=ct><tr><td>");
    for verdict in &shown {
        let (_, word) = written(*verdict);
        let _ = write!(out, "<th scope=col>{word}");
    }
    out.push_str("<th scope=col>total");
    for (noun, counts) in rows {
        if noun == "Rules" && counts.total() == 0 {
            continue;
        }
        let _ = write!(out, "<tr><th scope=row>{noun}");
        for verdict in &shown {
            let (class, _) = written(*verdict);
            match number(counts, *verdict) {
                0 => out.push_str("<td class=z>0"),
                count => drop(write!(out, "<td class={class}>{count}")),
            }
        }
        let _ = write!(out, "<td>{}", counts.total());
    }
    out.push_str("</table>\n");
}

/// The shares of the results of scenarios.
fn push_bar(out: &mut String, counts: &Counts) {
    const WIDTH: f64 = 1000.0;
    let total = counts.total();
    if total == 0 {
        return;
    }
    let said: Vec<String> = VERDICTS
        .into_iter()
        .filter_map(|verdict| match number(counts, verdict) {
            0 => None,
            count => Some(format!("{count} {}", written(verdict).1)),
        })
        .collect();
    let _ = write!(
        out,
        "<svg class=bar role=img aria-label=\"Results of scenarios: {}\" viewBox=\"0 0 1000 16\" \
         preserveAspectRatio=none width=\"100%\" height=16>",
        said.join(", ")
    );
    let mut at = 0.0;
    for verdict in VERDICTS {
        let share = share(number(counts, verdict), total) * WIDTH;
        if share > 0.0 {
            let (class, word) = written(verdict);
            let fill = fill(verdict);
            let _ = write!(
                out,
                "<rect class={class} fill=\"{fill}\" x={at:.1} width={share:.1} height=16><title>{word}</title></rect>"
            );
        }
        at += share;
    }
    out.push_str("</svg>\n");
}

#[allow(clippy::cast_precision_loss, reason = "it is for a drawing")]
fn share(part: usize, total: usize) -> f64 {
    part as f64 / total as f64
}

/// The colour where the style of the page does not apply.
pub(super) fn fill(verdict: Verdict) -> &'static str {
    match written(verdict).0 {
        "p" => "#2e9e5b",
        "f" => "#d1383d",
        "a" => "#b5489b",
        "u" => "#c77d0a",
        "w" => "#8a6fd1",
        "x" => "#5b8fb0",
        _ => "#9aa3ad",
    }
}
