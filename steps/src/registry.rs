//! The step definitions and hooks of this program, as the linker collected them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::panic::Location;
use std::sync::OnceLock;

use crate::function::Callable;
use crate::hook_kind::HookKind;
use crate::parameter_type;
use crate::source;
use bdd_protocol::{self as protocol, Definition, Hello, Hook};
use bdd_sequences::sort_by;

/// What the linker collects: a definition, and the package that has it.
///
/// The definition is apart because the macros in this value make the compiler check it again after every edit
/// above it, see `template` in bdd-macros.
pub struct Registered<D: 'static> {
    /// The definition.
    pub definition: &'static D,
    /// The package that defines it.
    pub package: &'static str,
    /// The directory of that package's manifest.
    pub root: &'static str,
}

impl<D> Deref for Registered<D> {
    type Target = D;

    fn deref(&self) -> &D {
        self.definition
    }
}

/// A registered step function.
pub struct StepDefinition {
    /// `given`, `when`, `then` or `step`.
    pub keyword: &'static str,
    /// `regex` or `cucumber_expression`.
    pub kind: &'static str,
    /// The pattern as written.
    pub pattern: &'static str,
    /// The place of the attribute. The compiler names its file mostly relative to the cargo workspace.
    pub place: &'static Location<'static>,
    /// The function's name.
    pub function: &'static str,
    /// The function's documentation.
    pub doc: &'static str,
    /// The function.
    pub callable: &'static dyn Callable,
}

/// A step of this program.
pub(crate) type StepEntry = Registered<StepDefinition>;

inventory::collect!(StepEntry);

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
    /// The place of the attribute. The compiler names its file mostly relative to the cargo workspace.
    pub place: &'static Location<'static>,
    /// The function's name.
    pub function: &'static str,
    /// The function.
    pub callable: &'static dyn Callable,
}

/// A hook of this program.
pub(crate) type HookEntry = Registered<HookDefinition>;

inventory::collect!(HookEntry);

impl HookEntry {
    /// Its name in messages: its kind, its name or its function's name, and its place.
    pub(crate) fn title(&self) -> String {
        let name = if self.name.is_empty() {
            self.function
        } else {
            self.name
        };
        let file = source::shown(self.root, self.place.file());
        let (line, column) = (self.place.line(), self.place.column());
        format!(
            "{} hook `{name}` ({file}:{line}:{column})",
            self.kind.name()
        )
    }
}

/// All definitions, in an order that does not depend on the linker. The index is the id.
pub(crate) fn definitions() -> &'static [&'static StepEntry] {
    // The linker made the list, so it never changes; it is sorted once.
    static SORTED: OnceLock<Vec<&StepEntry>> = OnceLock::new();
    SORTED.get_or_init(|| {
        let mut definitions: Vec<&StepEntry> = inventory::iter::<StepEntry>().collect();
        sort_by(&mut definitions, &|a, b| {
            (a.package, a.place, a.pattern).cmp(&(b.package, b.place, b.pattern))
        });
        definitions
    })
}

/// All hooks, in the order of their definitions. The index is the id.
pub(crate) fn hooks() -> &'static [&'static HookEntry] {
    static SORTED: OnceLock<Vec<&HookEntry>> = OnceLock::new();
    SORTED.get_or_init(|| {
        let mut hooks: Vec<&HookEntry> = inventory::iter::<HookEntry>().collect();
        sort_by(&mut hooks, &|a, b| {
            (a.package, a.place, a.function).cmp(&(b.package, b.place, b.function))
        });
        hooks
    })
}

/// The step definition with this id.
pub(crate) fn step(id: u32) -> Option<&'static StepEntry> {
    definitions().get(id as usize).copied()
}

/// The hook with this id.
pub(crate) fn hook(id: u32) -> Option<&'static HookEntry> {
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
            let place = definition.place;
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
                file: files.absolute(definition.root, place.file()),
                line: place.line(),
                column: place.column(),
                function: definition.function.to_owned(),
                doc: without_margin(definition.doc),
                whole_feature: definition.callable.whole_feature(),
            }
        })
        .collect();
    let hooks: Vec<Hook> = hooks()
        .iter()
        .enumerate()
        .map(|(index, hook)| {
            let place = hook.place;
            (hook.package, hook.kind.name(), place, hook.function).hash(&mut hasher);
            (hook.name, hook.tags, hook.order).hash(&mut hasher);
            Hook {
                id: index as u32,
                kind: hook.kind.name().to_owned(),
                name: hook.name.to_owned(),
                tags: hook.tags.to_owned(),
                order: hook.order,
                file: files.absolute(hook.root, place.file()),
                line: place.line(),
                column: place.column(),
                function: hook.function.to_owned(),
                whole_feature: hook.callable.whole_feature() || hook.kind.is_of_feature(),
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
