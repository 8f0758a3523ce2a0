//! The step definitions and hooks of this program, as the linker collected them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use crate::argument::Call;
use crate::hook_kind::HookKind;
use crate::outcome::Stop;
use crate::parameter_type;
use crate::source;
use bdd_protocol::{self as protocol, Definition, Hello, Hook};
use bdd_sequences::sort_by;

/// How a registered function is called.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    /// It is finished when it returns.
    Now(fn(&mut Call<'_>) -> Result<(), Stop>),
}

/// A registered step function.
pub struct StepDefinition {
    /// `given`, `when`, `then` or `step`.
    pub keyword: &'static str,
    /// `regex` or `cucumber_expression`.
    pub kind: &'static str,
    /// The pattern as written.
    pub pattern: &'static str,
    /// The package that defines it.
    pub package: &'static str,
    /// The directory of that package's manifest.
    pub root: &'static str,
    /// The source file as the compiler names it: mostly relative to the cargo workspace.
    pub file: &'static str,
    /// The line of the attribute.
    pub line: u32,
    /// The column of the attribute.
    pub column: u32,
    /// The function's name.
    pub function: &'static str,
    /// The function's documentation.
    pub doc: &'static str,
    /// Whether one of its fixtures needs all scenarios of a feature on one worker.
    pub whole_feature: bool,
    /// Calls the function.
    pub run: Run,
}

inventory::collect!(StepDefinition);

/// A registered hook.
pub struct HookDefinition {
    /// What it runs before or after.
    pub kind: HookKind,
    /// Its name in the attribute; may be empty.
    pub name: &'static str,
    /// The tag expression that says where it applies; empty for everywhere.
    pub tags: &'static str,
    /// Its place among the hooks of its kind.
    pub order: i32,
    /// The package that defines it.
    pub package: &'static str,
    /// The directory of that package's manifest.
    pub root: &'static str,
    /// The source file as the compiler names it.
    pub file: &'static str,
    /// The line of the attribute.
    pub line: u32,
    /// The column of the attribute.
    pub column: u32,
    /// The function's name.
    pub function: &'static str,
    /// Whether one of its fixtures needs all scenarios of a feature on one worker.
    pub whole_feature: bool,
    /// Calls the function.
    pub run: Run,
}

inventory::collect!(HookDefinition);

impl HookDefinition {
    /// Its name in messages: its kind, its name or its function's name, and its place.
    pub(crate) fn title(&self) -> String {
        let name = if self.name.is_empty() {
            self.function
        } else {
            self.name
        };
        format!(
            "{} hook `{name}` ({}:{}:{})",
            self.kind.name(),
            self.file,
            self.line,
            self.column
        )
    }
}

/// All definitions, in an order that does not depend on the linker. The index is the id.
pub(crate) fn definitions() -> &'static [&'static StepDefinition] {
    // The linker made the list, so it never changes; it is sorted once.
    static SORTED: OnceLock<Vec<&StepDefinition>> = OnceLock::new();
    SORTED.get_or_init(|| {
        let mut definitions: Vec<&StepDefinition> = inventory::iter::<StepDefinition>().collect();
        sort_by(&mut definitions, &|a, b| {
            (a.package, a.file, a.line, a.column, a.pattern)
                .cmp(&(b.package, b.file, b.line, b.column, b.pattern))
        });
        definitions
    })
}

/// All hooks, in the order of their definitions. The index is the id.
pub(crate) fn hooks() -> &'static [&'static HookDefinition] {
    static SORTED: OnceLock<Vec<&HookDefinition>> = OnceLock::new();
    SORTED.get_or_init(|| {
        let mut hooks: Vec<&HookDefinition> = inventory::iter::<HookDefinition>().collect();
        sort_by(&mut hooks, &|a, b| {
            (a.package, a.file, a.line, a.column, a.function)
                .cmp(&(b.package, b.file, b.line, b.column, b.function))
        });
        hooks
    })
}

/// The step definition with this id.
pub(crate) fn step(id: u32) -> Option<&'static StepDefinition> {
    definitions().get(id as usize).copied()
}

/// The hook with this id.
pub(crate) fn hook(id: u32) -> Option<&'static HookDefinition> {
    hooks().get(id as usize).copied()
}

/// The first message of the worker.
pub(crate) fn hello(adopts_orphans: bool) -> Hello {
    let mut files = Files::default();
    let mut hasher = DefaultHasher::new();
    let definitions: Vec<Definition> = definitions()
        .iter()
        .enumerate()
        .map(|(index, definition)| {
            let place = (definition.file, definition.line, definition.column);
            (
                definition.package,
                definition.keyword,
                definition.kind,
                definition.pattern,
                place,
                definition.function,
            )
                .hash(&mut hasher);
            Definition {
                id: index as u32,
                keyword: definition.keyword.to_owned(),
                kind: definition.kind.to_owned(),
                pattern: definition.pattern.to_owned(),
                file: files.absolute(definition.root, definition.file),
                line: definition.line,
                column: definition.column,
                function: definition.function.to_owned(),
                doc: without_margin(definition.doc),
                whole_feature: definition.whole_feature,
            }
        })
        .collect();
    let hooks: Vec<Hook> = hooks()
        .iter()
        .enumerate()
        .map(|(index, hook)| {
            let place = (hook.file, hook.line, hook.column);
            (hook.package, hook.kind.name(), place, hook.function).hash(&mut hasher);
            (hook.name, hook.tags, hook.order).hash(&mut hasher);
            Hook {
                id: index as u32,
                kind: hook.kind.name().to_owned(),
                name: hook.name.to_owned(),
                tags: hook.tags.to_owned(),
                order: hook.order,
                file: files.absolute(hook.root, hook.file),
                line: hook.line,
                column: hook.column,
                function: hook.function.to_owned(),
                whole_feature: hook.whole_feature || hook.kind.is_of_feature(),
            }
        })
        .collect();
    let parameter_types = parameter_type::introduce(&mut hasher);
    Hello {
        protocol: protocol::VERSION,
        language: "rust".to_owned(),
        hash: format!("{:016x}", hasher.finish()),
        definitions,
        hooks,
        parameter_types,
        says_closed: true,
        breaks_off: true,
        adopts_orphans,
        match_by: Vec::new(),
    }
}

/// The absolute paths of source files. Each is searched for once.
#[derive(Default)]
struct Files(HashMap<(&'static str, &'static str), String>);

impl Files {
    fn absolute(&mut self, root: &'static str, file: &'static str) -> String {
        let found = self.0.entry((root, file));
        found
            .or_insert_with(|| source::absolute(root, file))
            .clone()
    }
}

/// Removes the space that `///` leaves at the start of each line.
fn without_margin(doc: &str) -> String {
    let lines: Vec<&str> = doc
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    lines.join("\n").trim_end().to_owned()
}
