//! How far a run is: what runs since when, and how long the rest takes by the record of earlier runs.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use foldhash::HashMap;

use crate::event::Event;
use crate::report::catalogue::Catalogue;
use crate::report::{text, trouble};

/// The columns of a title in the line.
const TITLE: usize = 32;

/// What the live line knows of a run.
#[derive(Debug, Default)]
pub(super) struct RunProgress {
    jobs: u32,
    all: usize,
    elsewhere: usize,
    done: usize,
    failed: usize,
    running: BTreeMap<u32, RunningScenario>,
    expected: Expected,
}

#[derive(Debug)]
struct RunningScenario {
    title: String,
    since: Instant,
}

/// The times of the scenarios without a result, by the record of earlier runs.
#[derive(Debug, Default)]
struct Expected {
    nanos: HashMap<u32, u64>,
    /// Their sum.
    left: u64,
    /// What a scenario that is not on record is taken to take.
    usual: u64,
}

impl Expected {
    /// A scenario has its result.
    fn ends(&mut self, scenario: u32) {
        let known = self.nanos.remove(&scenario).unwrap_or_default();
        self.left = self.left.saturating_sub(known);
    }
}

impl RunProgress {
    /// Whether an event changes something here.
    pub(super) fn needs(event: &Event) -> bool {
        matches!(
            event,
            Event::RunStarted { .. }
                | Event::ScenarioStarted { .. }
                | Event::ScenarioFinished { .. }
                | Event::ScenarioNotRun { .. }
                | Event::ScenarioClaimedElsewhere { .. }
                | Event::HookStarted { .. }
                | Event::RunFinished { .. }
        )
    }

    pub(super) fn expect(&mut self, times: impl IntoIterator<Item = (u32, u64)>) {
        let nanos: HashMap<u32, u64> = times.into_iter().collect();
        let left = nanos
            .values()
            .fold(0u64, |sum, one| sum.saturating_add(*one));
        let count = nanos.len().max(1) as u64;
        self.expected = Expected {
            usual: left / count,
            left,
            nanos,
        };
    }

    pub(super) fn event(&mut self, event: &Event, catalogue: &Catalogue) {
        match event {
            Event::RunStarted { jobs, .. } => self.jobs = *jobs,
            Event::ScenarioStarted { scenario, .. } => {
                let place = catalogue.place(*scenario);
                let title = place.map(|place| trouble::label(catalogue.at(place).1));
                let running = RunningScenario {
                    title: text::line(&title.unwrap_or_default()).into_owned(),
                    since: Instant::now(),
                };
                self.running.insert(*scenario, running);
            }
            Event::ScenarioFinished {
                scenario,
                will_be_retried,
                ..
            } => {
                self.running.remove(scenario);
                if !will_be_retried {
                    self.expected.ends(*scenario);
                }
            }
            Event::ScenarioNotRun { scenario, .. } => {
                self.running.remove(scenario);
                self.expected.ends(*scenario);
            }
            Event::ScenarioClaimedElsewhere { scenario } => {
                self.elsewhere += 1;
                self.expected.ends(*scenario);
            }
            _ => {}
        }
        self.all = catalogue.len();
    }

    /// Sets the numbers of scenarios that have a result, and that fail the run.
    pub(super) fn count(&mut self, done: usize, failed: usize) {
        (self.done, self.failed) = (done, failed);
    }

    /// The numbers of scenarios that have a result and of all, and what follows them in so many columns.
    pub(super) fn content(&self, now: Instant, columns: usize, color: bool) -> (u64, u64, String) {
        let all = self.all.saturating_sub(self.elsewhere).max(self.done);
        let mut text = String::new();
        if self.failed > 0 {
            let failed = format!("{} failed", self.failed);
            let red = console::Style::new().red().force_styling(color);
            text.push_str(&format!(", {}", red.apply_to(failed)));
        }
        if let Some(left) = self.left(now) {
            text.push_str(&format!(", about {} left", clock(left)));
        }
        let counts = format!("{} of {all} done", self.done);
        let taken = text::width(&counts) + text::width(&text);
        self.push_running(&mut text, now, columns.saturating_sub(taken));
        (self.done as u64, all as u64, text)
    }

