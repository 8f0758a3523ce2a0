//! Where the functions of step definitions are in their source files.

use std::path::{Path, PathBuf};

use gen_lsp_types::{Location, Position, Range, Uri};

use super::file_uri::uri_of;
use super::text::{ColumnUnit, DocumentText};
use crate::event::{SourceLocation, StepDefinition};
use crate::input;

/// How far below an attribute or decorator its function may begin.
const MOST_LINES: usize = 50;

/// Finds places in source files. Paths of definitions count from the root.
#[derive(Debug, Clone, Copy)]
pub struct SourcePlaces<'r> {
    root: &'r Path,
}

impl<'r> SourcePlaces<'r> {
    /// Places in a project.
    pub fn new(root: &'r Path) -> Self {
        Self { root }
    }

    /// The file of a place.
    pub fn path(self, place: &SourceLocation) -> PathBuf {
        crate::paths::normalized(&self.root.join(&place.file))
    }

    /// The same as a URI.
    pub fn uri(self, place: &SourceLocation) -> Uri {
        uri_of(&self.path(place))
    }

    /// The beginning of the line of a place.
    pub fn line(self, place: &SourceLocation) -> Range {
        let start = Position {
            line: place.line.max(1) - 1,
            character: 0,
        };
        Range { start, end: start }
    }

    /// The name of the function of a definition, else the line that the step program names.
    pub fn function(self, definition: &StepDefinition, unit: ColumnUnit) -> Location {
        let place = &definition.location;
        let range = self.name_of_function(definition, unit);
        Location {
            uri: self.uri(place),
            range: range.unwrap_or_else(|| self.line(place)),
        }
    }

    fn name_of_function(self, definition: &StepDefinition, unit: ColumnUnit) -> Option<Range> {
        let place = &definition.location;
        // Programs name the function with or without its module.
        let separators = [':', '.'];
        let name = definition.function.rsplit(separators).next();
        let name = name.filter(|name| !name.is_empty())?;
        let source = input::read(&self.path(place)).ok()?;
        let text = DocumentText::new(String::from_utf8(source).ok()?);
        let first = place.line.max(1);
        let last = first.saturating_add(u32::try_from(MOST_LINES).ok()?);
        for line in first..=last.min(text.gherkin_line_count()) {
            let bytes = text.gherkin_line(line);
            if let Some(at) = name_in(&text.as_str()[bytes.clone()], name) {
                let start = bytes.start + at;
                return Some(text.range(start..start + name.len(), unit));
            }
        }
        None
    }
}

/// Where the name is in a line that begins the function, in Rust or Python.
fn name_in(line: &str, name: &str) -> Option<usize> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    for keyword in ["fn ", "def "] {
        for (at, _) in line.match_indices(keyword) {
            let begins = !line[..at].chars().next_back().is_some_and(is_name);
            let after = &line[at + keyword.len()..];
            let trimmed = after.trim_start();
            let ends = trimmed
                .strip_prefix(name)
                .is_some_and(|rest| !rest.chars().next().is_some_and(is_name));
            if begins && ends {
                return Some(line.len() - trimmed.len());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_found_by_its_keyword() {
        for (line, at) in [
            ("async fn  add(x: i64) {", Some(10)),
            ("    def add(context):", Some(8)),
            ("fn add_more() {", None),
            ("// often add", None),
            ("undef add", None),
        ] {
            assert_eq!(name_in(line, "add"), at, "{line}");
        }
    }
}
