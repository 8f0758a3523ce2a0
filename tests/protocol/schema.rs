//! The schema of the protocol, `docs/protocol.schema.json`.

use serde_json::Value;

use crate::support::json_schema::JsonSchema;

/// The schema of the protocol.
pub struct Schema(JsonSchema);

impl Schema {
    /// Reads the schema in `docs/`.
    pub fn read() -> Self {
        Self(JsonSchema::new(include_str!(
            "../../docs/protocol.schema.json"
        )))
    }

    /// Why a value is not what the definition `name` says; none when it is.
    pub fn problem(&self, name: &str, value: &Value) -> Option<String> {
        self.0.problem(Some(name), value)
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
