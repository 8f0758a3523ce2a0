//! What is true for the snippets of every plan.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::matching::{Pattern, keyword_allows};
use crate::plan::{Location, StepWording};

/// Words that are values, nearly values, or have a meaning in patterns.
const WORDS: &[&str] = &[
    "I",
    "pay",
    "paid",
    "5",
    "6",
    "5.50",
    ".5",
    "-3",
    "+3",
    "1e5",
    "1E5",
    "\"a\"",
    "\"\"",
    "'b'",
    "'",
    "\"",
    "don't",
    "{x}",
    "{}",
    "(y)",
    "()",
    "a/b",
    "/",
    "\\",
    "\\\"",
    "12345678901234567890",
    "2026-11-21",
    "1.2",
    "1.2.3",
    "1.",
    "é",
    "e\u{301}",
    "日本",
    "٣",
    "7$",
    "^",
    "red",
    "blue",
    "\u{a0}",
    "\u{202e}",
    "\t",
];

fn step() -> impl Strategy<Value = PlannedStep> {
    let text = proptest::collection::vec(proptest::sample::select(WORDS), 0..4);
    let keyword = proptest::sample::select(
        &[
            KeywordType::Context,
            KeywordType::Action,
            KeywordType::Outcome,
            KeywordType::Unknown,
        ][..],
    );
    (text, keyword).prop_map(|(words, keyword_type)| {
        PlannedStep::new(
            StepWording {
                keyword: "Given ".into(),
                keyword_type,
                text: words.join(" ").into(),
                arguments: Vec::new(),
                background: false,
            },
            Location { line: 1, column: 1 },
        )
    })
}

fn types() -> ParameterTypes {
    let user = |name: &str, regexp: &str| bdd_protocol::ParameterType {
        name: name.to_owned(),
        regexps: vec![regexp.to_owned()],
        use_for_snippets: true,
        ..bdd_protocol::ParameterType::default()
    };
    let users = [user("color", "red|blue"), user("letters", "[a-z]+")];
    ParameterTypes::new(&users, &str::to_owned).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn each_undefined_step_matches_one_snippet(
        steps in proptest::collection::vec(step(), 1..15),
        defined in 0usize..4,
        strict in any::<bool>(),
        style in proptest::sample::select(&[SnippetStyle::Expression, SnippetStyle::Regex][..]),
    ) {
        let types = Arc::new(types());
        // The first steps have definitions.
        let generator = Generator::new(&types);
        let existing: Vec<(&str, Pattern)> = steps[..defined.min(steps.len())]
            .iter()
            .map(|step| {
                let draft = expression::drafts(&generator, &step.text).remove(0);
                (groups::attribute(step.keyword_type), draft.source.pattern(&types).unwrap())
            })
            .collect();
        let runs = |attribute: &str, pattern: &Pattern, step: &PlannedStep| {
            (!strict || keyword_allows(attribute, step.keyword_type))
                && pattern.arguments(&step.text).is_some()
        };
        let is_defined = |step: &PlannedStep| {
            existing.iter().any(|(attribute, pattern)| runs(attribute, pattern, step))
        };

        let mut snippets =
            Snippets::new("rust", style, Arc::clone(&types), strict, std::iter::empty());
        for (attribute, pattern) in &existing {
            if let Some(example) = pattern.example() {
                snippets.add_example(&example, attribute);
            }
        }
        for step in &steps {
            snippets.add(step, is_defined(step));
        }
        snippets.choose();

        for step in &steps {
            let pasted = snippets.choice.snippets().iter();
            let matching: Vec<&Chosen> = pasted
                .filter(|one| {
                    let pattern = one.drafts[0].source.pattern(&types).unwrap();
                    runs(one.attribute, &pattern, step)
                })
                .collect();
            let expected = usize::from(!is_defined(step));
            // A definition of another keyword may be missing, and with it `*` becomes ambiguous.
            if expected == 0 && strict && step.keyword_type == KeywordType::Unknown {
                continue;
            }
            prop_assert_eq!(matching.len(), expected, "{:?} {:#?}", step, matching);
            prop_assert!(expected == 0 || !snippets.of(step).is_empty());
        }
    }
}
