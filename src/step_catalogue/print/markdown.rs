//! The catalogue as Markdown, for a wiki or a repository.

use std::fmt::Write as _;

use super::super::StepCatalogue;
use super::{by_file, place, summary};
use crate::report::{duration, one_line};

/// The catalogue, a section for each file.
#[must_use]
pub fn markdown(catalogue: &StepCatalogue, shown: &[usize]) -> String {
    let mut out = format!("# Step definitions\n\n{}\n", summary(catalogue, shown));
    for (file, positions) in by_file(catalogue, shown) {
        let _ = writeln!(out, "\n## {}", code(file));
        for position in positions {
            let entry = &catalogue.entries()[position];
            let definition = entry.definition();
            let _ = writeln!(
                out,
                "\n### {} {}\n",
                definition.keyword,
                code(&definition.pattern)
            );
            if !entry.doc().is_empty() {
                // Documentation is Markdown already. A heading in it must not look like one of this page.
                for line in entry.doc().lines() {
                    let _ = writeln!(out, "> {}", one_line(line));
                }
                out.push('\n');
            }
            let mean = entry
                .mean_nanos()
                .map(|nanos| format!(", mean {}", duration(nanos)));
            let uses = match entry.uses() {
                0 => "unused".to_owned(),
                1 => "1 use".to_owned(),
                uses => format!("{uses} uses"),
            };
            let _ = writeln!(
                out,
                "- {}: {uses}{}",
                code(&place(entry)),
                mean.unwrap_or_default()
            );
            if let Some(used) = entry.texts().first() {
                let at = code(&format!("{}:{}", used.uri, used.line));
                let _ = writeln!(out, "- for example {} in {at}", code(&used.text));
            }
            for overlap in entry.overlaps() {
                let other = &catalogue.entries()[overlap.with];
                let pattern = code(&other.definition().pattern);
                let at = code(&place(other));
                let text = code(&overlap.text);
                let _ = writeln!(out, "- overlaps {pattern} in {at}: both match {text}");
            }
        }
    }
    out
}

/// Text as a code span: with more backticks around it than there are in it, so that all of it is shown as it is.
fn code(text: &str) -> String {
    let text = one_line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let is_edge = |c: char| c == '`' || c == ' ';
    let space = if text.starts_with(is_edge) || text.ends_with(is_edge) {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_hold_any_text() {
        assert_eq!(code("a <b> | *c*"), "`a <b> | *c*`");
        assert_eq!(code("a `b` ``c"), "```a `b` ``c```");
        assert_eq!(code("`a"), "`` `a ``");
    }
}
