//! The durations of scenarios from a file: an `events` report, or a history.

use std::collections::HashMap;
use std::path::Path;

use super::reading::Reading;
use crate::event::Event;
use crate::input;
use crate::plan::hash;
use crate::report::events;
use crate::system_error::reason;

/// The durations in a file, and a hash that identifies the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Durations {
    /// A hash of the file.
    pub hash: String,
    nanos: HashMap<String, u64>,
}

impl Durations {
    /// Reads a file; `shown` is its name in messages. The last of several attempts counts.
    ///
    /// # Errors
    /// When it cannot be read, or is neither of the two. The message is one line.
    pub fn read(path: &Path, shown: &str) -> Result<Self, String> {
        let bytes = input::read(path)
            .map_err(|error| format!("cannot read {shown}: {}", reason(&error)))?;
        let nanos = match of_history(&bytes) {
            Some(nanos) => nanos,
            None => of_events(&bytes).map_err(|error| {
                format!("{shown}: {error}; it is neither an `events` report nor a history")
            })?,
        };
        Ok(Self {
            hash: format!("{:016x}", hash::of_bytes(bytes)),
            nanos,
        })
    }

    /// How long the scenario with a stable id takes, in nanoseconds.
    #[must_use]
    pub fn nanos(&self, id: &str) -> Option<u64> {
        self.nanos.get(id).copied()
    }
}

fn of_history(bytes: &[u8]) -> Option<HashMap<String, u64>> {
    let mut reading = Reading::default();
    reading.file(bytes).ok()?;
    let history = reading.finish();
    let known = history
        .results()
        .filter_map(|(id, entry)| Some((id.to_owned(), entry.nanos?)));
    Some(known.collect())
}

fn of_events(bytes: &[u8]) -> Result<HashMap<String, u64>, events::ReadError> {
    let mut ids = HashMap::new();
    let mut times = HashMap::new();
    for event in events::read(bytes) {
        let event = match event {
            Err(error) if error.is_cut_off() => break,
            event => event?,
        };
        match event {
            Event::FeaturePlanned { feature } => {
                let scenarios = feature.scenarios.iter();
                ids.extend(scenarios.map(|one| (one.index, one.id.to_string())));
            }
            Event::ScenarioFinished {
                scenario,
                nanos,
                status,
                fault,
                ..
            } if !status.is_cancelled(fault.as_ref()) => {
                if let Some(id) = ids.get(&scenario) {
                    times.insert(id.clone(), nanos);
                }
            }
            _ => {}
        }
    }
    Ok(times)
}
