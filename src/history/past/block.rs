//! The blocks of the file. Each run adds one: its results, sorted by key, and what it says about whole files.
//!
//! A block is a prelude of fixed length, the keys of whole files, the keys of scenarios that run elsewhere, the
//! records, and the runs as JSON. All numbers are little-endian.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::super::folder::Folder;
use super::super::stamp::Stamp;
use super::record::{self, EncodedRecord, Record};
use super::result::PastRun;

/// What the file begins with. The last character is the version of the format.
pub(super) const MAGIC: &[u8; 8] = b"bddpast1";

/// What each block begins with.
const MARK: u32 = 0x4b4c_4221;

/// The length of a prelude.
pub(super) const PRELUDE: usize = 72;

/// The length of a key.
const KEY: u64 = 8;

/// A block that is to be added.
#[derive(Debug, Default)]
pub(in crate::history) struct NewBlock {
    pub(in crate::history) records: Vec<Record>,
    /// The id of each record.
    pub(in crate::history) ids: Vec<Arc<str>>,
    pub(in crate::history) runs: Vec<PastRun>,
    /// The keys of the files of which the run selected every scenario.
    pub(in crate::history) whole: Vec<u64>,
    /// The keys of scenarios of these files that another process runs.
    pub(in crate::history) elsewhere: Vec<u64>,
    /// When its run ended, if it was not killed.
    pub(in crate::history) now: Option<u64>,
    /// Whether it has everything that is on record: what it lacks is not on record.
    pub(in crate::history) complete: bool,
}

/// The fixed part of a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Prelude {
    pub(super) whole: u32,
    pub(super) elsewhere: u32,
    pub(super) records: u64,
    /// The length of the runs.
    pub(super) runs: u64,
    pub(super) complete: bool,
    /// The latest time of a result up to here.
    pub(super) newest: u64,
    /// The state of `history.jsonl` to which the file belongs after this block.
    pub(super) stamp: Stamp,
}

impl NewBlock {
    /// Adds a result.
    pub(in crate::history) fn push(&mut self, id: &Arc<str>, record: Record) {
        self.ids.push(Arc::clone(id));
        self.records.push(record);
    }
}

impl Prelude {
    pub(super) fn write(&self) -> [u8; PRELUDE] {
        let mut bytes = [0; PRELUDE];
        let words = [
            u64::from(MARK) | u64::from(self.complete) << 32,
            u64::from(self.whole) | u64::from(self.elsewhere) << 32,
            self.records,
            self.runs,
            self.newest,
            self.stamp.length,
            self.stamp.modified,
            self.stamp.inode,
        ];
        let check = words.iter().fold(0, |sum: u64, word| mix(sum, *word));
        for (to, word) in bytes
            .chunks_exact_mut(8)
            .zip(words.into_iter().chain([check]))
        {
            to.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// `None` for bytes that are no prelude.
    fn read(bytes: &[u8; PRELUDE]) -> Option<Self> {
        let mut words = [0; PRELUDE / 8];
        for (word, from) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*from);
        }
        let [
            first,
            keys,
            records,
            runs,
            newest,
            length,
            modified,
            inode,
            check,
        ] = words;
        let sum = words[..8].iter().fold(0, |sum: u64, word| mix(sum, *word));
        (first as u32 == MARK && sum == check).then_some(Self {
            whole: keys as u32,
            elsewhere: (keys >> 32) as u32,
            records,
            runs,
            complete: first >> 32 == 1,
            newest,
            stamp: Stamp {
                length,
                modified,
                inode,
            },
        })
    }

    /// The length of the whole block; `None` for one that no file can have.
    pub(super) fn length(&self) -> Option<u64> {
        let keys = (u64::from(self.whole) + u64::from(self.elsewhere)) * KEY;
        let records = self.records.checked_mul(record::BYTES as u64)?;
        (PRELUDE as u64 + keys)
            .checked_add(records)?
            .checked_add(self.runs)
    }
}

fn mix(sum: u64, word: u64) -> u64 {
    crate::plan::hash::mix(sum ^ word)
}

/// A block in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct PastBlock {
    start: u64,
    pub(super) prelude: Prelude,
}

