//! What counts as a space in Gherkin: the whitespace of Unicode and the four ASCII
//! separators (U+001C to U+001F), as in the official parser.

/// Whether the parser trims this character.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r' | 0x1c..=0x1f)
}

/// Whether the text has a space anywhere.
pub(crate) fn has_space(text: &str) -> bool {
    text.bytes().any(is_ascii_space) || !text.is_ascii() && text.contains(is_space)
}

/// The number of bytes of space that the text begins with.
#[inline]
pub(crate) fn leading_space(text: &str) -> usize {
    let plain = spaces(text.as_bytes());
    match text.as_bytes().get(plain) {
        None | Some(b'!'..=b'~') => plain,
        Some(_) => text.len() - text.trim_start_matches(is_space).len(),
    }
}

/// The number of bytes ` ` at the beginning: most space is nothing else.
#[inline]
pub(super) fn spaces(bytes: &[u8]) -> usize {
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    let mut count = 0;
    while let Some(word) = bytes[count..].first_chunk() {
        let others = u64::from_le_bytes(*word) ^ SPACES;
        if others != 0 {
            return count + others.trailing_zeros() as usize / 8;
        }
        count += 8;
    }
    let rest = bytes[count..].iter();
    count + rest.take_while(|byte| **byte == b' ').count()
}

/// The text without space at its end.
#[inline]
pub(crate) fn trim_end(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut end = bytes.len();
    while end > 0 && bytes[end - 1] == b' ' {
        end -= 1;
    }
    match bytes[..end].last() {
        None | Some(b'!'..=b'~') => &text[..end],
        Some(_) => text.trim_end_matches(is_space),
    }
}

/// The text without space around it.
#[inline]
pub(crate) fn trim(text: &str) -> &str {
    trim_end(&text[leading_space(text)..])
}

/// The number of code points.
pub(crate) fn width(text: &str) -> u32 {
    let count = if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    };
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_of_unicode_are_trimmed_and_the_byte_order_mark_is_not() {
        assert_eq!(trim("\u{3000}\u{a0}\t a b \u{1c}\u{2028}\u{85}"), "a b");
        assert_eq!(trim("\u{feff}a\u{200b}"), "\u{feff}a\u{200b}");
        assert_eq!(trim(" \u{2003} "), "");
        assert_eq!(leading_space(" \u{e9}"), 1);
        assert_eq!(trim_end("\u{e9} "), "\u{e9}");
    }
}
