//! The words of a pattern: its literal text, without what only a machine reads.

use regex_syntax::ast::{self, Ast, GroupKind};

/// The literal text of a pattern, with spaces in place of groups and classes. Parts that may be left out are there, too.
pub(super) fn literal_text(kind: &str, pattern: &str) -> String {
    if kind == "regex" {
        // Patterns that do not parse were refused before.
        return ast::parse::Parser::new()
            .parse(pattern)
            .ok()
            .map_or_else(String::new, |ast| {
                let mut text = String::new();
                push(&ast, &mut text);
                text
            });
    }
    // In an expression, `cat(s)` is one word, and `is/was` are two.
    let shown = |character: char| match character {
        '(' | ')' | '\\' => None,
        '{' | '}' | '/' => Some(' '),
        other => Some(other),
    };
    pattern.chars().filter_map(shown).collect()
}

fn push(ast: &Ast, text: &mut String) {
    match ast {
        Ast::Literal(literal) => text.push(literal.c),
        Ast::Concat(concat) => concat.asts.iter().for_each(|part| push(part, text)),
        Ast::Alternation(alternation) => {
            for branch in &alternation.asts {
                push(branch, text);
                text.push(' ');
            }
        }
        Ast::Repetition(repetition) => push(&repetition.ast, text),
        Ast::Group(group) if matches!(group.kind, GroupKind::NonCapturing(_)) => {
            push(&group.ast, text);
        }
        Ast::Group(group) => {
            text.push(' ');
            push(&group.ast, text);
            text.push(' ');
        }
        Ast::Dot(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) | Ast::ClassBracketed(_) => {
            text.push(' ');
        }
        Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(kind: &str, pattern: &str) -> Vec<String> {
        let text = literal_text(kind, pattern);
        let words = text.split_whitespace();
        words.map(str::to_owned).collect()
    }

    #[test]
    fn only_what_a_person_reads_is_left() {
        for (kind, pattern, expected) in [
            (
                "regex",
                r"^I (?:have entered|enter) (\S+) into the calculator$",
                "I have entered enter into the calculator",
            ),
            (
                "regex",
                r"^(\w+) has (?:no|(\d+)) friends?$",
                "has no friends",
            ),
            ("regex", r"^« ([a-z]+) » à zéro$", "« » à zéro"),
            ("regex", r"^a \x28b\x29$", "a (b)"),
            (
                "cucumber_expression",
                "{flight} is {delay} late",
                "flight is delay late",
            ),
            (
                "cucumber_expression",
                r"I bake loaf/loaves (of bread )\{x\}",
                "I bake loaf loaves of bread x",
            ),
            ("cucumber_expression", "{int} cat(s)", "int cats"),
        ] {
            assert_eq!(words(kind, pattern).join(" "), expected, "{pattern}");
        }
    }
}
