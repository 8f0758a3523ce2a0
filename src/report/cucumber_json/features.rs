//! Features, and the elements of scenarios that did not run.

use super::members::{planned, result, slug, tags};
use crate::json::Json;
use crate::plan::{PlannedFeature, PlannedScenario};

/// A feature up to its first element.
pub(super) fn head_of(feature: &PlannedFeature) -> Vec<u8> {
    let mut out = Vec::new();
    Json::object(&mut out, |json| {
        json.string("uri", &feature.uri);
        json.string("id", &slug(&feature.name));
        json.string("keyword", &feature.keyword);
        json.string("name", &feature.name);
        json.string("description", &feature.description);
        json.number("line", feature.location.line);
        tags(json, &feature.tags);
    });
    opened(out)
}

/// An object without its end, and with the beginning of its elements.
fn opened(mut object: Vec<u8>) -> Vec<u8> {
    object.pop();
    object.extend_from_slice(b",\"elements\":[\n  ");
    object
}

/// A scenario without a result: its steps were skipped.
pub(super) fn not_run(
    feature: &PlannedFeature,
    scenario: &PlannedScenario,
    reason: &str,
) -> Vec<u8> {
    let mut element = Vec::new();
    Json::object(&mut element, |json| {
        planned(json, feature, scenario);
        json.objects("steps", &scenario.steps, |json, step| {
            json.string("keyword", &step.keyword);
            json.string("name", &step.text);
            json.number("line", step.location.line);
            json.member("match", |_| ());
            result(json, "skipped", 0, &format!("not run: {reason}"));
        });
    });
    element
}

/// A failure that no scenario accounts for, as a feature with one failed step. It is left open.
pub(super) fn failure(uri: &str, line: u32, name: &str, message: &str, more: &str) -> Vec<u8> {
    let mut out = Vec::new();
    Json::object(&mut out, |json| {
        json.string("uri", uri);
        json.string("id", &slug(&format!("{uri} {name}")));
        json.string("keyword", "Feature");
        json.string("name", uri);
        json.string("description", "");
        json.number("line", line);
    });
    let mut out = opened(out);
    Json::object(&mut out, |json| {
        json.string("id", &slug(&format!("{uri} {name};{message}")));
        json.string("keyword", "Scenario");
        json.string("type", "scenario");
        json.string("name", name);
        json.string("description", "");
        json.number("line", line);
        json.objects("steps", [message], |json, message| {
            json.string("keyword", "* ");
            json.string("name", message);
            json.number("line", line);
            json.member("match", |_| ());
            result(json, "failed", 0, &format!("{message}\n{more}"));
        });
    });
    out
}
