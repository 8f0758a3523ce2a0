//! Code that would define undefined steps, ready to paste.

use std::sync::Arc;

use super::generator::Generator;
use super::parameter_types::ParameterTypes;
use crate::config::SnippetStyle;
use crate::event::{ArgumentGroup, Snippet};
use crate::plan::{KeywordType, PlannedStep};

mod choice;
mod code;
mod draft;
mod expression;
mod groups;
#[cfg(test)]
mod laws;
mod name;
mod python;
mod regex;
mod steps;

use choice::{Choice, Chosen, Drafts, SnippetNumber};
use code::{FunctionCode, Parameters};
use draft::{Draft, Source, ValueKind};
use name::FunctionNames;
use steps::ArgumentsBelow;

/// Writes snippets. When all of them are pasted, each undefined step of the plan matches exactly one definition.
#[derive(Debug)]
pub struct Snippets {
    language: String,
    types: Arc<ParameterTypes>,
    makers: DraftMakers,
    names: FunctionNames,
    choice: Choice,
    /// The code of each snippet of the choice.
    written: Vec<Vec<Snippet>>,
}

/// Makes drafts in a style.
#[derive(Debug)]
struct DraftMakers {
    style: SnippetStyle,
    types: Arc<ParameterTypes>,
    /// Made when the first step needs it.
    generator: Option<Generator>,
}

impl Drafts for DraftMakers {
    fn usual(&mut self, text: &str) -> Vec<Draft> {
        match self.style {
            SnippetStyle::None => Vec::new(),
            SnippetStyle::Regex => vec![regex::draft(text)],
            SnippetStyle::Expression => {
                let types = &self.types;
                let generator = self.generator.get_or_insert_with(|| Generator::new(types));
                expression::drafts(generator, text)
            }
        }
    }

    fn narrower(&self, text: &str) -> Option<Draft> {
        let draft = match self.style {
            SnippetStyle::Regex | SnippetStyle::None => return None,
            SnippetStyle::Expression => regex::draft(text),
        };
        (!draft.values.is_empty()).then_some(draft)
    }

    fn literal(&self, text: &str) -> Draft {
        match self.style {
            SnippetStyle::Regex => regex::literal(text),
            SnippetStyle::Expression | SnippetStyle::None => expression::literal(text),
        }
    }
}

