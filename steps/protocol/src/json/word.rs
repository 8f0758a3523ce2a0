//! Looks at the bytes of strings eight at a time, without a branch for each of them. Only for code that is optimised:
//! otherwise it costs more than it saves.

/// A word whose bytes are all the same.
const fn repeated(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Is not 0 exactly if a byte of the word is less than `limit`, which is 128 at most. In the first byte that is, and in none
/// before it, the highest bit is set, if the word was read as little endian.
const fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(repeated(limit)) & !word & repeated(0x80)
}

/// The same for the bytes that equal this one.
const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ repeated(byte), 1)
}

/// Whether any byte is one that JSON escapes: a quote, a backslash or a control character.
pub(super) fn any_escaped(bytes: &[u8]) -> bool {
    let escaped = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        below(word, b' ') | equal(word, b'"') | equal(word, b'\\') != 0
    };
    let Some(last) = bytes.last_chunk() else {
        let mut bytes = bytes.iter();
        return bytes.any(|byte| matches!(byte, ..b' ' | b'"' | b'\\'));
    };
    // The last word overlaps the one before it, so that no bytes are left over.
    let (words, _) = bytes.as_chunks();
    words.iter().any(escaped) || escaped(last)
}

/// Looks for the first quote or backslash. If there is none among the first bytes, the error says how many they are.
pub(super) fn find_end(bytes: &[u8]) -> Result<usize, usize> {
    let (words, _) = bytes.as_chunks();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = equal(word, b'"') | equal(word, b'\\');
        if found != 0 {
            return Ok(8 * number + found.trailing_zeros() as usize / 8);
        }
    }
    Err(8 * words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of each length with each byte at each place, among others that are no match.
    fn each_case(mut check: impl FnMut(&[u8], u8)) {
        for length in 0..20 {
            for place in 0..length {
                for byte in 0..=255 {
                    for around in [
                        b' ', b'!', b'#', b'[', b']', b'a', 0x7f, 0x80, 0xa2, 0xdc, 0xff,
                    ] {
                        let mut bytes = vec![around; length];
                        bytes[place] = byte;
                        check(&bytes, byte);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_escaped_is_found_at_each_place() {
        each_case(|bytes, byte| {
            let escaped = byte < b' ' || byte == b'"' || byte == b'\\';
            assert_eq!(any_escaped(bytes), escaped, "{bytes:?}");
        });
        assert!(!any_escaped(b""));
    }

    #[test]
    fn the_first_end_is_found_at_each_place() {
        each_case(|bytes, _| {
            let end = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\'));
            let words = bytes.len() / 8 * 8;
            let expected = end.filter(|end| *end < words).ok_or(words);
            assert_eq!(find_end(bytes), expected, "{bytes:?}");
            // What follows the first one does not matter.
            let twice = [bytes, b"\"\"\\\\\"\"\\\\"].concat();
            let end = end.unwrap_or(bytes.len());
            let found = find_end(&twice);
            assert_eq!(found.unwrap_or(end), end, "{twice:?}");
        });
    }
}
