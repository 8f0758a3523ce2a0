//! `bdd steps`: the catalogue, its search, and what a text would run.

use serde_json::Value;

use crate::support::step_program::step_program;
use crate::support::{Bdd, Project};

/// Prepares `bdd steps` in this repository.
fn steps(project: &Project, arguments: &[&str]) -> Bdd {
    let program = step_program().display().to_string();
    project
        .bdd(["steps", "--steps", &program])
        .with(arguments)
        .within(env!("CARGO_MANIFEST_DIR"))
}

fn json(outcome: &str) -> Value {
    serde_json::from_str(outcome).unwrap()
}

/// What analysts ask for, and a part of the pattern that they want.
const QUESTIONS: [(&str, &str); 20] = [
    ("type a number into the calculator", "into the calculator"),
    ("click a button on the calculator", "I press ([a-z]+)"),
    ("the total is displayed", "the result should be"),
    ("the program stops with an exit code", "^it exits with"),
    ("execute a command", "I run \"([^\"]*)\""),
    ("a customer lends a book", "the member borrows"),
    ("returning a book", "brings back"),
    ("the loan is denied", "the loan is refused"),
    ("lending is accepted", "the loan is granted"),
    ("how many books a member has", "the member has (\\d+)"),
    ("books in the library", "a library with these books"),
    ("create an empty file", "an empty file"),
    ("make a directory without content", "an empty folder"),
    ("nothing is printed", "is empty$"),
    ("goods arrive", "a delivery arrives"),
    (
        "inventory contains articles",
        "the stock holds these articles",
    ),
    ("a flight is delayed", "is {delay} late"),
    (
        "look for a word in every document",
        "I search all documents",
    ),
    ("who are somebody's friends", "the friends of"),
    ("weight of the dough in the bowl", "the bowl weighs"),
];

#[test]
fn questions_of_analysts_are_answered_among_the_first_three() {
    let project = Project::new();
    let mut missed = Vec::new();
    for (question, wanted) in QUESTIONS {
        let outcome = steps(&project, &["--search", question, "-f", "json"]).run();
        let found = json(&outcome.stdout);
        let definitions = found["definitions"].as_array().unwrap();
        let mut patterns = definitions
            .iter()
            .map(|one| one["pattern"].as_str().unwrap());
        if !patterns
            .by_ref()
            .take(3)
            .any(|pattern| pattern.contains(wanted))
        {
            let first: Vec<&Value> = definitions
                .iter()
                .take(3)
                .map(|one| &one["pattern"])
                .collect();
            missed.push(format!("{question}: {wanted} is not among {first:?}"));
        }
    }
    assert!(missed.len() <= 2, "{}", missed.join("\n"));
}

#[test]
fn a_search_without_an_answer_ends_in_1() {
    let project = Project::new();
    steps(&project, &["--search", "xylophone"])
        .exits(1)
        .stdout("")
        .stderr_has("0 definitions");
}

#[test]
fn the_catalogue_has_uses_documentation_and_places() {
    let project = Project::new();
    let catalogue = json(&steps(&project, &["-f", "json"]).exits(0).stdout);
    let definitions = catalogue["definitions"].as_array().unwrap();
    let of = |pattern: &str| {
        let found = definitions.iter().find(|one| one["pattern"] == pattern);
        found.unwrap_or_else(|| panic!("no {pattern}"))
    };
    let press = of(r"^I press ([a-z]+)(?: (\d+) times)?$");
    assert_eq!(press["keyword"], "when");
    assert!(press["uses"].as_u64() > Some(5), "{press}");
    assert!(
        press["file"]
            .as_str()
            .unwrap()
            .starts_with("steps-examples/src/"),
        "{press}"
    );
    assert!(press["line"].as_u64() > Some(0));
    let two = definitions
        .iter()
        .filter(|one| !one["overlaps"].as_array().unwrap().is_empty());
    let two: Vec<&str> = two.map(|one| one["pattern"].as_str().unwrap()).collect();
    assert!(
        two.contains(&"^a step that two definitions match$"),
        "{two:?}"
    );
    let unused = json(&steps(&project, &["--unused", "-f", "json"]).exits(0).stdout);
    for one in unused["definitions"].as_array().unwrap() {
        assert_eq!(one["uses"], 0);
    }
}