impl Snippets {
    /// Snippets for step programs written in `language`; `taken` are the names of functions
    /// that exist already.
    pub fn new<'n>(
        language: &str,
        style: SnippetStyle,
        types: Arc<ParameterTypes>,
        strict_keywords: bool,
        taken: impl Iterator<Item = &'n str>,
    ) -> Self {
        Self {
            language: language.to_owned(),
            choice: Choice::new(Arc::clone(&types), strict_keywords),
            makers: DraftMakers {
                style,
                types: Arc::clone(&types),
                generator: None,
            },
            types,
            names: FunctionNames::new(taken),
            written: Vec::new(),
        }
    }

    /// Whether snippets are wanted and can be written in this language.
    pub fn can_write(&self) -> bool {
        self.language == "rust" && self.makers.style != SnippetStyle::None
    }

    /// Adds a step of the plan.
    pub fn add(&mut self, step: &PlannedStep, defined: bool) {
        self.choice.steps_mut().add(step, defined);
    }

    /// Adds a text that a definition with this keyword matches, whether or not a step has it: snippets
    /// must not be ambiguous with it.
    pub fn add_example(&mut self, text: &str, keyword: &str) {
        for one in [
            KeywordType::Context,
            KeywordType::Action,
            KeywordType::Outcome,
        ] {
            if super::keyword_allows(keyword, one) {
                self.choice.steps_mut().add_example(text, one);
            }
        }
    }

    /// Chooses the snippets for all undefined steps that were added.
    pub fn choose(&mut self) {
        if self.can_write() {
            self.choice.choose_all(&mut self.makers);
            self.write();
        }
    }

    /// The alternative snippets for a step, the most likely first. Empty if bdd cannot write the language.
    pub fn of(&mut self, step: &PlannedStep) -> Vec<Snippet> {
        // Behave's own suggestions take each text as it is, so no two of them match the same step.
        let of_behave = python::BehaveStyle::of_language(&self.language);
        if let Some(style) = of_behave.filter(|_| self.makers.style != SnippetStyle::None) {
            return vec![python::snippet(step, style)];
        }
        if !self.can_write() {
            return Vec::new();
        }
        let number = self.choice.find(step).or_else(|| {
            let number = self.choice.choose_late(step, &mut self.makers);
            self.write();
            number
        });
        number.map_or_else(Vec::new, |number| self.written[number].clone())
    }

    /// Writes what is chosen and not written yet, in order: so names do not depend on which step runs first.
    fn write(&mut self) {
        for number in self.written.len()..self.choice.snippets().len() {
            let written = self.code(number);
            self.written.push(written);
        }
    }

    fn code(&mut self, number: SnippetNumber) -> Vec<Snippet> {
        let chosen = &self.choice.snippets()[number];
        let first = chosen.drafts.first();
        let words = first.map_or_else(String::new, |draft| draft.between.join(" "));
        let name = self.names.of(&words, chosen.attribute);
        let values = first.map_or_else(Vec::new, |first| self.values(chosen, first));
        let drafts = chosen.drafts.iter();
        drafts
            .map(|draft| {
                let code = FunctionCode {
                    attribute: chosen.attribute,
                    source: &draft.source,
                    name: &name,
                    parameters: self.parameters(chosen, draft, &values),
                };
                Snippet {
                    language: self.language.clone(),
                    code: code.text(),
                }
            })
            .collect()
    }

    /// The values that a draft takes from each step.
    fn values(&self, chosen: &Chosen, draft: &Draft) -> Vec<Vec<ArgumentGroup>> {
        if draft.values.is_empty() {
            return Vec::new();
        }
        let Some(pattern) = draft.source.pattern(&self.types) else {
            return Vec::new();
        };
        let steps = chosen.steps.iter();
        let texts = steps.map(|step| &self.choice.steps().get(*step).text);
        texts.filter_map(|text| pattern.arguments(text)).collect()
    }

    /// The parameters for a draft: of types that take the values of all of its steps.
    fn parameters(
        &self,
        chosen: &Chosen,
        draft: &Draft,
        values: &[Vec<ArgumentGroup>],
    ) -> Parameters {
        let mut parameters = Parameters::default();
        for (position, kind) in draft.values.iter().enumerate() {
            let groups = || values.iter().filter_map(|groups| groups.get(position));
            let own = match draft.source {
                Source::Regex(_) => groups().next().and_then(|group| self.own(group)),
                Source::Expression(_) => None,
            };
            let texts = groups().filter_map(|group| group.value.as_deref());
            let (stem, type_name) = own.as_ref().unwrap_or(kind).declared(texts);
            parameters.add(&stem, &type_name);
        }
        let steps = chosen.steps.iter();
        let below = steps.map(|step| self.choice.steps().get(*step).below);
        if let Some(below) = below.reduce(ArgumentsBelow::and) {
            parameters.add_below(below);
        }
        parameters
    }

    /// What the value of a group is, if a regular expression has that of a parameter type of the user there.
    fn own(&self, group: &ArgumentGroup) -> Option<ValueKind> {
        let user = self.types.named(group.parameter_type.as_deref()?)?;
        let is_users = user.place.is_some();
        is_users.then(|| expression::own(&user.name, &user.type_name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Location, StepArgument, StepTable, StepWording};
    use bdd_protocol as protocol;

    fn step(text: &str, keyword_type: KeywordType) -> PlannedStep {
        PlannedStep::new(
            StepWording {
                keyword: "Given ".into(),
                keyword_type,
                text: text.into(),
                arguments: Vec::new(),
                background: false,
            },
            Location { line: 1, column: 1 },
        )
    }

    fn snippets(style: SnippetStyle, taken: &[&str]) -> Snippets {
        let types = Arc::new(ParameterTypes::default());
        Snippets::new("rust", style, types, false, taken.iter().copied())
    }

    fn code(snippets: &mut Snippets, text: &str) -> String {
        codes(snippets, text).remove(0)
    }

    fn codes(snippets: &mut Snippets, text: &str) -> Vec<String> {
        let all = snippets.of(&step(text, KeywordType::Action));
        all.into_iter().map(|one| one.code).collect()
    }

    const BODY: &str = "    bdd_steps::pending(\"this step is not written yet\")\n}";
    const COMMENT: &str = "    // Write here what the step does, and remove the return type.\n";

    #[test]
    fn values_become_typed_parameters() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        assert_eq!(
            code(&mut snippets, r#"user "Ann" pays 3 of 4.50 (now)"#),
            format!(
                "#[bdd_steps::when(r\"user {{string}} pays {{int}} of {{float}} \\(now)\")]\n\
                 fn user_pays_of_now(text: String, number: i64, number_2: f64) -> bdd_steps::Outcome {{\n\
                 {COMMENT}    let _ = (text, number, number_2);\n{BODY}"
            )
        );
    }

    #[test]
    fn values_become_typed_captures() {
        let mut snippets = snippets(SnippetStyle::Regex, &[]);
        assert_eq!(
            code(&mut snippets, r#"user "Ann" pays 3 of 4.50 (now)"#),
            format!(
                "#[bdd_steps::when(r#\"^user \"([^\"]*)\" pays (-?\\d+) of (-?\\d+\\.\\d+) \\(now\\)$\"#)]\n\
                 fn user_pays_of_now(text: String, number: i64, number_2: f64) -> bdd_steps::Outcome {{\n\
                 {COMMENT}    let _ = (text, number, number_2);\n{BODY}"
            )
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
        let mut snippets = Snippets::new("rust", style, Arc::new(types), false, std::iter::empty());
        let mut step = step("flight-1 and flight-2 at table-3", KeywordType::Outcome);
        step.arguments
            .push(StepArgument::Table(StepTable::default()));
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
            code(&mut snippets, "I add 1 pound"),
            code(&mut snippets, "I add 2 pound")
        );
        assert!(code(&mut snippets, "match").contains("fn when_match()"));
        assert!(code(&mut snippets, "5").contains("fn when(number: i64)"));
        assert!(code(&mut snippets, "日本").contains("fn when_2()"));
    }

    #[test]
    fn names_keep_accents() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        assert!(code(&mut snippets, "l'Écran affiche ß").contains("fn l_écran_affiche_ß()"));
    }

    #[test]
    fn other_languages_get_none() {
        let mut snippets = snippets(SnippetStyle::Expression, &[]);
        snippets.language = "cobol".to_owned();
        assert!(snippets.of(&step("x", KeywordType::Context)).is_empty());
    }
}
