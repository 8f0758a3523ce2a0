//! How long the steps of each definition take, in `.bdd/steps.json`.
//!
//! The file only feeds what people read: if it is missing or damaged, there are no times, and the next run begins a
//! new one.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use foldhash::HashMap;
use serde::{Deserialize, Serialize};

use super::FOLDER;
use super::folder::{Folder, Lock};
use crate::event::{Event, Status, StepDefinition, StepResult};

/// The version of the format.
const VERSION: u32 = 1;

/// The number of calls of a definition after which old ones lose weight: both sums are halved, so the mean follows
/// what the steps take now.
const MOST_CALLS: u64 = 2000;

/// How many definitions the file has at most. Those that were called last stay.
const MOST_DEFINITIONS: usize = 10_000;

/// The calls of one definition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTime {
    /// How often it was called.
    pub calls: u64,
    /// How long all these calls took together, in nanoseconds.
    pub nanos: u64,
}

impl StepTime {
    /// The mean duration of a call, in nanoseconds.
    #[must_use]
    pub fn mean(self) -> Option<u64> {
        self.nanos.checked_div(self.calls)
    }

    fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.nanos = self.nanos.saturating_add(other.nanos);
        while self.calls > MOST_CALLS {
            self.calls /= 2;
            self.nanos /= 2;
        }
    }
}

/// The calls of all definitions on record, by keyword and pattern.
#[derive(Debug, Default, PartialEq)]
pub struct StepTimes {
    times: HashMap<(String, String), Recorded>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Recorded {
    time: StepTime,
    /// The end of the last run that called it, in microseconds since 1970-01-01 UTC.
    at: u64,
}

/// The content of the file.
#[derive(Serialize, Deserialize)]
struct TimesFile {
    bdd_steps: u32,
    steps: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
struct Row {
    keyword: String,
    pattern: String,
    #[serde(flatten)]
    time: StepTime,
    at: u64,
}

impl StepTimes {
    /// Reads the times of a project.
    #[must_use]
    pub fn load(root: &Path) -> Self {
        Self::read(&root.join(FOLDER).join(super::folder::STEPS)).unwrap_or_default()
    }

    fn read(path: &Path) -> Option<Self> {
        let file: TimesFile = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let rows = file.steps.into_iter().map(|row| {
            let Row {
                keyword,
                pattern,
                time,
                at,
            } = row;
            ((keyword, pattern), Recorded { time, at })
        });
        (file.bdd_steps == VERSION).then(|| Self {
            times: rows.collect(),
        })
    }

    /// What is known of a definition.
    #[must_use]
    pub fn of(&self, definition: &StepDefinition) -> Option<StepTime> {
        let key = (definition.keyword.clone(), definition.pattern.clone());
        self.times.get(&key).map(|recorded| recorded.time)
    }

    fn add(&mut self, definition: &StepDefinition, time: StepTime, at: u64) {
        let key = (definition.keyword.clone(), definition.pattern.clone());
        let recorded = self.times.entry(key).or_insert(Recorded {
            time: StepTime::default(),
            at,
        });
        recorded.time.add(time);
        recorded.at = at;
    }

    fn into_file(self) -> TimesFile {
        let rows = self.times.into_iter();
        let rows = rows.map(|((keyword, pattern), Recorded { time, at })| Row {
            keyword,
            pattern,
            time,
            at,
        });
        let mut steps: Vec<Row> = rows.collect();
        steps.sort_unstable_by(|one, other| {
            (other.at.cmp(&one.at))
                .then_with(|| one.pattern.cmp(&other.pattern))
                .then_with(|| one.keyword.cmp(&other.keyword))
        });
        steps.truncate(MOST_DEFINITIONS);
        TimesFile {
            bdd_steps: VERSION,
            steps,
        }
    }
}

/// Adds up the calls of a run.
#[derive(Debug, Default)]
pub(super) struct CountedCalls {
    definitions: Arc<[StepDefinition]>,
    times: Vec<StepTime>,
}

impl CountedCalls {
    pub(super) fn event(&mut self, event: &Event) {
        match event {
            Event::StepDefinitions { definitions } => {
                self.definitions = Arc::clone(definitions);
                self.times = vec![StepTime::default(); definitions.len()];
            }
            Event::StepFinished { result, .. } | Event::ExtraStepFinished { result, .. } => {
                self.count(result);
            }
            _ => {}
        }
    }

