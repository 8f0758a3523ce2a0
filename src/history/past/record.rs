//! One result in the file: 32 bytes.

use super::super::entry::{Entry, RecordedResult};
use crate::event::Status;

/// The length of a record.
pub(super) const BYTES: usize = 32;

/// A record as it is in the file.
pub(super) type EncodedRecord = [u8; BYTES];

/// No run, or no duration.
const NONE: u64 = u64::MAX;
const NO_RUN: u32 = u32::MAX;

const RESULTS: [RecordedResult; 3] = [
    RecordedResult::Passed,
    RecordedResult::Failed,
    RecordedResult::NotRun,
];

/// The order is part of the format.
const STATUSES: [Status; 6] = [
    Status::Passed,
    Status::Skipped,
    Status::Pending,
    Status::Undefined,
    Status::Ambiguous,
    Status::Failed,
];

/// One result of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::history) struct Record {
    /// The key of the scenario's id.
    pub(in crate::history) key: u64,
    pub(in crate::history) entry: Entry,
    pub(in crate::history) status: Status,
    pub(in crate::history) attempts: u8,
    /// The index of its run in the block.
    pub(in crate::history) run: Option<u32>,
    /// There was a newer result already when this one was added.
    pub(in crate::history) late: bool,
}

impl Record {
    /// What is known of a result in `history.jsonl`.
    pub(in crate::history) fn of_entry(id: &str, entry: Entry) -> Self {
        let failed = entry.result == RecordedResult::Failed;
        Self {
            key: super::key::key(id),
            entry,
            status: if failed {
                Status::Failed
            } else {
                Status::Passed
            },
            attempts: 1,
            run: None,
            late: false,
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let place = |found: Option<usize>| found.unwrap_or_default() as u8;
        let result = RESULTS.iter().position(|one| *one == self.entry.result);
        let status = STATUSES.iter().position(|one| *one == self.status);
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.entry.at.to_le_bytes());
        out.extend_from_slice(&self.entry.nanos.unwrap_or(NONE).to_le_bytes());
        out.extend_from_slice(&self.run.unwrap_or(NO_RUN).to_le_bytes());
        out.extend_from_slice(&[place(result), place(status), self.attempts]);
        out.push(u8::from(self.late));
    }

    /// `None` for bytes that are no record.
    pub(super) fn read(bytes: &EncodedRecord) -> Option<Self> {
        let (key, rest) = bytes.split_first_chunk::<8>()?;
        let (at, rest) = rest.split_first_chunk::<8>()?;
        let (nanos, rest) = rest.split_first_chunk::<8>()?;
        let (run, rest) = rest.split_first_chunk::<4>()?;
        let [result, status, attempts, late] = *rest.first_chunk::<4>()?;
        let nanos = u64::from_le_bytes(*nanos);
        let run = u32::from_le_bytes(*run);
        Some(Self {
            key: u64::from_le_bytes(*key),
            entry: Entry {
                result: *RESULTS.get(usize::from(result))?,
                at: u64::from_le_bytes(*at),
                nanos: (nanos != NONE).then_some(nanos),
            },
            status: *STATUSES.get(usize::from(status))?,
            attempts,
            run: (run != NO_RUN).then_some(run),
            late: late != 0,
        })
    }
}

/// The key in a record.
pub(super) fn key_of(bytes: &EncodedRecord) -> u64 {
    let key = bytes.first_chunk().copied().unwrap_or_default();
    u64::from_le_bytes(key)
}
