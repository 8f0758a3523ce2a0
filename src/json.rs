//! Writes JSON, one compact value, straight into a buffer. It knows nothing of what is written.

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
        out.push(b'{');
        let mut json = Json {
            out,
            empty: true,
            close: b'}',
        };
        fill(&mut json);
        json.end();
    }

    fn end(self) {
        self.out.push(self.close);
    }

    fn comma(&mut self) {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
    }

    fn key(&mut self, key: &str) {
        self.comma();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn inner(&mut self, open: u8, close: u8, fill: impl FnOnce(&mut Json<'_>)) {
        self.out.push(open);
        let mut json = Json {
            out: self.out,
            empty: true,
            close,
        };
        fill(&mut json);
        json.end();
    }

    /// A member that is a string.
    pub fn string(&mut self, key: &str, value: &str) {
        self.key(key);
        escape(self.out, value);
    }

    /// A member that is a number.
    pub fn number(&mut self, key: &str, value: impl Into<u64>) {
        self.key(key);
        digits(self.out, value.into());
    }

    /// A member that is a string made of digits.
    pub fn id(&mut self, key: &str, id: u64) {
        self.key(key);
        self.out.push(b'"');
        digits(self.out, id);
        self.out.push(b'"');
    }

    /// A member that is true or false.
    pub fn flag(&mut self, key: &str, value: bool) {
        self.key(key);
        let word: &[u8] = if value { b"true" } else { b"false" };
        self.out.extend_from_slice(word);
    }

    /// A member that is an object.
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

fn digits(out: &mut Vec<u8>, mut number: u64) {
    // As many as u64::MAX has.
    let mut buffer = [0; 20];
    let mut first = buffer.len();
    loop {
        first -= 1;
        buffer[first] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&buffer[first..]);
}

fn escape(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut done = 0;
    for (offset, byte) in bytes.iter().enumerate() {
        let short = match byte {
            b'"' => b'"',
            b'\\' => b'\\',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0..=0x1f => b'u',
            _ => continue,
        };
        out.extend_from_slice(&bytes[done..offset]);
        out.extend_from_slice(&[b'\\', short]);
        if short == b'u' {
            let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
            out.extend_from_slice(&[b'0', b'0', HEX[high], HEX[low]]);
        }
        done = offset + 1;
    }
    out.extend_from_slice(&bytes[done..]);
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
