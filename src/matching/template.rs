//! The text of a step that a definition matches, with named gaps for the values: what editors complete.

use std::sync::Arc;

use regex_syntax::ast::{Ast, GroupKind};

use super::engine;
use super::example::{self, GROUP};

/// A part of the text of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePart {
    /// Text as it is.
    Text(String),
    /// A gap for a value, with a name for it, such as `int`.
    Gap(String),
}

/// The name of a value of which nothing is known.
const UNNAMED: &str = "value";

/// The parts of a text with a sign in place of each group. `names` has the names of the groups, as far as they have one.
pub(super) fn of_skeleton(skeleton: &str, names: &[Option<Arc<str>>]) -> Vec<TemplatePart> {
    let mut parts = Vec::new();
    for (at, text) in skeleton.split(GROUP).enumerate() {
        if let Some(gap) = at.checked_sub(1) {
            let name = names.get(gap).and_then(Option::as_deref);
            parts.push(TemplatePart::Gap(name.unwrap_or(UNNAMED).to_owned()));
        }
        push_text(&mut parts, text);
    }
    parts
}

/// The parts of a pattern that only the step program understands. Python's format strings (`{count:d}`) are known, else
/// the pattern may be a regular expression, else its text is taken as it is.
pub(super) fn of_own_kind(pattern: &str) -> Vec<TemplatePart> {
    if let Some(parts) = of_format(pattern) {
        return parts;
    }
    if let Ok((hir, ast)) = engine::parse(pattern)
        && !engine::groups(&ast).is_empty()
        && let Some(skeleton) = example::skeleton(&hir)
    {
        return of_skeleton(&skeleton, &names_of_groups(&ast));
    }
    vec![TemplatePart::Text(pattern.to_owned())]
}

/// The parts of a format string; `None` if the text has no field.
fn of_format(pattern: &str) -> Option<Vec<TemplatePart>> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut has_field = false;
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let here = &rest[at..];
        if here.starts_with("{{") || here.starts_with("}}") {
            text.push_str(&here[..1]);
            rest = &here[2..];
            continue;
        }
        let field = here.strip_prefix('{')?;
        let (inside, after) = field.split_once('}')?;
        let name = inside.split_once(':').map_or(inside, |(name, _)| name);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '-');
        if !name.chars().all(is_name) {
            return None;
        }
        has_field = true;
        push_text(&mut parts, &std::mem::take(&mut text));
        let name = if name.is_empty() { UNNAMED } else { name };
        parts.push(TemplatePart::Gap(name.to_owned()));
        rest = after;
    }
    text.push_str(rest);
    push_text(&mut parts, &text);
    has_field.then_some(parts)
}

fn push_text(parts: &mut Vec<TemplatePart>, text: &str) {
    if !text.is_empty() {
        parts.push(TemplatePart::Text(text.to_owned()));
    }
}

/// The names of the outer groups, as far as they are written.
fn names_of_groups(ast: &Ast) -> Vec<Option<Arc<str>>> {
    let mut names = Vec::new();
    add_names(ast, &mut names);
    names
}

fn add_names(ast: &Ast, names: &mut Vec<Option<Arc<str>>>) {
    match ast {
        Ast::Group(group) => match &group.kind {
            GroupKind::CaptureName { name, .. } => names.push(Some(Arc::from(&*name.name))),
            GroupKind::CaptureIndex(_) => names.push(None),
            GroupKind::NonCapturing(_) => add_names(&group.ast, names),
        },
        Ast::Repetition(repetition) => add_names(&repetition.ast, names),
        Ast::Concat(concat) => concat.asts.iter().for_each(|one| add_names(one, names)),
        // As in the skeleton, the first branch stands for all.
        Ast::Alternation(alternation) => {
            if let Some(first) = alternation.asts.first() {
                add_names(first, names);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts as one text, with the gaps in braces.
    fn shown(parts: &[TemplatePart]) -> String {
        let shown = parts.iter().map(|part| match part {
            TemplatePart::Text(text) => text.clone(),
            TemplatePart::Gap(name) => format!("<{name}>"),
        });
        shown.collect()
    }

    #[test]
    fn gaps_have_the_names_of_parameter_types() {
        let skeleton = format!("I pay {GROUP} to \"{GROUP}\"");
        let names = [Some(Arc::from("int")), None];
        assert_eq!(
            shown(&of_skeleton(&skeleton, &names)),
            "I pay <int> to \"<value>\""
        );
    }

    #[test]
    fn patterns_of_behave_have_fields_or_groups() {
        for (pattern, expected) in [
            ("I have {count:d} apples", "I have <count> apples"),
            ("{} and {{x}}", "<value> and {x}"),
            (r"^I pay (?P<sum>\d+) (\w+)$", "I pay <sum> <value>"),
            ("nothing in (braces", "nothing in (braces"),
            ("as it is", "as it is"),
        ] {
            assert_eq!(shown(&of_own_kind(pattern)), expected, "{pattern}");
        }
    }
}
