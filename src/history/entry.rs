//! The lines of the history and of journals: JSON, a head and then an entry for each result. The
//! newest entry of a scenario counts.

use std::io::{self, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The version of the format. It changes when readers of the old version would misread the new one.
pub(super) const VERSION: u32 = 1;

/// The last known result of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// How it ended.
    pub result: RecordedResult,
    /// When, in microseconds since 1970-01-01 UTC.
    pub at: u64,
    /// How long its last attempt took when it last ran, in nanoseconds.
    pub nanos: Option<u64>,
}

/// The recorded result of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordedResult {
    /// It did not fail its run.
    Passed,
    /// It failed its run.
    Failed,
    /// It was selected and did not finish.
    NotRun,
}

#[derive(Serialize, Deserialize)]
struct RecordHead {
    bdd_history: u32,
}

#[derive(Serialize, Deserialize)]
struct RecordLine<T> {
    id: T,
    result: RecordedResult,
    at: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nanos: Option<u64>,
}

/// Why a history cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// This line, from 1, is not a line of a history.
    Line(usize),
    /// It has another version.
    Version(u32),
}

/// Writes the head of a file.
pub(super) fn write_head(out: &mut impl Write) -> io::Result<()> {
    let head = RecordHead {
        bdd_history: VERSION,
    };
    serde_json::to_writer(&mut *out, &head)?;
    out.write_all(b"\n")
}

/// Writes the line of a scenario.
pub(super) fn write(out: &mut impl Write, id: &str, entry: Entry) -> io::Result<()> {
    let Entry { result, at, nanos } = entry;
    let line = RecordLine {
        id,
        result,
        at,
        nanos,
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

/// Reads a whole file.
pub(super) fn read_all(bytes: &[u8]) -> Result<Vec<(Arc<str>, Entry)>, Damage> {
    let mut lines = (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n'));
    let head = lines.next().and_then(|(_, line)| parse::<RecordHead>(line));
    match head.ok_or(Damage::Line(1))?.bdd_history {
        VERSION => {}
        other => return Err(Damage::Version(other)),
    }
    lines
        .map(|(number, line)| entry(line).ok_or(Damage::Line(number)))
        .collect()
}

/// Reads a journal, which may end in the middle of a line.
pub(super) fn read_valid(bytes: &[u8]) -> Vec<(Arc<str>, Entry)> {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    match lines.next().and_then(parse::<RecordHead>) {
        Some(RecordHead {
            bdd_history: VERSION,
        }) => lines.map_while(entry).collect(),
        _ => Vec::new(),
    }
}

fn entry(line: &[u8]) -> Option<(Arc<str>, Entry)> {
    let RecordLine {
        id,
        result,
        at,
        nanos,
    } = parse::<RecordLine<Arc<str>>>(line)?;
    Some((id, Entry { result, at, nanos }))
}

/// A line is complete only if it ends in a line feed.
fn parse<T: for<'d> Deserialize<'d>>(line: &[u8]) -> Option<T> {
    serde_json::from_slice(line.strip_suffix(b"\n")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_damage_to_a_history_and_the_end_of_a_journal() {
        let entry = Entry {
            result: RecordedResult::NotRun,
            at: 7,
            nanos: None,
        };
        let mut bytes = Vec::new();
        write_head(&mut bytes).unwrap();
        write(&mut bytes, "a::\"b\"\n", entry).unwrap();
        write(&mut bytes, "c", entry).unwrap();
        assert_eq!(read_all(&bytes).unwrap().len(), 2);
        let cut = &bytes[..bytes.len() - 1];
        assert_eq!(read_all(cut), Err(Damage::Line(3)));
        assert_eq!(read_valid(cut), [("a::\"b\"\n".into(), entry)]);
        assert_eq!(read_all(b""), Err(Damage::Line(1)));
        assert_eq!(read_all(b"{\"bdd_history\":2}\n"), Err(Damage::Version(2)));
        assert!(read_valid(b"{\"bdd_history\":2}\n").is_empty());
    }
}
