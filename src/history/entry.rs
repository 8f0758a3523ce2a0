//! The lines of the record and of journals, as JSON: a head, and then blocks of results.
//!
//! The first block has no line of its own. Each later block is what one run added: a [`Block`] line, then a
//! line for each result.

use std::borrow::Cow;

use bdd_protocol::json::{CodecError, FromJson, Reader};
use serde::{Deserialize, Serialize};

use crate::json::Json;

/// The version of the format. It changes when readers of the old version would misread the new one. Version 1 had
/// no block lines; otherwise it is the same.
pub(super) const VERSION: u32 = 2;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordedResult {
    /// It did not fail its run.
    Passed,
    /// It failed its run.
    Failed,
    /// It was selected and did not finish.
    NotRun,
}

const RESULTS: [(RecordedResult, &str); 3] = [
    (RecordedResult::Passed, "passed"),
    (RecordedResult::Failed, "failed"),
    (RecordedResult::NotRun, "not_run"),
];

/// The first line of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RecordHead {
    bdd_history: u32,
    /// How many bytes followed when the file was last written as a whole.
    #[serde(default)]
    pub(super) compacted: u64,
}

/// Begins the results that one run added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Block {
    /// The paths of the feature files of which the run selected every scenario: others of them are gone.
    pub(super) whole: Vec<String>,
    /// When the run ended, in microseconds since 1970-01-01 UTC; none for a run that was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) now: Option<u64>,
    /// The scenarios of these files that are there, and that another process runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) elsewhere: Vec<String>,
}

/// A line after the head.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'t> {
    Block(Block),
    Result(Cow<'t, str>, Entry),
}

/// Why a record cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// This line, from 1, is not a line of a record.
    Line(usize),
    /// It has another version.
    Version(u32),
}

/// Appends the head of a file.
pub(super) fn write_head(compacted: u64, out: &mut Vec<u8>) {
    Json::object(out, |json| {
        json.number("bdd_history", VERSION);
        json.number("compacted", compacted);
    });
    out.push(b'\n');
}

/// Appends the line of a block.
pub(super) fn write_block(block: &Block, out: &mut Vec<u8>) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, block)?;
    out.push(b'\n');
    Ok(())
}

/// Appends the line of a result.
pub(super) fn write(id: &str, entry: Entry, out: &mut Vec<u8>) {
    let Entry { result, at, nanos } = entry;
    let named = RESULTS.iter().find(|(one, _)| *one == result);
    Json::object(out, |json| {
        json.string("id", id);
        json.word("result", named.map_or("", |(_, name)| name));
        json.number("at", at);
        if let Some(nanos) = nanos {
            json.number("nanos", nanos);
        }
    });
    out.push(b'\n');
}

/// Reads the head from the beginning of a file; also what follows it.
pub(super) fn head(bytes: &[u8]) -> Result<(RecordHead, &[u8]), Damage> {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (line, rest) = bytes.split_at(end.ok_or(Damage::Line(1))? + 1);
    match serde_json::from_slice(line).map_err(|_| Damage::Line(1))? {
        head @ RecordHead {
            bdd_history: 1 | VERSION,
            ..
        } => Ok((head, rest)),
        RecordHead { bdd_history, .. } => Err(Damage::Version(bdd_history)),
    }
}

impl RecordHead {
    /// Whether blocks may be appended to the file.
    pub(super) fn takes_blocks(self) -> bool {
        self.bdd_history == VERSION
    }
}

/// Reads lines, up to the first that is none; the first has the number `number`. What is cut off at the end was
/// written by a process that was killed, which has a journal of its own: it is no damage.
pub(super) fn read<'t>(
    bytes: &'t [u8],
    mut number: usize,
    mut take: impl FnMut(Line<'t>),
) -> Result<(), Damage> {
    let bytes = &bytes[..complete(bytes)];
    let (bytes, damaged) = match str::from_utf8(bytes) {
        Ok(_) => (bytes, false),
        Err(error) => (&bytes[..complete(&bytes[..error.valid_up_to()])], true),
    };
    let text = str::from_utf8(bytes).unwrap_or_default();
    for text in text.split_inclusive('\n') {
        take(line(text).map_err(|_| Damage::Line(number))?);
        number += 1;
    }
    match damaged {
        true => Err(Damage::Line(number)),
        false => Ok(()),
    }
}

