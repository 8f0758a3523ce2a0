//! Paths in quotes, as lists of paths contain them. Git writes unusual paths in the same form.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// A path as it can stand on a line of a list. A path is quoted if it would be read as something else: `#` begins a
/// comment, `@` a list, `"` a quoted path; spaces around a line are ignored, and `:7` at the end is a line number.
pub(crate) fn quoted_if_needed(path: &str) -> String {
    let first = path.chars().next();
    let begins = first.is_none_or(|c| matches!(c, '#' | '@' | '"') || c.is_whitespace());
    let ends = path.ends_with(char::is_whitespace);
    let digits = path.rsplit_once(':').map(|(_, after)| after);
    let has_line = digits.is_some_and(|after| after.bytes().all(|byte| byte.is_ascii_digit()));
    if begins || ends || has_line || path.contains(char::is_control) {
        quoted(path)
    } else {
        path.to_owned()
    }
}

fn quoted(path: &str) -> String {
    let mut text = String::with_capacity(path.len() + 2);
    text.push('"');
    for c in path.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    let _ = write!(text, "\\{byte:03o}");
                }
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

/// Reads a path in quotes. The result is the path, and what follows the closing quote; none if the text is no such path.
pub(crate) fn unquoted(text: &str) -> Option<(PathBuf, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut path = Vec::with_capacity(inner.len());
    let mut rest = inner.as_bytes();
    loop {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        match byte {
            b'"' => break,
            b'\\' => {
                let (byte, after) = escaped(rest)?;
                path.push(byte);
                rest = after;
            }
            byte => path.push(byte),
        }
    }
    // A quote is one byte, so the rest begins at a character.
    let rest = text.get(text.len() - rest.len()..)?;
    Some((OsString::from_vec(path).into(), rest))
}

/// The byte that an escape sequence without its backslash stands for.
fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    let (&first, after) = text.split_first()?;
    let byte = match first {
        b'"' | b'\\' => first,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'a' => 0x07,
        b'b' => 0x08,
        b'v' => 0x0b,
        b'f' => 0x0c,
        b'0'..=b'7' => {
            let (digits, after) = text.split_at_checked(3)?;
            let digits = std::str::from_utf8(digits).ok()?;
            return Some((u8::from_str_radix(digits, 8).ok()?, after));
        }
        _ => return None,
    };
    Some((byte, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_read_back() {
        for path in [
            "a \"b\".feature",
            "\"",
            "\\",
            " a",
            "a\nb\r\t\u{1b}[1m\u{85}",
            "#é",
            "a:3",
            "",
        ] {
            let text = quoted(path);
            assert_eq!(text.lines().count(), 1);
            assert_eq!(unquoted(&text), Some((PathBuf::from(path), "")), "{text}");
            let followed = format!("{text}:3");
            assert_eq!(unquoted(&followed), Some((PathBuf::from(path), ":3")));
        }
    }

    #[test]
    fn usual_paths_are_not_quoted() {
        for path in [
            "features/a.feature",
            "a b.feature",
            "a\"b",
            "é*[a]{b}",
            "a:b",
        ] {
            assert_eq!(quoted_if_needed(path), path);
        }
        assert_eq!(quoted_if_needed("@a"), "\"@a\"");
        assert_eq!(quoted_if_needed("a:12"), "\"a:12\"");
        assert_eq!(quoted_if_needed("a\u{1b}"), "\"a\\033\"");
    }

    #[test]
    fn bytes_are_read_as_git_writes_them() {
        let path = |bytes: &[u8]| PathBuf::from(OsString::from_vec(bytes.to_vec()));
        assert_eq!(
            unquoted(r#""\303\251\377""#),
            Some((path(b"\xc3\xa9\xff"), ""))
        );
        for broken in [
            "a",
            "\"",
            "\"a",
            r#""\""#,
            r#""\x""#,
            r#""\38""#,
            r#""\999""#,
            r#""\777""#,
            "\"é",
        ] {
            assert_eq!(unquoted(broken), None, "{broken}");
        }
    }
}
