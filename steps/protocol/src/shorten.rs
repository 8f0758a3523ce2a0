//! Texts that are too long for any report: their middle is left out, and a remark says how much of it.

use std::borrow::Cow;

/// The longest message of an error, in bytes.
pub const LONGEST_MESSAGE: usize = 64 * 1024;

/// The longest trace of an error, in bytes.
pub const LONGEST_TRACE: usize = 256 * 1024;

/// A text of several lines without its middle, if it is longer than `most` bytes.
#[must_use]
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    without_middle(text, most, "\n")
}

/// A text of one line without its middle, if it is longer than `most` bytes.
#[must_use]
pub fn shortened_line(text: &str, most: usize) -> Cow<'_, str> {
    without_middle(text, most, " … ")
}

/// Leaves out the middle of a text of several lines that is longer than `most` bytes. The space of the rest is given
/// back.
pub fn shorten(text: &mut String, most: usize) {
    if let Cow::Owned(short) = shortened(text, most) {
        *text = short;
    }
}

/// The beginning says what happened, the end often why: the beginning gets more.
fn without_middle<'t>(text: &'t str, most: usize, around: &str) -> Cow<'t, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let mut start = most / 4 * 3;
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = text.len() - most / 4;
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let (beginning, left_out, ending) = (&text[..start], end - start, &text[end..]);
    Cow::Owned(format!(
        "{beginning}{around}[bdd: {left_out} bytes are left out here]{around}{ending}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_left_out_and_counted() {
        assert_eq!(shortened("12345678", 8), "12345678");
        assert_eq!(
            shortened("123456789", 8),
            "123456\n[bdd: 1 bytes are left out here]\n89"
        );
        assert_eq!(
            shortened_line("ééééééééé", 8),
            "ééé … [bdd: 10 bytes are left out here] … é"
        );
        let mut text = "x".repeat(1000);
        shorten(&mut text, 100);
        assert!(text.len() < 150 && text.contains("[bdd: 900 bytes are left out here]"));
    }
}
