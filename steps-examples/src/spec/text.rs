//! Comparing what was said with what was expected.
//!
//! An error says what was expected. The caller adds the actual text.

/// Whether a text holds another one.
pub(super) fn contains(actual: &str, expected: &str) -> Result<(), String> {
    if actual.contains(expected) {
        return Ok(());
    }
    Err(format!("expected in it: {expected}"))
}

/// Whether a text does not hold another one.
pub(super) fn lacks(actual: &str, unexpected: &str) -> Result<(), String> {
    if !actual.contains(unexpected) {
        return Ok(());
    }
    Err(format!("not expected in it: {unexpected}"))
}

/// Whether a text is the expected one, but for newlines at its end.
pub(super) fn is(actual: &str, expected: &str) -> Result<(), String> {
    if actual.trim_end_matches('\n') == expected.trim_end_matches('\n') {
        return Ok(());
    }
    Err(format!("expected:\n{}", quoted(expected)))
}

/// Whether a text has certain lines in this order, perhaps with others between them. Neither
/// indentation counts, nor a comment at the end of a line: places in source files change.
pub(super) fn has_lines(actual: &str, expected: &str) -> Result<(), String> {
    in_order(actual, expected, is_line)
}

/// Whether a text has lines that hold certain others, in this order.
pub(super) fn has_parts(actual: &str, expected: &str) -> Result<(), String> {
    in_order(actual, expected, |line, part| line.contains(part))
}

fn in_order(actual: &str, expected: &str, fits: fn(&str, &str) -> bool) -> Result<(), String> {
    let mut lines = actual.lines();
    for expected in expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        if !lines.any(|line| fits(line.trim(), expected)) {
            return Err(format!(
                "expected in it, in this order, the line: {expected}"
            ));
        }
    }
    Ok(())
}

fn is_line(actual: &str, expected: &str) -> bool {
    actual
        .strip_prefix(expected)
        .is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with("# "))
}

/// A text with a bar before each line, so that it stands out from the message around it.
pub(super) fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("  | {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_in_order() {
        let text = "  one   # a.rs:1\nand\n  two\n";
        assert_eq!(has_lines(text, "one\n  two"), Ok(()));
        assert_eq!(has_lines(text, "one   # a.rs:1"), Ok(()));
        assert!(has_lines(text, "two\none").is_err());
        assert!(has_lines(text, "on").is_err());
        assert_eq!(has_parts(text, "on\nnd"), Ok(()));
    }

    #[test]
    fn only_newlines_at_the_end_do_not_count() {
        assert_eq!(is("a\n", "a"), Ok(()));
        assert!(is("a \n", "a").is_err());
    }
}
