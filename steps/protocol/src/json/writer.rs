//! Appends JSON to a text.

use std::ffi::{OsStr, OsString};
use std::fmt::Write;

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
    /// Appends a text.
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

/// Appends a number.
pub(super) fn write_integer(mut value: u64, out: &mut Text) {
    if value < 10 {
        let digit = value as usize;
        return out.push(&"0123456789"[digit..=digit]);
    }
    let mut digits = [0; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    if let Ok(digits) = str::from_utf8(&digits[start..]) {
        out.push(digits);
    }
}

/// Appends a string with its quotes.
pub(super) fn write_string(text: &str, out: &mut Text) {
    let bytes = text.as_bytes();
    let mut written = 0;
    out.push("\"");
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
    out.push("\"");
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
