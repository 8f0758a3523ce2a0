//! Searches the blocks for some scenarios, from the newest to the oldest.

use std::cmp::Reverse;
use std::collections::hash_map::Entry as Slot;
use std::io;
use std::sync::Arc;

use foldhash::HashMap;

use super::super::entry::paths_of;
use super::super::entry::{Entry, RecordedResult};
use super::block::{PastBlock, PastFile};
use super::key::key;
use super::record::Record;
use super::result::{KEPT, PastResult, PastRun};
use crate::event::Timestamp;

/// How many records are read at once.
const CHUNK: u64 = 512;

/// A scenario that is looked for.
struct SoughtScenario<'i> {
    id: &'i str,
    key: u64,
}

fn wanted<'i>(ids: impl IntoIterator<Item = &'i str>) -> Vec<SoughtScenario<'i>> {
    let ids = ids.into_iter();
    ids.map(|id| SoughtScenario { id, key: key(id) }).collect()
}

/// The newest result of each scenario that is on record.
pub(in crate::history) fn latest<'i>(
    file: &PastFile,
    ids: impl IntoIterator<Item = &'i str>,
) -> io::Result<HashMap<&'i str, Entry>> {
    let mut found: HashMap<&str, Entry> = HashMap::default();
    search(
        file,
        wanted(ids),
        true,
        |SoughtScenario { id, .. }, _, records| {
            for record in records.iter().rev().filter(|record| !record.late) {
                let entry = found.entry(id).or_insert(record.entry);
                // A scenario that did not run keeps the duration of the run before.
                entry.nanos = entry.nanos.or(record.entry.nanos);
            }
            found.get(id).is_none_or(|entry| entry.nanos.is_none())
        },
    )?;
    Ok(found)
}

/// The last results of each scenario; see `results_of`.
pub(in crate::history) fn results<'i>(
    file: &PastFile,
    ids: impl IntoIterator<Item = &'i str>,
) -> io::Result<HashMap<&'i str, Vec<PastResult>>> {
    let mut found: HashMap<&str, Vec<(usize, Record)>> = HashMap::default();
    search(
        file,
        wanted(ids),
        false,
        |SoughtScenario { id, .. }, block, records| {
            let all = found.entry(id).or_default();
            for record in records.iter().rev() {
                // The same result, read again from `history.jsonl`.
                let again = |(_, one): &(usize, Record)| one.entry.at == record.entry.at;
                if record.entry.result != RecordedResult::NotRun && !all.iter().any(again) {
                    all.push((block, *record));
                }
            }
            all.len() < KEPT
        },
    )?;
    // All results of a run share it.
    let mut runs: HashMap<usize, Vec<Arc<PastRun>>> = HashMap::default();
    let mut results: HashMap<&str, Vec<PastResult>> = HashMap::default();
    for (id, mut all) in found {
        // Runs at the same time, and killed runs, were added in another order than they ended.
        all.sort_by_key(|(_, record)| Reverse(record.entry.at));
        all.truncate(KEPT);
        let mut past = Vec::with_capacity(all.len());
        for (block, record) in all.into_iter().rev() {
            let table = match runs.entry(block) {
                Slot::Occupied(known) => known.into_mut(),
                Slot::Vacant(place) => {
                    let runs = file.runs(&file.blocks[block])?;
                    place.insert(runs.into_iter().map(Arc::new).collect())
                }
            };
            past.extend(result(&record, table));
        }
        if !past.is_empty() {
            results.insert(id, past);
        }
    }
    Ok(results)
}

fn result(record: &Record, runs: &[Arc<PastRun>]) -> Option<PastResult> {
    Some(PastResult {
        result: record.entry.result,
        status: record.status,
        attempts: record.attempts,
        at: Timestamp(record.entry.at),
        nanos: record.entry.nanos?,
        run: (record.run).and_then(|run| runs.get(run as usize).cloned()),
    })
}