#[test]
fn a_step_of_an_outline_counts_once() {
    let project = Project::new();
    let feature = "Feature: f\n  Background:\n    Given an empty bowl\n\n  Scenario Outline: s\n    When I add <n> g of flour\n    Then nobody knows\n\n    Examples:\n      | n |\n      | 1 |\n      | 2 |\n";
    project.file("features/a.feature", feature);
    let program = step_program().display().to_string();
    let outcome = project
        .bdd(["steps", "--steps", &program, "-f", "json"])
        .exits(0);
    let catalogue = json(&outcome.stdout);
    assert_eq!(catalogue["undefined"], 1);
    let uses = |pattern: &str| {
        let all = catalogue["definitions"].as_array().unwrap();
        let found = all.iter().find(|one| one["pattern"] == pattern).unwrap();
        (found["uses"].clone(), found["examples"].clone())
    };
    assert_eq!(uses("^an empty bowl$").0, 1);
    let (count, examples) = uses(r"^I add (\d+) g of (\w+)$");
    assert_eq!(count, 1);
    assert_eq!(
        examples,
        serde_json::json!(["I add 1 g of flour", "I add 2 g of flour"])
    );
}

#[test]
fn a_text_shows_what_it_would_run() {
    let project = Project::new();
    steps(&project, &["--match", "I press add 3 times"])
        .exits(0)
        .stdout_has("when  ^I press ([a-z]+)")
        .stdout_has("argument 1: \"add\"\n      argument 2: \"3\"\n");
    steps(&project, &["--match", "I press add"])
        .exits(0)
        .stdout_has("argument 2: none\n");
    steps(&project, &["--match", "the loan is grantd"])
        .exits(1)
        .stdout_has("undefined: no definition matches; did you mean `^the loan is granted$`?");
    steps(&project, &["--match", "a step that two definitions match"])
        .exits(1)
        .stdout_has("ambiguous: 2 definitions match\n");
    let outcome = steps(&project, &["--match", "I press add", "-f", "json"]).exits(0);
    assert_eq!(
        json(&outcome.stdout)["arguments"],
        serde_json::json!(["add", null])
    );
}

#[test]
fn the_catalogue_can_be_exported() {
    let project = Project::new();
    steps(&project, &["-f", "markdown"])
        .exits(0)
        .stdout_has("# Step definitions\n\n## Given\n")
        .stdout_has("### `^I press ([a-z]+)(?: (\\d+) times)?$`\n");
    let html = steps(&project, &["-f", "html"]).exits(0).stdout;
    assert!(html.contains("<h3><code>{flight} leaves at {time}</code></h3>"));
    // Nothing of a pattern becomes markup.
    assert!(html.contains("a file &quot;([^&quot;]+)&quot; with:"));
    assert!(!html.contains("<script"));
}

#[test]
fn nothing_is_built_unasked() {
    let project = Project::new();
    project.file(
        "features/steps/Cargo.toml",
        "[package]\nname = \"never-built\"\nedition = \"2021\"\n[[bin]]\nname = \"never-built\"\npath = \"main.rs\"\n[workspace]\n",
    );
    project.file("features/steps/main.rs", "fn main() {}\n");
    project
        .bdd(["steps"])
        .env(
            "CARGO_TARGET_DIR",
            &project.path("target").display().to_string(),
        )
        .exits(5)
        .stderr_has("error: the step program is not built: there is no ")
        .stderr_has("hint: `bdd steps --build` builds it");
    assert!(!project.path("target").exists());
    Project::new()
        .bdd(["steps"])
        .exits(5)
        .stderr_has("there is no step program");
}

#[test]
fn a_program_that_does_not_answer_is_an_error() {
    let project = Project::new();
    project.file("bdd.toml", "[steps]\ncommand = ['true']\n");
    project
        .bdd(["steps"])
        .exits(5)
        .stderr_has("error: the step program ended with exit status: 0 before it answered");
}
