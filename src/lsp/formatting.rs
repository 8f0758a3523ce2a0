//! Formats a document as `bdd fmt` does.

use gen_lsp_types::TextEdit;

use super::document::FeatureDocument;
use super::project::OpenProject;
use super::text::ColumnUnit;
use crate::format::format;

/// The changes that format a document: one, without the lines that stay at its beginning and its end. Nothing for Markdown
/// and for a text that does not parse.
pub fn formatting(
    project: &OpenProject,
    document: &FeatureDocument,
    unit: ColumnUnit,
) -> Option<Vec<TextEdit>> {
    if document.options.markdown {
        return None;
    }
    let style = project.config.fmt.style();
    let old = document.text.source();
    let new = format(old, &document.options, style).ok()?;
    Some(difference(document, &new, unit).into_iter().collect())
}

/// The change from the text of a document to another one; nothing if they are equal.
pub fn difference(document: &FeatureDocument, new: &str, unit: ColumnUnit) -> Option<TextEdit> {
    let old = document.text.source();
    if old == new {
        return None;
    }
    let first: usize = (old.split_inclusive('\n').zip(new.split_inclusive('\n')))
        .take_while(|(old, new)| old == new)
        .map(|(line, _)| line.len())
        .sum();
    let (old_rest, new_rest) = (&old[first..], &new[first..]);
    let last: usize = (lines_from_end(old_rest).zip(lines_from_end(new_rest)))
        .take_while(|(old, new)| old == new)
        .map(|(line, _)| line.len())
        .sum();
    let start = document.text.mark() + first;
    let end = start + old_rest.len() - last;
    Some(TextEdit {
        range: document.text.range(start..end, unit),
        new_text: new_rest[..new_rest.len() - last].to_owned(),
    })
}

fn lines_from_end(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').rev()
}
