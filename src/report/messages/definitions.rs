//! Hooks, step definitions and parameter types, in order of definition.

use std::io;
use std::sync::Arc;

use super::parts::location;
use super::stream::Stream;
use crate::event::{Event, Hook, HookKind, ParameterType, SourceLocation, StepDefinition};
use crate::json::Json;

/// What the step program defines, and the ids that the stream gives it.
#[derive(Default)]
pub(super) struct StreamDefinitions {
    steps: Arc<[StepDefinition]>,
    hooks: Arc<[Hook]>,
    parameter_types: Arc<[ParameterType]>,
    unusable: Vec<Unusable>,
    step_ids: Vec<Option<u64>>,
    hook_ids: Vec<Option<u64>>,
    written: bool,
}

/// A definition whose expression names an undefined parameter type.
struct Unusable {
    name: String,
    expression: String,
    location: SourceLocation,
}

/// One message.
#[derive(Clone, Copy)]
enum Message {
    Hook(usize, &'static str),
    Step(usize),
    ParameterType(usize),
    Unusable(usize),
}

impl StreamDefinitions {
    /// Takes the definitions from an event that has some, and ignores others.
    pub(super) fn learn(&mut self, event: &Event) {
        match event {
            Event::StepDefinitions { definitions } => self.steps = Arc::clone(definitions),
            Event::Hooks { hooks } => self.hooks = Arc::clone(hooks),
            Event::ParameterTypes { parameter_types } => {
                self.parameter_types = Arc::clone(parameter_types);
            }
            Event::UndefinedParameterType {
                name,
                expression,
                location,
            } => self.unusable.push(Unusable {
                name: name.clone(),
                expression: expression.clone(),
                location: location.clone(),
            }),
            _ => {}
        }
    }

    /// Takes a hook that is added while the run lasts. One that comes before the definitions are
    /// written is written with them.
    pub(super) fn add_hook(
        &mut self,
        stream: &mut Stream,
        index: u32,
        added: &Hook,
    ) -> io::Result<()> {
        if index as usize != self.hooks.len() {
            return Ok(());
        }
        let mut hooks = self.hooks.to_vec();
        hooks.push(added.clone());
        self.hooks = hooks.into();
        if !self.written {
            return Ok(());
        }
        let kind = hook_type(added.kind);
        let id = kind.map(|_| stream.ids.next());
        self.hook_ids.push(id);
        match (id, kind) {
            (Some(id), Some(kind)) => hook(stream, id, kind, added),
            _ => Ok(()),
        }
    }

    /// The id of a step definition; `None` for one that is not in the stream.
    pub(super) fn step(&self, index: u32) -> Option<u64> {
        self.step_ids.get(index as usize).copied().flatten()
    }

    /// The id of a hook; `None` for one that is not in the stream.
    pub(super) fn hook(&self, index: u32) -> Option<u64> {
        self.hook_ids.get(index as usize).copied().flatten()
    }

    /// The frame of a hook: file and line, or nothing.
    pub(super) fn place_of_hook(&self, index: u32) -> String {
        self.hooks
            .get(index as usize)
            .map_or_else(String::new, |hook| {
                format!("{}:{}", hook.location.file, hook.location.line)
            })
    }

    /// Writes all messages and gives out the ids.
    pub(super) fn write(&mut self, stream: &mut Stream) -> io::Result<()> {
        self.written = true;
        self.step_ids = vec![None; self.steps.len()];
        self.hook_ids = vec![None; self.hooks.len()];
        for (_, message) in self.in_order() {
            match message {
                Message::Hook(index, kind) => {
                    let id = stream.ids.next();
                    self.hook_ids[index] = Some(id);
                    hook(stream, id, kind, &self.hooks[index])?;
                }
                Message::Step(index) => {
                    let id = stream.ids.next();
                    self.step_ids[index] = Some(id);
                    step_definition(stream, id, &self.steps[index])?;
                }
                Message::ParameterType(index) => {
                    let id = stream.ids.next();
                    parameter_type(stream, id, &self.parameter_types[index])?;
                }
                Message::Unusable(index) => undefined(stream, &self.unusable[index])?,
            }
        }
        Ok(())
    }

