//! Walks over a JSON text.

use std::borrow::Cow;
use std::sync::Arc;

use super::CodecError;
use super::line_text::LineText;
use crate::special_bytes;

/// How deep arrays and objects may be nested; the protocol itself needs less than ten levels.
const MAX_DEPTH: u32 = 128;

/// How many bytes of a string are looked at here. This is a guess: names of members and cells of tables are
/// shorter, docstrings are longer.
const NEAR: usize = 48;

/// A place in a JSON text.
pub struct Reader<'a> {
    text: &'a str,
    /// The same as bytes.
    bytes: &'a [u8],
    /// The same as a line that texts can keep.
    line: Option<&'a Arc<str>>,
    at: usize,
    depth: u32,
    /// Whether the innermost array or object has just been opened.
    opened: bool,
    /// Whether the next call of `open` means the object that the reader is in.
    inside: bool,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            line: None,
            at: 0,
            depth: 0,
            opened: false,
            inside: false,
        }
    }

    /// Starts at the beginning of a line, which the texts that are read keep.
    pub fn of_line(line: &'a Arc<str>) -> Self {
        Self {
            line: Some(line),
            ..Self::new(line)
        }
    }

    /// An error at the current place.
    #[cold]
    pub fn error(&self, problem: impl Into<String>) -> CodecError {
        CodecError {
            at: self.at,
            problem: problem.into(),
        }
    }

    /// Goes back to the start of the text.
    pub fn restart(&mut self) {
        self.at = 0;
        self.depth = 0;
        self.inside = false;
    }

    /// Lets the next call of `open` continue the object that the reader is in, from the current place.
    pub fn read_on(&mut self) {
        self.inside = true;
    }

    /// Fails unless only white space follows.
    pub fn end(&mut self) -> Result<(), CodecError> {
        self.skip_space();
        if self.at == self.text.len() {
            Ok(())
        } else {
            Err(self.error("expected the end of the line"))
        }
    }

    /// The next byte that is not white space; 0 at the end. (0 cannot occur in JSON.)
    fn peek(&mut self) -> u8 {
        let byte = self.byte();
        if byte > b' ' {
            return byte;
        }
        self.skip_space();
        self.byte()
    }

    /// The byte at the current place; 0 at the end.
    fn byte(&self) -> u8 {
        if self.at < self.bytes.len() {
            self.bytes[self.at]
        } else {
            0
        }
    }

    fn skip_space(&mut self) {
        while matches!(self.byte(), b' ' | b'\t' | b'\r' | b'\n') {
            self.at += 1;
        }
    }

    /// Enters an array (`[`) or object (`{`).
    pub fn open(&mut self, bracket: u8) -> Result<(), CodecError> {
        if self.inside {
            self.inside = false;
            return Ok(());
        }
        if self.peek() != bracket {
            return Err(self.error(if bracket == b'{' {
                "expected an object"
            } else {
                "expected an array"
            }));
        }
        if self.depth == MAX_DEPTH {
            return Err(self.error("nested too deeply"));
        }
        self.at += 1;
        self.depth += 1;
        self.opened = true;
        Ok(())
    }

    /// Whether another element follows in the innermost array or object. If not, the array or object is left.
    pub fn more(&mut self, closing: u8) -> Result<bool, CodecError> {
        let opened = self.opened;
        self.opened = false;
        let byte = self.peek();
        if byte == closing {
            self.at += 1;
            self.depth -= 1;
            return Ok(false);
        }
        if !opened {
            if byte != b',' {
                return Err(self.error(format!("expected `,` or `{}`", char::from(closing))));
            }
            self.at += 1;
        }
        Ok(true)
    }

    /// Skips `key`, which includes its quotes and colon, if it comes next in the innermost object without
    /// white space. The runner reads a dozen members of each step: inlined, the length of the key is known.
    #[cfg_attr(feature = "runner", inline(always))]
    pub fn member(&mut self, key: &[u8]) -> bool {
        let start = if self.opened {
            self.at
        } else if self.byte() == b',' {
            self.at + 1
        } else {
            return false;
        };
        let end = start + key.len();
        if end > self.bytes.len() || &self.bytes[start..end] != key {
            return false;
        }
        self.opened = false;
        self.at = end;
        true
    }

    /// The key of the next member of the innermost object. If there is none, the object is left.
    pub fn key(&mut self) -> Result<Option<Cow<'a, str>>, CodecError> {
        if !self.more(b'}')? {
            return Ok(None);
        }
        let key = self.string()?;
        if self.peek() != b':' {
            return Err(self.error("expected `:`"));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Reads a string. The result borrows from the text unless the string has escapes. Raw control
    /// characters, which JSON forbids, are accepted.
    pub fn string(&mut self) -> Result<Cow<'a, str>, CodecError> {
        if self.peek() != b'"' {
            return Err(self.error("expected a string"));
        }
        self.at += 1;
        let start = self.at;
        let end = self.near_end();
        if end < self.bytes.len() && self.bytes[end] == b'"' {
            self.at = end + 1;
            return Ok(Cow::Borrowed(&self.text[start..end]));
        }
        self.long_string()
    }

    /// The place of the first quote or backslash from here, or one up to which there is none.
    fn near_end(&self) -> usize {
        let near = self.bytes.len().min(self.at + NEAR);
        if !cfg!(debug_assertions) {
            let is_end = |byte| (byte == b'"') | (byte == b'\\');
            let found = special_bytes::first(&self.bytes[self.at..near], is_end);
            return found.map_or(near, |distance| self.at + distance);
        }
        let mut end = self.at;
        while end < near && !matches!(self.bytes[end], b'"' | b'\\') {
            end += 1;
        }
        end
    }

    /// Reads a string that stays in the line, unless it has escapes.
    pub fn line_text(&mut self) -> Result<LineText, CodecError> {
        match (self.string()?, self.line) {
            (Cow::Borrowed(text), Some(line)) => {
                // It has just been read up to its closing quote.
                let end = self.at - 1;
                Ok(LineText::part(line, end - text.len(), end))
            }
            (text, _) => Ok(text.into_owned().into()),
        }
    }

    /// Reads a string that is long or has escapes, from after its opening quote.
    fn long_string(&mut self) -> Result<Cow<'a, str>, CodecError> {
        let start = self.at;
        let mut quote = self.quote()?;
        let mut content = String::new();
        while let Some(plain) = self.text[self.at..quote].find('\\') {
            content.push_str(&self.text[self.at..self.at + plain]);
            self.at += plain + 1;
            content.push(self.escape()?);
            // The quote itself may have been escaped. It is not looked for after every escape:
            // that would take the square of the string's length.
            if quote < self.at {
                quote = self.quote()?;
            }
        }
        let rest = &self.text[self.at..quote];
        let plain = self.at == start;
        self.at = quote + 1;
        if plain {
            return Ok(Cow::Borrowed(rest));
        }
        content.push_str(rest);
        Ok(Cow::Owned(content))
    }

    /// The place of the next quote, escaped or not.
    fn quote(&self) -> Result<usize, CodecError> {
        match self.text[self.at..].find('"') {
            Some(distance) => Ok(self.at + distance),
            None => Err(self.error("the string has no end")),
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Result<char, CodecError> {
        let letter = self.byte();
        let character = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.error("unknown escape")),
        };
        self.at += 1;
        Ok(character)
    }

    /// Reads the four digits after `\u`, and the second half of a surrogate pair.
    fn unicode(&mut self) -> Result<char, CodecError> {
        let mut code = self.four_digits()?;
        if (0xD800..0xDC00).contains(&code) && self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let low = self.four_digits()?;
            if !(0xDC00..0xE000).contains(&low) {
                return Err(self.error("half of a surrogate pair"));
            }
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        char::from_u32(code).ok_or_else(|| self.error("half of a surrogate pair"))
    }

    fn four_digits(&mut self) -> Result<u32, CodecError> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = char::from(self.byte()).to_digit(16) else {
                return Err(self.error("expected four hexadecimal digits"));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    /// Reads an integer from 0 to `max`.
    pub fn integer(&mut self, max: u64) -> Result<u64, CodecError> {
        let first = self.peek();
        let digits = &self.bytes[self.at..];
        let mut length = 0;
        let mut value: u64 = 0;
        while length < digits.len() {
            let digit = digits[length].wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            let digit = u64::from(digit);
            // So many digits always fit.
            value = match length < 19 {
                true => value * 10 + digit,
                false => match value.checked_mul(10).and_then(|ten| ten.checked_add(digit)) {
                    Some(value) => value,
                    None => {
                        self.at += length;
                        return Err(self.error("the number is too large"));
                    }
                },
            };
            length += 1;
        }
        self.at += length;
        if length == 0 || matches!(self.byte(), b'.' | b'e' | b'E') {
            return Err(self.error("expected an integer from 0"));
        }
        if first == b'0' && length > 1 {
            return Err(self.error("a number does not begin with 0"));
        }
        if value > max {
            Err(self.error("the number is too large"))
        } else {
            Ok(value)
        }
    }

    /// Skips a `null`. Returns whether there was one.
    pub fn null(&mut self) -> Result<bool, CodecError> {
        if self.peek() != b'n' {
            return Ok(false);
        }
        self.literal("null").map(|()| true)
    }

    /// Whether the next value begins with `first`.
    pub fn peeks(&mut self, first: u8) -> bool {
        self.inside && first == b'{' || self.peek() == first
    }

    /// Skips the minus of a number. Returns whether there was one; then a digit must follow.
    pub fn minus(&mut self) -> Result<bool, CodecError> {
        let negative = self.peek() == b'-';
        self.at += usize::from(negative);
        if negative && !self.byte().is_ascii_digit() {
            return Err(self.error("expected a digit after `-`"));
        }
        Ok(negative)
    }

    /// Reads `true` or `false`.
    pub fn boolean(&mut self) -> Result<bool, CodecError> {
        match self.peek() {
            b't' => self.literal("true").map(|()| true),
            b'f' => self.literal("false").map(|()| false),
            _ => Err(self.error("expected true or false")),
        }
    }

    fn literal(&mut self, word: &str) -> Result<(), CodecError> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.error("expected a value"));
        }
        self.at += word.len();
        Ok(())
    }

    /// Skips a value of any kind.
    pub fn skip(&mut self) -> Result<(), CodecError> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b'{' => {
                self.open(b'{')?;
                while self.key()?.is_some() {
                    self.skip()?;
                }
                Ok(())
            }
            b'[' => {
                self.open(b'[')?;
                while self.more(b']')? {
                    self.skip()?;
                }
                Ok(())
            }
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            b'-' | b'0'..=b'9' => self.skip_number(),
            _ => Err(self.error("expected a value")),
        }
    }

    fn skip_number(&mut self) -> Result<(), CodecError> {
        if self.byte() == b'-' {
            self.at += 1;
        }
        let leading_zero = self.byte() == b'0';
        let digits = self.skip_digits()?;
        if leading_zero && digits > 1 {
            return Err(self.error("a number does not begin with 0"));
        }
        if self.byte() == b'.' {
            self.at += 1;
            self.skip_digits()?;
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            self.skip_digits()?;
        }
        Ok(())
    }

    fn skip_digits(&mut self) -> Result<usize, CodecError> {
        let start = self.at;
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        if self.at == start {
            Err(self.error("expected a digit"))
        } else {
            Ok(self.at - start)
        }
    }
}
