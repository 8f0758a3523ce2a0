//! The messages of the standard, as far as reports need them. Unknown members are ignored: the standard grows.

use serde::Deserialize;

use crate::event::Timestamp;
use crate::plan::Location;

/// One line of a stream. Exactly one member is there.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignEnvelope {
    pub(super) meta: Option<ForeignMeta>,
    pub(super) source: Option<ForeignSource>,
    pub(super) parse_error: Option<ForeignParseError>,
    pub(super) gherkin_document: Option<ForeignDocument>,
    pub(super) pickle: Option<ForeignPickle>,
    pub(super) step_definition: Option<ForeignDefinition>,
    pub(super) hook: Option<ForeignHook>,
    pub(super) parameter_type: Option<ForeignParameterType>,
    pub(super) undefined_parameter_type: Option<ForeignUndefinedType>,
    pub(super) suggestion: Option<ForeignSuggestion>,
    pub(super) test_run_started: Option<ForeignMoment>,
    pub(super) test_case: Option<ForeignCase>,
    pub(super) test_case_started: Option<ForeignCaseStarted>,
    pub(super) test_step_started: Option<ForeignStepMoment>,
    pub(super) test_step_finished: Option<ForeignStepMoment>,
    pub(super) test_case_finished: Option<ForeignCaseFinished>,
    pub(super) test_run_hook_started: Option<ForeignRunHook>,
    pub(super) test_run_hook_finished: Option<ForeignRunHook>,
    pub(super) attachment: Option<ForeignAttachment>,
    pub(super) external_attachment: Option<ForeignAttachment>,
    pub(super) test_run_finished: Option<ForeignRunFinished>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignMeta {
    pub(super) implementation: ForeignProduct,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignProduct {
    pub(super) name: String,
    pub(super) version: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ForeignSource {
    pub(super) uri: String,
    pub(super) data: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ForeignParseError {
    pub(super) source: ForeignReference,
    pub(super) message: String,
}

/// Where something is defined. Java gives names instead of a file.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignReference {
    pub(super) uri: Option<String>,
    pub(super) location: Option<ForeignLocation>,
    pub(super) java_method: Option<ForeignJava>,
    pub(super) java_stack_trace_element: Option<ForeignJava>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignJava {
    pub(super) class_name: String,
    pub(super) method_name: String,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignLocation {
    line: u32,
    column: Option<u32>,
}

impl ForeignLocation {
    pub(super) fn to_location(self) -> Location {
        Location {
            line: self.line,
            column: self.column.unwrap_or_default(),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct ForeignDocument {
    #[serde(default)]
    pub(super) uri: String,
    pub(super) feature: Option<ForeignNode>,
}

/// A feature, rule, background or scenario: they have nearly the same members.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignNode {
    pub(super) id: String,
    pub(super) location: ForeignLocation,
    pub(super) language: String,
    pub(super) keyword: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) tags: Vec<ForeignTag>,
    pub(super) children: Vec<ForeignChild>,
    pub(super) steps: Vec<ForeignStep>,
    pub(super) examples: Vec<ForeignExamples>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignChild {
    pub(super) rule: Option<ForeignNode>,
    pub(super) background: Option<ForeignNode>,
    pub(super) scenario: Option<ForeignNode>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ForeignTag {
    pub(super) name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignStep {
    pub(super) id: String,
    pub(super) location: ForeignLocation,
    pub(super) keyword: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignExamples {
    pub(super) name: String,
    pub(super) table_header: Option<ForeignRow>,
    pub(super) table_body: Vec<ForeignRow>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignRow {
    pub(super) id: String,
    pub(super) location: ForeignLocation,
    pub(super) cells: Vec<ForeignCell>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignCell {
    pub(super) value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeignPickle {
    pub(super) id: String,
    #[serde(default)]
    pub(super) uri: String,
    pub(super) location: Option<ForeignLocation>,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) language: String,
    #[serde(default)]
    pub(super) ast_node_ids: Vec<String>,
    #[serde(default)]
    pub(super) tags: Vec<ForeignTag>,
    #[serde(default)]
    pub(super) steps: Vec<ForeignPickleStep>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignPickleStep {
    pub(super) id: String,
    pub(super) text: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) ast_node_ids: Vec<String>,
    pub(super) argument: Option<ForeignArgument>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignArgument {
    pub(super) doc_string: Option<ForeignDocString>,
    pub(super) data_table: Option<ForeignTable>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignDocString {
    pub(super) media_type: Option<String>,
    pub(super) content: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignTable {
    pub(super) rows: Vec<ForeignRow>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeignDefinition {
    pub(super) id: String,
    #[serde(default)]
    pub(super) pattern: ForeignPattern,
    #[serde(default)]
    pub(super) source_reference: ForeignReference,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignPattern {
    pub(super) source: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeignHook {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) name: Option<String>,
    pub(super) tag_expression: Option<String>,
    #[serde(default)]
    pub(super) source_reference: ForeignReference,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignParameterType {
    pub(super) name: String,
    pub(super) regular_expressions: Vec<String>,
    pub(super) prefer_for_regular_expression_match: bool,
    pub(super) use_for_snippets: bool,
    pub(super) source_reference: ForeignReference,
}

#[derive(Debug, Deserialize)]
pub(super) struct ForeignUndefinedType {
    pub(super) name: String,
    pub(super) expression: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeignSuggestion {
    pub(super) pickle_step_id: String,
    #[serde(default)]
    pub(super) snippets: Vec<ForeignSnippet>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ForeignSnippet {
    pub(super) language: String,
    pub(super) code: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignMoment {
    pub(super) timestamp: ForeignTime,
}

/// A moment, or a length of time.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignTime {
    seconds: i64,
    nanos: i64,
}

impl ForeignTime {
    pub(super) fn to_timestamp(self) -> Timestamp {
        Timestamp(self.to_nanos() / 1_000)
    }

    /// Times before 1970 and negative lengths are 0.
    pub(super) fn to_nanos(self) -> u64 {
        let nanos = i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanos);
        u64::try_from(nanos.max(0)).unwrap_or(u64::MAX)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeignCase {
    pub(super) id: String,
    pub(super) pickle_id: String,
    #[serde(default)]
    pub(super) test_steps: Vec<ForeignCaseStep>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignCaseStep {
    pub(super) id: String,
    pub(super) hook_id: Option<String>,
    pub(super) pickle_step_id: Option<String>,
    pub(super) step_definition_ids: Vec<String>,
    pub(super) step_match_arguments_lists: Vec<ForeignMatch>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignMatch {
    pub(super) step_match_arguments: Vec<ForeignMatchArgument>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignMatchArgument {
    pub(super) group: ForeignGroup,
    pub(super) parameter_type_name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignGroup {
    pub(super) start: Option<u32>,
    pub(super) value: Option<String>,
    pub(super) children: Vec<ForeignGroup>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeignCaseStarted {
    pub(super) id: String,
    pub(super) test_case_id: String,
    #[serde(default)]
    pub(super) attempt: u32,
    pub(super) worker_id: Option<String>,
    #[serde(default)]
    pub(super) timestamp: ForeignTime,
}

/// The start or the end of a test step.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeignStepMoment {
    pub(super) test_case_started_id: String,
    pub(super) test_step_id: String,
    #[serde(default)]
    pub(super) test_step_result: ForeignResult,
    #[serde(default)]
    pub(super) timestamp: ForeignTime,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignResult {
    pub(super) status: String,
    pub(super) duration: ForeignTime,
    pub(super) message: Option<String>,
    pub(super) exception: Option<ForeignException>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignException {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) message: Option<String>,
    pub(super) stack_trace: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ForeignCaseFinished {
    pub(super) test_case_started_id: String,
    #[serde(default)]
    pub(super) timestamp: ForeignTime,
    #[serde(default)]
    pub(super) will_be_retried: bool,
}

/// The start or the end of a hook around the run.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignRunHook {
    pub(super) id: String,
    pub(super) hook_id: String,
    pub(super) test_run_hook_started_id: String,
    pub(super) result: ForeignResult,
    pub(super) timestamp: ForeignTime,
}

/// An attachment in the stream or, with a URL, outside of it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ForeignAttachment {
    pub(super) body: String,
    pub(super) content_encoding: String,
    pub(super) media_type: String,
    pub(super) file_name: Option<String>,
    pub(super) url: Option<String>,
    pub(super) test_case_started_id: Option<String>,
    pub(super) test_step_id: Option<String>,
    pub(super) test_run_hook_started_id: Option<String>,
    pub(super) timestamp: Option<ForeignTime>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForeignRunFinished {
    pub(super) success: bool,
    pub(super) timestamp: ForeignTime,
    pub(super) message: Option<String>,
    pub(super) exception: Option<ForeignException>,
}
