//! Reads and writes the part of JSON that the protocol needs.
//!
//! There is no tree of values: a [`Reader`] walks over one text. The types of the protocol read the members
//! that they know and skip the rest. This module knows no messages.
//!
//! Step crates are usually built without optimisation, and this file with them. Then a call costs more than
//! comparing a few bytes. So short strings are read byte by byte, and long ones with `str::find`, whose inner
//! loop is optimised in the standard library. Optimised code looks at several bytes at once, see [`special_bytes`].
//!
//! [`special_bytes`]: crate::special_bytes

use std::borrow::Cow;
use std::fmt;

mod line_text;
mod reader;
mod writer;

pub use line_text::LineText;
pub use reader::Reader;
pub use writer::Text;
use writer::{write_integer, write_string};

/// Why a line is not a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodecError {
    /// The place, in bytes from the start of the line.
    pub at: usize,
    /// What is wrong: a fragment such as "expected a string".
    pub problem: String,
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.problem, self.at)
    }
}

impl std::error::Error for CodecError {}

/// A value of the protocol that can be read.
pub trait FromJson: Sized {
    /// Reads the value that begins at the reader's place.
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError>;
}

/// A value of the protocol that can be written.
pub trait ToJson {
    /// Appends the value.
    fn write(&self, out: &mut Text);
}

impl FromJson for u32 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        let value = reader.integer(u64::from(u32::MAX))?;
        u32::try_from(value).map_err(|_| reader.error("the number is too large"))
    }
}

impl ToJson for u32 {
    fn write(&self, out: &mut Text) {
        write_integer(u64::from(*self), out);
    }
}

impl FromJson for u64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        reader.integer(u64::MAX)
    }
}

impl ToJson for u64 {
    fn write(&self, out: &mut Text) {
        write_integer(*self, out);
    }
}

impl FromJson for i32 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        let negative = reader.minus()?;
        let size = i64::from(u32::read(reader)?);
        i32::try_from(if negative { -size } else { size })
            .map_err(|_| reader.error("the number is too large"))
    }
}

impl ToJson for i32 {
    fn write(&self, out: &mut Text) {
        if *self < 0 {
            out.push("-");
        }
        write_integer(u64::from(self.unsigned_abs()), out);
    }
}

impl FromJson for bool {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        reader.boolean()
    }
}

impl ToJson for bool {
    fn write(&self, out: &mut Text) {
        out.push(if *self { "true" } else { "false" });
    }
}

impl FromJson for String {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(reader.string()?.into_owned())
    }
}

impl FromJson for LineText {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        reader.line_text()
    }
}

impl ToJson for str {
    fn write(&self, out: &mut Text) {
        write_string(self, out);
    }
}

impl ToJson for String {
    fn write(&self, out: &mut Text) {
        write_string(self, out);
    }
}

impl ToJson for Cow<'_, str> {
    fn write(&self, out: &mut Text) {
        write_string(self, out);
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        let mut elements = Vec::new();
        reader.open(b'[')?;
        while reader.more(b']')? {
            elements.push(T::read(reader)?);
        }
        Ok(elements)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write(&self, out: &mut Text) {
        out.push("[");
        for (index, element) in self.iter().enumerate() {
            if index > 0 {
                out.push(",");
            }
            element.write(out);
        }
        out.push("]");
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        if reader.null()? {
            Ok(None)
        } else {
            T::read(reader).map(Some)
        }
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write(&self, out: &mut Text) {
        match self {
            Some(value) => value.write(out),
            None => out.push("null"),
        }
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        T::read(reader).map(Box::new)
    }
}

impl<T: ToJson> ToJson for Box<T> {
    fn write(&self, out: &mut Text) {
        (**self).write(out);
    }
}
