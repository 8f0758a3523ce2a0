//! The code for an undefined step in reports for people.

use crate::event::Snippet;

/// The number of other candidates that are shown.
const OTHERS: usize = 4;

/// The first candidate in full, and the others below it, each as a comment of one line. All of it can be
/// pasted.
pub fn suggestion(candidates: &[Snippet]) -> String {
    let Some((first, others)) = candidates.split_first() else {
        return String::new();
    };
    let mut text = first.code.clone();
    for other in others.iter().take(OTHERS) {
        text.push_str("\n// or: ");
        text.push_str(&head(&other.code));
    }
    match others.len().saturating_sub(OTHERS) {
        0 => {}
        more => text.push_str(&format!(
            "\n// or one of {more} more combinations of these types"
        )),
    }
    text
}

/// The attribute and the declaration of the function, which differ between candidates.
fn head(code: &str) -> String {
    let lines: Vec<&str> = code.lines().take(2).map(str::trim).collect();
    lines.join(" ").trim_end_matches([' ', '{']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippets(count: usize) -> Vec<Snippet> {
        let code = |n| format!("#[given(\"{n}\")]\nfn f(a: T{n}) {{\n    body\n}}");
        let snippet = |n| Snippet {
            language: "rust".to_owned(),
            code: code(n),
        };
        (0..count).map(snippet).collect()
    }

    #[test]
    fn others_are_comments_of_one_line() {
        assert_eq!(
            suggestion(&snippets(2)),
            "#[given(\"0\")]\nfn f(a: T0) {\n    body\n}\n// or: #[given(\"1\")] fn f(a: T1)"
        );
        assert_eq!(suggestion(&snippets(1)).lines().count(), 4);
        assert_eq!(suggestion(&[]), "");
    }

    #[test]
    fn many_are_counted() {
        let text = suggestion(&snippets(32));
        assert_eq!(text.lines().count(), 4 + 4 + 1);
        assert!(text.ends_with("// or one of 27 more combinations of these types"));
    }
}
