//! Members that several objects of the form have.

use crate::json::Json;
use crate::plan::{PlannedFeature, PlannedScenario};
use crate::report::trouble;

pub(super) fn tags<T: AsRef<str>>(json: &mut Json<'_>, tags: &[T]) {
    json.objects("tags", tags, |json, tag| json.string("name", tag.as_ref()));
}

/// Letters and digits, joined by `-`, as Cucumber makes ids.
pub(super) fn slug(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    name.to_lowercase().chars().map(plain).collect()
}

/// The members of an element that come from the plan.
pub(super) fn planned(json: &mut Json<'_>, feature: &PlannedFeature, scenario: &PlannedScenario) {
    let line = scenario.location.line;
    let mut id = format!("{};{}", slug(&feature.name), slug(&scenario.name));
    if scenario.row.is_some() {
        id.push_str(&format!(";{line}"));
    }
    json.string("id", &id);
    json.string("keyword", &scenario.keyword);
    json.string("type", "scenario");
    json.string("name", &trouble::name_with_cells(scenario));
    json.string("description", &scenario.description);
    json.number("line", line);
    tags(json, &scenario.tags);
}

pub(super) fn result(json: &mut Json<'_>, status: &str, nanos: u64, error: &str) {
    json.member("result", |json| {
        json.string("status", status);
        json.number("duration", nanos);
        if !error.trim().is_empty() {
            json.string("error_message", error.trim_end());
        }
    });
}
