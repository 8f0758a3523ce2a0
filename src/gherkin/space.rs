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
    match text.is_ascii() {
        true => text.bytes().any(is_ascii_space),
        false => text.contains(is_space),
    }
}

/// The number of bytes of space that the text begins with.
pub(crate) fn leading_space(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ascii = bytes
        .iter()
        .position(|byte| !is_ascii_space(*byte))
        .unwrap_or(bytes.len());
    if bytes.get(ascii).is_some_and(|byte| !byte.is_ascii()) {
        text.len() - text.trim_start_matches(is_space).len()
    } else {
        ascii
    }
}

/// The text without space at its end.
pub(crate) fn trim_end(text: &str) -> &str {
    let bytes = text.as_bytes();
    let ascii = bytes
        .iter()
        .rposition(|byte| !is_ascii_space(*byte))
        .map_or(0, |last| last + 1);
    if ascii > 0 && !bytes[ascii - 1].is_ascii() {
        text.trim_end_matches(is_space)
    } else {
        &text[..ascii]
    }
}

/// The text without space around it.
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