/// How many of these bytes are complete lines.
pub(super) fn complete(bytes: &[u8]) -> usize {
    let end = bytes.iter().rposition(|byte| *byte == b'\n');
    end.map_or(0, |end| end + 1)
}

fn line(text: &str) -> Result<Line<'_>, CodecError> {
    let mut reader = Reader::new(text);
    reader.open(b'{')?;
    if !reader.member(b"\"id\":") {
        let block = serde_json::from_str(text);
        return block
            .map(Line::Block)
            .map_err(|_| reader.error("expected a block"));
    }
    let id = reader.string()?;
    let (mut result, mut at, mut nanos) = (None, None, None);
    while let Some(key) = reader.key()? {
        match &*key {
            "result" => result = Some(read_result(&mut reader)?),
            "at" => at = Some(u64::read(&mut reader)?),
            "nanos" => nanos = Some(u64::read(&mut reader)?),
            _ => reader.skip()?,
        }
    }
    reader.end()?;
    match (result, at) {
        (Some(result), Some(at)) => Ok(Line::Result(id, Entry { result, at, nanos })),
        _ => Err(reader.error("`result` or `at` is missing")),
    }
}

fn read_result(reader: &mut Reader<'_>) -> Result<RecordedResult, CodecError> {
    let name = reader.string()?;
    let known = RESULTS.iter().find(|(_, known)| *known == &*name);
    known
        .map(|(result, _)| *result)
        .ok_or_else(|| reader.error("unknown result"))
}

/// Whether a result of this time was recorded while the clock was wrong: it is much newer than the run that adds
/// another one.
pub(super) fn clock_was_wrong(at: u64, now: Option<u64>) -> bool {
    const DAY: u64 = 86_400_000_000;
    now.is_some_and(|now| at > now.saturating_add(DAY))
}

/// What may be the path of the file of a scenario: the path itself may contain `::`.
pub(super) fn paths_of(id: &str) -> impl Iterator<Item = &str> {
    id.match_indices("::").map(|(at, _)| &id[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> Result<Vec<Line<'_>>, Damage> {
        let (_, rest) = head(text.as_bytes())?;
        let mut lines = Vec::new();
        read(rest, 2, |line| lines.push(line)).map(|()| lines)
    }

    #[test]
    fn lines_are_read_as_they_were_written() {
        let entry = Entry {
            result: RecordedResult::NotRun,
            at: 7,
            nanos: None,
        };
        let timed = Entry {
            nanos: Some(u64::MAX),
            ..entry
        };
        let block = Block {
            whole: vec!["é \"b\"".to_owned()],
            now: Some(8),
            elsewhere: Vec::new(),
        };
        let mut out = Vec::new();
        write_head(5, &mut out);
        write("a::\"b\"\n", entry, &mut out);
        write_block(&block, &mut out).unwrap();
        write("c", timed, &mut out);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(head(text.as_bytes()).unwrap().0.compacted, 5);
        let first = Line::Result("a::\"b\"\n".into(), entry);
        let all = [first, Line::Block(block), Line::Result("c".into(), timed)];
        assert_eq!(read_all(&text).unwrap(), all);
        let cut = read_all(&text[..text.len() - 1]).unwrap();
        assert_eq!(cut, all[..2]);
    }

    #[test]
    fn damage_has_the_number_of_its_line() {
        let head_of_1 = "{\"bdd_history\":1}\n";
        let good = "{\"id\":\"a\",\"result\":\"passed\",\"at\":1}\n";
        assert_eq!(read_all(&format!("{head_of_1}{good}")).unwrap().len(), 1);
        assert_eq!(read_all(""), Err(Damage::Line(1)));
        assert_eq!(read_all(good), Err(Damage::Line(1)));
        let newer = read_all("{\"bdd_history\":3}\n");
        assert_eq!(newer, Err(Damage::Version(3)));
        for bad in [
            "{\"id\":\n",
            "\n",
            "{}\n",
            &good.replace("passed", "x"),
            &good.replace("}", ""),
        ] {
            let text = format!("{head_of_1}{good}{bad}{good}");
            assert_eq!(read_all(&text), Err(Damage::Line(3)), "{bad}");
        }
        let mut bytes = format!("{good}{good}").into_bytes();
        let at = bytes.len() - good.len() + 7;
        bytes[at] = 0xff;
        assert_eq!(read(&bytes, 2, drop), Err(Damage::Line(3)));
    }
}
