//! Checks messages against the JSON Schema of Cucumber Messages.
//!
//! It knows the keywords that this schema uses, and stops at any other: a keyword that is not
//! checked would be a promise that nothing keeps.

use serde_json::Value;

/// The schema: a resource for the envelope, and one for each kind of message in its `$defs`.
pub struct MessageSchema {
    root: Value,
}

impl MessageSchema {
    /// Takes the text of `messages.schema.json`.
    pub fn new(text: &str) -> Self {
        Self {
            root: serde_json::from_str(text).expect("the schema is JSON"),
        }
    }

    /// Why a value is no message; none when it is one.
    pub fn problem(&self, message: &Value) -> Option<String> {
        let members = message.as_object().map_or(0, serde_json::Map::len);
        if members != 1 {
            return Some(format!("a message has one member, and not {members}"));
        }
        self.check(&self.root, &self.root, message).err()
    }

    /// The schema that a reference names, with the resource that its own references begin in.
    fn target<'s>(&'s self, resource: &'s Value, reference: &str) -> (&'s Value, &'s Value) {
        if let Some(name) = reference.strip_prefix("#/definitions/") {
            return (resource, &resource["definitions"][name]);
        }
        let name = reference.trim_start_matches("./");
        let id = format!("https://cucumber.io/schema/{name}");
        let resource = &self.root["$defs"][&id];
        (resource, resource)
    }

    fn check(&self, resource: &Value, schema: &Value, value: &Value) -> Result<(), String> {
        let wrong = |why: String| Err(format!("{why}: {value}"));
        let schema = schema
            .as_object()
            .unwrap_or_else(|| panic!("{schema} is no schema"));
        for (keyword, rule) in schema {
            match keyword.as_str() {
                "description" | "deprecated" | "$schema" | "$id" | "$defs" | "definitions" => {}
                "$ref" => {
                    let reference = rule.as_str().expect("a reference");
                    let (resource, schema) = self.target(resource, reference);
                    self.check(resource, schema, value)?;
                }
                "type" => {
                    let is = match rule.as_str() {
                        Some("object") => value.is_object(),
                        Some("array") => value.is_array(),
                        Some("string") => value.is_string(),
                        Some("boolean") => value.is_boolean(),
                        Some("integer") => value.is_i64() || value.is_u64(),
                        other => panic!("unknown type {other:?}"),
                    };
                    if !is {
                        return wrong(format!("not of type {rule}"));
                    }
                }
                "enum" if !rule.as_array().expect("a list").contains(value) => {
                    return wrong(format!("not one of {rule}"));
                }
                "minimum" if value.as_f64() < rule.as_f64() => return wrong("too small".into()),
                "maximum" if value.as_f64() > rule.as_f64() => return wrong("too large".into()),
                "minItems"
                    if value.as_array().map(Vec::len) < rule.as_u64().map(|n| n as usize) =>
                {
                    return wrong("too few items".into());
                }
                "enum" | "minimum" | "maximum" | "minItems" => {}
                "required" => {
                    let names = rule.as_array().expect("a list").iter();
                    for name in names.filter_map(Value::as_str) {
                        if value.get(name).is_none() {
                            return wrong(format!("`{name}` is missing"));
                        }
                    }
                }
                "properties" => {
                    for (name, schema) in rule.as_object().expect("an object") {
                        if let Some(member) = value.get(name) {
                            self.check(resource, schema, member)
                                .map_err(|why| format!("{name}: {why}"))?;
                        }
                    }
                }
                "additionalProperties" => {
                    assert_eq!(rule, false, "only that no others are allowed is known");
                    let known = &schema["properties"];
                    for name in value.as_object().into_iter().flat_map(|value| value.keys()) {
                        if known.get(name).is_none() {
                            return wrong(format!("`{name}` is not known"));
                        }
                    }
                }
                "items" => {
                    for element in value.as_array().into_iter().flatten() {
                        self.check(resource, rule, element)?;
                    }
                }
                unknown => panic!("the schema uses `{unknown}`, which this check does not know"),
            }
        }
        Ok(())
    }
}
