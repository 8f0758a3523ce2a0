//! A text that a regular expression matches.

use regex_syntax::hir::{Class, Hir, HirKind};

/// The limit of such a text in bytes.
const LONGEST: usize = 1_000;

/// Stands for a group in a skeleton.
pub(super) const GROUP: char = '\u{1}';

/// A plausible text that the expression matches: what may be there is there, and once. None if the text would
/// be very long or nothing matches.
pub(super) fn of(hir: &Hir) -> Option<String> {
    let mut text = String::new();
    add(&mut text, hir, None)?;
    Some(text)
}

/// The same with [`GROUP`] in place of each outer group.
pub(super) fn skeleton(hir: &Hir) -> Option<String> {
    let mut text = String::new();
    add(&mut text, hir, Some(GROUP))?;
    Some(text)
}

fn add(text: &mut String, hir: &Hir, group: Option<char>) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(member(class)?),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            for _ in 0..repetition.min.max(1).min(most) {
                add(text, &repetition.sub, group)?;
                if text.len() > LONGEST {
                    return None;
                }
            }
        }
        HirKind::Capture(capture) => match group {
            Some(group) => text.push(group),
            None => add(text, &capture.sub, group)?,
        },
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| add(text, part, group))?,
        HirKind::Alternation(branches) => add(text, branches.first()?, group)?,
    }
    (text.len() <= LONGEST).then_some(())
}

/// A character of the class: a letter or digit, if it has one that is often used.
fn member(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let has = |character: &char| {
        let mut ranges = class.ranges().iter();
        ranges.any(|range| (range.start()..=range.end()).contains(character))
    };
    let usual = ['a', 'A', '1', ' ', '"'].into_iter().find(has);
    usual.or_else(|| Some(class.ranges().first()?.start()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::engine;
    use super::*;

    #[test]
    fn an_example_is_a_text_that_matches() {
        for (pattern, example) in [
            (r"^I have (-?\d+) cukes?$", Some("I have -1 cukes")),
            (r#"^"([^"]*)" (?:is|was) (.*)$"#, Some("\"a\" is a")),
            (r"^x{2,4}\b", Some("xx")),
            (r"^a{5000}$", None),
            (r"^[^\s\S]$", None),
        ] {
            let (hir, _) = engine::parse(pattern).unwrap();
            assert_eq!(of(&hir).as_deref(), example, "{pattern}");
        }
    }

    #[test]
    fn a_skeleton_has_a_sign_for_each_group() {
        let (hir, _) = engine::parse(r#"^I pay ((\d+)\.\d+) to "([^"]*)"(?: now)?$"#).unwrap();
        assert_eq!(
            skeleton(&hir).as_deref(),
            Some("I pay \u{1} to \"\u{1}\" now")
        );
    }
}
