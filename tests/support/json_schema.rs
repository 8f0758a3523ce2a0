//! Checks values against a JSON Schema.
//!
//! It knows the keywords that the schemas of the tests use, and stops at any other: a keyword that is
//! not checked would be a promise that nothing keeps.

use regex::Regex;
use serde_json::Value;

/// A schema, perhaps with other resources in its `$defs`.
pub struct JsonSchema {
    root: Value,
}

impl JsonSchema {
    /// Takes the text of a schema.
    pub fn new(text: &str) -> Self {
        Self {
            root: serde_json::from_str(text).expect("the schema is JSON"),
        }
    }

    /// Why a value is not what the schema says, or its definition of this name; none when it is.
    pub fn problem(&self, definition: Option<&str>, value: &Value) -> Option<String> {
        let schema = match definition {
            None => &self.root,
            Some(name) => {
                (self.root["$defs"].get(name)).unwrap_or_else(|| panic!("no definition {name}"))
            }
        };
        self.check(&self.root, schema, value).err()
    }

    /// The schema that a reference names, with the resource that its own references begin in.
    fn target<'s>(&'s self, resource: &'s Value, reference: &str) -> (&'s Value, &'s Value) {
        let found = match reference.strip_prefix('#') {
            Some(inside) => resource.pointer(inside).map(|schema| (resource, schema)),
            None => {
                // Resources beside this one have ids that end in the name of a file.
                let name = reference.trim_start_matches("./");
                let mut all = self.root["$defs"].as_object().into_iter().flatten();
                all.find(|(id, _)| id.rsplit('/').next() == Some(name))
                    .map(|(_, resource)| (resource, resource))
            }
        };
        found.unwrap_or_else(|| panic!("nothing is {reference}"))
    }

    fn check(&self, resource: &Value, schema: &Value, value: &Value) -> Result<(), String> {
        let schema = schema
            .as_object()
            .unwrap_or_else(|| panic!("{schema} is no schema"));
        for (keyword, rule) in schema {
            match keyword.as_str() {
                "title" | "description" | "default" | "deprecated" | "$schema" | "$id"
                | "$defs" | "definitions" => {}
                "$ref" => {
                    let reference = rule.as_str().expect("a reference");
                    let (resource, schema) = self.target(resource, reference);
                    self.check(resource, schema, value)?;
                }
                "oneOf" => {
                    let options = rule.as_array().expect("a list");
                    let results = options
                        .iter()
                        .map(|option| self.check(resource, option, value));
                    let (fit, problems): (Vec<_>, Vec<_>) = results.partition(Result::is_ok);
                    if fit.len() != 1 {
                        let problems: Vec<String> =
                            problems.into_iter().filter_map(Result::err).collect();
                        return Err(format!("not one of {}: {value}", problems.join("; ")));
                    }
                }
                "anyOf" => {
                    let options = rule.as_array().expect("a list");
                    let problems: Result<Vec<String>, ()> = options
                        .iter()
                        .map(|option| self.check(resource, option, value).err().ok_or(()))
                        .collect();
                    if let Ok(problems) = problems {
                        return Err(format!("none of {}: {value}", problems.join("; ")));
                    }
                }
                "allOf" => {
                    for schema in rule.as_array().expect("a list") {
                        self.check(resource, schema, value)?;
                    }
                }
                "not" => {
                    if self.check(resource, rule, value).is_ok() {
                        return Err(format!("not allowed: {value}"));
                    }
                }
                "propertyNames" => {
                    for name in value.as_object().into_iter().flat_map(|value| value.keys()) {
                        self.check(resource, rule, &Value::String(name.clone()))?;
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
                    let known = schema.get("properties");
                    let members = value.as_object().into_iter().flatten();
                    let others = members
                        .filter(|(name, _)| known.is_none_or(|known| known.get(name).is_none()));
                    for (name, member) in others {
                        if rule == false {
                            return Err(format!("`{name}` is not known: {value}"));
                        }
                        self.check(resource, rule, member)
                            .map_err(|why| format!("{name}: {why}"))?;
                    }
                }
                "items" => {
                    for element in value.as_array().into_iter().flatten() {
                        self.check(resource, rule, element)?;
                    }
                }
                keyword => {
                    if let Some(why) = broken(keyword, rule, value) {
                        return Err(format!("{why}: {value}"));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Why a value breaks a rule that speaks of it alone.
fn broken(keyword: &str, rule: &Value, value: &Value) -> Option<String> {
    let list = || rule.as_array().expect("a list");
    let (holds, why) = match keyword {
        "type" => {
            let holds = match rule {
                Value::Array(names) => names.iter().any(|name| is_of_type(name, value)),
                name => is_of_type(name, value),
            };
            (holds, format!("not of type {rule}"))
        }
        "const" => (value == rule, format!("not {rule}")),
        "enum" => (list().contains(value), format!("not one of {rule}")),
        "pattern" => {
            let pattern = Regex::new(rule.as_str().expect("a pattern")).expect("a pattern");
            let holds = value.as_str().is_none_or(|text| pattern.is_match(text));
            (holds, format!("not like {rule}"))
        }
        "minimum" => (
            value
                .as_f64()
                .is_none_or(|value| Some(value) >= rule.as_f64()),
            "too small".to_owned(),
        ),
        "maximum" => (
            value
                .as_f64()
                .is_none_or(|value| Some(value) <= rule.as_f64()),
            "too large".to_owned(),
        ),
        "minItems" => {
            let length = value.as_array().map(|items| items.len() as u64);
            let holds = length.is_none() || length >= rule.as_u64();
            (holds, "too few items".to_owned())
        }
        "uniqueItems" => {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            let mut pairs = items.iter().enumerate();
            let is_unique = pairs.all(|(at, item)| !items[..at].contains(item));
            (rule == false || is_unique, "items are equal".to_owned())
        }
        "format" => {
            let pattern = Regex::new(form(rule)).expect("a pattern");
            let holds = value.as_str().is_none_or(|text| pattern.is_match(text));
            (holds, format!("not of the format {rule}"))
        }
        "required" => {
            let mut names = list().iter().filter_map(Value::as_str);
            let missing = names.find(|name| value.get(name).is_none());
            let why = missing.map_or_else(String::new, |name| format!("`{name}` is missing"));
            (missing.is_none(), why)
        }
        unknown => panic!("the schema uses `{unknown}`, which this check does not know"),
    };
    (!holds).then_some(why)
}

/// What texts of a format look like; the characters of URIs are those of RFC 3986.
fn form(name: &Value) -> &'static str {
    match name.as_str() {
        Some("uri") => {
            r"^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$"
        }
        Some("uri-reference") => r"^(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$",
        Some("date-time") => r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$",
        other => panic!("unknown format {other:?}"),
    }
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        other => panic!("unknown type {other:?}"),
    }
}
