//! What a stream says about the step program: definitions, hooks, parameter types.

use std::collections::HashMap;
use std::sync::Arc;

use super::envelope::{
    ForeignCaseStep, ForeignDefinition, ForeignEnvelope, ForeignGroup, ForeignHook,
    ForeignParameterType, ForeignReference,
};
use crate::event::{
    ArgumentGroup, Event, Hook, HookKind, ParameterType, Snippet, SourceLocation, StepDefinition,
    StepMatch,
};

/// The definitions of a stream, and the numbers that events give them.
#[derive(Debug, Default)]
pub(super) struct ForeignProgram {
    definitions: Vec<StepDefinition>,
    definition_numbers: HashMap<String, u32>,
    hooks: Vec<Hook>,
    /// Whether a hook says when it runs.
    has_kind: Vec<bool>,
    hook_numbers: HashMap<String, u32>,
    parameter_types: Vec<ParameterType>,
    undefined_types: Vec<Event>,
    /// By the id of a step of a pickle.
    snippets: HashMap<String, Vec<Snippet>>,
}

impl ForeignProgram {
    /// Takes what a message defines.
    pub(super) fn learn(&mut self, envelope: &mut ForeignEnvelope) {
        if let Some(definition) = envelope.step_definition.take() {
            self.add_definition(definition);
        }
        if let Some(hook) = envelope.hook.take() {
            self.add_hook(hook);
        }
        if let Some(kind) = envelope.parameter_type.take() {
            self.parameter_types.push(parameter_type(kind));
        }
        if let Some(undefined) = envelope.undefined_parameter_type.take() {
            self.undefined_types.push(Event::UndefinedParameterType {
                name: undefined.name,
                expression: undefined.expression,
                location: place(&ForeignReference::default()),
            });
        }
        if let Some(suggestion) = envelope.suggestion.take() {
            let snippets = suggestion.snippets.into_iter().map(|snippet| Snippet {
                language: snippet.language,
                code: snippet.code,
            });
            let known = self.snippets.entry(suggestion.pickle_step_id).or_default();
            known.extend(snippets);
        }
    }

    fn add_definition(&mut self, definition: ForeignDefinition) {
        let number = number(self.definitions.len());
        self.definition_numbers.insert(definition.id, number);
        self.definitions.push(StepDefinition {
            keyword: "step".to_owned(),
            pattern: definition.pattern.source,
            kind: match definition.pattern.kind.as_str() {
                "REGULAR_EXPRESSION" => "regular_expression".to_owned(),
                _ => "cucumber_expression".to_owned(),
            },
            location: place(&definition.source_reference),
            function: String::new(),
        });
    }

    fn add_hook(&mut self, hook: ForeignHook) {
        self.hook_numbers.insert(hook.id, number(self.hooks.len()));
        let kind = hook.kind.as_deref().and_then(hook_kind);
        self.has_kind.push(kind.is_some());
        self.hooks.push(Hook {
            kind: kind.unwrap_or(HookKind::BeforeScenario),
            name: hook.name.filter(|name| !name.is_empty()),
            tags: hook.tag_expression.filter(|tags| !tags.is_empty()),
            location: place(&hook.source_reference),
            function: String::new(),
        });
    }

    /// Learns when a hook runs from its place in a test case: older streams do not say it.
    pub(super) fn place_hook(&mut self, id: &str, after: bool) {
        let Some(number) = self.hook_numbers.get(id) else {
            return;
        };
        let position = *number as usize;
        if after && !self.has_kind[position] {
            self.hooks[position].kind = HookKind::AfterScenario;
        }
    }

    /// The number of a hook.
    pub(super) fn hook(&self, id: &str) -> Option<u32> {
        self.hook_numbers.get(id).copied()
    }

    /// When a hook runs.
    pub(super) fn kind_of_hook(&self, number: u32) -> Option<HookKind> {
        Some(self.hooks.get(number as usize)?.kind)
    }

