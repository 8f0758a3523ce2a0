//! Appends JSON to a text.

use std::ffi::{OsStr, OsString};
use std::fmt::Write;

use crate::special_bytes;

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
    let mut rest = text;
    while let Some(at) = special_bytes::first(rest.as_bytes(), is_escaped) {
        out.push(&rest[..at]);
        write_escape(rest.as_bytes()[at], out);
        rest = &rest[at + 1..];
    }
    out.push(rest);
    out.push("\"");
}

fn is_escaped(byte: u8) -> bool {
    (byte < b' ') | (byte == b'"') | (byte == b'\\')
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