/// The file, and where its blocks are.
#[derive(Debug)]
pub(in crate::history) struct PastFile {
    pub(super) file: File,
    pub(super) blocks: Vec<PastBlock>,
    /// Where the last whole block ends: what follows was cut off.
    pub(super) end: u64,
}

impl PastFile {
    /// Opens the file, if it exists, and looks for its blocks.
    ///
    /// # Errors
    /// `InvalidData` for a file that does not begin as this one does.
    pub(in crate::history) fn open(folder: &Folder) -> io::Result<Option<Self>> {
        let file = match File::open(folder.past()) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let length = file.metadata()?.len();
        let mut magic = [0; MAGIC.len()];
        if length < magic.len() as u64 {
            return Err(ErrorKind::InvalidData.into());
        }
        file.read_exact_at(&mut magic, 0)?;
        if magic != *MAGIC {
            return Err(ErrorKind::InvalidData.into());
        }
        let mut found = Self {
            file,
            blocks: Vec::new(),
            end: magic.len() as u64,
        };
        while let Some((block, end)) = found.block_at(found.end, length)? {
            found.blocks.push(block);
            found.end = end;
        }
        Ok(Some(found))
    }

    fn block_at(&self, start: u64, length: u64) -> io::Result<Option<(PastBlock, u64)>> {
        if length - start < PRELUDE as u64 {
            return Ok(None);
        }
        let mut bytes = [0; PRELUDE];
        self.file.read_exact_at(&mut bytes, start)?;
        let Some(prelude) = Prelude::read(&bytes) else {
            return Ok(None);
        };
        let end = prelude.length().and_then(|bytes| start.checked_add(bytes));
        let end = end.filter(|end| *end <= length);
        Ok(end.map(|end| (PastBlock { start, prelude }, end)))
    }

    /// Whether it has what is in `history.jsonl`.
    pub(in crate::history) fn belongs_to(&self, stamp: Stamp) -> bool {
        self.blocks
            .last()
            .is_some_and(|block| block.prelude.stamp == stamp)
    }

    /// The keys of the whole files of a block, or of its scenarios that run elsewhere.
    pub(super) fn whole(&self, block: &PastBlock) -> io::Result<Vec<u64>> {
        self.keys(block.start + PRELUDE as u64, block.prelude.whole)
    }

    pub(super) fn elsewhere(&self, block: &PastBlock) -> io::Result<Vec<u64>> {
        let start = block.start + PRELUDE as u64 + u64::from(block.prelude.whole) * KEY;
        self.keys(start, block.prelude.elsewhere)
    }

    fn keys(&self, start: u64, count: u32) -> io::Result<Vec<u64>> {
        let mut bytes = vec![0; count as usize * KEY as usize];
        self.file.read_exact_at(&mut bytes, start)?;
        let keys = bytes.as_chunks::<8>().0.iter();
        Ok(keys.map(|key| u64::from_le_bytes(*key)).collect())
    }

    fn records_start(&self, block: &PastBlock) -> u64 {
        let keys = u64::from(block.prelude.whole) + u64::from(block.prelude.elsewhere);
        block.start + PRELUDE as u64 + keys * KEY
    }

    /// Some records of a block, as they are in the file.
    pub(super) fn encoded(
        &self,
        block: &PastBlock,
        range: std::ops::Range<u64>,
        out: &mut Vec<EncodedRecord>,
    ) -> io::Result<()> {
        out.resize((range.end - range.start) as usize, [0; record::BYTES]);
        let start = self.records_start(block) + range.start * record::BYTES as u64;
        self.file.read_exact_at(out.as_flattened_mut(), start)
    }

    /// The key of one record.
    pub(super) fn key_at(&self, block: &PastBlock, index: u64) -> io::Result<u64> {
        let mut bytes = [0; 8];
        let start = self.records_start(block) + index * record::BYTES as u64;
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// The runs of a block.
    pub(super) fn runs(&self, block: &PastBlock) -> io::Result<Vec<PastRun>> {
        let mut bytes = vec![0; block.prelude.runs as usize];
        let records = block.prelude.records * record::BYTES as u64;
        let start = self.records_start(block) + records;
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(serde_json::from_slice(&bytes)?)
    }
}
