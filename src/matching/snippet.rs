//! Code that would define an undefined step, ready to paste.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
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

/// What becomes a capture: quoted text, and numbers, perhaps with dots in them.
static VALUES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""[^"]*"|-?\b\d+(?:\.\d+)*\b"#).expect("the pattern is constant and tested")
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
            if is_letter(c) || c.is_ascii_digit() {
                stem.push(c);
            } else if !stem.ends_with('_') && !stem.is_empty() {
                stem.push('_');
            }
            if stem.len() >= 60 {
                break;
            }
        }
        let stem = stem.trim_end_matches('_');
        let usable = stem.starts_with(is_letter) && !RUST_KEYWORDS.contains(&stem);
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
            let Some((start, group, stem, kind)) = capture(text, found.range()) else {
                continue;
            };
            let between = &text[rest..start];
            pattern.push_str(&regex::escape(between));
            words.push_str(between);
            words.push(' ');
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

/// Where the value at `range` really begins, the group that captures it, and the name and type of
/// its parameter; none for a piece of a longer word.
fn capture(
    text: &str,
    range: Range<usize>,
) -> Option<(usize, &'static str, &'static str, &'static str)> {
    let value = &text[range.clone()];
    if value.starts_with('"') {
        return Some((range.start, r#""([^"]*)""#, "text", "String"));
    }
    let before = &text[..range.start];
    // `1.2` in `v0.1.2`
    if before
        .strip_suffix('.')
        .is_some_and(|b| b.ends_with(char::is_alphanumeric))
    {
        return None;
    }
    // A minus between two words is no sign: 2026-11-21, covid-19.
    let is_hyphen = value.starts_with('-') && before.ends_with(char::is_alphanumeric);
    let start = range.start + usize::from(is_hyphen);
    let number = &text[start..range.end];
    Some(match number.matches('.').count() {
        0 if number.parse::<i64>().is_err() => (start, r"(-?\d+)", "digits", "String"),
        0 if is_hyphen => (start, r"(\d+)", "number", "i64"),
        0 => (start, r"(-?\d+)", "number", "i64"),
        1 if is_hyphen => (start, r"(\d+\.\d+)", "number", "f64"),
        1 => (start, r"(-?\d+\.\d+)", "number", "f64"),
        _ => (start, r"(-?\d+(?:\.\d+)+)", "text", "String"),
    })
}

/// Whether the name of a function may hold this: Latin letters, accents included, which no lint
/// of Rust finds uncommon.
fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase() || matches!(c, 'ß'..='ö' | 'ø'..='ÿ')
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
    fn hyphens_dots_and_long_numbers() {
        let shape = |text: &str| {
            let shape = Shape::of(text);
            let kinds: Vec<&str> = shape.parameters.iter().map(|(_, kind)| *kind).collect();
            format!("{} {}", shape.pattern, kinds.join(" "))
        };
        assert_eq!(shape("2026-11-21"), r"^(-?\d+)\-(\d+)\-(\d+)$ i64 i64 i64");
        assert_eq!(shape("at 10.0.0.1"), r"^at (-?\d+(?:\.\d+)+)$ String");
        assert_eq!(shape("v1.2.3"), r"^v1\.2\.3$ ");
        assert_eq!(shape("12345678901234567890"), r"^(-?\d+)$ String");
        assert_eq!(shape("3 - -4"), r"^(-?\d+) \- (-?\d+)$ i64 i64");
    }

    #[test]
    fn names_keep_accents() {
        let mut snippets = Snippets::new("rust", std::iter::empty());
        assert!(code(&mut snippets, "l'Écran affiche ß").contains("fn l_écran_affiche_ß()"));
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