    /// A hook as messages name it: ``the before_run hook `start` (hooks.ts:3)``.
    pub(super) fn hook_title(&self, number: u32) -> String {
        let Some(hook) = self.hooks.get(number as usize) else {
            return "a hook".to_owned();
        };
        let mut title = format!("the {} hook", hook.kind);
        if let Some(name) = &hook.name {
            title.push_str(&format!(" `{name}`"));
        }
        if !hook.location.file.is_empty() {
            title.push_str(&format!(" ({}:{})", hook.location.file, hook.location.line));
        }
        title
    }

    /// All definitions that a step of a test case matched.
    pub(super) fn matches(&self, step: &ForeignCaseStep) -> Vec<Arc<StepMatch>> {
        let mut lists = step.step_match_arguments_lists.iter();
        let ids = step.step_definition_ids.iter();
        ids.filter_map(|id| {
            let list = lists.next();
            let arguments = list.map(|list| {
                let arguments = list.step_match_arguments.iter();
                let arguments = arguments.map(|argument| {
                    let mut group = group(&argument.group);
                    group.parameter_type = argument.parameter_type_name.as_deref().map(Into::into);
                    group
                });
                arguments.collect()
            });
            Some(Arc::new(StepMatch {
                definition: *self.definition_numbers.get(id)?,
                arguments: arguments.unwrap_or_default(),
            }))
        })
        .collect()
    }

    /// The code that is suggested for a step of a pickle.
    pub(super) fn snippets(&self, pickle_step: &str) -> Vec<Snippet> {
        self.snippets.get(pickle_step).cloned().unwrap_or_default()
    }

    /// The events about all definitions.
    pub(super) fn events(&self) -> Vec<Event> {
        let mut events = vec![
            Event::StepDefinitions {
                definitions: self.definitions.as_slice().into(),
            },
            Event::ParameterTypes {
                parameter_types: self.parameter_types.as_slice().into(),
            },
            Event::Hooks {
                hooks: self.hooks.as_slice().into(),
            },
        ];
        events.extend(self.undefined_types.iter().cloned());
        events
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn hook_kind(kind: &str) -> Option<HookKind> {
    Some(match kind {
        "BEFORE_TEST_RUN" => HookKind::BeforeRun,
        "AFTER_TEST_RUN" => HookKind::AfterRun,
        "BEFORE_TEST_CASE" => HookKind::BeforeScenario,
        "AFTER_TEST_CASE" => HookKind::AfterScenario,
        "BEFORE_TEST_STEP" => HookKind::BeforeStep,
        "AFTER_TEST_STEP" => HookKind::AfterStep,
        _ => return None,
    })
}

fn parameter_type(kind: ForeignParameterType) -> ParameterType {
    ParameterType {
        name: kind.name,
        regexps: kind.regular_expressions,
        use_for_snippets: kind.use_for_snippets,
        prefer_for_regexp: kind.prefer_for_regular_expression_match,
        location: place(&kind.source_reference),
    }
}

/// A group with its end, which the standard leaves to the reader: positions are in UTF-16 units.
fn group(group: &ForeignGroup) -> ArgumentGroup {
    let start = group.start.unwrap_or_default();
    let length = group.value.iter().flat_map(|value| value.encode_utf16());
    let length = u32::try_from(length.count()).unwrap_or(u32::MAX);
    ArgumentGroup {
        value: group.value.clone(),
        start,
        end: start.saturating_add(length),
        children: group.children.iter().map(self::group).collect(),
        parameter_type: None,
    }
}

fn place(reference: &ForeignReference) -> SourceLocation {
    let java = [&reference.java_method, &reference.java_stack_trace_element];
    let java = java.into_iter().flatten().next();
    let method = || java.map(|java| format!("{}.{}", java.class_name, java.method_name));
    let location = reference.location.unwrap_or_default().to_location();
    SourceLocation {
        file: reference.uri.clone().or_else(method).unwrap_or_default(),
        line: location.line,
        column: location.column,
    }
}
