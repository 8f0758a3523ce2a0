//! How much something may be: `64 MB`.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde_json::json;

use crate::parse_value_error::ParseValueError;

/// A number of bytes that is not zero, such as `512 KB`, `10MB` or `1.5 GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct ByteSize(u64);

impl ByteSize {
    /// A number of mebibytes, at least one.
    pub const fn mebibytes(count: u32) -> Self {
        let count = if count == 0 { 1 } else { count };
        Self(count as u64 * 1024 * 1024)
    }

    /// The number of bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

/// The largest size that is accepted: larger than any disk.
const MOST: ByteSize = ByteSize(1_000_000_000_000_000);

impl FromStr for ByteSize {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let no_size = || invalid(text);
        let unit = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or_else(no_size)?;
        let (number, unit) = text.split_at(unit);
        let factor = match unit.trim_start().to_ascii_lowercase().as_str() {
            "b" => 1.0,
            "kb" => 1e3,
            "mb" => 1e6,
            "gb" => 1e9,
            "kib" => 1024.0,
            "mib" => 1024.0 * 1024.0,
            "gib" => 1024.0 * 1024.0 * 1024.0,
            _ => return Err(no_size()),
        };
        let bytes = number.parse::<f64>().map_err(|_| no_size())? * factor;
        if bytes > MOST.0 as f64 {
            let most = MOST.to_string();
            return Err(ParseValueError::too_large(text, "size", &most));
        }
        if bytes >= 1.0 {
            Ok(Self(bytes as u64))
        } else {
            Err(no_size())
        }
    }
}

impl TryFrom<String> for ByteSize {
    type Error = ParseValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Prints the form that `from_str` reads, in the largest unit that gives a whole number.
impl fmt::Display for ByteSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [
            (1 << 30, "GiB"),
            (1_000_000_000, "GB"),
            (1 << 20, "MiB"),
            (1_000_000, "MB"),
            (1 << 10, "KiB"),
            (1_000, "KB"),
        ];
        let whole = units
            .into_iter()
            .find(|(unit, _)| self.0.is_multiple_of(*unit));
        let (unit, name) = whole.unwrap_or((1, "B"));
        write!(formatter, "{} {name}", self.0 / unit)
    }
}

/// The error for a text that is not a size.
fn invalid(text: &str) -> ParseValueError {
    ParseValueError::new(
        text,
        "a size",
        "a number above 0 with a unit, such as `512 KB`, `10MB` or `1 GiB`",
    )
}

super::value::setting_by_display!(
    ByteSize,
    "10 MB",
    json!({
        "type": "string",
        "pattern": r"^(0*[1-9][0-9]*(\.[0-9]*)?|0*\.0*[1-9][0-9]*) *([kKmMgG][iI]?)?[bB]$",
    })
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_a_unit() {
        let bytes = |text: &str| text.parse::<ByteSize>().unwrap().bytes();
        assert_eq!(bytes("512B"), 512);
        assert_eq!(bytes("10 MB"), 10_000_000);
        assert_eq!(bytes("1.5KiB"), 1536);
        assert_eq!(bytes("2gib"), 2 << 30);
    }

    #[test]
    fn larger_than_any_disk() {
        assert_eq!("1000000GB".parse::<ByteSize>(), Ok(MOST));
        let error = "99999999 GB".parse::<ByteSize>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`99999999 GB` is too large: the largest size is 1000000 GB"
        );
    }

    #[test]
    fn nothing_else() {
        for text in [
            "", "10", "MB", "0 MB", "-1 MB", "1e3 MB", "10 bytes", "0.1 B",
        ] {
            let error = text.parse::<ByteSize>().unwrap_err();
            assert!(error.to_string().starts_with(&format!("`{text}` is not")));
        }
    }

    #[test]
    fn it_is_shown_as_it_is_read() {
        for text in ["512 B", "10 MB", "3 KiB", "2 GiB", "5 GB", "7 MiB", "1 KB"] {
            assert_eq!(text.parse::<ByteSize>().unwrap().to_string(), text);
        }
        assert_eq!(ByteSize::mebibytes(1024).to_string(), "1 GiB");
    }
}
