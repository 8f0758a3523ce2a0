//! The step definitions of this program, as the linker collected them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::argument::Call;
use crate::outcome::Stop;
use crate::parameter_type;
use crate::protocol::{self, Definition, Hello};
use crate::source;

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
    /// Calls the function.
    pub run: fn(&mut Call<'_>) -> Result<(), Stop>,
}

inventory::collect!(StepDefinition);

/// All definitions, in an order that does not depend on the linker. The index is the id.
pub(crate) fn definitions() -> Vec<&'static StepDefinition> {
    let mut definitions: Vec<&StepDefinition> = inventory::iter::<StepDefinition>().collect();
    definitions.sort_unstable_by(|a, b| {
        (a.package, a.file, a.line, a.column, a.pattern)
            .cmp(&(b.package, b.file, b.line, b.column, b.pattern))
    });
    definitions
}

/// What the worker introduces itself with.
pub(crate) fn hello(definitions: &[&'static StepDefinition]) -> Hello {
    let mut files = HashMap::new();
    let mut hasher = DefaultHasher::new();
    let definitions: Vec<Definition> = definitions
        .iter()
        .enumerate()
        .map(|(index, definition)| {
            let file = files
                .entry((definition.root, definition.file))
                .or_insert_with(|| source::absolute(definition.root, definition.file));
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
                file: file.clone(),
                line: definition.line,
                column: definition.column,
                function: definition.function.to_owned(),
                doc: without_margin(definition.doc),
                whole_feature: false,
            }
        })
        .collect();
    let parameter_types = parameter_type::introduce(&mut hasher);
    Hello {
        protocol: protocol::VERSION,
        language: "rust".to_owned(),
        hash: format!("{:016x}", hasher.finish()),
        definitions,
        hooks: Vec::new(),
        parameter_types,
    }
}

/// Takes off the space that `///` leaves at the start of each line.
fn without_margin(doc: &str) -> String {
    let lines: Vec<&str> = doc
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    lines.join("\n").trim_end().to_owned()
}
