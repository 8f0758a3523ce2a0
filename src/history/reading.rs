//! Puts the lines of a record together: of each scenario the newest result.

use std::sync::Arc;

use foldhash::HashMap;

use super::History;
use super::entry::{self, Block, Damage, Entry, Line};

/// A record that is being read. Results come in blocks: what one run added.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The newest result of each scenario, and the last block in which the scenario was.
    entries: HashMap<Arc<str>, (Entry, u32)>,
    /// The last block whose run selected all of a file.
    whole: HashMap<Arc<str>, u32>,
    block: u32,
    /// When the run of the current block ended, if that is known.
    now: Option<u64>,
}

impl Reading {
    /// Takes a file of the record.
    ///
    /// # Errors
    /// What it takes for damage. What comes before has been taken.
    pub(super) fn file(&mut self, bytes: &[u8]) -> Result<(), Damage> {
        let (_, rest) = entry::head(bytes)?;
        entry::read(rest, 2, |line| self.line(line))
    }

    /// Takes blocks that are to be appended.
    pub(super) fn blocks(&mut self, bytes: &[u8]) {
        let _ = entry::read(bytes, 1, |line| self.line(line));
    }

    /// Takes the journal of a run that was killed, as far as it can be read.
    pub(super) fn journal(&mut self, bytes: &[u8]) {
        self.block(&Block::default());
        // It ends where the run was killed.
        let _ = self.file(bytes);
    }

    fn line(&mut self, line: Line<'_>) {
        match line {
            Line::Block(block) => self.block(&block),
            Line::Result(id, entry) => self.result(&id, entry),
        }
    }

    fn block(&mut self, block: &Block) {
        self.block += 1;
        self.now = block.now;
        for file in &block.whole {
            self.whole.insert(file.as_str().into(), self.block);
        }
        for id in &block.elsewhere {
            if let Some((_, last)) = self.entries.get_mut(id.as_str()) {
                *last = self.block;
            }
        }
    }

    /// Adds a result, unless there is a newer one. A result that seems to be much newer than the run that adds
    /// this one has the time of a wrong clock.
    fn result(&mut self, id: &str, mut entry: Entry) {
        const DAY: u64 = 86_400_000_000;
        let Some((old, last)) = self.entries.get_mut(id) else {
            self.entries.insert(id.into(), (entry, self.block));
            return;
        };
        *last = self.block;
        let wrong = (self.now).is_some_and(|now| old.at > now.saturating_add(DAY));
        if old.at <= entry.at || wrong {
            entry.nanos = entry.nanos.or(old.nanos);
            *old = entry;
        }
    }

    /// What is on record: without the scenarios that were not in the last run of their whole file.
    pub(super) fn finish(self) -> History {
        let Self { entries, whole, .. } = self;
        let is_gone = |id: &str, block: u32| {
            let mut files = super::paths_of(id).filter_map(|path| whole.get(path));
            files.next().is_some_and(|last| *last > block)
        };
        let kept = entries.into_iter();
        let kept = kept.filter(|(id, (_, block))| !is_gone(id, *block));
        History {
            entries: kept.map(|(id, (entry, _))| (id, entry)).collect(),
        }
    }
}
