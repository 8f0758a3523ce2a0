//! The catalogue for programs.

use serde_json::{Value, json};

use super::super::{StepCatalogue, TextMatch};
use crate::event::ArgumentGroup;

/// The version of the JSON; it grows when a reader of the old one would misread the new.
const VERSION: u32 = 1;

/// The entries in the given order. With `matched`, also which of them a text would get.
#[must_use]
pub fn json(catalogue: &StepCatalogue, shown: &[usize], matched: Option<&TextMatch>) -> Value {
    let definitions: Vec<Value> = shown.iter().map(|at| definition(catalogue, *at)).collect();
    let unusable = catalogue.unusable().iter().map(|one| {
        json!({
            "pattern": one.expression,
            "file": one.location.file,
            "line": one.location.line,
            "unknown_parameter_type": one.parameter_type,
        })
    });
    let unusable: Vec<Value> = unusable.collect();
    let mut document = json!({
        "version": VERSION,
        "definitions": definitions,
        "unusable": unusable,
    });
    if let Some(matched) = matched {
        let fitting = matched.fitting.iter().map(|one| {
            let arguments: Vec<Value> = one.arguments.iter().map(argument).collect();
            let found = catalogue.entries()[one.position].definition();
            json!({"pattern": found.pattern, "file": found.location.file, "line": found.location.line,
                   "arguments": arguments})
        });
        document["match"] = json!({
            "text": &*matched.text,
            "matches": fitting.collect::<Vec<Value>>(),
            "hint": matched.hint,
        });
    }
    document
}

fn definition(catalogue: &StepCatalogue, position: usize) -> Value {
    let entry = &catalogue.entries()[position];
    let definition = entry.definition();
    let examples = entry
        .texts()
        .iter()
        .map(|used| json!({"text": &*used.text, "uri": &*used.uri, "line": used.line}));
    let overlaps = entry.overlaps().iter().map(|overlap| {
        let other = catalogue.entries()[overlap.with].definition();
        json!({"pattern": other.pattern, "file": other.location.file, "line": other.location.line,
               "text": &*overlap.text})
    });
    json!({
        "keyword": definition.keyword,
        "pattern": definition.pattern,
        "kind": definition.kind,
        "doc": entry.doc(),
        "function": definition.function,
        "file": definition.location.file,
        "line": definition.location.line,
        "uses": entry.uses(),
        "mean_nanos": entry.mean_nanos(),
        "examples": examples.collect::<Vec<Value>>(),
        "overlaps": overlaps.collect::<Vec<Value>>(),
    })
}

fn argument(group: &ArgumentGroup) -> Value {
    json!({"value": group.value, "parameter_type": group.parameter_type.as_deref()})
}
