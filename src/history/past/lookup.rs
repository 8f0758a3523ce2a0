//! Searches the blocks for some scenarios, from the newest to the oldest.

use std::io;
use std::num::NonZero;
use std::sync::{Arc, OnceLock};
use std::thread;

use foldhash::{HashMap, HashSet};

use super::super::entry::paths_of;
use super::super::entry::{Entry, RecordedResult};
use super::block::{PastBlock, PastFile};
use super::key::key;
use super::record::{EncodedRecord, Record, key_of};
use super::result::{KEPT, PastResult, PastRun};
use crate::event::Timestamp;
use crate::side_by_side;

/// How many records are read at once.
const CHUNK: u64 = 512;

/// How many are read at once of each block, where there are many blocks.
const CHUNK_OF_MANY: u64 = 128;

/// A scenario that is looked for.
struct SoughtScenario<'i> {
    id: &'i str,
    /// Its position among those that are looked for.
    position: usize,
    key: u64,
    /// The keys of what may be the path of its file, once they are needed. There may be hundreds of blocks without it.
    paths: OnceLock<Vec<u64>>,
}

impl SoughtScenario<'_> {
    fn paths(&self) -> &[u64] {
        self.paths
            .get_or_init(|| paths_of(self.id).map(key).collect())
    }
}

/// The scenarios with these ids, by key.
fn wanted<'i>(ids: impl IntoIterator<Item = &'i str>) -> Vec<SoughtScenario<'i>> {
    let ids = ids.into_iter().enumerate();
    let sought = ids.map(|(position, id)| SoughtScenario {
        id,
        position,
        key: key(id),
        paths: OnceLock::new(),
    });
    let mut wanted: Vec<_> = sought.collect();
    wanted.sort_unstable_by_key(|one| one.key);
    wanted
}

/// The newest result of each scenario that is on record.
pub(in crate::history) fn latest<'i>(
    file: &PastFile,
    ids: impl IntoIterator<Item = &'i str>,
) -> io::Result<HashMap<&'i str, Entry>> {
    let mut found: HashMap<&str, Entry> = HashMap::default();
    let mut wanted = wanted(ids);
    wanted.dedup_by_key(|one| one.key);
    search(file, wanted, |SoughtScenario { id, .. }, records| {
        for record in records.iter().rev().filter(|record| !record.late) {
            let entry = found.entry(id).or_insert(record.entry);
            // A scenario that did not run keeps the duration of the run before.
            entry.nanos = entry.nanos.or(record.entry.nanos);
        }
        found.get(id).is_none_or(|entry| entry.nanos.is_none())
    })?;
    Ok(found)
}

/// Makes something of the last results of each scenario that has some; see `results_of`. Returns it with the positions
/// of the ids, in no order.
pub(in crate::history) fn results<'i, T: Send>(
    file: &PastFile,
    ids: impl IntoIterator<Item = &'i str>,
    make: impl Fn(&[PastResult<&Arc<PastRun>>]) -> Option<T> + Sync,
) -> io::Result<Vec<(usize, T)>> {
    /// So many scenarios are worth a thread.
    const FOR_THREAD: usize = 1024;
    let wanted = wanted(ids);
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(wanted.len() / FOR_THREAD).max(1);
    let length = wanted.len().div_ceil(threads).max(1);
    let parts = side_by_side::map(
        wanted.chunks(length),
        (threads, "record"),
        || (),
        |(), part| results_of_part(file, part, &make),
    );
    let parts: Vec<_> = parts.into_iter().collect::<io::Result<_>>()?;
    Ok(parts.into_iter().flatten().collect())
}

/// The same for scenarios in the order of their keys.
///
/// It goes through all blocks at once, as their records are sorted: block by block, it would keep the results of all
/// scenarios in memory, and the processor would wait for that memory most of the time.
fn results_of_part<T>(
    file: &PastFile,
    wanted: &[SoughtScenario<'_>],
    make: impl Fn(&[PastResult<&Arc<PastRun>>]) -> Option<T>,
) -> io::Result<Vec<(usize, T)>> {
    let newest_first = file.blocks.iter().enumerate().rev();
    let pages = newest_first.map(|(index, block)| {
        let page = Page::new(file, block, wanted.len(), CHUNK_OF_MANY);
        (index, page, Gone::default())
    });
    let mut pages: Vec<_> = pages.collect();
    let mut runs = RunsByBlock::new(file);
    let mut made = Vec::new();
    let mut all: Vec<(usize, Record)> = Vec::new();
    for same in wanted.chunk_by(|one, other| one.key == other.key) {
        let one = &same[0];
        all.clear();
        for (index, page, gone) in &mut pages {
            let records = page.find(one.key)?;
            let is_missing = records.is_empty();
            for record in records.iter().rev() {
                if record.entry.result != RecordedResult::NotRun {
                    add(&mut all, *index, record);
                }
            }
            if all.len() >= KEPT || (is_missing && gone.has(file, page.block, one)?) {
                break;
            }
        }
        all.truncate(KEPT);
        for (block, _) in &all {
            runs.read(*block)?;
        }
        let oldest_first = all.iter().rev();
        let mut past = Vec::with_capacity(all.len());
        past.extend(oldest_first.filter_map(|(block, record)| result(record, runs.of(*block))));
        if !past.is_empty() {
            let of_each = same
                .iter()
                .filter_map(|one| Some((one.position, make(&past)?)));
            made.extend(of_each);
        }
    }
    Ok(made)
}

/// Adds a record to those of its scenario, of which the newest is the first. Runs at the same time, and killed runs, were
/// added in another order than they ended. One of the same moment is the same result, read again from `history.jsonl`.
fn add(all: &mut Vec<(usize, Record)>, block: usize, record: &Record) {
    let at = record.entry.at;
    // Nearly always it is older than all of them.
    if all.last().is_none_or(|(_, last)| last.entry.at > at) {
        return all.push((block, *record));
    }
    let place = all.partition_point(|(_, one)| one.entry.at > at);
    if all.get(place).is_none_or(|(_, one)| one.entry.at != at) {
        all.insert(place, (block, *record));
    }
}

fn result<'r>(record: &Record, runs: &'r [Arc<PastRun>]) -> Option<PastResult<&'r Arc<PastRun>>> {
    Some(PastResult {
        result: record.entry.result,
        status: record.status,
        attempts: record.attempts,
        at: Timestamp(record.entry.at),
        nanos: record.entry.nanos?,
        run: (record.run).and_then(|run| runs.get(run as usize)),
    })
}