/// Calls `take` with the records of each scenario in each block, from the newest block on. It returns whether older
/// ones are wanted too. A scenario ends in the block that says that it is gone; with `complete`, also in one that has
/// everything on record.
fn search<'i>(
    file: &PastFile,
    mut wanted: Vec<SoughtScenario<'i>>,
    complete: bool,
    mut take: impl FnMut(&SoughtScenario<'i>, usize, &[Record]) -> bool,
) -> io::Result<()> {
    wanted.sort_unstable_by_key(|one| one.key);
    wanted.dedup_by_key(|one| one.key);
    for (index, block) in file.blocks.iter().enumerate().rev() {
        if wanted.is_empty() {
            break;
        }
        let mut gone = Gone::default();
        let mut page = Page::new(file, block, wanted.len());
        let mut failed = None;
        wanted.retain(|one| {
            let kept = page.find(one.key).and_then(|records| match records {
                [] => Ok(!gone.has(file, block, one)?),
                some => Ok(take(one, index, some)),
            });
            kept.unwrap_or_else(|error| {
                failed = Some(error);
                false
            })
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if complete && block.prelude.complete {
            break;
        }
    }
    Ok(())
}

/// What a block says about scenarios that it does not have.
#[derive(Default)]
struct Gone {
    /// The keys of whole files and of scenarios elsewhere, once they are read.
    keys: Option<(Vec<u64>, Vec<u64>)>,
}

impl Gone {
    fn has(
        &mut self,
        file: &PastFile,
        block: &PastBlock,
        one: &SoughtScenario<'_>,
    ) -> io::Result<bool> {
        if block.prelude.whole == 0 {
            return Ok(false);
        }
        let (whole, elsewhere) = match &mut self.keys {
            Some(keys) => keys,
            none => none.insert((file.whole(block)?, file.elsewhere(block)?)),
        };
        let in_whole = |path: &str| whole.binary_search(&key(path)).is_ok();
        Ok(paths_of(one.id).any(in_whole) && elsewhere.binary_search(&one.key).is_err())
    }
}

/// A part of the records of a block. Keys are asked for in their order.
struct Page<'f> {
    file: &'f PastFile,
    block: &'f PastBlock,
    records: Vec<Record>,
    /// The index of the first record that is not read yet.
    next: u64,
    /// Whether so much is asked that it is quicker to read everything.
    all: bool,
    found: Vec<Record>,
}

impl<'f> Page<'f> {
    fn new(file: &'f PastFile, block: &'f PastBlock, wanted: usize) -> Self {
        Self {
            file,
            block,
            records: Vec::new(),
            next: 0,
            all: (wanted as u64).saturating_mul(CHUNK) >= block.prelude.records,
            found: Vec::new(),
        }
    }

    /// The records with a key.
    fn find(&mut self, key: u64) -> io::Result<&[Record]> {
        self.found.clear();
        if !self.all && self.records.last().is_none_or(|last| last.key < key) {
            self.next = self.lower_bound(key)?;
            self.records.clear();
        }
        loop {
            let from = self.records.partition_point(|record| record.key < key);
            let same = self.records[from..].iter().take_while(|one| one.key == key);
            self.found.extend(same);
            let passed = self.records.last().is_some_and(|last| last.key > key);
            let end = self.block.prelude.records;
            if passed || self.next >= end {
                return Ok(&self.found);
            }
            let range = self.next..end.min(self.next + CHUNK);
            self.next = range.end;
            self.file.records(self.block, range, &mut self.records)?;
        }
    }

    /// The index of the first record after what is read whose key is not less than this one, or of one shortly
    /// before it.
    fn lower_bound(&self, key: u64) -> io::Result<u64> {
        let (mut low, mut high) = (self.next, self.block.prelude.records);
        // A last part of this length is read at once.
        while high - low > CHUNK / 4 {
            let middle = low + (high - low) / 2;
            if self.file.key_at(self.block, middle)? < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}
