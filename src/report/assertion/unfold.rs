//! Splits values that `Debug` writes on one line into several lines.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::CharIndices;

/// A group of values that is no longer than this stays on its line.
const SMALL_GROUP: usize = 40;
/// Groups inside more groups than this are not indented further.
const DEEPEST: usize = 40;

/// Both values as lines. Two texts are split at their own line breaks; a line break at the end of only one is
/// shown.
pub(super) fn both<'v>(left: &'v str, right: &'v str) -> (Cow<'v, str>, Cow<'v, str>) {
    match (text(left), text(right)) {
        (Some(mut left), Some(mut right)) => {
            // `lines` does not show whether the last one ends in a break.
            match (left.ends_with('\n'), right.ends_with('\n')) {
                (true, false) => left.push('⏎'),
                (false, true) => right.push('⏎'),
                _ => {}
            }
            (Cow::Owned(left), Cow::Owned(right))
        }
        _ => (one(left), one(right)),
    }
}

fn one(value: &str) -> Cow<'_, str> {
    // It has lines already.
    if value.contains('\n') {
        return Cow::Borrowed(value);
    }
    Cow::Owned(structure(value))
}

/// The text that a string literal means, if the value is one.
fn text(value: &str) -> Option<String> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => text.push(match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                'u' => escaped(&mut chars)?,
                c => c,
            }),
            c => text.push(c),
        }
    }
    Some(text)
}

/// The character of `{1f600}`.
fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let rest = chars.as_str().strip_prefix('{')?;
    let (digits, rest) = rest.split_once('}')?;
    *chars = rest.chars();
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

/// A structure with a line for each of its values.
fn structure(value: &str) -> String {
    let mut out = String::with_capacity(2 * value.len());
    let mut depth = 0usize;
    let mut chars = value.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => string(&mut out, &mut chars),
            '\'' => character(&mut out, &value[at..], &mut chars),
            '{' | '[' | '(' => {
                if let Some(length) = small_group(&value[at..]) {
                    out.push_str(&value[at..at + length]);
                    while chars.next_if(|(next, _)| *next < at + length).is_some() {}
                    continue;
                }
                out.push(c);
                depth += 1;
                line_break(&mut out, depth, &mut chars);
            }
            '}' | ']' | ')' => {
                depth = depth.saturating_sub(1);
                out.truncate(out.trim_end().len());
                // As `{:#?}` does: a value that follows does not change this line.
                if !out.ends_with([',', '{', '[', '(']) {
                    out.push(',');
                }
                line_break(&mut out, depth, &mut chars);
                out.push(c);
            }
            ',' if depth > 0 => {
                out.push(c);
                line_break(&mut out, depth, &mut chars);
            }
            c => out.push(c),
        }
    }
    out
}

type Chars<'a> = Peekable<CharIndices<'a>>;

fn line_break(out: &mut String, depth: usize, chars: &mut Chars<'_>) {
    out.push('\n');
    out.extend(std::iter::repeat_n("    ", depth.min(DEEPEST)));
    while chars.next_if(|(_, c)| *c == ' ').is_some() {}
}

/// The rest of a string literal; its lines are lines here too.
fn string(out: &mut String, chars: &mut Chars<'_>) {
    out.push('"');
    while let Some((_, c)) = chars.next() {
        out.push(c);
        match c {
            '"' => return,
            '\\' => {
                if let Some((_, escaped)) = chars.next() {
                    out.push(escaped);
                    let more = chars.peek().is_some_and(|(_, next)| *next != '"');
                    if escaped == 'n' && more {
                        out.push('\n');
                    }
                }
            }
            _ => {}
        }
    }
}

/// The rest of a character literal such as `'{'`, if it is one.
fn character(out: &mut String, rest: &str, chars: &mut Chars<'_>) {
    out.push('\'');
    let mut letters = rest.chars().skip(1);
    let length = match letters.next() {
        Some('\\') => 2,
        _ => 1,
    };
    if rest.chars().nth(length + 1) == Some('\'') {
        out.extend(chars.by_ref().take(length + 1).map(|(_, c)| c));
    }
}

/// The bytes of a group that is small and holds no line break.
fn small_group(rest: &str) -> Option<usize> {
    let mut depth = 0;
    let mut quoted = false;
    let mut escaped = false;
    let mut sign_end = 0;
    for (at, c) in rest.char_indices().take(SMALL_GROUP) {
        match c {
            _ if at < sign_end => {}
            'n' if escaped => return None,
            _ if escaped => {}
            // A sign such as '{' opens nothing.
            '\'' if !quoted && rest[at..].chars().nth(2) == Some('\'') => {
                sign_end = at
                    + rest[at..]
                        .chars()
                        .take(3)
                        .map(char::len_utf8)
                        .sum::<usize>();
            }
            '"' => quoted = !quoted,
            '{' | '[' | '(' if !quoted => depth += 1,
            '}' | ']' | ')' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn string_literals_are_texts() {
        for value in [
            "plain",
            "a\nb\n\nc",
            "\t\r\0\\\"'",
            "é数\u{301}\u{1f600}\u{7f}\u{200b}",
            "",
        ] {
            assert_eq!(text(&format!("{value:?}")).as_deref(), Some(value));
        }
        for value in ["5", "\"a\", \"b\"", "\"", r#""\""#, r#""\u{zz}""#] {
            assert_eq!(text(value), None, "{value}");
        }
    }

    #[test]
    fn structures_are_broken_between_values() {
        let value = r#"Order { lines: [("tea, green", '{', 1), ("coffee", '\'', 22222222222222222)], note: Some("a\nb"), empty: Nothing {} }"#;
        assert_eq!(
            structure(value),
            r#"Order {
    lines: [
        ("tea, green", '{', 1),
        ("coffee", '\'', 22222222222222222),
    ],
    note: Some(
        "a\n
b",
    ),
    empty: Nothing {},
}"#
        );
        for odd in ["}}}", "{{{", "a, b", "\"open", "'", "\\"] {
            let back: String = structure(odd).split_whitespace().collect();
            assert_eq!(back.replace(',', ""), odd.replace([' ', ','], ""));
        }
    }
}
