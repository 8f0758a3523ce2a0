//! Makes text from outside safe to show: control characters, durations, widths.
//!
//! Everything in a feature file and everything that a step prints goes through here before it reaches a
//! terminal or an XML file.

use std::borrow::Cow;
use std::fmt::Write;

use bdd_protocol::{shortened, shortened_line};

use bdd_protocol::special_bytes;

/// The longest line that is shown of a name, of the text of a step or of a cell, in bytes.
const LONGEST_LINE: usize = 8 * 1024;

/// The longest table or docstring that is shown below a step, in bytes.
const LONGEST_ARGUMENT: usize = 64 * 1024;

/// Makes text of one line safe, such as a name or a path: every control character becomes
/// visible, line breaks and tabs too. Of a very long one the middle is left out.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    match short_line(text) {
        Cow::Borrowed(text) => clean(text, false, true),
        Cow::Owned(text) => Cow::Owned(clean(&text, false, true).into_owned()),
    }
}

/// A text of one line as it is, but of a very long one the middle is left out.
pub(crate) fn short_line(text: &str) -> Cow<'_, str> {
    shortened_line(text, LONGEST_LINE)
}

/// What stands below a step as it is, but of a very long text the middle is left out.
pub(crate) fn short_argument(text: &str) -> Cow<'_, str> {
    shortened(text, LONGEST_ARGUMENT)
}

/// Makes text of several lines safe, such as output or a message: line breaks (as `\n`) and
/// tabs stay. Colour sequences are dropped, as they say nothing in another place.
pub(crate) fn block(text: &str) -> Cow<'_, str> {
    clean(text, true, false)
}

/// Makes a message of several lines safe that quotes what a person wrote: as [`block`], but colour sequences become
/// visible, too. Nothing that was written is left out.
pub(crate) fn message(text: &str) -> Cow<'_, str> {
    clean(text, true, true)
}

/// A control character becomes a visible escape such as `\x1b`, so that nothing is lost in
/// silence and nothing can move the cursor, break XML or reverse the reading direction.
fn clean(text: &str, lines: bool, colours: bool) -> Cow<'_, str> {
    let unusual = match lines {
        true => special_bytes::first(text.as_bytes(), |b| {
            !matches!(b, b' '..=b'~' | b'\n' | b'\t')
        }),
        false => special_bytes::first(text.as_bytes(), |b| !matches!(b, b' '..=b'~')),
    };
    if unusual.is_none() {
        return Cow::Borrowed(text);
    }
    let harmless = |c: char| !is_control(c) || (lines && matches!(c, '\n' | '\t'));
    let Some(first) = text.find(|c| !harmless(c)) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(c) = rest.chars().next() {
        if let Some(after) = after_colour(rest).filter(|_| !colours) {
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if harmless(c) {
            out.push(c);
        } else if c == '\r' && lines && rest.starts_with('\n') {
            // The line feed that follows is the line break.
        } else {
            push_escape(&mut out, c);
        }
    }
    Cow::Owned(out)
}

/// Characters that a terminal acts on or that XML 1.0 cannot hold.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{fffe}' | '\u{ffff}')
}

fn push_escape(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if u32::from(c) < 0x100 => {
            let _ = write!(out, "\\x{:02x}", u32::from(c));
        }
        c => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
    }
}

/// What follows the colour sequence (`ESC [ numbers m`) that `text` begins with.
fn after_colour(text: &str) -> Option<&str> {
    let parameters = text.strip_prefix("\x1b[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':')?;
    parameters[end..].strip_prefix('m')
}

/// The columns that `text` takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        text.len()
    } else {
        console::measure_text_width(text)
    }
}

/// Adds `columns` spaces.
pub(crate) fn pad(out: &mut String, columns: usize) {
    out.extend(std::iter::repeat_n(' ', columns));
}

/// Adds every line of `text`, indented; lines without text get no spaces.
pub(crate) fn indented(out: &mut String, columns: usize, text: &str) {
    for line in text.lines() {
        if !line.is_empty() {
            pad(out, columns);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// A duration for people: `12ms`, `1.234s`, `2m3.400s`.
pub(crate) fn duration(nanos: u64) -> String {
    let millis = nanos / 1_000_000;
    match millis {
        0..1_000 => format!("{millis}ms"),
        1_000..60_000 => format!("{}.{:03}s", millis / 1_000, millis % 1_000),
        _ => format!(
            "{}m{}.{:03}s",
            millis / 60_000,
            millis % 60_000 / 1_000,
            millis % 1_000
        ),
    }
}

/// `1 feature`, `2 features`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_visible() {
        assert_eq!(
            line("a\x1b[2Jb\0\u{9b}\u{202e}\u{fffe}\n\t"),
            "a\\x1b[2Jb\\x00\\x9b\\u{202e}\\u{fffe}\\n\\t"
        );
        assert_eq!(block("a\r\nb\rc\td\x7f"), "a\nb\\rc\td\\x7f");
        assert!(matches!(block("plain\nÄ 数字"), Cow::Borrowed(_)));
    }

    #[test]
    fn colours_are_dropped_from_blocks() {
        assert_eq!(block("\x1b[1;31mred\x1b[0m \x1b[38:5:1mx\x1b[m"), "red x");
        assert_eq!(block("\x1b[1;31"), "\\x1b[1;31");
        assert_eq!(line("\x1b[1m"), "\\x1b[1m", "a name is shown as it is");
    }

    #[test]
    fn durations() {
        assert_eq!(duration(999_999), "0ms");
        assert_eq!(duration(1_234_567_890), "1.234s");
        assert_eq!(duration(123_400_000_000), "2m3.400s");
    }

    #[test]
    fn widths_are_columns() {
        assert_eq!((width("abc"), width("数字"), width("e\u{301}")), (3, 4, 1));
    }
}