/// The runs of each block, once they are read. All results of a run share it.
struct RunsByBlock<'f> {
    file: &'f PastFile,
    read: Vec<Option<Vec<Arc<PastRun>>>>,
}

impl<'f> RunsByBlock<'f> {
    fn new(file: &'f PastFile) -> Self {
        Self {
            file,
            read: vec![None; file.blocks.len()],
        }
    }

    /// Reads those of a block, unless they are read.
    fn read(&mut self, block: usize) -> io::Result<()> {
        let slot = &mut self.read[block];
        if slot.is_none() {
            let runs = self.file.runs(&self.file.blocks[block])?;
            *slot = Some(runs.into_iter().map(Arc::new).collect());
        }
        Ok(())
    }

    /// Those of a block that are read.
    fn of(&self, block: usize) -> &[Arc<PastRun>] {
        self.read[block].as_deref().unwrap_or_default()
    }
}

/// Calls `take` with the records of each scenario in each block, from the newest block on. It returns whether older
/// ones are wanted too. A scenario ends in the block that says that it is gone, and in one that has everything on record.
fn search<'i>(
    file: &PastFile,
    mut wanted: Vec<SoughtScenario<'i>>,
    mut take: impl FnMut(&SoughtScenario<'i>, &[Record]) -> bool,
) -> io::Result<()> {
    for block in file.blocks.iter().rev() {
        if wanted.is_empty() {
            break;
        }
        let mut gone = Gone::default();
        let mut page = Page::new(file, block, wanted.len(), CHUNK);
        let mut failed = None;
        wanted.retain(|one| {
            let kept = page.find(one.key).and_then(|records| match records {
                [] => Ok(!gone.has(file, block, one)?),
                some => Ok(take(one, some)),
            });
            kept.unwrap_or_else(|error| {
                failed = Some(error);
                false
            })
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if block.prelude.complete {
            break;
        }
    }
    Ok(())
}

/// What a block says about scenarios that it does not have.
#[derive(Default)]
struct Gone {
    /// The keys of whole files and of scenarios elsewhere, once they are read.
    keys: Option<(HashSet<u64>, HashSet<u64>)>,
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
            none => {
                let whole = file.whole(block)?.into_iter().collect();
                let elsewhere = file.elsewhere(block)?.into_iter().collect();
                none.insert((whole, elsewhere))
            }
        };
        let is_whole = one.paths().iter().any(|path| whole.contains(path));
        Ok(is_whole && !elsewhere.contains(&one.key))
    }
}

/// A part of the records of a block. Keys are asked for in their order.
struct Page<'f> {
    file: &'f PastFile,
    block: &'f PastBlock,
    /// As they are in the file: only those that are asked for are read.
    records: Vec<EncodedRecord>,
    /// The position in `records` of the first that may be asked for.
    from: usize,
    /// The index of the first record that is not there yet.
    next: u64,
    /// How many are fetched at once.
    chunk: u64,
    /// Whether so much is asked that it is quicker to fetch everything.
    all: bool,
    found: Vec<Record>,
}

impl<'f> Page<'f> {
    fn new(file: &'f PastFile, block: &'f PastBlock, wanted: usize, chunk: u64) -> Self {
        Self {
            file,
            block,
            records: Vec::new(),
            from: 0,
            next: 0,
            chunk,
            all: (wanted as u64).saturating_mul(chunk) >= block.prelude.records,
            found: Vec::new(),
        }
    }

    /// The records with a key. Bytes that are no record are left out.
    fn find(&mut self, key: u64) -> io::Result<&[Record]> {
        self.found.clear();
        // The first may be anywhere, even if everything after it is asked for.
        let is_first = self.next == 0;
        if (is_first || !self.all) && self.records.last().is_none_or(|last| key_of(last) < key) {
            self.next = self.lower_bound(key)?;
            self.records.clear();
            self.from = 0;
        }
        loop {
            // Keys are asked for in their order, so it is a few records further.
            while let Some(one) = self.records.get(self.from) {
                let its_key = key_of(one);
                if its_key > key {
                    return Ok(&self.found);
                }
                if its_key == key {
                    self.found.extend(Record::read(one));
                }
                self.from += 1;
            }
            let end = self.block.prelude.records;
            if self.next >= end {
                return Ok(&self.found);
            }
            let range = self.next..end.min(self.next + self.chunk);
            self.next = range.end;
            self.file.encoded(self.block, range, &mut self.records)?;
            self.from = 0;
        }
    }

    /// The index of the first record after what is read whose key is not less than this one, or of one shortly
    /// before it.
    fn lower_bound(&self, key: u64) -> io::Result<u64> {
        let (mut low, mut high) = (self.next, self.block.prelude.records);
        // A last part of this length is read at once.
        while high - low > self.chunk / 4 {
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
