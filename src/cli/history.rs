//! `bdd history`: what the last results of scenarios come to.

use std::cmp::Reverse;
use std::io::{self, BufWriter, Write};

use clap::Args;

use super::prepare::{Prepared, counted, located, prepare_selected};
use super::{Exit, Failure};
use crate::config::Environment;
use crate::config::flags::{FileFlags, SelectionFlags};
use crate::history::{PastResult, RecordedResult, Trend, is_flaky, results_of};
use crate::report::{duration, moment};
use crate::system_error::reason;

/// How many scenarios a list shows.
const MOST: usize = 10;

/// How many characters of a commit are shown: enough to find it.
const COMMIT: usize = 10;

/// The arguments of `bdd history`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct HistoryArgs {
    #[command(flatten)]
    file: FileFlags,
    #[command(flatten)]
    selection: SelectionFlags,
}

const EXAMPLES: &str = "\
Examples:
  bdd history                       what broke, the flakiest and the slowest scenarios
  bdd history --tags @checkout      the same for scenarios with a tag
  bdd history features/a.feature:9  the last results of one scenario";

/// A selected scenario that has results.
struct Past<'p> {
    /// Its place and its name.
    title: String,
    results: &'p [PastResult],
    trend: Trend,
}

/// Shows what is on record of the selected scenarios.
///
/// # Errors
/// When the selection makes no sense, the record cannot be read, or standard output cannot be written.
pub fn run(
    arguments: &HistoryArgs,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let (config, prepared) =
        prepare_selected(&arguments.file, &arguments.selection, environment, err)?;
    if prepared.stopped || prepared.plan.features.is_empty() {
        return Ok(prepared.exit());
    }
    let scenarios = scenarios(&prepared);
    let ids = scenarios.iter().map(|(id, _)| *id);
    let on_record = results_of(&config.project.root, ids).map_err(|error| {
        let reason = reason(&error);
        Failure::usage(format!("cannot read the record of earlier runs: {reason}"))
    })?;
    let selected = scenarios.len();
    let past: Vec<Past<'_>> = (scenarios.into_iter())
        .filter_map(|(id, title)| {
            let results = on_record.get(id)?;
            let trend = Trend::of(results)?;
            Some(Past {
                title,
                results,
                trend,
            })
        })
        .collect();
    let mut out = BufWriter::new(out);
    match &past[..] {
        [] => writeln!(
            out,
            "no results of {} are on record; `bdd run` records them",
            match selected {
                1 => "this scenario",
                _ => "these scenarios",
            }
        )?,
        [one] if selected == 1 => each(one, &mut out)?,
        _ => overview(&past, selected, &mut out)?,
    }
    out.flush()?;
    Ok(prepared.exit())
}

/// The stable ids and the titles of what was selected.
fn scenarios(prepared: &Prepared) -> Vec<(&str, String)> {
    let features = prepared.plan.features.iter();
    let of_feature = features.flat_map(|feature| {
        let scenarios = feature.scenarios.iter();
        scenarios.map(|scenario| (&*scenario.id, located(&feature.uri, scenario)))
    });
    of_feature.collect()
}

/// All results of one scenario, the newest first.
fn each(past: &Past<'_>, out: &mut impl Write) -> io::Result<()> {
    let Past {
        title,
        results,
        trend,
    } = past;
    writeln!(out, "{title}")?;
    for (position, result) in results.iter().enumerate().rev() {
        let before = position
            .checked_sub(1)
            .and_then(|before| results.get(before));
        let status = match result.result {
            RecordedResult::Passed => "passed",
            RecordedResult::Failed => "failed",
            RecordedResult::NotRun => "did not run",
        };
        let at = moment(result.at).unwrap_or_default();
        let mut line = format!("  {at}  {status}  {}", duration(result.nanos));
        if result.attempts > 1 {
            line += &format!("  {} attempts", result.attempts);
        }
        let run = result.run.as_ref();
        if let Some(revision) = run.and_then(|run| run.revision.as_deref()) {
            line += &format!("  commit {}", short(revision));
        }
        if is_flaky(before, result) {
            line += "  flaky";
        }
        writeln!(out, "{line}")?;
    }
    writeln!(
        out,
        "\n{}, {} flaky{}",
        counted(trend.results, "result"),
        trend.flaky,
        took(trend)
    )
}

/// What broke, the flakiest and the slowest scenarios.
fn overview(past: &[Past<'_>], selected: usize, out: &mut impl Write) -> io::Result<()> {
    let mut broken: Vec<_> = (past.iter())
        .filter_map(|one| Some((one, one.trend.broken.as_ref()?)))
        .collect();
    broken.sort_by_key(|(_, broken)| Reverse(broken.at));
    let lines = broken.iter().map(|(one, broken)| {
        let since = moment(broken.at).unwrap_or_default();
        let since = match broken.passed_before {
            true => format!("since {since}"),
            false => format!("in all results, since {since}"),
        };
        let commit = broken.revision.as_deref().map(short);
        let commit = commit.map_or(String::new(), |commit| format!(" (commit {commit})"));
        let times = counted(broken.failures, "failure");
        format!("{}\n      {times} {since}{commit}", one.title)
    });
    list("Broken", lines, out)?;
    let mut flaky: Vec<_> = past.iter().filter(|one| one.trend.flaky > 0).collect();
    // By the part of the results; in whole numbers, so that equal ones keep their order.
    flaky.sort_by_key(|one| Reverse(one.trend.flaky * 1_000_000 / one.trend.results));
    let lines = flaky.iter().map(|one| {
        let Trend { flaky, results, .. } = one.trend;
        format!("{flaky} of {}  {}", counted(results, "result"), one.title)
    });
    list("Flakiest", lines, out)?;
    let mut slowest: Vec<_> = past.iter().collect();
    slowest.sort_by_key(|one| Reverse(one.trend.nanos));
    let lines = slowest.iter().map(|one| {
        let now = duration(one.trend.nanos);
        let before = one.trend.nanos_before.map(duration);
        let before = before.map_or(String::new(), |before| format!(", {before} before"));
        format!("{now}{before}  {}", one.title)
    });
    list("Slowest", lines, out)?;
    writeln!(
        out,
        "{} of {} have results",
        past.len(),
        counted(selected, "selected scenario")
    )
}

/// A heading and what it is about, unless that is nothing.
fn list(
    heading: &str,
    lines: impl ExactSizeIterator<Item = String>,
    out: &mut impl Write,
) -> io::Result<()> {
    let count = lines.len();
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "{heading}")?;
    for line in lines.take(MOST) {
        writeln!(out, "  {line}")?;
    }
    if count > MOST {
        writeln!(out, "  and {} more", count - MOST)?;
    }
    writeln!(out)
}

fn took(trend: &Trend) -> String {
    let now = duration(trend.nanos);
    match trend.nanos_before {
        Some(before) => format!(", takes {now}, took {} before", duration(before)),
        None => format!(", takes {now}"),
    }
}

fn short(revision: &str) -> &str {
    revision.get(..COMMIT).unwrap_or(revision)
}
