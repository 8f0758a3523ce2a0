//! The attempts of a run, for a report that writes them in plan order at its end: the first ones in memory, and those for
//! which there is no room in a temporary file. A run of 100,000 scenarios does not hold all that they printed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::attempt::Attempt;
use super::part_file::{Part, PartFile, PartReader};

/// The bytes of attempts that are kept in memory: a run of a few thousand scenarios writes no file.
const ROOM: usize = 16 << 20;

/// Keeps attempts.
pub(super) struct AttemptStore {
    /// The folder for the file.
    folder: PathBuf,
    room: usize,
    parts: Option<PartFile>,
    /// By ordinal: the attempts of a scenario.
    kept: Vec<Vec<StoredAttempt>>,
}

enum StoredAttempt {
    InMemory(Arc<Attempt>),
    InFile(Part),
}

/// Reads attempts back.
pub(super) struct StoredAttempts {
    parts: Option<PartReader>,
    kept: Vec<Vec<StoredAttempt>>,
}

impl AttemptStore {
    /// A store that writes into `folder` when there is much.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            room: ROOM,
            parts: None,
            kept: Vec::new(),
        }
    }

    /// Keeps an attempt of a plan with so many scenarios.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn keep(&mut self, attempt: &Arc<Attempt>, scenarios: usize) -> io::Result<()> {
        let stored = match self.room.checked_sub(attempt.weight()) {
            Some(left) => {
                self.room = left;
                StoredAttempt::InMemory(Arc::clone(attempt))
            }
            None => StoredAttempt::InFile(self.write(attempt)?),
        };
        let slot = attempt.place.ordinal as usize;
        if self.kept.len() <= slot {
            self.kept.resize_with(scenarios.max(slot + 1), Vec::new);
        }
        let kept = &mut self.kept[slot];
        kept.reserve_exact(1);
        kept.push(stored);
        Ok(())
    }

    fn write(&mut self, attempt: &Attempt) -> io::Result<Part> {
        let parts = match &mut self.parts {
            Some(parts) => parts,
            none => none.insert(PartFile::beside(&self.folder)?),
        };
        parts.add(&serde_json::to_string(attempt)?)
    }

    /// Ends the writing.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn end(&mut self) -> io::Result<StoredAttempts> {
        let parts = self.parts.take().map(PartFile::into_reader).transpose()?;
        Ok(StoredAttempts {
            parts,
            kept: std::mem::take(&mut self.kept),
        })
    }
}

impl StoredAttempts {
    /// Gives the attempts of a scenario away.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn take(&mut self, ordinal: u32) -> io::Result<Vec<Arc<Attempt>>> {
        let kept = self.kept.get_mut(ordinal as usize);
        let kept = kept.map(std::mem::take).unwrap_or_default();
        let attempts = kept.into_iter().map(|stored| match stored {
            StoredAttempt::InMemory(attempt) => Ok(attempt),
            StoredAttempt::InFile(part) => {
                let mut text = Vec::new();
                if let Some(parts) = &mut self.parts {
                    parts.copy(part, &mut text)?;
                }
                Ok(Arc::new(serde_json::from_slice(&text)?))
            }
        });
        attempts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;
    use crate::report::assemble::{Assembler, Keep};

    /// All attempts of the golden runs.
    fn attempts() -> Vec<Arc<Attempt>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/reports");
        let files = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut found = Vec::new();
        for file in files.filter(|path| path.to_string_lossy().ends_with(".events.jsonl")) {
            let mut assembler = Assembler::new(Keep {
                passed_hooks: true,
                matches: false,
            });
            for line in std::fs::read_to_string(file).unwrap().lines() {
                let event: Event = serde_json::from_str(line).unwrap();
                let ended = assembler.event(&event).attempt;
                found.extend(ended.map(|ended| Arc::new(ended.attempt)));
            }
        }
        assert!(found.len() > 50);
        found
    }

    #[test]
    fn attempts_from_the_file_are_what_they_were() {
        let text = |attempt: &Attempt| serde_json::to_string(attempt).unwrap();
        for attempt in attempts() {
            let folder = tempfile::tempdir().unwrap();
            let mut store = AttemptStore::new(folder.path());
            store.room = attempt.weight();
            // The first one has room, the second one has none.
            store.keep(&attempt, 0).unwrap();
            store.keep(&attempt, 0).unwrap();
            assert!(store.parts.is_some());
            let read = store.end().unwrap().take(attempt.place.ordinal).unwrap();
            let texts: Vec<String> = read.iter().map(|attempt| text(attempt)).collect();
            assert_eq!(texts, [text(&attempt), text(&attempt)]);
        }
    }
}
