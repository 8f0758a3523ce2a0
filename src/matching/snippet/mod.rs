//! Code that would define an undefined step, ready to paste.

use std::collections::HashMap;
use std::sync::Arc;

use super::generator::Generator;
use super::parameter_types::ParameterTypes;
use crate::config::SnippetStyle;
use crate::event::Snippet;
use crate::plan::{KeywordType, PlannedStep, StepArgument};

mod expression;
mod name;
mod regex;

use name::FunctionNames;

/// Writes snippets. Equal patterns with the same kind of argument give the same snippets. Other snippets have
/// different function names.
#[derive(Debug)]
pub struct Snippets {
    language: String,
    style: SnippetStyle,
    types: Arc<ParameterTypes>,
    /// Made when the first step needs it.
    generator: Option<Generator>,
    names: FunctionNames,
    written: HashMap<(String, SnippetArgument), Vec<Snippet>>,
}

/// The argument below a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum SnippetArgument {
    Nothing,
    Table,
    DocString,
}

/// The draft of a definition.
struct Draft {
    /// The argument of the attribute.
    argument: String,
    parameters: Parameters,
    /// The words between the values of the text.
    words: String,
}

/// The parameters of a function: names, each once, and types.
#[derive(Default)]
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn add(&mut self, stem: &str, kind: &str) {
        let name = (1..)
            .map(|n| match n {
                1 => stem.to_owned(),
                _ => format!("{stem}_{n}"),
            })
            .find(|name| self.0.iter().all(|(taken, _)| taken != name))
            .unwrap_or_default();
        self.0.push((name, kind.to_owned()));
    }

    #[cfg(test)]
    fn types(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, kind)| kind.as_str())
    }
}

impl Snippets {
    /// Snippets for step programs written in `language`; `taken` are the names of functions
    /// that exist already.
    pub fn new<'n>(
        language: &str,
        style: SnippetStyle,
        types: Arc<ParameterTypes>,
        taken: impl Iterator<Item = &'n str>,
    ) -> Self {
        Self {
            language: language.to_owned(),
            style,
            types,
            generator: None,
            names: FunctionNames::new(taken),
            written: HashMap::new(),
        }
    }

    /// The alternative snippets for a step, the most likely first. Empty if bdd cannot write the language.
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
        let below = match step.arguments.first() {
            None => SnippetArgument::Nothing,
            Some(StepArgument::Table(_)) => SnippetArgument::Table,
            Some(StepArgument::DocString { .. }) => SnippetArgument::DocString,
        };
        let drafts = self.drafts(&step.text);
        let Some(first) = drafts.first() else {
            return Vec::new();
        };
        let key = (first.argument.clone(), below);
        if let Some(written) = self.written.get(&key) {
            return written.clone();
        }
        let name = self.names.of(&first.words, attribute);
        let written: Vec<Snippet> = drafts
            .into_iter()
            .map(|draft| Snippet {
                language: self.language.clone(),
                code: code(attribute, &name, draft, below),
            })
            .collect();
        self.written.insert(key, written.clone());
        written
    }

    fn drafts(&mut self, text: &str) -> Vec<Draft> {
        match self.style {
            SnippetStyle::Regex => vec![regex::draft(text)],
            SnippetStyle::Expression => {
                let types = &self.types;
                let generator = self.generator.get_or_insert_with(|| Generator::new(types));
                expression::drafts(generator, text)
            }
        }
    }
}

fn code(attribute: &str, name: &str, draft: Draft, below: SnippetArgument) -> String {
    let mut parameters = draft.parameters;
    match below {
        SnippetArgument::Nothing => {}
        SnippetArgument::Table => parameters.add("table", "bdd_steps::Table"),
        SnippetArgument::DocString => parameters.add("docstring", "bdd_steps::DocString"),
    }
    let declared: Vec<String> = parameters
        .0
        .iter()
        .map(|(name, kind)| format!("{name}: {kind}"))
        .collect();
    let names: Vec<&str> = parameters.0.iter().map(|(name, _)| name.as_str()).collect();
    let used = match names.as_slice() {
        [] => String::new(),
        [one] => format!("    let _ = {one};\n"),
        several => format!("    let _ = ({});\n", several.join(", ")),
    };
    format!(
        "#[bdd_steps::{attribute}({})]\nfn {name}({}) {{\n    \
         // Write here what the step does; as it stands it always passes.\n{used}}}",
        draft.argument,
        declared.join(", ")
    )
}

