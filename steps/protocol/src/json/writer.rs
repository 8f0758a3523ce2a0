//! Appends JSON to a text.

use std::ffi::{OsStr, OsString};
use std::fmt::Write;

use super::word::any_escaped;

/// A buffer that appends bytes quickly.
///
/// The `write_str` of `OsString` is not generic, so the standard library contains an optimised version. The
/// code with which `String` and `Vec` append is compiled with the step program: without optimisation it takes
/// six times as many instructions, and with optimisation fewer.
#[cfg(debug_assertions)]
type Buffer = OsString;
#[cfg(not(debug_assertions))]
type Buffer = String;

/// A text to append to.
#[derive(Debug, Default)]
pub struct Text(Buffer);

impl Text {
    /// An empty text with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Buffer::with_capacity(bytes))
    }

    /// Appends a text.
    #[inline]
    pub fn push(&mut self, text: &str) {
        // It has no errors.
        let _ = self.0.write_str(text);
    }

    /// Everything that was appended since it was last empty.
    pub fn as_bytes(&self) -> &[u8] {
        OsStr::new(&self.0).as_encoded_bytes()
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Everything that was appended, by value.
    #[allow(clippy::useless_conversion, reason = "the buffer may be one already")]
    pub fn into_bytes(self) -> Vec<u8> {
        OsString::from(self.0).into_encoded_bytes()
    }
}

/// The numbers below 100, each with two digits.
const PAIRS: &str = "0001020304050607080910111213141516171819\
                     2021222324252627282930313233343536373839\
                     4041424344454647484950515253545556575859\
                     6061626364656667686970717273747576777879\
                     8081828384858687888990919293949596979899";

/// Appends a number.
pub(super) fn write_integer(value: u64, out: &mut Text) {
    if value >= 100 {
        write_integer(value / 100, out);
    }
    let pair = 2 * (value % 100) as usize;
    match value < 10 {
        true => out.push(&PAIRS[pair + 1..pair + 2]),
        false => out.push(&PAIRS[pair..pair + 2]),
    }
}

/// Appends a string with its quotes.
pub(super) fn write_string(text: &str, out: &mut Text) {
    out.push("\"");
    match cfg!(debug_assertions) || any_escaped(text.as_bytes()) {
        true => write_escaped(text, out),
        false => out.push(text),
    }
    out.push("\"");
}

/// Appends a string without its quotes.
fn write_escaped(text: &str, out: &mut Text) {
    let bytes = text.as_bytes();
    let mut written = 0;
    let mut block = 0;
    while block < bytes.len() {
        block += plain_blocks(&bytes[block..]);
        let end = bytes.len().min(block + BLOCK);
        for index in block..end {
            if is_escaped(bytes[index]) {
                out.push(&text[written..index]);
                written = index + 1;
                write_escape(bytes[index], out);
            }
        }
        block = end;
    }
    out.push(&text[written..]);
}

/// How many bytes are looked at together.
const BLOCK: usize = 16;

/// The length of the blocks at the start in which no byte is escaped. With optimisation a block costs about as
/// much as two single bytes; without it, much more than its bytes one by one.
fn plain_blocks(bytes: &[u8]) -> usize {
    if cfg!(debug_assertions) {
        return 0;
    }
    let mut length = 0;
    while let Some(block) = bytes[length..].first_chunk::<BLOCK>() {
        // Without a branch for each byte the compiler looks at all of them at once.
        if block
            .iter()
            .fold(false, |any, byte| any | is_escaped(*byte))
        {
            break;
        }
        length += BLOCK;
    }
    length
}

fn is_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

fn write_escape(byte: u8, out: &mut Text) {
    match byte {
        b'"' => out.push("\\\""),
        b'\\' => out.push("\\\\"),
        b'\n' => out.push("\\n"),
        b'\r' => out.push("\\r"),
        b'\t' => out.push("\\t"),
        _ => {
            let _ = write!(out.0, "\\u{byte:04x}");
        }
    }
}
