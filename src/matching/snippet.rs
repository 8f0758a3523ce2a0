//! Code that would define an undefined step, ready to paste.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::event::Snippet;
use crate::plan::{KeywordType, PlannedStep, StepArgument};

/// Writes snippets; equal patterns give the same snippet, different ones differ in their names.
#[derive(Debug)]
pub struct Snippets {
    language: String,
    taken: HashSet<String>,
    written: HashMap<String, Snippet>,
}

/// What becomes a capture: quoted text, decimal numbers, whole numbers.
static VALUES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""[^"]*"|-?\b\d+\.\d+\b|-?\b\d+\b"#).expect("the pattern is constant and tested")
});

/// Words that cannot be the name of a function.
const RUST_KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "main", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

impl Snippets {
    /// Snippets for step programs written in `language`; `taken` are the names of functions
    /// that exist already.
    pub fn new<'n>(language: &str, taken: impl Iterator<Item = &'n str>) -> Self {
        Self {
            language: language.to_owned(),
            taken: taken.map(str::to_owned).collect(),
            written: HashMap::new(),
        }
    }

    /// The snippets for a step; none for a language that bdd cannot write.
    pub fn of(&mut self, step: &PlannedStep) -> Vec<Snippet> {
        if self.language != "rust" {
            return Vec::new();
        }
        let attribute = match step.keyword_type {
            KeywordType::Context => "given",
            KeywordType::Action => "when",
            KeywordType::Outcome => "then",
            KeywordType::Unknown => "step",
        };
        let shape = Shape::of(&step.text);
        let below = step.arguments.iter().map(|argument| match argument {
            StepArgument::Table(_) => ("table".to_owned(), "bdd_steps::Table"),
            StepArgument::DocString { .. } => ("docstring".to_owned(), "bdd_steps::DocString"),
        });
        if let Some(written) = self.written.get(&shape.pattern) {
            return vec![written.clone()];
        }
        let name = self.name(&shape.words, attribute);
        let mut parameters = shape.parameters;
        parameters.extend(below);
        let declared: Vec<String> = parameters
            .iter()
            .map(|(name, kind)| format!("{name}: {kind}"))
            .collect();
        let names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
        let body = match names.as_slice() {
            [] => {
                "    // Write here what the step does; as it stands it always passes.\n".to_owned()
            }
            [one] => format!(
                "    // Write here what the step does; as it stands it always passes.\n    let _ = {one};\n"
            ),
            several => format!(
                "    // Write here what the step does; as it stands it always passes.\n    let _ = ({});\n",
                several.join(", ")
            ),
        };
        let code = format!(
            "#[bdd_steps::{attribute}({})]\nfn {name}({}) {{\n{body}}}",
            raw_string(&shape.pattern),
            declared.join(", ")
        );
        let snippet = Snippet {
            language: self.language.clone(),
            code,
        };
        self.written.insert(shape.pattern, snippet.clone());
        vec![snippet]
    }

    /// A free function name made of the words of the step.
    fn name(&mut self, words: &str, attribute: &str) -> String {
        let mut stem = String::new();
        for c in words.chars().flat_map(char::to_lowercase) {
            if c.is_ascii_alphanumeric() {
                stem.push(c);
            } else if !stem.ends_with('_') && !stem.is_empty() {
                stem.push('_');
            }
            if stem.len() >= 60 {
                break;
            }
        }
        let stem = stem.trim_end_matches('_');
        let usable =
            stem.starts_with(|c: char| c.is_ascii_lowercase()) && !RUST_KEYWORDS.contains(&stem);
        let stem = if usable {
            stem.to_owned()
        } else {
            format!("{attribute}_{stem}")
        };
        let stem = stem.trim_end_matches('_');
        let name = (1..)
            .map(|n| {
                if n == 1 {
                    stem.to_owned()
                } else {
                    format!("{stem}_{n}")
                }
            })
            .find(|name| !self.taken.contains(name))
            .unwrap_or_else(|| stem.to_owned());
        self.taken.insert(name.clone());
        name
    }
}