/// A string literal, raw where that is easier to read.
fn string(text: &str) -> String {
    if text.contains(char::is_control) {
        format!("\"{}\"", text.escape_default())
    } else if text.contains(['"', '\\']) {
        raw_string(text)
    } else {
        format!("\"{text}\"")
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
    use super::*;
    use crate::plan::Location;
    use bdd_protocol as protocol;

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

    fn snippets(style: SnippetStyle, taken: &[&str]) -> Snippets {
        let types = Arc::new(ParameterTypes::default());
        Snippets::new("rust", style, types, taken.iter().copied())
    }

    fn code(snippets: &mut Snippets, text: &str) -> String {
        codes(snippets, text).remove(0)
    }

    fn codes(snippets: &mut Snippets, text: &str) -> Vec<String> {
        let all = snippets.of(&step(text, KeywordType::Action));
        all.into_iter().map(|one| one.code).collect()
    }

    #[test]
    fn values_become_typed_parameters() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        assert_eq!(
            code(&mut snippets, r#"user "Ann" pays 3 of 4.50 (now)"#),
            "#[bdd_steps::when(r\"user {string} pays {int} of {float} \\(now)\")]\n\
             fn user_pays_of_now(text: String, number: i64, number_2: f64) {\n    \
             // Write here what the step does; as it stands it always passes.\n    \
             let _ = (text, number, number_2);\n}"
        );
    }

    #[test]
    fn values_become_typed_captures() {
        let mut snippets = snippets(SnippetStyle::Regex, &[]);
        assert_eq!(
            code(&mut snippets, r#"user "Ann" pays 3 of 4.50 (now)"#),
            "#[bdd_steps::when(r#\"^user \"([^\"]*)\" pays (-?\\d+) of (-?\\d+\\.\\d+) \\(now\\)$\"#)]\n\
             fn user_pays_of_now(text: String, number: i64, number_2: f64) {\n    \
             // Write here what the step does; as it stands it always passes.\n    \
             let _ = (text, number, number_2);\n}"
        );
    }

    #[test]
    fn a_number_has_two_candidates_of_one_name() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        let codes = codes(&mut snippets, "a list of 8 things");
        assert_eq!(codes.len(), 2);
        assert!(
            codes[0].contains("(\"a list of {int} things\")]\nfn a_list_of_things(number: i64)")
        );
        assert!(
            codes[1].contains("(\"a list of {float} things\")]\nfn a_list_of_things(number: f64)")
        );
    }

    #[test]
    fn candidates_are_bounded() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        assert_eq!(codes(&mut snippets, &"1 ".repeat(40)).len(), 32);
    }

    #[test]
    fn what_looks_like_a_regular_expression_is_called_an_expression() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        assert!(code(&mut snippets, "it costs 5$").contains("(expr = \"it costs {int}$\")"));
        assert!(code(&mut snippets, "^ up").contains("(expr = \"^ up\")"));
        assert!(code(&mut snippets, "a\tb").contains("(\"a\\tb\")"));
    }

    #[test]
    fn digits_beyond_a_number_are_text() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        let code = code(&mut snippets, "id 12345678901234567890");
        assert!(
            code.contains("(\"id {int}\")]\nfn id(digits: String)"),
            "{code}"
        );
    }

    #[test]
    fn types_of_the_user_have_their_name() {
        let users = [("flight", "Flight"), ("table", "")].map(|(name, type_name)| {
            protocol::ParameterType {
                name: name.to_owned(),
                regexps: vec![format!("{name}-[0-9]")],
                use_for_snippets: true,
                type_name: type_name.to_owned(),
                ..protocol::ParameterType::default()
            }
        });
        let types = ParameterTypes::new(&users, &str::to_owned).expect("they are fine");
        let style = SnippetStyle::Expression;
        let mut snippets = Snippets::new("rust", style, Arc::new(types), std::iter::empty());
        let mut step = step("flight-1 and flight-2 at table-3", KeywordType::Outcome);
        step.arguments.push(StepArgument::Table(Vec::new()));
        let code = &snippets.of(&step)[0].code;
        assert!(
            code.contains(
                "(\"{flight} and {flight} at {table}\")]\nfn and_at(flight: Flight, flight_2: Flight, \
                 table: String, table_2: bdd_steps::Table)"
            ),
            "{code}"
        );
    }

    #[test]
    fn names_are_free_and_patterns_are_written_once() {
        let mut snippets = snippets(SnippetStyle::Expression, &["i_wait"]);
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
    fn the_same_text_with_and_without_a_table_is_two_steps() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        let mut with_table = step("I add:", KeywordType::Action);
        let without = snippets.of(&with_table)[0].code.clone();
        with_table.arguments.push(StepArgument::Table(Vec::new()));
        let with = snippets.of(&with_table)[0].code.clone();
        assert!(without.contains("fn i_add()"), "{without}");
        assert!(
            with.contains("fn i_add_2(table: bdd_steps::Table)"),
            "{with}"
        );
    }

    #[test]
    fn names_keep_accents() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        assert!(code(&mut snippets, "l'Écran affiche ß").contains("fn l_écran_affiche_ß()"));
    }

    #[test]
    fn other_languages_get_none() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        snippets.language = "python".to_owned();
        assert!(snippets.of(&step("x", KeywordType::Context)).is_empty());
    }
}
