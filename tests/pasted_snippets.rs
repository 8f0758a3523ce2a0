//! The code for undefined steps, pasted: it compiles, every step is pending, and none is undefined or ambiguous.

use crate::support::{Outcome, Project};

/// What every program has: one without definitions does not run.
const EXISTING: &str = r#"
#[bdd_steps::given("an existing definition")]
fn existing() {}

fn main() {
    bdd_steps::worker()
}
"#;

/// A run of a project whose step crate cargo builds from what the build of these tests has fetched already.
fn run(project: &Project, arguments: &[&str]) -> Outcome {
    project.run_building().with(arguments).exits(1)
}

/// What a run prints to be pasted.
fn code(outcome: &Outcome) -> String {
    let lines = outcome.stdout.lines();
    let code = lines
        .skip_while(|line| *line != "Code for the undefined steps:")
        .skip(1)
        .take_while(|line| !line.contains(" passed, "));
    code.map(|line| format!("{line}\n")).collect()
}

/// A feature with a scenario for each step: a pending step would hide those after it.
fn feature(steps: &[&str]) -> String {
    let mut text = String::from("Feature: F\n");
    for (number, step) in steps.iter().enumerate() {
        text += &format!("  Scenario: {number}\n    {step}\n");
    }
    text
}

/// Pastes all snippets for these steps below `existing` definitions, of which `defined` steps are pending already.
fn paste(existing: &str, defined: usize, steps: &[&str], arguments: &[&str]) -> String {
    let project = Project::initialized();
    let program = format!("{EXISTING}\n{existing}\n");
    project
        .file("features/calculator.feature", feature(steps))
        .file("features/steps/src/main.rs", &program);
    let (all, undefined) = (steps.len(), steps.len() - defined);
    let outcome = run(&project, arguments).stdout_has(&format!(" {undefined} undefined"));
    let code = code(&outcome);
    project.file("features/steps/src/main.rs", program + &code);
    run(&project, arguments)
        .stdout_has(&format!(
            "\n0 scenarios passed, 0 failed, 0 skipped, {all} pending\n\
             0 steps passed, 0 failed, 0 skipped, {all} pending\n"
        ))
        .stdout_has("this step is not written yet");
    code
}

/// How many functions the code has.
fn functions(code: &str) -> usize {
    code.matches("\nfn ").count()
}

/// Steps with all that makes a pattern, a literal or a name difficult.
const ODD: &[&str] = &[
    "Given I pay 5 euro",
    "Then I pay 5.50 euro",
    "When I pay -3 euro",
    "Given id 5",
    "And id 12345678901234567890",
    "Given between 1.5 and 2",
    "Given between 1 and 2.5",
    "Given between 1 and 2",
    "Given a list",
    "Given a list\n      | a |",
    "Given a list\n      \"\"\"\n      text\n      \"\"\"",
    "Given both\n      | a |\n      \"\"\"\n      text\n      \"\"\"",
    "Given a list of things",
    "Given I see \"a\"",
    "Given I see \"\"",
    "Given I see 'b'",
    "Given I see nothing",
    "Given it isn't 'quoted' and it's \"quoted\"",
    "Given a \"quote",
    "Given {braces} and {}",
    "Given (round) and ()",
    "Given this/that and /",
    "Given a \\ back\\slash and \\\"",
    "Given it costs 5$",
    "Given ^ a hat",
    "Given version 1.2.3 of 2026-11-21",
    "Given version 1.2 of 2026-11-21",
    "Given <angle> & r#\"raw\"#",
    "Given Größe 5 für l'Écran",
    "Given 日本",
    "Given 中国",
    "Given 🦀 7",
    "Given a\u{a0}no-break space",
    "Given a\u{202e}mark\u{200b}",
    "Given a\ttab",
    "Given match",
    "Given pending",
    "Given 5",
    "Given \"a\"",
    "Given ",
];

#[test]
fn odd_texts_in_both_styles() {
    for style in ["expression", "regex"] {
        paste("", 0, ODD, &["--snippets", style]);
    }
}

#[test]
fn numbers_of_two_kinds_share_a_definition() {
    let steps = ["Given I pay 5 euro", "Then I pay 5.50 euro"];
    let code = paste("", 0, &steps, &[]);
    assert!(
        code.contains("#[bdd_steps::step(\"I pay {float} euro\")]"),
        "{code}"
    );
    assert_eq!(functions(&code), 1, "{code}");
}

#[test]
fn a_text_with_and_without_a_table_is_one_definition() {
    let code = paste("", 0, &["Given a list", "Given a list\n      | a |"], &[]);
    assert!(
        code.contains("fn a_list(table: Option<bdd_steps::Table>)"),
        "{code}"
    );
    assert_eq!(functions(&code), 1, "{code}");
}

#[test]
fn strict_keywords_need_a_definition_each() {
    let steps = [
        "Given a thing",
        "When a thing",
        "Then a thing",
        "Given I pay 5",
        "Then I pay 5.5",
    ];
    let code = paste("", 0, &steps, &["--strict-keywords"]);
    for attribute in ["given", "when", "then"] {
        let expected = format!("#[bdd_steps::{attribute}(\"a thing\")]");
        assert!(code.contains(&expected), "{code}");
    }
    assert!(
        code.contains("#[bdd_steps::given(\"I pay {int}\")]"),
        "{code}"
    );
    assert!(
        code.contains("#[bdd_steps::then(\"I pay {float}\")]"),
        "{code}"
    );
    // A step with `*` runs a definition of any keyword.
    let steps = ["Given a thing", "Then a thing", "* a thing"];
    let code = paste("", 0, &steps, &["--strict-keywords"]);
    assert_eq!(functions(&code), 1, "{code}");
}

#[test]
fn existing_definitions_stay_unambiguous() {
    let existing = r#"
use bdd_steps::{Outcome, given, pending};

#[given("I pay {int} euro")]
fn i_pay_euro(amount: i64) -> Outcome {
    pending(format!("{amount}: this step is not written yet"))
}

#[given("the user Ann")]
fn ann() -> Outcome {
    pending("this step is not written yet")
}
"#;
    let steps = [
        "Given I pay 5 euro",
        "Given the user Ann",
        "Given I pay 5.50 euro",
        "Given I pay 6.50 euro",
        "Given the user \"Ann\"",
        "When I pay for it",
    ];
    let code = paste(existing, 2, &steps, &[]);
    assert!(
        code.contains(r#"(r"^I pay (-?\d+\.\d+) euro$")]"#),
        "{code}"
    );
    assert_eq!(functions(&code), 3, "{code}");
    // No step of this plan shows that `{float}` would match those of the definition.
    let code = paste(existing, 0, &["Given I pay 7.50 euro"], &[]);
    assert!(!code.contains("{float}"), "{code}");
}
