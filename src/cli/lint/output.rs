//! The forms of findings: text, JSON, annotations, SARIF.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::super::prepare::counted;
use super::LintResult;
use crate::config::LintLevel;
use crate::lint::LintFinding;
use crate::report::annotation;
use crate::rule::LintRule;

/// The version of the JSON; it grows when a reader of the old one would misread the new.
const VERSION: u32 = 1;

/// The name under which mistakes of syntax appear where each result has a rule.
const SYNTAX: &str = "syntax";

fn name(level: LintLevel) -> &'static str {
    match level {
        LintLevel::Error => "error",
        _ => "warning",
    }
}

/// A line for each finding; the counts go to standard error.
pub(super) fn text(
    result: &LintResult,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    for error in &result.unparsed {
        writeln!(err, "error: {}", error.diagnostic)?;
    }
    for (level, finding) in &result.findings {
        let (place, level) = (finding.location, name(*level));
        let LintFinding {
            uri, message, rule, ..
        } = finding;
        writeln!(out, "{uri}:{place}: {level}: {message} [{rule}]")?;
    }
    out.flush()?;
    let errors = count(result, LintLevel::Error) + result.unparsed.len();
    let warnings = count(result, LintLevel::Warn);
    let mut parts = Vec::new();
    if errors > 0 {
        parts.push(counted(errors, "error"));
    }
    if warnings > 0 {
        parts.push(counted(warnings, "warning"));
    }
    if result.mended > 0 {
        parts.push(format!("{} mended", counted(result.mended, "finding")));
    }
    let fixable = (result.findings.iter()).filter(|(_, finding)| finding.fix.is_some());
    let fixable = fixable.count();
    if fixable > 0 {
        parts.push(format!("`bdd lint --fix` mends {fixable}"));
    }
    match parts.is_empty() {
        true => writeln!(err, "nothing found"),
        false => writeln!(err, "{}", parts.join(", ")),
    }
}

fn count(result: &LintResult, wanted: LintLevel) -> usize {
    let levels = result.findings.iter().map(|(level, _)| *level);
    levels.filter(|level| *level == wanted).count()
}

/// One JSON document.
pub(super) fn json(result: &LintResult, out: &mut dyn Write) -> io::Result<()> {
    let syntax = result.unparsed.iter().map(|error| {
        json!({
            "path": &*error.uri,
            "line": error.location.map(|location| location.line),
            "column": error.location.map(|location| location.column),
            "rule": SYNTAX,
            "level": "error",
            "message": error.message,
            "fixable": false,
        })
    });
    let findings = result.findings.iter().map(|(level, finding)| {
        json!({
            "path": &*finding.uri,
            "line": finding.location.line,
            "column": finding.location.column,
            "rule": finding.rule.name(),
            "level": name(*level),
            "message": finding.message,
            "fixable": finding.fix.is_some(),
        })
    });
    let document = json!({
        "version": VERSION,
        "findings": syntax.chain(findings).collect::<Vec<Value>>(),
        "counts": {
            "errors": count(result, LintLevel::Error) + result.unparsed.len(),
            "warnings": count(result, LintLevel::Warn),
            "mended": result.mended,
        },
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Annotations, as workflow commands.
pub(super) fn github(result: &LintResult, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    for error in &result.unparsed {
        let line = error.location.map_or(0, |location| location.line);
        annotation(
            &mut text,
            "error",
            (&error.uri, line),
            "bdd: parse error",
            &error.message,
        );
    }
    for (level, finding) in &result.findings {
        let place = (&*finding.uri, finding.location.line);
        let title = format!("bdd: {}", finding.rule);
        annotation(&mut text, name(*level), place, &title, &finding.message);
    }
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// SARIF 2.1.0.
pub(super) fn sarif(result: &LintResult, out: &mut dyn Write) -> io::Result<()> {
    let used: BTreeSet<LintRule> = result
        .findings
        .iter()
        .map(|(_, finding)| finding.rule)
        .collect();
    let mut rules: Vec<Value> = used
        .iter()
        .map(|rule| {
            json!({
                "id": rule.name(),
                "shortDescription": { "text": rule.summary() },
                "fullDescription": { "text": rule.explanation() },
            })
        })
        .collect();
    if !result.unparsed.is_empty() {
        rules.push(json!({
            "id": SYNTAX,
            "shortDescription": { "text": "A feature file does not parse." },
        }));
    }
    let syntax = result.unparsed.iter().map(|error| {
        let (line, column) = (error.location).map_or((1, 1), |place| (place.line, place.column));
        sarif_result(SYNTAX, "error", &error.message, &error.uri, (line, column))
    });
    let findings = result.findings.iter().map(|(level, finding)| {
        let place = (finding.location.line, finding.location.column);
        let rule = finding.rule.name();
        sarif_result(rule, name(*level), &finding.message, &finding.uri, place)
    });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "bdd lint",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            // Columns count code points.
            "columnKind": "unicodeCodePoints",
            "results": syntax.chain(findings).collect::<Vec<Value>>(),
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn sarif_result(
    rule: &str,
    level: &str,
    message: &str,
    uri: &str,
    (line, column): (u32, u32),
) -> Value {
    json!({
        "ruleId": rule,
        "level": level,
        "message": { "text": message },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": as_uri(uri) },
                "region": { "startLine": line.max(1), "startColumn": column.max(1) },
            },
        }],
    })
}

/// A path as a relative reference: what has a meaning in URIs is escaped.
fn as_uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}
