//! From the bytes of a file to its text.

use super::error::{ErrorKind, ParseError};
use super::location::Location;
use super::space::width;

/// The text of a file, without the byte order mark that it may begin with.
///
/// # Errors
/// The place of the first byte that is not UTF-8.
pub fn decode(bytes: &[u8]) -> Result<&str, ParseError> {
    const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let (valid, rest) = bytes.split_at(error.valid_up_to());
        let valid = String::from_utf8_lossy(valid);
        let last_line = valid.rfind('\n').map_or(0, |position| position + 1);
        ParseError {
            location: Location {
                line: u32::try_from(valid.matches('\n').count() + 1).unwrap_or(u32::MAX),
                column: width(&valid[last_line..]) + 1,
            },
            kind: ErrorKind::Encoding(error.error_len().and_then(|_| rest.first().copied())),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byte_order_mark_goes_and_bad_bytes_are_located() {
        assert_eq!(decode(b"\xef\xbb\xbfFeature:"), Ok("Feature:"));
        let message = |bytes: &[u8]| {
            decode(bytes)
                .map(str::to_owned)
                .map_err(|error| error.message())
        };
        assert_eq!(
            message(
                "é\nü \u{20ac}"
                    .as_bytes()
                    .split_last()
                    .map_or(&[], |(_, head)| head)
            ),
            Err("(2:3): not UTF-8: the file ends inside a character".into())
        );
        assert_eq!(
            message(b"Feature:\n  caf\xe9 au lait"),
            Err("(2:6): not UTF-8: unexpected byte 0xe9".into())
        );
    }
}
