//! Writes JSON, one compact value, straight into a buffer: member by member, or what `serde` knows how to serialize.

mod serialize;

use bdd_protocol::special_bytes;

pub(crate) use serialize::append;

/// An object or array that is being written.
#[derive(Debug)]
pub(crate) struct Json<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
    close: u8,
}

impl<'o> Json<'o> {
    /// Writes one object.
    pub fn object(out: &mut Vec<u8>, fill: impl FnOnce(&mut Json<'_>)) {
        let mut json = Json::open(out, b'{', b'}');
        fill(&mut json);
        json.end();
    }

    fn open(out: &'o mut Vec<u8>, open: u8, close: u8) -> Self {
        out.push(open);
        Self {
            out,
            empty: true,
            close,
        }
    }

    fn end(self) {
        self.out.push(self.close);
    }

    #[inline(always)]
    fn comma(&mut self) {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
    }

    // Keys are literals. Inlined, they are a few moves; the calls were a fifth of the instructions of a report.
    #[inline(always)]
    fn key(&mut self, key: &str) {
        self.comma();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn inner(&mut self, open: u8, close: u8, fill: impl FnOnce(&mut Json<'_>)) {
        let mut json = Json::open(self.out, open, close);
        fill(&mut json);
        json.end();
    }

    /// A member that is a string without quotes, backslashes and control characters.
    #[inline(always)]
    pub fn word(&mut self, key: &str, value: &'static str) {
        self.key(key);
        self.out.push(b'"');
        self.out.extend_from_slice(value.as_bytes());
        self.out.push(b'"');
    }

    /// A member that is a string.
    #[inline(always)]
    pub fn string(&mut self, key: &str, value: &str) {
        self.key(key);
        escape(self.out, value);
    }

    /// A member that is a number.
    #[inline(always)]
    pub fn number(&mut self, key: &str, value: impl Into<u64>) {
        self.key(key);
        digits(self.out, value.into());
    }

    /// A member that is a string made of digits.
    #[inline(always)]
    pub fn id(&mut self, key: &str, id: u64) {
        self.key(key);
        self.out.push(b'"');
        digits(self.out, id);
        self.out.push(b'"');
    }

    /// A member that is true or false.
    #[inline(always)]
    pub fn flag(&mut self, key: &str, value: bool) {
        self.key(key);
        let word: &[u8] = if value { b"true" } else { b"false" };
        self.out.extend_from_slice(word);
    }

    /// A member that is an object.
    #[inline(always)]
    pub fn member(&mut self, key: &str, fill: impl FnOnce(&mut Json<'_>)) {
        self.key(key);
        self.inner(b'{', b'}', fill);
    }

    /// A member that is an array of objects.
    pub fn objects<T>(
        &mut self,
        key: &str,
        items: impl IntoIterator<Item = T>,
        mut fill: impl FnMut(&mut Json<'_>, T),
    ) {
        self.key(key);
        self.inner(b'[', b']', |array| {
            for item in items {
                array.comma();
                array.inner(b'{', b'}', |object| fill(object, item));
            }
        });
    }

    /// A member that is an array of strings made of digits.
    pub fn ids(&mut self, key: &str, ids: impl IntoIterator<Item = u64>) {
        self.key(key);
        self.inner(b'[', b']', |array| {
            for id in ids {
                array.comma();
                array.out.push(b'"');
                digits(array.out, id);
                array.out.push(b'"');
            }
        });
    }

    /// A member that is an array of strings.
    pub fn strings<T: AsRef<str>>(&mut self, key: &str, items: impl IntoIterator<Item = T>) {
        self.key(key);
        self.inner(b'[', b']', |array| {
            for item in items {
                array.comma();
                escape(array.out, item.as_ref());
            }
        });
    }
}

fn digits(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// The letter of the short escape of a byte.
fn letter(byte: u8) -> Option<u8> {
    match byte {
        b'"' | b'\\' => Some(byte),
        b'\n' => Some(b'n'),
        b'\r' => Some(b'r'),
        b'\t' => Some(b't'),
        0x08 => Some(b'b'),
        0x0c => Some(b'f'),
        _ => None,
    }
}

/// Adds a string. Bytes that need an escape have a short one if they have a `letter`.
#[inline]
fn escape(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut rest = text.as_bytes();
    let needs_escape = |byte| (byte == b'"') | (byte == b'\\') | (byte < 0x20);
    while let Some(at) = special_bytes::first(rest, needs_escape) {
        out.extend_from_slice(&rest[..at]);
        let byte = rest[at];
        rest = &rest[at + 1..];
        match letter(byte) {
            Some(letter) => out.extend_from_slice(&[b'\\', letter]),
            None => {
                let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', HEX[high], HEX[low]]);
            }
        }
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_what_a_reader_reads() {
        let text: String = ('\0'..='\u{ff}').chain(['\u{2028}', '𝄞']).collect();
        let mut out = Vec::new();
        Json::object(&mut out, |json| {
            json.string("text", &text);
            json.number("none", 0u32);
            json.number("all", u64::MAX);
            json.id("id", 1_020);
            json.flag("yes", true);
            json.ids("ids", [7, 10]);
            json.strings("strings", ["\"", ""]);
            json.objects("objects", [false, true], |json, value| {
                json.flag("no", value)
            });
            json.member("empty", |_| ());
        });
        let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let expected = serde_json::json!({
            "text": text, "none": 0, "all": u64::MAX, "id": "1020", "yes": true,
            "ids": ["7", "10"], "strings": ["\"", ""],
            "objects": [{"no": false}, {"no": true}], "empty": {},
        });
        assert_eq!(read, expected);
    }
}
