//! Laws that hold for every text: no panic, locations inside the file, errors that can be
//! shown, unique ids, messages that are JSON.

use bdd::gherkin::{
    Dialect, FeatureChild, GherkinDocument, Messages, ParseOptions, Scenario, Step, compile,
    decode, parse, parse_steps,
};
use proptest::prelude::*;
use serde_json::Value;

use super::documents::{Random, document};

/// Pieces that mean something to a parser, and some that only look so.
const PIECES: [&str; 44] = [
    "Feature:",
    "Feature",
    "Rule:",
    "Background:",
    "Scenario:",
    "Scenario Outline:",
    "Examples:",
    "Given ",
    "When",
    "* ",
    "And ",
    "|",
    "| a |",
    "| a | <b> |",
    "\\|",
    "\\n",
    "\\\\",
    "\\",
    "\"\"\"",
    "```",
    "````",
    "\\\"\\\"\\\"",
    "@tag",
    "@",
    "@a b",
    "`@md`",
    "`",
    "#",
    "# language: fr",
    "# language: no-such",
    "#language:",
    "##",
    "- Given ",
    "  | --- |",
    "<a>",
    "<",
    ">",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\u{feff}",
    "\u{3000}",
];

fn check(source: &str, markdown: bool) {
    let options = ParseOptions {
        markdown,
        ..ParseOptions::default()
    };
    let lines = source.split('\n').count() as u32 + 1;
    match parse(source, &options) {
        Ok(document) => check_messages(&document, lines),
        Err(errors) => {
            assert!((1..=11).contains(&errors.len()));
            for error in errors {
                assert!((1..=lines).contains(&error.location.line));
                let text = error.render("a.feature", source);
                let place = format!("a.feature:{}", error.location.line);
                assert!(text.starts_with(&place), "{text}");
                assert!(
                    !text.contains(['\t', '\u{1b}']) || source.contains("language"),
                    "{text}"
                );
            }
        }
    }
}

fn check_messages(document: &GherkinDocument<'_>, lines: u32) {
    let messages = Messages {
        uri: "a.feature",
        first_id: 0,
        empty_keyword: false,
    };
    let mut out = Vec::new();
    messages.document(&mut out, document);
    for pickle in compile(document).expect("small documents expand") {
        messages.pickle(&mut out, &pickle);
    }
    let text = String::from_utf8(out).expect("messages are UTF-8");
    let mut ids = Vec::new();
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).expect("messages are JSON");
        walk(&value, &mut ids, lines);
    }
    ids.sort_unstable();
    let all: Vec<u32> = (0..ids.len() as u32).collect();
    assert_eq!(ids, all, "ids are counted from 0 without a gap");
}

fn walk(value: &Value, ids: &mut Vec<u32>, lines: u32) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if key == "id" {
                    let id = member.as_str().and_then(|id| id.parse().ok());
                    ids.push(id.expect("an id is a number"));
                }
                if key == "line" {
                    assert!(member.as_u64().is_some_and(|line| line <= u64::from(lines)));
                }
                walk(member, ids, lines);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, ids, lines)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_text_is_parsed_or_refused(text in any::<String>(), markdown: bool) {
        check(&text, markdown);
    }

    #[test]
    fn any_bytes_are_text_or_refused(bytes: Vec<u8>) {
        match decode(&bytes) {
            Ok(text) => check(text, false),
            Err(error) => {
                let text = String::from_utf8_lossy(&bytes);
                prop_assert!(error.render("a.feature", &text).contains("not UTF-8"));
            }
        }
    }

    #[test]
    fn pieces_of_documents_are_parsed_or_refused(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60),
        markdown: bool,
    ) {
        check(&pieces.concat(), markdown);
    }

    #[test]
    fn documents_with_a_wound_are_parsed_or_refused(
        seed: u64,
        at in any::<prop::sample::Index>(),
        length in 0..40usize,
        piece in prop::sample::select(&PIECES[..]),
        markdown: bool,
    ) {
        let text: Vec<char> = document(&mut Random(seed)).chars().collect();
        let start = at.index(text.len());
        let end = (start + length).min(text.len());
        let wounded: String = text[..start]
            .iter()
            .copied()
            .chain(piece.chars())
            .chain(text[end..].iter().copied())
            .collect();
        check(&wounded, markdown);
    }

    #[test]
    fn line_ends_do_not_matter(seed: u64) {
        let unix = document(&mut Random(seed)).replace('\r', "");
        let windows = unix.replace('\n', "\r\n");
        let options = ParseOptions::default();
        prop_assert_eq!(parse(&unix, &options), parse(&windows, &options));
    }
}

#[test]
fn long_lines_and_deep_nesting_are_only_long() {
    let wide = "|".repeat(100_000);
    let tags = "@a ".repeat(100_000);
    let nested = format!("<{}", "<".repeat(100_000));
    for line in [&wide, &tags, &nested] {
        check(
            &format!("Feature: f\n{line}\nScenario: s\n* a\n{line}\n"),
            false,
        );
        check(&format!("{line}\n"), true);
    }
    let rules = "Rule: r\nScenario: s\n* a\n".repeat(20_000);
    check(&format!("Feature: f\n{rules}"), false);
    check(&"no\n".repeat(100_000), false);
}

/// Lines of steps, and some that do not belong there.
const LINES: [&str; 16] = [
    "Given a",
    "  And b <c>",
    "* d",
    "| x |",
    "  | y |",
    "| x | y |",
    "\"\"\"",
    "  \"\"\"json",
    "```",
    "",
    "# comment",
    "words",
    "@tag",
    "Scenario: e",
    "Examples:",
    "# language: fr",
];

/// What a step says, and its line without those before the steps.
fn said(step: &Step<'_>, before: u32) -> String {
    let table = step.data_table.as_ref().map(|table| {
        let rows = table.rows();
        let cells = rows.map(|row| row.cells.iter().map(|cell| cell.value.clone()));
        cells.map(Iterator::collect).collect::<Vec<Vec<_>>>()
    });
    let text = step.doc_string.as_ref();
    let text = text.map(|text| (text.media_type, text.content.clone()));
    let line = step.location.line - before;
    format!(
        "{line} {:?} {:?} {table:?} {text:?}",
        step.keyword, step.text
    )
}

/// The only scenario of a document that has nothing else.
fn only_scenario<'d, 's>(document: &'d GherkinDocument<'s>) -> Option<&'d Scenario<'s>> {
    let feature = document.feature.as_ref()?;
    match &feature.children[..] {
        [FeatureChild::Scenario(scenario)] => Some(scenario),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Steps alone are read as the steps of a scenario are, and nothing else is.
    #[test]
    fn steps_alone_are_those_of_a_scenario(
        lines in prop::collection::vec(prop::sample::select(&LINES[..]), 0..8),
    ) {
        let text = lines.join("\n");
        let around = format!("Feature: f\nScenario: s\n{text}");
        let document = parse(&around, &ParseOptions::default());
        let scenario = document.as_ref().ok().and_then(only_scenario);
        let plain = scenario.filter(|scenario| {
            scenario.examples.is_empty() && scenario.description.is_empty()
        });
        let steps = parse_steps(&text, Dialect::english());
        let alone = steps.as_ref().ok().map(|steps| {
            steps.iter().map(|step| said(step, 0)).collect::<Vec<_>>()
        });
        let expected = plain.map(|scenario| {
            scenario.steps.iter().map(|step| said(step, 2)).collect::<Vec<_>>()
        });
        prop_assert_eq!(alone, expected, "{}", text);
    }
}
