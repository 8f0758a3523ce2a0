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
    /// The last block before the current one whose run selected all of a file.
    whole: HashMap<Arc<str>, u32>,
    /// The whole files of the current block.
    whole_here: Vec<String>,
    block: u32,
    /// When the run of the current block ended, if that is known.
    now: Option<u64>,
    /// Whether something is on record, although not of these scenarios.
    others: bool,
}

impl Reading {
    /// A part of a record that has something.
    pub(super) fn of_some<'i>(entries: impl IntoIterator<Item = (&'i str, Entry)>) -> Self {
        let entries = entries.into_iter();
        Self {
            entries: (entries.map(|(id, entry)| (id.into(), (entry, 0)))).collect(),
            others: true,
            ..Self::default()
        }
    }

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
        self.end_block();
        self.now = block.now;
        for id in &block.elsewhere {
            if let Some((_, last)) = self.entries.get_mut(id.as_str())
                && !is_gone(&self.whole, id, *last)
            {
                *last = self.block;
            }
        }
        self.whole_here.clone_from(&block.whole);
    }

    fn end_block(&mut self) {
        for file in self.whole_here.drain(..) {
            self.whole.insert(file.into(), self.block);
        }
        self.block += 1;
    }

    /// Adds a result, unless there is a newer one. A result that seems to be much newer than the run that adds
    /// this one has the time of a wrong clock.
    fn result(&mut self, id: &str, mut entry: Entry) {
        let Some((old, last)) = self.entries.get_mut(id) else {
            self.entries.insert(id.into(), (entry, self.block));
            return;
        };
        let was_gone = is_gone(&self.whole, id, *last);
        *last = self.block;
        if was_gone {
            // A new scenario of the same name does not inherit.
            *old = entry;
            return;
        }
        if old.at <= entry.at || entry::clock_was_wrong(old.at, self.now) {
            entry.nanos = entry.nanos.or(old.nanos);
            *old = entry;
        }
    }

    /// What is on record: without the scenarios that were not in the last run of their whole file.
    pub(super) fn finish(mut self) -> History {
        self.end_block();
        let Self {
            entries,
            whole,
            others,
            ..
        } = self;
        let kept = entries.into_iter();
        let kept = kept.filter(|(id, (_, block))| !is_gone(&whole, id, *block));
        History {
            entries: kept.map(|(id, (entry, _))| (id, entry)).collect(),
            others,
        }
    }
}

/// Whether a run of a whole file did not have a scenario that was last in this block.
fn is_gone(whole: &HashMap<Arc<str>, u32>, id: &str, block: u32) -> bool {
    let mut files = entry::paths_of(id).filter_map(|path| whole.get(path));
    files.any(|last| *last > block)
}
