//! What is shown at the places of a document: mistakes, findings, steps without a single definition.

use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Message, Range,
};

use super::definitions::UseProblem;
use super::document::FeatureDocument;
use super::findings::SharedFindings;
use super::places::SourcePlaces;
use super::project::OpenProject;
use super::text::ColumnUnit;
use crate::config::LintLevel;
use crate::gherkin::DescribedError;
use crate::lint::LintFinding;
use crate::plan::TagMistake;
use crate::rule::LintRule;

/// The name of the server in diagnostics.
const SOURCE: &str = "bdd";

/// The code of mistakes of syntax, as in `bdd lint --format json`.
const SYNTAX: &str = "syntax";

/// The code of wrong tags.
const TAG: &str = "tag";

/// The code of steps without a definition.
pub const UNDEFINED: &str = "undefined-step";

/// The code of steps with several definitions.
pub const AMBIGUOUS: &str = "ambiguous-step";

/// All diagnostics of a document, in the order of their kinds.
pub fn diagnostics(
    project: &OpenProject,
    document: &FeatureDocument,
    shared: &SharedFindings,
    unit: ColumnUnit,
) -> Vec<Diagnostic> {
    let facts = &document.facts;
    let errors = facts.errors.iter();
    let mut all: Vec<Diagnostic> = errors.map(|error| syntax(document, error, unit)).collect();
    let mistakes = shared.mistakes_in(document).iter();
    all.extend(mistakes.map(|mistake| tag(document, mistake, unit)));
    let findings = shared.findings_in(project, document);
    all.extend(
        findings
            .iter()
            .map(|(level, finding)| of_finding(document, *level, finding, unit)),
    );
    let near: Vec<u32> = findings
        .iter()
        .filter(|(_, finding)| finding.rule == LintRule::NearStep)
        .map(|(_, finding)| finding.location.line)
        .collect();
    all.extend(of_steps(project, document, &near, unit));
    all
}

fn plain(range: Range, severity: DiagnosticSeverity, code: &str, message: String) -> Diagnostic {
    Diagnostic {
        range,
        severity: Some(severity),
        code: Some(Code::String(code.to_owned())),
        source: Some(SOURCE.to_owned()),
        message: Message::String(message),
        ..Diagnostic::default()
    }
}

fn syntax(document: &FeatureDocument, error: &DescribedError, unit: ColumnUnit) -> Diagnostic {
    let bytes = document.text.bytes_from(error.location, error.length);
    let message = match &error.hint {
        Some(hint) => format!("{}\n{hint}", error.headline),
        None => error.headline.clone(),
    };
    let range = document.text.range(bytes, unit);
    plain(range, DiagnosticSeverity::Error, SYNTAX, message)
}

fn tag(document: &FeatureDocument, mistake: &TagMistake, unit: ColumnUnit) -> Diagnostic {
    let length = mistake.tag.chars().count();
    let bytes = document.text.bytes_from(mistake.location, length);
    let range = document.text.range(bytes, unit);
    let message = format!("{}: {}", mistake.tag, mistake.reason);
    plain(range, DiagnosticSeverity::Error, TAG, message)
}

/// A finding of a rule. Its range is the rest of the line, as far as it has text: most findings are about a heading, a
/// step or a line.
pub fn of_finding(
    document: &FeatureDocument,
    level: LintLevel,
    finding: &LintFinding,
    unit: ColumnUnit,
) -> Diagnostic {
    let severity = match level {
        LintLevel::Error => DiagnosticSeverity::Error,
        LintLevel::Warn | LintLevel::Off => DiagnosticSeverity::Warning,
    };
    let text = &document.text;
    let start = text.offset_of(finding.location);
    let line = text.gherkin_line(finding.location.line);
    let rest = text.as_str()[start..line.end.max(start)].trim_end();
    let tags = document.facts.outline.tags.iter();
    let is_here = |tag: &&(_, std::ops::Range<usize>)| tag.1.start == start;
    let bytes = match tags.clone().find(is_here) {
        Some((_, bytes)) => bytes.clone(),
        None => start..start + rest.len(),
    };
    let range = text.range(bytes, unit);
    plain(
        range,
        severity,
        finding.rule.name(),
        finding.message.clone(),
    )
}

/// Steps without a single definition. Those in the lines `near` have a finding that says more.
fn of_steps(
    project: &OpenProject,
    document: &FeatureDocument,
    near: &[u32],
    unit: ColumnUnit,
) -> Vec<Diagnostic> {
    let Some(definitions) = &project.definitions else {
        return Vec::new();
    };
    let places = SourcePlaces::new(project.root());
    let mut all = Vec::new();
    let uses = definitions.uses_in(&document.file.path).iter();
    for one in uses.filter(|one| !near.contains(&one.line)) {
        let Some(problem) = &one.problem else {
            continue;
        };
        let Some(step) = document.facts.outline.step_at(one.line) else {
            continue;
        };
        let range = document.text.range(step.bytes.clone(), unit);
        // In an outline, the row shows why.
        let shown = |text: &str| match *text == *step.text {
            true => "this step".to_owned(),
            false => format!("`{text}`"),
        };
        all.push(match problem {
            UseProblem::Undefined(text) => {
                let message = format!("no step definition matches {}", shown(text));
                plain(range, DiagnosticSeverity::Warning, UNDEFINED, message)
            }
            UseProblem::Ambiguous(text, found) => {
                let message = format!("{} step definitions match {}", found.len(), shown(text));
                let related = found.iter().map(|number| {
                    let definition = definitions.definition(*number);
                    DiagnosticRelatedInformation {
                        location: Location {
                            uri: places.uri(&definition.location),
                            range: places.line(&definition.location),
                        },
                        message: format!("`{}`", definition.pattern),
                    }
                });
                Diagnostic {
                    related_information: Some(related.collect()),
                    ..plain(range, DiagnosticSeverity::Error, AMBIGUOUS, message)
                }
            }
        });
    }
    all
}
