//! Checks values against `docs/protocol.schema.json`.
//!
//! It knows the keywords of JSON Schema that this schema uses, and stops at any other: a keyword
//! that is not checked would be a promise that nothing keeps.

use serde_json::Value;

/// The schema of the protocol.
pub struct Schema {
    root: Value,
}

impl Schema {
    /// Reads the schema in `docs/`.
    pub fn read() -> Self {
        let text = include_str!("../../docs/protocol.schema.json");
        Self {
            root: serde_json::from_str(text).expect("the schema is JSON"),
        }
    }

    /// Why a value is not what the definition `name` says; none when it is.
    pub fn problem(&self, name: &str, value: &Value) -> Option<String> {
        self.check(&self.root["$defs"][name], value).err()
    }

    fn check(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let wrong = |why: &str| Err(format!("{why}: {value}"));
        for (keyword, rule) in schema.as_object().expect("a schema is an object") {
            match keyword.as_str() {
                "description" => {}
                "$ref" => {
                    let name = rule
                        .as_str()
                        .and_then(|path| path.strip_prefix("#/$defs/"))
                        .expect("a reference");
                    let schema = self.root["$defs"]
                        .get(name)
                        .unwrap_or_else(|| panic!("no definition {name}"));
                    self.check(schema, value)?;
                }
                "oneOf" => {
                    let options = rule.as_array().expect("a list");
                    let results: Vec<_> = options
                        .iter()
                        .map(|option| self.check(option, value))
                        .collect();
                    if results.iter().filter(|result| result.is_ok()).count() != 1 {
                        let problems: Vec<String> =
                            results.into_iter().filter_map(Result::err).collect();
                        return wrong(&format!("not one of {}", problems.join("; ")));
                    }
                }
                "type" => {
                    let is = |name: &Value| match name.as_str() {
                        Some("object") => value.is_object(),
                        Some("array") => value.is_array(),
                        Some("string") => value.is_string(),
                        Some("integer") => value.is_i64() || value.is_u64(),
                        Some("boolean") => value.is_boolean(),
                        Some("null") => value.is_null(),
                        other => panic!("unknown type {other:?}"),
                    };
                    if !rule
                        .as_array()
                        .map_or_else(|| is(rule), |names| names.iter().any(is))
                    {
                        return wrong(&format!("not of type {rule}"));
                    }
                }
                "const" if value != rule => return wrong(&format!("not {rule}")),
                "enum" if !rule.as_array().expect("a list").contains(value) => {
                    return wrong(&format!("not one of {rule}"));
                }
                "minimum" if value.as_f64() < rule.as_f64() => return wrong("too small"),
                "const" | "enum" | "minimum" => {}
                "required" => {
                    for name in rule
                        .as_array()
                        .expect("a list")
                        .iter()
                        .filter_map(Value::as_str)
                    {
                        if value.get(name).is_none() {
                            return wrong(&format!("`{name}` is missing"));
                        }
                    }
                }
                "properties" => {
                    for (name, schema) in rule.as_object().expect("an object") {
                        if let Some(member) = value.get(name) {
                            self.check(schema, member)
                                .map_err(|why| format!("{name}: {why}"))?;
                        }
                    }
                }
                "items" => {
                    for element in value.as_array().into_iter().flatten() {
                        self.check(rule, element)?;
                    }
                }
                unknown => panic!("the schema uses `{unknown}`, which this test does not know"),
            }
        }
        Ok(())
    }
}

#[test]
fn the_schema_refuses_what_it_should() {
    let schema = Schema::read();
    let ok = serde_json::json!({"type": "step_started", "scenario": 1, "step": 0, "unknown": [1]});
    assert_eq!(schema.problem("from_worker", &ok), None);
    for wrong in [
        serde_json::json!({"type": "step_started", "scenario": 1}),
        serde_json::json!({"type": "step_started", "scenario": -1, "step": 0}),
        serde_json::json!({"type": "step_started", "scenario": "1", "step": 0}),
        serde_json::json!({"type": "step_stopped", "scenario": 1, "step": 0}),
        serde_json::json!({"type": "cancelled", "scenarios": [1, null]}),
        serde_json::json!({"type": "attachment", "media_type": "a/b", "body": {}}),
        serde_json::json!({"type": "attachment", "media_type": "a/b", "body": {"text": "", "file": ""}}),
        serde_json::json!({"type": "scenario_finished", "scenario": 1, "attempt": 0, "nanos": 1, "output": 0,
            "will_be_retried": 1}),
        serde_json::json!([]),
    ] {
        assert!(schema.problem("from_worker", &wrong).is_some(), "{wrong}");
    }
}
