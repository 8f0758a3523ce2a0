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
#[derive(Default)]
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
    let mut plain = 0;
    out.push("\"");
    for (index, &byte) in text.as_bytes().iter().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push(&text[plain..index]);
        plain = index + 1;
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
    out.push(&text[plain..]);
    out.push("\"");
}
