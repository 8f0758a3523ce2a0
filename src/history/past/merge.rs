//! Writes the file anew as one block: of each scenario that is still on record the last results.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use foldhash::{HashMap, HashSet};

use super::super::entry::RecordedResult;
use super::super::folder::{Folder, Lock};
use super::super::stamp::Stamp;
use super::block::{MAGIC, PRELUDE, PastBlock, PastFile, Prelude};
use super::record::{EncodedRecord, Record};
use super::result::{KEPT, PastRun};

/// How many records of each block are in memory at once.
const CHUNK: u64 = 128;

/// Merges all blocks. Keeps only the scenarios with these keys.
///
/// The blocks are sorted, so a small part of each is in memory at any time.
pub(in crate::history) fn merge(
    folder: &Folder,
    lock: &Lock,
    live: &HashSet<u64>,
    stamp: Stamp,
) -> io::Result<()> {
    let Some(old) = PastFile::open(folder)? else {
        return Ok(());
    };
    folder.replace_with(lock, &folder.past(), |file| {
        let mut out = BufWriter::with_capacity(64 * 1024, file);
        out.write_all(MAGIC)?;
        out.write_all(&[0; PRELUDE])?;
        let (mut prelude, runs) = merged(&old, live, &mut out)?;
        let runs = serde_json::to_vec(&runs)?;
        out.write_all(&runs)?;
        prelude.runs = runs.len() as u64;
        prelude.stamp = stamp;
        out.seek(SeekFrom::Start(MAGIC.len() as u64))?;
        out.write_all(&prelude.write())?;
        out.flush()
    })
}

/// Writes the records that are kept. Returns what the prelude says of them, and their runs.
fn merged(
    old: &PastFile,
    live: &HashSet<u64>,
    out: &mut BufWriter<&mut File>,
) -> io::Result<(Prelude, Vec<PastRun>)> {
    let mut prelude = Prelude {
        complete: true,
        newest: old.blocks.last().map_or(0, |block| block.prelude.newest),
        ..Prelude::default()
    };
    let mut cursors = Vec::with_capacity(old.blocks.len());
    let mut heads = BinaryHeap::new();
    for (index, block) in old.blocks.iter().enumerate() {
        let mut cursor = Cursor::new(old, block);
        heads.extend(cursor.key()?.map(|key| Reverse((key, index))));
        cursors.push(cursor);
    }
    let mut runs = Runs::default();
    let mut bytes = Vec::new();
    while let Some(Reverse((key, _))) = heads.peek().copied() {
        let mut same = Vec::new();
        while let Some(Reverse((_, block))) = heads.peek().copied().filter(|head| head.0.0 == key) {
            heads.pop();
            let cursor = &mut cursors[block];
            while cursor.key()? == Some(key) {
                same.extend(cursor.take().map(|record| (block, record)));
            }
            heads.extend(cursor.key()?.map(|key| Reverse((key, block))));
        }
        if live.contains(&key) {
            bytes.clear();
            for (block, mut record) in kept(same) {
                record.run = runs.number(old, block, record.run)?;
                record.write(&mut bytes);
                prelude.records += 1;
            }
            out.write_all(&bytes)?;
        }
    }
    Ok((prelude, runs.list))
}

/// The records of one scenario to keep, from those of all blocks in their order: the oldest first, and last the one
/// that counts. A scenario that did not run is kept only as its newest result.
fn kept(mut all: Vec<(usize, Record)>) -> Vec<(usize, Record)> {
    let last = all.iter().rposition(|(_, record)| !record.late);
    let last = last.map(|index| all.remove(index));
    all.retain(|(_, record)| record.entry.result != RecordedResult::NotRun);
    all.sort_by_key(|(_, record)| record.entry.at);
    // A result that was read again from `history.jsonl` lacks its run, and came later.
    all.dedup_by_key(|(_, record)| record.entry.at);
    if let Some((block, record)) = last {
        let is_same = |one: &Record| {
            (one.entry.at, one.entry.result) == (record.entry.at, record.entry.result)
        };
        let again = all.iter().position(|(_, one)| is_same(one));
        let again = again.map(|index| all.remove(index));
        let (block, record) = again
            .filter(|_| record.run.is_none())
            .unwrap_or((block, record));
        all.push((
            block,
            Record {
                late: false,
                ..record
            },
        ));
    }
    let first = all.len().saturating_sub(KEPT);
    all.drain(..first);
    all
}

/// The runs of the records that are kept, with new numbers.
#[derive(Default)]
struct Runs {
    list: Vec<PastRun>,
    /// The new numbers by block and old number.
    numbers: HashMap<(usize, u32), u32>,
    /// The runs of the blocks that were read.
    read: HashMap<usize, Vec<PastRun>>,
}

impl Runs {
    fn number(
        &mut self,
        old: &PastFile,
        block: usize,
        run: Option<u32>,
    ) -> io::Result<Option<u32>> {
        let Some(run) = run else {
            return Ok(None);
        };
        if let Some(number) = self.numbers.get(&(block, run)) {
            return Ok(Some(*number));
        }
        let runs = match self.read.entry(block) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(old.runs(&old.blocks[block])?),
        };
        let Some(found) = runs.get(run as usize) else {
            return Ok(None);
        };
        let number = u32::try_from(self.list.len()).map_err(io::Error::other)?;
        self.list.push(found.clone());
        self.numbers.insert((block, run), number);
        Ok(Some(number))
    }
}

/// Where the merge is in a block.
struct Cursor<'f> {
    file: &'f PastFile,
    block: &'f PastBlock,
    /// The next records, the first of them last.
    records: Vec<Record>,
    /// The same as they are in the file.
    encoded: Vec<EncodedRecord>,
    read: u64,
}

impl<'f> Cursor<'f> {
    fn new(file: &'f PastFile, block: &'f PastBlock) -> Self {
        Self {
            file,
            block,
            records: Vec::new(),
            encoded: Vec::new(),
            read: 0,
        }
    }

    /// The key of the next record.
    fn key(&mut self) -> io::Result<Option<u64>> {
        while self.records.is_empty() && self.read < self.block.prelude.records {
            let range = self.read..self.block.prelude.records.min(self.read + CHUNK);
            self.read = range.end;
            self.file.encoded(self.block, range, &mut self.encoded)?;
            let last_first = self.encoded.iter().rev();
            // Bytes that are no record are left out.
            self.records.extend(last_first.filter_map(Record::read));
        }
        Ok(self.records.last().map(|record| record.key))
    }

    fn take(&mut self) -> Option<Record> {
        self.records.pop()
    }
}
