//! The difference of two texts in the unified format.

use std::fmt::Write as _;
use std::ops::Range;

use bdd_sequences::diff::{self, Part};

/// The equal lines that are shown around a change.
const CONTEXT: usize = 3;

/// The difference of two texts as `diff -u` shows it; empty if there is none. `path` is the name of both.
pub fn unified_diff(path: &str, old: &str, new: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let changes: Vec<(Range<usize>, Range<usize>)> = diff::parts(&old, &new)
        .into_iter()
        .filter_map(|part| match part {
            Part::Replaced(left, right) => Some((left, right)),
            Part::Equal(..) => None,
        })
        .collect();
    let mut text = String::new();
    if changes.is_empty() {
        return text;
    }
    let _ = write!(text, "--- {path}\n+++ {path}\n");
    let near = |pair: &(Range<usize>, Range<usize>), next: &(Range<usize>, Range<usize>)| {
        next.0.start - pair.0.end <= 2 * CONTEXT
    };
    for hunk in changes.chunk_by(near) {
        write_hunk(&mut text, hunk, &old, &new);
    }
    text
}

fn write_hunk(
    text: &mut String,
    changes: &[(Range<usize>, Range<usize>)],
    old: &[&str],
    new: &[&str],
) {
    let (Some(first), Some(last)) = (changes.first(), changes.last()) else {
        return;
    };
    let before = first.0.start.min(CONTEXT);
    let after = (old.len() - last.0.end).min(CONTEXT);
    let left = first.0.start - before..last.0.end + after;
    let right = first.1.start - before..last.1.end + after;
    let _ = writeln!(text, "@@ -{} +{} @@", span(&left), span(&right));
    let mut at = left.start;
    for (removed, added) in changes {
        write_lines(text, ' ', &old[at..removed.start]);
        write_lines(text, '-', &old[removed.clone()]);
        write_lines(text, '+', &new[added.clone()]);
        at = removed.end;
    }
    write_lines(text, ' ', &old[at..left.end]);
}

/// Lines as `diff` counts them: from 1, and the line before for none.
fn span(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => (lines.start + 1).to_string(),
        length => format!("{},{length}", lines.start + 1),
    }
}

fn write_lines(text: &mut String, mark: char, lines: &[&str]) {
    for line in lines {
        text.push(mark);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_diff_shows() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl";
        let new = "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n";
        assert_eq!(
            unified_diff("x", old, new),
            "--- x\n+++ x\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -9,4 +9,5 @@\n i\n j\n k\n-l\n\\ No newline at end of file\n+l\n+m\n"
        );
        assert_eq!(unified_diff("x", "a\n", "a\n"), "");
        assert_eq!(
            unified_diff("x", " \n", ""),
            "--- x\n+++ x\n@@ -1 +0,0 @@\n- \n"
        );
    }
}
