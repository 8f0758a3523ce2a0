//! What the last results of a scenario come to.

use super::{PastResult, PastRun, RecordedResult};
use crate::event::{PastMark, ScenarioTrend, Timestamp};

/// The duration of a scenario now is the median of so many of its last results: one slow machine does not change it.
const RECENT: usize = 5;

/// How many results a report shows of a scenario.
const SHOWN: usize = 20;

/// What the last results of a scenario come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// The number of results.
    pub results: usize,
    /// How many of them are flaky.
    pub flaky: usize,
    /// How long it takes now, in nanoseconds.
    pub nanos: u64,
    /// How long it took before that; `None` if there are only recent results.
    pub nanos_before: Option<u64>,
    /// Since when it fails each time, if the last result is a failure.
    pub broken: Option<BrokenSince>,
}

/// The first of the failures that have no success after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenSince {
    /// When it ended.
    pub at: Timestamp,
    /// The commit that was checked out, if it is known.
    pub revision: Option<String>,
    /// The number of failures from then on.
    pub failures: usize,
    /// Whether a success is on record before it.
    pub passed_before: bool,
}

impl Trend {
    /// Of results with the oldest first; `None` if there are none.
    #[must_use]
    pub fn of<R: AsRef<PastRun>>(results: &[PastResult<R>]) -> Option<Self> {
        let last = results.last()?;
        let (before, recent) = split_at_recent(results);
        Some(Self {
            results: results.len(),
            flaky: count_flaky(results),
            nanos: median(recent).unwrap_or(last.nanos),
            nanos_before: median(before),
            broken: broken(results),
        })
    }
}

/// What reports show of results, with the oldest first; `None` if there are none.
pub(super) fn scenario_trend<R: AsRef<PastRun>>(
    results: &[PastResult<R>],
) -> Option<ScenarioTrend> {
    let newest = results.last()?;
    let last = &results[results.len().saturating_sub(SHOWN)..];
    let mark = |result: &PastResult<R>| match result.result {
        RecordedResult::Passed if result.attempts > 1 => PastMark::Retried,
        RecordedResult::Passed => PastMark::Passed,
        RecordedResult::Failed | RecordedResult::NotRun => PastMark::Failed,
    };
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Some(ScenarioTrend {
        last: last.iter().map(mark).collect(),
        results: number(results.len()),
        flaky: number(count_flaky(results)),
        nanos: median(split_at_recent(results).1).unwrap_or(newest.nanos),
        failing_since: broken(results).map(|broken| broken.at),
    })
}

/// The results before the recent ones, and those.
fn split_at_recent<R>(results: &[PastResult<R>]) -> (&[PastResult<R>], &[PastResult<R>]) {
    results.split_at(results.len().saturating_sub(RECENT))
}

fn count_flaky<R: AsRef<PastRun>>(results: &[PastResult<R>]) -> usize {
    let before = std::iter::once(None).chain(results.iter().map(Some));
    let flaky = before
        .zip(results)
        .filter(|(before, result)| is_flaky(*before, result));
    flaky.count()
}

/// Whether a result is flaky: it passed only after a retry, or differs from the one before it though the same commit
/// was checked out.
#[must_use]
pub fn is_flaky<R: AsRef<PastRun>>(before: Option<&PastResult<R>>, result: &PastResult<R>) -> bool {
    let changed = before.is_some_and(|before| {
        let known = revision(before);
        before.result != result.result && known.is_some() && known == revision(result)
    });
    changed || (result.result == RecordedResult::Passed && result.attempts > 1)
}

/// The commit that was checked out, if it is known.
fn revision<R: AsRef<PastRun>>(result: &PastResult<R>) -> Option<&str> {
    let run: &PastRun = result.run.as_ref()?.as_ref();
    run.revision.as_deref()
}

fn broken<R: AsRef<PastRun>>(results: &[PastResult<R>]) -> Option<BrokenSince> {
    let passed = results
        .iter()
        .rposition(|one| one.result == RecordedResult::Passed);
    let failures = &results[passed.map_or(0, |at| at + 1)..];
    let first = failures.first()?;
    Some(BrokenSince {
        at: first.at,
        revision: revision(first).map(str::to_owned),
        failures: failures.len(),
        passed_before: passed.is_some(),
    })
}

fn median<R>(results: &[PastResult<R>]) -> Option<u64> {
    let mut nanos: Vec<u64> = results.iter().map(|one| one.nanos).collect();
    let middle = nanos.len() / 2;
    (!nanos.is_empty()).then(|| *nanos.select_nth_unstable(middle).1)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::event::Status;

    /// A result from `p` (passed), `f` (failed) or `r` (passed after a retry), and the letter of its commit.
    fn results(all: &[&str]) -> Vec<PastResult> {
        let result = |(number, one): (usize, &&str)| {
            let (kind, revision) = one.split_at(1);
            let failed = kind == "f";
            PastResult {
                result: if failed {
                    RecordedResult::Failed
                } else {
                    RecordedResult::Passed
                },
                status: if failed {
                    Status::Failed
                } else {
                    Status::Passed
                },
                attempts: if kind == "r" { 2 } else { 1 },
                at: Timestamp(number as u64),
                nanos: 10 * number as u64,
                run: Some(Arc::new(PastRun {
                    id: number.to_string(),
                    start: Timestamp(0),
                    revision: Some(revision.to_owned()).filter(|revision| !revision.is_empty()),
                })),
            }
        };
        all.iter().enumerate().map(result).collect()
    }

    fn trend(all: &[&str]) -> Trend {
        Trend::of(&results(all)).expect("there are results")
    }

    #[test]
    fn a_change_at_the_same_commit_is_flaky_and_so_is_a_retry() {
        assert_eq!(trend(&["pa", "fa", "pa", "pb", "fc"]).flaky, 2);
        assert_eq!(trend(&["ra", "ra", "pa"]).flaky, 2);
        // Nobody knows what was changed in between.
        assert_eq!(trend(&["p", "f", "p"]).flaky, 0);
    }

    #[test]
    fn a_scenario_is_broken_since_the_first_failure_after_a_success() {
        let broken = trend(&["fa", "pb", "fc", "fd"]).broken.expect("broken");
        assert_eq!(
            (broken.failures, broken.revision.as_deref()),
            (2, Some("c"))
        );
        assert_eq!((broken.at, broken.passed_before), (Timestamp(2), true));
        let always = trend(&["fa", "fb"]).broken.expect("broken");
        assert_eq!((always.failures, always.passed_before), (2, false));
        assert_eq!(trend(&["fa", "pb"]).broken, None);
        assert_eq!(Trend::of(&results(&[])), None);
    }

    #[test]
    fn the_duration_is_that_of_recent_results_against_those_before() {
        let few = trend(&["pa", "pa", "pa"]);
        assert_eq!((few.nanos, few.nanos_before), (10, None));
        let many = trend(&["pa"; 9]);
        assert_eq!((many.nanos, many.nanos_before), (60, Some(20)));
    }

    #[test]
    fn reports_show_the_last_twenty_results() {
        let all = ["fa", "ra"].into_iter().chain(["p"; 19]).chain(["f"]);
        let all: Vec<&str> = all.collect();
        let shown = scenario_trend(&results(&all)).expect("there are results");
        let marks: Vec<PastMark> = [PastMark::Passed; 19].into();
        assert_eq!(shown.last, [marks, vec![PastMark::Failed]].concat());
        assert_eq!((shown.results, shown.flaky), (22, 1));
        assert_eq!(shown.failing_since, Some(Timestamp(21)));
        assert_eq!(scenario_trend(&results(&[])), None);
    }
}