/// The pattern of a step's text, the values in it, and the words around them.
struct Shape {
    pattern: String,
    parameters: Vec<(String, &'static str)>,
    words: String,
}

impl Shape {
    fn of(text: &str) -> Self {
        let mut pattern = String::from("^");
        let mut parameters: Vec<(String, &'static str)> = Vec::new();
        let mut words = String::new();
        let mut rest = 0;
        for found in VALUES.find_iter(text) {
            let between = &text[rest..found.start()];
            pattern.push_str(&regex::escape(between));
            words.push_str(between);
            words.push(' ');
            let value = found.as_str();
            let (group, stem, kind) = if value.starts_with('"') {
                (r#""([^"]*)""#, "text", "String")
            } else if value.contains('.') {
                (r"(-?\d+\.\d+)", "number", "f64")
            } else {
                (r"(-?\d+)", "number", "i64")
            };
            pattern.push_str(group);
            let same = parameters
                .iter()
                .filter(|(name, _)| name.starts_with(stem))
                .count();
            let name = if same == 0 {
                stem.to_owned()
            } else {
                format!("{stem}_{}", same + 1)
            };
            parameters.push((name, kind));
            rest = found.end();
        }
        pattern.push_str(&regex::escape(&text[rest..]));
        pattern.push('$');
        words.push_str(&text[rest..]);
        Self {
            pattern,
            parameters,
            words,
        }
    }
}

/// A raw string literal with as many `#` as the text needs.
fn raw_string(text: &str) -> String {
    let mut hashes = String::new();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::plan::Location;

    fn step(text: &str, keyword_type: KeywordType) -> PlannedStep {
        PlannedStep {
            keyword: "Given ".into(),
            keyword_type,
            text: text.into(),
            location: Location { line: 1, column: 1 },
            arguments: Vec::new(),
            background: false,
        }
    }

    fn code(snippets: &mut Snippets, text: &str) -> String {
        snippets.of(&step(text, KeywordType::Action))[0]
            .code
            .clone()
    }

    #[test]
    fn values_become_typed_captures() {
        let mut snippets = Snippets::new("rust", std::iter::empty());
        assert_eq!(
            code(&mut snippets, r#"user "Ann" pays 3 of 4.50 (now)"#),
            "#[bdd_steps::when(r#\"^user \"([^\"]*)\" pays (-?\\d+) of (-?\\d+\\.\\d+) \\(now\\)$\"#)]\n\
             fn user_pays_of_now(text: String, number: i64, number_2: f64) {\n    \
             // Write here what the step does; as it stands it always passes.\n    \
             let _ = (text, number, number_2);\n}"
        );
    }

    #[test]
    fn names_are_free_and_patterns_are_written_once() {
        let mut snippets = Snippets::new("rust", ["i_wait"].into_iter());
        assert!(code(&mut snippets, "I wait").contains("fn i_wait_2()"));
        assert!(code(&mut snippets, "I wait!").contains("fn i_wait_3()"));
        assert_eq!(
            code(&mut snippets, "I add 1"),
            code(&mut snippets, "I add 2")
        );
        assert!(code(&mut snippets, "match").contains("fn when_match()"));
        assert!(code(&mut snippets, "5").contains("fn when(number: i64)"));
        assert!(code(&mut snippets, "日本").contains("fn when_2()"));
    }

    #[test]
    fn the_pattern_of_a_snippet_matches_its_step() {
        for text in [
            "a [b] (c) {d} #e \"#f\" \"# g",
            "-3 and 3-4",
            "v1.2.3",
            "tab\there",
            "$^.*+?|\\",
        ] {
            let shape = Shape::of(text);
            assert!(
                Regex::new(&shape.pattern).unwrap().is_match(text),
                "{text}: {}",
                shape.pattern
            );
        }
    }

    #[test]
    fn other_languages_get_none() {
        assert!(
            Snippets::new("python", std::iter::empty())
                .of(&step("x", KeywordType::Context))
                .is_empty()
        );
    }
}