    fn count(&mut self, result: &StepResult) {
        // A step that its author skips or that is pending ends before it does its work.
        if !matches!(result.status, Status::Passed | Status::Failed) {
            return;
        }
        let found = result.step_match.as_ref();
        let time = found.and_then(|found| self.times.get_mut(found.definition as usize));
        if let Some(time) = time {
            time.calls += 1;
            time.nanos = time.nanos.saturating_add(result.nanos);
        }
    }

    /// Whether there were calls.
    pub(super) fn any(&self) -> bool {
        self.times.iter().any(|time| time.calls > 0)
    }

    /// The same definitions without calls.
    pub(super) fn without_counts(&self) -> Self {
        Self {
            definitions: Arc::clone(&self.definitions),
            times: vec![StepTime::default(); self.times.len()],
        }
    }

    /// Adds the calls to the file, unless there were none. Nothing waits for the disk: after a crash of the machine
    /// the times may be gone, and that is all.
    pub(super) fn record(&self, folder: &Folder, _: &Lock, now: u64) -> io::Result<()> {
        let called = self.definitions.iter().zip(&self.times);
        let mut called = called.filter(|(_, time)| time.calls > 0).peekable();
        if called.peek().is_none() {
            return Ok(());
        }
        let path = folder.steps();
        let mut times = StepTimes::read(&path).unwrap_or_default();
        for (definition, time) in called {
            times.add(definition, *time, now);
        }
        let mut temporary = folder.temporary()?;
        temporary.write_all(&serde_json::to_vec(&times.into_file())?)?;
        temporary.persist(path)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::event::SourceLocation;

    fn definition(pattern: &str) -> StepDefinition {
        StepDefinition {
            keyword: "given".into(),
            pattern: pattern.into(),
            kind: "regex".into(),
            location: SourceLocation {
                file: String::new(),
                line: 1,
                column: 1,
            },
            function: String::new(),
        }
    }

    #[test]
    fn times_of_several_runs_are_added() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::make(root.path()).unwrap();
        let run = |calls, nanos, at| {
            let counted = CountedCalls {
                definitions: [definition("a"), definition("b")].into(),
                times: vec![StepTime { calls, nanos }, StepTime::default()],
            };
            let lock = folder.lock().unwrap();
            counted.record(&folder, &lock, at).unwrap();
        };
        run(2, 10, 1);
        run(1, 20, 2);
        let times = StepTimes::load(root.path());
        let time = times.of(&definition("a")).unwrap();
        assert_eq!((time.calls, time.nanos, time.mean()), (3, 30, Some(10)));
        assert_eq!(times.of(&definition("b")), None);
        // A run without calls leaves the file alone, and a damaged file is begun anew.
        run(0, 0, 3);
        fs::write(folder.steps(), "{").unwrap();
        assert_eq!(StepTimes::load(root.path()), StepTimes::default());
        run(1, 7, 4);
        let times = StepTimes::load(root.path());
        assert_eq!(times.of(&definition("a")).unwrap().mean(), Some(7));
    }

    #[test]
    fn the_mean_follows_new_times() {
        let mut time = StepTime::default();
        for _ in 0..10 {
            time.add(StepTime {
                calls: MOST_CALLS,
                nanos: MOST_CALLS * 1000,
            });
        }
        for _ in 0..10 {
            time.add(StepTime {
                calls: MOST_CALLS,
                nanos: MOST_CALLS * 10,
            });
        }
        assert!(time.mean().unwrap() < 30, "{time:?}");
    }
}