    fn in_order(&self) -> Vec<(SourceLocation, Message)> {
        let mut all = Vec::new();
        for (index, kind) in self.parameter_types.iter().enumerate() {
            all.push((kind.location.clone(), Message::ParameterType(index)));
        }
        for (index, unusable) in self.unusable.iter().enumerate() {
            all.push((unusable.location.clone(), Message::Unusable(index)));
        }
        for (index, step) in self.steps.iter().enumerate() {
            let left_out = |unusable: &Unusable| {
                unusable.location == step.location && unusable.expression == step.pattern
            };
            if !self.unusable.iter().any(left_out) {
                all.push((step.location.clone(), Message::Step(index)));
            }
        }
        for (index, hook) in self.hooks.iter().enumerate() {
            if let Some(kind) = hook_type(hook.kind) {
                all.push((hook.location.clone(), Message::Hook(index, kind)));
            }
        }
        all.sort_by(|(one, _), (other, _)| {
            (&one.file, one.line, one.column).cmp(&(&other.file, other.line, other.column))
        });
        all
    }
}

fn hook(stream: &mut Stream, id: u64, kind: &str, hook: &Hook) -> io::Result<()> {
    stream.write("hook", |json| {
        json.id("id", id);
        if let Some(name) = &hook.name {
            json.string("name", name);
        }
        json.string("type", kind);
        if let Some(tags) = &hook.tags {
            json.string("tagExpression", tags);
        }
        source(json, &hook.location);
    })
}

fn step_definition(stream: &mut Stream, id: u64, step: &StepDefinition) -> io::Result<()> {
    stream.write("stepDefinition", |json| {
        json.id("id", id);
        json.member("pattern", |json| {
            json.word("type", pattern_type(&step.kind));
            json.string("source", &step.pattern);
        });
        source(json, &step.location);
    })
}

fn parameter_type(stream: &mut Stream, id: u64, kind: &ParameterType) -> io::Result<()> {
    stream.write("parameterType", |json| {
        json.id("id", id);
        json.string("name", &kind.name);
        json.strings("regularExpressions", &kind.regexps);
        json.flag("preferForRegularExpressionMatch", kind.prefer_for_regexp);
        json.flag("useForSnippets", kind.use_for_snippets);
        source(json, &kind.location);
    })
}

fn undefined(stream: &mut Stream, unusable: &Unusable) -> io::Result<()> {
    stream.write("undefinedParameterType", |json| {
        json.string("name", &unusable.name);
        json.string("expression", &unusable.expression);
    })
}

/// What the standard calls a hook; `None` for those that it does not know.
fn hook_type(kind: HookKind) -> Option<&'static str> {
    Some(match kind {
        HookKind::BeforeRun | HookKind::BeforeAll => "BEFORE_TEST_RUN",
        HookKind::AfterRun | HookKind::AfterAll => "AFTER_TEST_RUN",
        HookKind::BeforeScenario => "BEFORE_TEST_CASE",
        HookKind::AfterScenario => "AFTER_TEST_CASE",
        HookKind::BeforeStep => "BEFORE_TEST_STEP",
        HookKind::AfterStep => "AFTER_TEST_STEP",
        HookKind::BeforeFeature
        | HookKind::AfterFeature
        | HookKind::BeforeRule
        | HookKind::AfterRule => return None,
    })
}

/// The standard has two kinds of patterns. Patterns of other languages are more like the second.
fn pattern_type(kind: &str) -> &'static str {
    match kind {
        "cucumber_expression" => "CUCUMBER_EXPRESSION",
        _ => "REGULAR_EXPRESSION",
    }
}

/// The member `sourceReference`. Lines only: the kit has no columns for source code.
fn source(json: &mut Json<'_>, place: &SourceLocation) {
    json.member("sourceReference", |json| {
        json.string("uri", &place.file);
        location(json, place.line, 0);
    });
}
