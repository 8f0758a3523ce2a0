//! Adds blocks at the end of the file.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::FileExt;

use super::super::entry::clock_was_wrong;
use super::super::folder::{Folder, Lock};
use super::super::stamp::Stamp;
use super::block::{MAGIC, NewBlock, PastFile, Prelude};
use super::lookup;

/// How much of the file may be out of date. A large run writes it anew when it is twice as long as its compact part
/// or has many blocks; a run that adds less than a part in [`LARGE`] of it only when it has become much longer, so
/// that a run of one scenario does not pay for those of all.
const SLACK: u64 = 256 * 1024;
const LARGE: u64 = 64;
const LIMITS_OF_LARGE: MergeLimits = MergeLimits {
    times: 2,
    blocks: 1024,
};
const LIMITS: MergeLimits = MergeLimits {
    times: 4,
    blocks: 4096,
};

struct MergeLimits {
    times: u64,
    blocks: usize,
}

/// Adds blocks to `old`, the file as it is; afterwards it belongs to this state of `history.jsonl`. Returns whether it
/// should be merged.
pub(in crate::history) fn append(
    folder: &Folder,
    lock: &Lock,
    mut old: Option<PastFile>,
    blocks: Vec<NewBlock>,
    stamp: Stamp,
) -> io::Result<bool> {
    let mut is_due = false;
    let mut left = blocks.len();
    for block in blocks {
        left -= 1;
        // A file that is cut off after one of the others belongs to nothing.
        let stamp = if left == 0 { stamp } else { Stamp::NONE };
        is_due = append_one(folder, old, lock, block, stamp)?;
        // Mostly there is one. Of several, the later ones are compared with the earlier ones.
        old = match left {
            0 => None,
            _ => PastFile::open(folder)?,
        };
    }
    Ok(is_due)
}

fn append_one(
    folder: &Folder,
    old: Option<PastFile>,
    _: &Lock,
    mut block: NewBlock,
    stamp: Stamp,
) -> io::Result<bool> {
    let mut bytes = Vec::new();
    let (mut start, mut newest, mut blocks) = (0, 0, 1);
    match &old {
        None => bytes.extend_from_slice(MAGIC),
        Some(old) => {
            start = old.end;
            newest = old.blocks.last().map_or(0, |block| block.prelude.newest);
            blocks += old.blocks.len();
            mark_late(old, newest, &mut block)?;
        }
    }
    let times = block.records.iter().map(|record| record.entry.at);
    newest = times.fold(newest, u64::max);
    write(block, newest, stamp, &mut bytes)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.past())?;
    // What a killed process left of its block.
    file.set_len(start)?;
    file.write_all_at(&bytes, start).inspect_err(|_| {
        let _ = file.set_len(start);
    })?;
    let added = bytes.len() as u64;
    let length = start + added;
    let limits = if added.saturating_mul(LARGE) >= length {
        LIMITS_OF_LARGE
    } else {
        LIMITS
    };
    let compact = old.and_then(|old| old.blocks.first()?.prelude.length());
    let longest = compact.map_or(u64::MAX, |compact| {
        compact.saturating_mul(limits.times).saturating_add(SLACK)
    });
    Ok(length > longest || blocks > limits.blocks)
}

/// Marks the results that are older than one on record: those of a killed run, or of one that took longer.
fn mark_late(old: &PastFile, newest: u64, block: &mut NewBlock) -> io::Result<()> {
    // What was found in `history.jsonl` is what counts.
    if block.complete {
        return Ok(());
    }
    let ids = block.ids.iter().zip(&block.records);
    let older = ids.filter(|(_, record)| record.entry.at < newest);
    let known = lookup::latest(old, older.map(|(id, _)| &**id))?;
    if known.is_empty() {
        return Ok(());
    }
    for (id, record) in block.ids.iter().zip(&mut block.records) {
        record.late = (known.get(&**id)).is_some_and(|known| {
            known.at > record.entry.at && !clock_was_wrong(known.at, block.now)
        });
    }
    Ok(())
}

/// Appends a block.
fn write(mut block: NewBlock, newest: u64, stamp: Stamp, out: &mut Vec<u8>) -> io::Result<()> {
    block.whole.sort_unstable();
    block.elsewhere.sort_unstable();
    block.records.sort_by_key(|record| record.key);
    let runs = serde_json::to_vec(&block.runs)?;
    let prelude = Prelude {
        whole: count(block.whole.len())?,
        elsewhere: count(block.elsewhere.len())?,
        records: block.records.len() as u64,
        runs: runs.len() as u64,
        complete: block.complete,
        newest,
        stamp,
    };
    out.extend_from_slice(&prelude.write());
    for key in block.whole.iter().chain(&block.elsewhere) {
        out.extend_from_slice(&key.to_le_bytes());
    }
    for record in &block.records {
        record.write(out);
    }
    out.extend_from_slice(&runs);
    Ok(())
}

fn count(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(io::Error::other)
}
