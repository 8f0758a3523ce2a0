//! Cucumber Messages: every line of the streams of `tests/golden/reports` is what the schema says.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use super::json_schema::JsonSchema;

/// A test for each stream, and one of the check itself.
pub fn trials(folder: &Path) -> Vec<Trial> {
    let schema = Arc::new(schema(folder));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/reports");
    let mut trials = Vec::new();
    for file in super::files(&golden, &[".messages.ndjson"]) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("messages::{name}");
        let schema = Arc::clone(&schema);
        let check = move || all_valid(&schema, &fs::read_to_string(&file)?);
        trials.push(Trial::test(name, check));
    }
    assert!(!trials.is_empty(), "there are golden streams");
    trials.push(Trial::test("messages::refused", move || refused(&schema)));
    trials
}

/// The schema of the data.
pub fn schema(folder: &Path) -> JsonSchema {
    let text = fs::read_to_string(folder.join("messages.schema.json"));
    JsonSchema::new(&text.expect("the schema can be read"))
}

/// Checks every line of a stream.
pub fn all_valid(schema: &JsonSchema, stream: &str) -> Result<(), Failed> {
    for (number, line) in (1..).zip(stream.lines()) {
        let message: Value = serde_json::from_str(line)?;
        if let Some(problem) = problem(schema, &message) {
            return Err(format!("line {number}: {problem}").into());
        }
    }
    Ok(())
}

/// Why a value is no message; none when it is one.
fn problem(schema: &JsonSchema, message: &Value) -> Option<String> {
    // The schema allows each kind of message, and does not say that there is one of them.
    let members = message.as_object().map_or(0, serde_json::Map::len);
    if members != 1 {
        return Some(format!("a message has one member, and not {members}"));
    }
    schema.problem(None, message)
}

fn refused(schema: &JsonSchema) -> Result<(), Failed> {
    let moment = json!({"seconds": 1, "nanos": 2});
    let good = json!({"testRunStarted": {"timestamp": moment}});
    if let Some(problem) = problem(schema, &good) {
        return Err(problem.into());
    }
    let result = |status: &str| {
        json!({"testStepFinished": {"testCaseStartedId": "1", "testStepId": "2", "timestamp": moment,
            "testStepResult": {"duration": moment, "status": status}}})
    };
    assert_eq!(problem(schema, &result("PASSED")), None);
    for wrong in [
        json!({}),
        json!([]),
        json!({"testRunBegun": {"timestamp": moment}}),
        json!({"testRunStarted": {"timestamp": moment}, "meta": {}}),
        json!({"testRunStarted": {}}),
        json!({"testRunStarted": {"timestamp": moment, "more": 1}}),
        json!({"testRunStarted": {"timestamp": {"seconds": 1, "nanos": 1_000_000_000}}}),
        json!({"testRunStarted": {"timestamp": {"seconds": 1, "nanos": -1}}}),
        json!({"testRunStarted": {"timestamp": moment, "id": 1}}),
        json!({"suggestion": {"id": "1", "pickleStepId": "2", "snippets": []}}),
        json!({"suggestion": {"id": "1", "pickleStepId": "2", "snippets": [{"language": "rust"}]}}),
        result("LOST"),
    ] {
        if problem(schema, &wrong).is_none() {
            return Err(format!("this is no message: {wrong}").into());
        }
    }
    Ok(())
}