    /// Adds what runs, the longest first, as far as there is room.
    fn push_running(&self, text: &mut String, now: Instant, room: usize) {
        let mut running: Vec<&RunningScenario> = self.running.values().collect();
        running.sort_by_key(|one| one.since);
        let mut room = room;
        for (position, one) in running.iter().enumerate() {
            let time = clock(now.saturating_duration_since(one.since));
            let title = console::truncate_str(&one.title, TITLE, "…");
            let separator = if position == 0 { "; now: " } else { ", " };
            let part = format!("{separator}{title} {time}");
            let more = running.len() - position - 1;
            // The number of the others must fit, too.
            let rest = if more > 0 {
                format!(", {more} more").len()
            } else {
                0
            };
            let width = text::width(&part);
            if width + rest > room && position > 0 {
                text.push_str(&format!(", {} more", more + 1));
                return;
            }
            text.push_str(&part);
            room = room.saturating_sub(width);
        }
    }

    /// How long the rest takes; `None` if nothing is on record.
    fn left(&self, now: Instant) -> Option<Duration> {
        let Expected { nanos, left, usual } = &self.expected;
        if *usual == 0 {
            return None;
        }
        let waiting = self.all.saturating_sub(self.elsewhere + self.done);
        let unknown = waiting.saturating_sub(nanos.len()) as u64;
        let mut total = left.saturating_add(usual.saturating_mul(unknown));
        let mut longest = 0;
        for (scenario, one) in &self.running {
            let passed = now.saturating_duration_since(one.since).as_nanos();
            let passed = u64::try_from(passed).unwrap_or(u64::MAX);
            let expected = nanos.get(scenario).unwrap_or(usual);
            total = total.saturating_sub(passed.min(*expected));
            longest = longest.max(expected.saturating_sub(passed));
        }
        let shared = total / u64::from(self.jobs.max(1));
        Some(Duration::from_nanos(shared.max(longest)))
    }
}

/// A time in whole seconds: `7s`, `2m 05s`, `1h 02m`.
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(titles: &[(&str, u64)], now: Instant) -> RunProgress {
        let scenario = |(number, (title, seconds)): (u32, &(&str, u64))| {
            let since = now - Duration::from_secs(*seconds);
            let title = (*title).to_owned();
            (number, RunningScenario { title, since })
        };
        RunProgress {
            jobs: 2,
            all: 12,
            running: (0..).zip(titles).map(scenario).collect(),
            ..RunProgress::default()
        }
    }

    #[test]
    fn what_has_run_longest_comes_first_and_the_rest_is_counted() {
        let now = Instant::now() + Duration::from_secs(1000);
        let mut progress = running(&[("short", 2), ("long", 65), ("other", 1)], now);
        progress.count(4, 1);
        let content = |columns| progress.content(now, columns, false);
        assert_eq!(
            content(80),
            (
                4,
                12,
                ", 1 failed; now: long 1m 05s, short 2s, other 1s".to_owned()
            )
        );
        let narrow = content(50).2;
        assert_eq!(narrow, ", 1 failed; now: long 1m 05s, 2 more");
    }

    #[test]
    fn the_rest_of_the_time_is_that_of_the_record() {
        let now = Instant::now() + Duration::from_secs(1000);
        let mut progress = running(&[("a", 4)], now);
        assert_eq!(progress.left(now), None, "nothing is on record");
        let seconds = |count: u64| count * 1_000_000_000;
        // 0 runs for 4 s of 10 s; 1 waits; ten more are not on record and take 20 s each.
        progress.expect([(0, seconds(10)), (1, seconds(30))]);
        let left = (10 - 4 + 30 + 10 * 20) / 2;
        assert_eq!(progress.left(now), Some(Duration::from_secs(left)));
        progress.count(11, 0);
        progress.expected.ends(1);
        assert_eq!(
            progress.left(now),
            Some(Duration::from_secs(6)),
            "not less than the one that runs"
        );
    }
}
