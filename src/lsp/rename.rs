//! Renames a step: its text in all features. The pattern is code, which is not changed; a message says where it is.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::TextEdit;

use super::navigation::{definitions_at, uses_of};
use super::outline::WrittenStep;
use super::project::OpenProject;
use super::text::ColumnUnit;
use crate::code_units::CodeUnits;
use crate::event::ArgumentGroup;

/// The changes of a rename.
#[derive(Debug, Default)]
pub struct StepRename {
    /// The changes of each document.
    pub edits: BTreeMap<PathBuf, Vec<TextEdit>>,
    /// What a person must know: where the pattern is, and which steps stay.
    pub notes: Vec<String>,
}

/// The step at a byte of a document, if the byte is in its text.
pub fn step_to_rename<'p>(
    project: &'p OpenProject,
    path: &Path,
    offset: usize,
) -> Option<&'p WrittenStep> {
    let document = project.documents.get(path)?;
    let line = document.text.gherkin_line_of(offset);
    let step = document.facts.outline.step_at(line)?;
    (step.bytes.start..=step.bytes.end)
        .contains(&offset)
        .then_some(step)
}

/// Renames the step at a byte of a document.
///
/// # Errors
/// When there is no step, or the new text cannot be that of a step.
pub fn rename(
    project: &mut OpenProject,
    path: &Path,
    offset: usize,
    new: &str,
    unit: ColumnUnit,
) -> Result<StepRename, String> {
    if new.trim() != new || new.is_empty() || new.contains(['\n', '\r']) {
        return Err("the text of a step is one line without space around it".to_owned());
    }
    let step = step_to_rename(project, path, offset)
        .ok_or_else(|| "here is no step to rename".to_owned())?;
    let (line, old) = (step.location.line, Arc::clone(&step.text));
    let found = definitions_at(project, path, offset);
    let mut result = StepRename::default();
    let [definition] = found[..] else {
        rename_equal(project, &old, new, unit, &mut result);
        return Ok(result);
    };
    let parts = parts_at(project, path, line, definition);
    let renaming = parts.and_then(|parts| Renaming::new(parts, &old, new));
    let mut left = 0;
    for (document, step) in uses_of(project, &[definition]) {
        let text = match &renaming {
            _ if step.text == old => Some(new.to_owned()),
            Some(renaming) => renaming.applied(&step.text),
            None => None,
        };
        match text {
            Some(text) => {
                let edit = TextEdit {
                    range: document.text.range(step.bytes.clone(), unit),
                    new_text: text,
                };
                let of_file = result.edits.entry(document.file.path.clone());
                of_file.or_default().push(edit);
            }
            None => left += 1,
        }
    }
    if left > 0 {
        let steps = if left == 1 { "step" } else { "steps" };
        result.notes.push(format!(
            "{left} {steps} of the same definition in other words stay as they are"
        ));
    }
    if let Some(definitions) = &project.definitions {
        let shown = definitions.definition(definition);
        result.notes.push(format!(
            "change the pattern `{}` too: {}:{}",
            shown.pattern, shown.location.file, shown.location.line
        ));
    }
    Ok(result)
}

/// Renames all steps with the same text: without exactly one definition, nothing else belongs together.
fn rename_equal(
    project: &OpenProject,
    old: &str,
    new: &str,
    unit: ColumnUnit,
    result: &mut StepRename,
) {
    for (path, document) in &project.documents {
        let steps = document.facts.outline.steps.iter();
        let edits: Vec<TextEdit> = steps
            .filter(|step| *step.text == *old)
            .map(|step| TextEdit {
                range: document.text.range(step.bytes.clone(), unit),
                new_text: new.to_owned(),
            })
            .collect();
        if !edits.is_empty() {
            result.edits.insert(path.clone(), edits);
        }
    }
}

/// The words of a step between its values, from the first row that the definition matches.
fn parts_at(
    project: &mut OpenProject,
    path: &Path,
    line: u32,
    definition: u32,
) -> Option<Vec<String>> {
    let document = project.documents.get(path)?;
    let uri = Arc::clone(&document.file.uri);
    let steps = document.planned_at(line);
    let definitions = project.definitions.as_mut()?;
    let mut found = steps.iter().filter_map(|step| {
        let arguments = definitions.arguments(&uri, step, definition)?;
        Some(words_between(&step.text, &arguments))
    });
    found.next()
}

