//! Where things are: hovers, definitions of steps, uses of definitions.

use std::path::Path;
use std::sync::Arc;

use gen_lsp_types::{Contents, Hover, Location, MarkupContent, MarkupKind, Position};

use super::definitions::UsedDefinitions;
use super::document::FeatureDocument;
use super::outline::WrittenStep;
use super::places::SourcePlaces;
use super::project::OpenProject;
use super::text::ColumnUnit;
use crate::plan::PlannedStep;

/// The definitions that a step at a byte of a document runs, each once.
pub fn definitions_at(project: &mut OpenProject, path: &Path, offset: usize) -> Vec<u32> {
    let Some(document) = project.documents.get(path) else {
        return Vec::new();
    };
    let line = document.text.gherkin_line_of(offset);
    let steps = document.planned_at(line);
    let uri = Arc::clone(&document.file.uri);
    let Some(definitions) = &mut project.definitions else {
        return Vec::new();
    };
    if let Some(found) = definitions.use_at(path, line) {
        return found.definitions.clone();
    }
    let mut all: Vec<u32> = Vec::new();
    for step in &steps {
        for number in definitions.of_step(&uri, step) {
            if !all.contains(&number) {
                all.push(number);
            }
        }
    }
    project.ask();
    all
}

/// What is known of the step or tag at a byte.
pub fn hover(
    project: &mut OpenProject,
    path: &Path,
    offset: usize,
    unit: ColumnUnit,
) -> Option<Hover> {
    let found = definitions_at(project, path, offset);
    let document = project.documents.get(path)?;
    let line = document.text.gherkin_line_of(offset);
    let step = document.facts.outline.step_at(line);
    let range = step.map(|step| document.text.range(step.bytes.clone(), unit));
    let text = match &mut project.definitions {
        Some(definitions) if !found.is_empty() => {
            let all = found
                .iter()
                .map(|number| of_definition(definitions, *number));
            all.collect::<Vec<_>>().join("\n\n---\n\n")
        }
        Some(definitions) if step.is_some() => {
            let steps = document.planned_at(line);
            of_undefined(definitions, steps.first()?, path, line)?
        }
        _ => return tag_hover(project, path, offset, unit),
    };
    Some(markdown(text, range))
}

fn markdown(value: String, range: Option<gen_lsp_types::Range>) -> Hover {
    Hover {
        contents: Contents::MarkupContent(MarkupContent {
            kind: MarkupKind::Markdown,
            value,
        }),
        range,
    }
}

/// Pattern, documentation, place and uses of a definition.
fn of_definition(definitions: &UsedDefinitions, number: u32) -> String {
    let shown = definitions.definition(number);
    let mut text = code(&format!("{} {}", shown.keyword, shown.pattern));
    let doc = definitions.doc(number);
    if !doc.is_empty() {
        text.push_str(&format!("\n\n{doc}"));
    }
    let uses = match definitions.count(number) {
        1 => "1 step uses it".to_owned(),
        count => format!("{count} steps use it"),
    };
    let place = &shown.location;
    text.push_str(&format!("\n\n`{}:{}`, {uses}", place.file, place.line));
    text
}

/// What an undefined step may mean; nothing if it is not known whether it is defined.
fn of_undefined(
    definitions: &mut UsedDefinitions,
    step: &PlannedStep,
    path: &Path,
    line: u32,
) -> Option<String> {
    definitions.use_at(path, line)?.problem.as_ref()?;
    let hint = definitions.hint(step);
    let hint = hint.map_or_else(String::new, |hint| format!(": {hint}"));
    Some(format!("No step definition matches this step{hint}"))
}

/// A block of code, whatever its text has.
fn code(text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}text\n{text}\n{fence}")
}

fn tag_hover(project: &OpenProject, path: &Path, offset: usize, unit: ColumnUnit) -> Option<Hover> {
    let document = project.documents.get(path)?;
    let tags = &document.facts.outline.tags;
    let (name, bytes) = tags
        .iter()
        .find(|(_, bytes)| (bytes.start..=bytes.end).contains(&offset))?;
    let all = project.documents.values();
    let all = all.flat_map(|document| &document.facts.outline.tags);
    let places = match all.filter(|(other, _)| other == name).count() {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    let range = document.text.range(bytes.clone(), unit);
    Some(markdown(format!("`{name}`: {places}"), Some(range)))
}

/// The functions that the step at a byte runs.
pub fn go_to_definition(
    project: &mut OpenProject,
    path: &Path,
    offset: usize,
    unit: ColumnUnit,
) -> Vec<Location> {
    let found = definitions_at(project, path, offset);
    let Some(definitions) = &project.definitions else {
        return Vec::new();
    };
    let places = SourcePlaces::new(project.root());
    let shown = found.iter().map(|number| definitions.definition(*number));
    shown.map(|one| places.function(one, unit)).collect()
}

/// The steps that use one of these definitions, in all documents.
pub fn uses_of<'p>(
    project: &'p OpenProject,
    wanted: &[u32],
) -> Vec<(&'p FeatureDocument, &'p WrittenStep)> {
    let Some(definitions) = &project.definitions else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (path, document) in &project.documents {
        for one in definitions.uses_in(path) {
            let uses = one.definitions.iter().any(|one| wanted.contains(one));
            if uses && let Some(step) = document.facts.outline.step_at(one.line) {
                all.push((document, step));
            }
        }
    }
    all
}

/// The places of steps that use one of these definitions, and the functions if they are wanted.
pub fn references(
    project: &OpenProject,
    wanted: &[u32],
    with_functions: bool,
    unit: ColumnUnit,
) -> Vec<Location> {
    let mut all = Vec::new();
    if with_functions && let Some(definitions) = &project.definitions {
        let places = SourcePlaces::new(project.root());
        let shown = wanted.iter().map(|number| definitions.definition(*number));
        all.extend(shown.map(|one| places.function(one, unit)));
    }
    let uses = uses_of(project, wanted).into_iter();
    all.extend(uses.map(|(document, step)| Location {
        uri: document.uri.clone(),
        range: document.text.range(step.bytes.clone(), unit),
    }));
    all
}

/// The definition at a place of a source file: the last that begins at or above its line.
pub fn definition_in_source(project: &OpenProject, path: &Path, position: Position) -> Option<u32> {
    let definitions = project.definitions.as_ref()?;
    let places = SourcePlaces::new(project.root());
    let numbered = (0u32..).zip(definitions.shown());
    numbered
        .filter(|(_, shown)| places.path(&shown.location) == path)
        .filter(|(_, shown)| shown.location.line <= position.line.saturating_add(1))
        .max_by_key(|(_, shown)| shown.location.line)
        .map(|(number, _)| number)
}
