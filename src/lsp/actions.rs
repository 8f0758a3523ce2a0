//! What mends a finding or an undefined step: fixes of rules, definitions to create, steps that were probably meant.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use gen_lsp_types::{
    Code, CodeAction, CodeActionKind, Diagnostic, Position, Range, TextEdit, Uri, WorkspaceEdit,
};
use serde_json::{Value, json};

use super::client::ClientFeatures;
use super::definitions::UseProblem;
use super::diagnostics::{UNDEFINED, diagnostics, of_finding};
use super::document::FeatureDocument;
use super::file_uri::uri_of;
use super::findings::SharedFindings;
use super::formatting::difference;
use super::places::SourcePlaces;
use super::project::OpenProject;
use super::text::DocumentText;
use crate::config::StepsSource;
use crate::input;
use crate::lint::{Edit, fixed};
use crate::plan::PlannedStep;
use crate::rule::LintRule;

/// An action, or one whose change the types of the library cannot express.
pub type ActionValue = Value;

/// The actions for a part of a document.
pub fn actions(
    project: &mut OpenProject,
    path: &Path,
    range: Range,
    client: &ClientFeatures,
) -> Vec<ActionValue> {
    let shared = SharedFindings::of(project);
    let Some(document) = project.documents.get(path) else {
        return Vec::new();
    };
    let mut all: Vec<ActionValue> = fixes(project, document, &shared, range, client)
        .into_iter()
        .filter_map(|action| serde_json::to_value(action).ok())
        .collect();
    let undefined: Vec<Diagnostic> = diagnostics(project, document, &shared, client.unit)
        .into_iter()
        .filter(|one| is_undefined(one) && touches(one.range, range))
        .collect();
    for diagnostic in undefined {
        all.extend(for_undefined(project, path, &diagnostic, client));
    }
    all
}

fn is_undefined(diagnostic: &Diagnostic) -> bool {
    let code = diagnostic.code.as_ref();
    let codes = [UNDEFINED, LintRule::NearStep.name()];
    code.is_some_and(|code| matches!(code, Code::String(code) if codes.contains(&code.as_str())))
}

fn touches(one: Range, other: Range) -> bool {
    one.start.line <= other.end.line && other.start.line <= one.end.line
}

/// The fixes of findings in the range, and one that mends all of the document.
fn fixes(
    project: &OpenProject,
    document: &FeatureDocument,
    shared: &SharedFindings,
    range: Range,
    client: &ClientFeatures,
) -> Vec<CodeAction> {
    let findings = shared.findings_in(project, document);
    let fixable = findings
        .iter()
        .filter_map(|(level, finding)| Some((*level, finding, finding.fix.as_ref()?)));
    let mut all = Vec::new();
    let mut edits: Vec<&Edit> = Vec::new();
    for (level, finding, fix) in fixable {
        edits.push(fix);
        let diagnostic = of_finding(document, level, finding, client.unit);
        if touches(diagnostic.range, range)
            && let Some(edit) = mended(document, &[fix], client)
        {
            all.push(CodeAction {
                title: title(fix),
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(vec![diagnostic]),
                is_preferred: Some(true),
                edit: Some(in_document(document, vec![edit])),
                ..CodeAction::default()
            });
        }
    }
    if let Some(edit) = (!edits.is_empty())
        .then(|| mended(document, &edits, client))
        .flatten()
    {
        all.push(CodeAction {
            title: "Mend all that is safe (bdd lint --fix)".to_owned(),
            kind: Some(CodeActionKind::SourceFixAll),
            edit: Some(in_document(document, vec![edit])),
            ..CodeAction::default()
        });
    }
    all
}

fn title(fix: &Edit) -> String {
    match fix {
        Edit::RemoveLine { .. } => "Remove this line".to_owned(),
        Edit::Replace { old, new, .. } => {
            format!("Replace `{}` by `{}`", old.trim(), new.trim())
        }
    }
}

/// The change that makes these edits, if the scenarios stay the same.
fn mended(
    document: &FeatureDocument,
    edits: &[&Edit],
    client: &ClientFeatures,
) -> Option<TextEdit> {
    let new = fixed(document.text.source(), edits, &document.options)?;
    difference(document, &new, client.unit)
}

fn in_document(document: &FeatureDocument, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit {
        changes: Some(HashMap::from([(document.uri.clone(), edits)])),
        ..WorkspaceEdit::default()
    }
}