/// The text around the arguments: one part more than there are arguments with a value.
fn words_between(text: &str, arguments: &[ArgumentGroup]) -> Vec<String> {
    let units = CodeUnits::of(text);
    let byte = |unit: u32| units.byte(unit).unwrap_or(text.len());
    let mut parts = Vec::new();
    let mut end = 0;
    for argument in arguments.iter().filter(|one| one.value.is_some()) {
        let (first, last) = (byte(argument.start), byte(argument.end));
        if first < end || last < first {
            continue;
        }
        parts.push(text[end..first].to_owned());
        end = last;
    }
    parts.push(text[end..].to_owned());
    parts
}

/// A change of the words of a step around its values.
#[derive(Debug)]
struct Renaming {
    before: Vec<String>,
    after: Vec<String>,
}

impl Renaming {
    /// From the old words, the old text as it is written, and the new text; `None` if the new text does not have the
    /// values of the old one in the same order.
    fn new(before: Vec<String>, old: &str, new: &str) -> Option<Self> {
        let values = values(&before, old)?;
        let mut after = Vec::with_capacity(before.len());
        let mut rest = new;
        for value in values {
            let value = &old[value];
            let at = rest.find(value).filter(|_| !value.is_empty())?;
            after.push(rest[..at].to_owned());
            rest = &rest[at + value.len()..];
        }
        after.push(rest.to_owned());
        Some(Self { before, after })
    }

    /// The new text of another step, if it has the old words.
    fn applied(&self, text: &str) -> Option<String> {
        let values = values(&self.before, text)?;
        let mut result = String::new();
        for (at, part) in self.after.iter().enumerate() {
            result.push_str(part);
            if let Some(value) = values.get(at) {
                result.push_str(&text[value.clone()]);
            }
        }
        Some(result)
    }
}

/// What stands between the words in a text; `None` if it does not have them.
fn values(words: &[String], text: &str) -> Option<Vec<Range<usize>>> {
    let (first, others) = words.split_first()?;
    let Some((last, middle)) = others.split_last() else {
        return (first == text).then(Vec::new);
    };
    if text.len() < first.len() + last.len() || !text.ends_with(last.as_str()) {
        return None;
    }
    let mut start = text.strip_prefix(first.as_str()).map(|_| first.len())?;
    let end = text.len() - last.len();
    let mut values = Vec::with_capacity(others.len());
    for part in middle {
        let at = start + text.get(start..end)?.find(part.as_str())?;
        values.push(start..at);
        start = at + part.len();
    }
    (start <= end).then(|| values.push(start..end))?;
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renaming(words: &[&str], old: &str, new: &str) -> Option<Renaming> {
        let words = words.iter().map(|&word| word.to_owned()).collect();
        Renaming::new(words, old, new)
    }

    #[test]
    fn values_of_other_steps_stay() {
        let words = ["I pay ", " to ", ""];
        let found = renaming(&words, "I pay 3 to Bob", "Bob? no: 3 goes to Bob now");
        let found = found.map(|one| one.applied("I pay <n> to the 2 men"));
        assert_eq!(
            found,
            Some(Some("Bob? no: <n> goes to the 2 men now".to_owned()))
        );
        let found = renaming(&words, "I pay 3 to Bob", "3 Bob");
        let found = found.map(|one| one.applied("you pay 3 to Bob"));
        assert_eq!(found, Some(None), "other words");
        assert!(renaming(&words, "I pay 3 to Bob", "Bob pays").is_none());
        assert!(renaming(&["a "], "b", "c").is_none());
    }

    #[test]
    fn words_are_what_no_argument_has() {
        let group = |value: Option<&str>, start, end| ArgumentGroup {
            value: value.map(str::to_owned),
            start,
            end,
            children: Vec::new(),
            parameter_type: None,
        };
        let groups = [
            group(Some("é"), 3, 4),
            group(None, 0, 0),
            group(Some("x"), 5, 6),
        ];
        assert_eq!(words_between("😀 é x!", &groups), ["😀 ", " ", "!"]);
        assert_eq!(words_between("plain", &[]), ["plain"]);
    }
}