/// What can be done about an undefined step.
fn for_undefined(
    project: &mut OpenProject,
    path: &Path,
    diagnostic: &Diagnostic,
    client: &ClientFeatures,
) -> Vec<ActionValue> {
    let mut all = Vec::new();
    let Some(document) = project.documents.get(path) else {
        return all;
    };
    let offset = document.text.offset(diagnostic.range.start, client.unit);
    let line = document.text.gherkin_line_of(offset);
    let Some(step) = undefined_step(project, document, line) else {
        return all;
    };
    let written = document.facts.outline.step_at(line);
    let written = written.filter(|written| written.text == step.text);
    let Some(definitions) = &mut project.definitions else {
        return all;
    };
    // What fits one row of an outline may not fit the others.
    if let Some(written) = written
        && let Some(suggestion) = definitions.suggestion(&step.text)
    {
        let edit = TextEdit {
            range: document.text.range(written.bytes.clone(), client.unit),
            new_text: suggestion.clone(),
        };
        let action = CodeAction {
            title: format!("Did you mean `{suggestion}`?"),
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![diagnostic.clone()]),
            edit: Some(in_document(document, vec![edit])),
            ..CodeAction::default()
        };
        all.extend(serde_json::to_value(action).ok());
    }
    all.extend(create_definition(project, path, &step, diagnostic, client));
    all
}

/// The first step of the plan in this line that no definition matches.
fn undefined_step(
    project: &OpenProject,
    document: &FeatureDocument,
    line: u32,
) -> Option<PlannedStep> {
    let definitions = project.definitions.as_ref()?;
    let found = definitions.use_at(&document.file.path, line)?;
    let Some(UseProblem::Undefined(text)) = &found.problem else {
        return None;
    };
    let steps = document.planned_at(line).into_iter();
    steps.into_iter().find(|step| step.text == *text)
}

/// Appends the code that `bdd run` suggests to a file with definitions, or writes a new file.
fn create_definition(
    project: &mut OpenProject,
    path: &Path,
    step: &PlannedStep,
    diagnostic: &Diagnostic,
    client: &ClientFeatures,
) -> Option<ActionValue> {
    let style = project.config.reporting.snippets;
    let documents = project.documents.values();
    let definitions = project.definitions.as_mut()?;
    let code = definitions.snippet(step, style, documents)?;
    let target = target(project, path)?;
    let shown = crate::paths::from_root(&target.display().to_string(), project.root());
    let edit = match input::read(&target) {
        Ok(bytes) => append(&target, &bytes, &code, client)?,
        Err(_) if client.creates_files => create(&target, &code, project),
        Err(_) => return None,
    };
    Some(json!({
        "title": format!("Create the step definition in {shown}"),
        "kind": CodeActionKind::QuickFix,
        "diagnostics": [diagnostic],
        "edit": edit,
    }))
}

/// The file with the most definitions that steps of this document use, else that with the most of all. For a suite of
/// behave without any, a new file.
fn target(project: &OpenProject, path: &Path) -> Option<PathBuf> {
    let definitions = project.definitions.as_ref()?;
    let places = SourcePlaces::new(project.root());
    let mut counts: BTreeMap<PathBuf, (usize, usize)> = BTreeMap::new();
    let mut used: HashMap<u32, usize> = HashMap::new();
    for number in definitions
        .uses_in(path)
        .iter()
        .flat_map(|one| &one.definitions)
    {
        *used.entry(*number).or_default() += 1;
    }
    for (number, shown) in (0u32..).zip(definitions.shown()) {
        let file = places.path(&shown.location);
        // Definitions of other packages are not to be changed.
        if file.starts_with(project.root()) && file.is_file() {
            let (here, all) = counts.entry(file).or_default();
            *here += used.get(&number).copied().unwrap_or_default();
            *all += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, counts)| *counts);
    if let Some((file, _)) = most {
        return Some(file);
    }
    match project.config.steps.source().ok()? {
        StepsSource::Python(steps) => {
            let name = path.file_stem()?.to_string_lossy();
            let name = name.replace(['-', ' ', '.'], "_");
            Some(steps.base.join("steps").join(format!("{name}_steps.py")))
        }
        _ => None,
    }
}

/// Adds code at the end of a file.
fn append(file: &Path, bytes: &[u8], code: &str, client: &ClientFeatures) -> Option<Value> {
    let source = std::str::from_utf8(bytes).ok()?;
    let text = DocumentText::new(source.to_owned());
    let end = text.position(source.len(), client.unit);
    let is_python = file.extension().is_some_and(|ending| ending == "py");
    let blank = if is_python { "\n\n" } else { "\n" };
    let before = match source {
        "" => "",
        _ if source.ends_with('\n') => blank,
        _ => &format!("\n{blank}"),
    };
    let edit = TextEdit {
        range: Range { start: end, end },
        new_text: format!("{before}{code}\n"),
    };
    Some(json!({ "changes": { uri_of(file).0: [edit] } }))
}

/// Writes code into a new file.
fn create(file: &Path, code: &str, project: &OpenProject) -> Value {
    let is_python = (project.definitions.as_ref())
        .is_some_and(|definitions| definitions.language() == "python");
    let head = match is_python {
        true => "from behave import given, when, then\n\n\n",
        false => "",
    };
    let start = Position::default();
    let edit = TextEdit {
        range: Range { start, end: start },
        new_text: format!("{head}{code}\n"),
    };
    let uri: Uri = uri_of(file);
    json!({ "documentChanges": [
        { "kind": "create", "uri": uri, "options": { "ignoreIfExists": true } },
        { "textDocument": { "uri": uri, "version": null }, "edits": [edit] },
    ] })
}
