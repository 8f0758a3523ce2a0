//! What `bdd steps` shows: the catalogue, the search, and which definition a text would get.

use std::path::Path;

use serde_json::Value;

use crate::support::Project;
use crate::support::step_program::{naming, step_program};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Twenty questions in the words of somebody who does not know the steps, each with the pattern that is wanted.
const QUESTIONS: [(&str, &str); 20] = [
    (
        "the user types a number into the calculator",
        r"^I (?:have entered|enter) (\S+) into the calculator$",
    ),
    (
        "calculator displays the result",
        r"^the result should be (\S+) on the screen$",
    ),
    (
        "push a button on the calculator",
        r"^I press ([a-z]+)(?: (\d+) times)?$",
    ),
    (
        "error message of the calculator",
        "^the calculator complains: (.*)$",
    ),
    (
        "someone borrows a book",
        r#"^the member borrows "([^"]+)"$"#,
    ),
    (
        "return a borrowed book",
        r#"^the member brings back "([^"]+)"$"#,
    ),
    (
        "how many books does a member have",
        r"^the member has (\d+) books?$",
    ),
    (
        "a customer's request for a loan is rejected",
        "^the loan is refused: (.*)$",
    ),
    ("new goods are delivered", "^a delivery arrives:$"),
    ("check what is in stock", "^the stock is:$"),
    ("the flight is delayed", "{flight} is {delay} late"),
    ("departure time of a flight", "{flight} leaves at {time}"),
    ("turn on the kettle", "I switch the kettle on"),
    (
        "bake bread",
        "I bake {int} loaf/loaves (of bread )for {string}",
    ),
    (
        "search for a word in the documents",
        r#"^I search all documents for "([^"]+)"$"#,
    ),
    ("nothing was found", "^I find nothing$"),
    (
        "run a command",
        r#"^I run "([^"]*)"(?: in the folder "([^"]*)")?$"#,
    ),
    (
        "the program ends with an exit code",
        r"^it exits with (\d+)$",
    ),
    ("create a file with content", r#"^a file "([^"]+)" with:$"#),
    (
        "list of friends of a person",
        r"^the friends of (\w+) are:$",
    ),
];

/// `bdd steps` in the checkout.
fn of_this_repository(arguments: &[&str]) -> crate::support::Bdd {
    let program = step_program();
    let bdd = Project::new().bdd(["steps", "--steps"]);
    bdd.with(&[program.to_str().unwrap()])
        .with(arguments)
        .in_folder(ROOT)
}

fn patterns(arguments: &[&str]) -> Vec<String> {
    let shown = of_this_repository(&[arguments, &["--format", "json"]].concat()).run();
    let document: Value = serde_json::from_str(&shown.stdout)
        .unwrap_or_else(|error| shown.fail(&format!("no JSON: {error}")));
    let definitions = document["definitions"].as_array().unwrap().iter();
    definitions
        .map(|one| one["pattern"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_analysts_question_finds_the_step() {
    let mut missed = Vec::new();
    for (question, wanted) in QUESTIONS {
        let found = patterns(&["--search", question]);
        let place = found.iter().position(|pattern| pattern == wanted);
        if place.is_none_or(|place| place >= 3) {
            missed.push(format!(
                "{question}\n  wanted {wanted}\n  found  {}",
                found.join("\n         ")
            ));
        }
    }
    assert!(missed.len() <= 2, "{}", missed.join("\n"));
}

#[test]
fn a_search_finds_beginnings_slips_and_other_languages() {
    for (question, wanted) in [
        ("calcul", "^the calculator complains: (.*)$"),
        (
            "thermometre fahrenhiet",
            r"^a thermometer in Fahrenheit shows (-?[\d.]+) °F$",
        ),
        ("écrans", r"^l'écran affiche (-?\d+(?:,\d+)?)$"),
        (
            "remettre la calculatrice à zéro",
            "^une calculatrice remise à zéro$",
        ),
    ] {
        let found = patterns(&["--search", question]);
        assert!(
            found.iter().take(3).any(|one| one == wanted),
            "{question}: {found:?}"
        );
    }
    of_this_repository(&["--search", "zzzzqqq xxkw"])
        .exits(1)
        .stdout("no step definition fits `zzzzqqq xxkw`\n");
}

/// A project with a program of four steps, in Python.
fn small() -> Project {
    let project = Project::new();
    let fake = Path::new(ROOT).join("tests/run/fake.py");
    project.file("fake.py", std::fs::read(fake).unwrap());
    project.file(
        "host.py",
        "\
import fake
import os
fake.DEFINITIONS = [
    {\"id\": 1, \"keyword\": \"when\", \"kind\": \"cucumber_expression\", \"pattern\": \"I add {int} apple(s)\",
     \"file\": os.path.abspath(\"steps/fruit.py\"), \"line\": 4, \"function\": \"add\",
     \"doc\": \"Puts apples\\n  into the *basket*.\"},
    {\"id\": 2, \"keyword\": \"step\", \"kind\": \"regex\", \"pattern\": \"^I add (\\\\d+) (\\\\w+)$\",
     \"file\": os.path.abspath(\"steps/fruit.py\"), \"line\": 9, \"function\": \"any\"},
    {\"id\": 3, \"keyword\": \"then\", \"kind\": \"regex\", \"pattern\": \"^the basket is empty$\",
     \"file\": \"/elsewhere/check.py\", \"line\": 2, \"function\": \"empty\"},
    {\"id\": 4, \"keyword\": \"given\", \"kind\": \"cucumber_expression\", \"pattern\": \"a {fruit}\",
     \"file\": os.path.abspath(\"steps/fruit.py\"), \"line\": 1, \"function\": \"fruit\"},
]
fake.serve()
",
    );
    project.file(
        "bdd.toml",
        "[steps]\ncommand = [\"python3\", \"host.py\"]\n",
    );
    project.file(
        "features/a.feature",
        "Feature: Fruit\n  Scenario: s\n    When I add 2 pears\n    And I add 3 pears\n    And I add 2 pears\n",
    );
    project
}

#[test]
fn the_catalogue_shows_uses_documentation_and_overlaps() {
    small().bdd(["steps"]).exits(0).stderr("").stdout(
        "\
/elsewhere/check.py
  then   ^the basket is empty$
         /elsewhere/check.py:2  unused

steps/fruit.py
  when   I add {int} apple(s)
         steps/fruit.py:4  unused
         Puts apples
         into the *basket*.
         overlaps ^I add (\\d+) (\\w+)$ (steps/fruit.py:9): both match `I add 1 apples`
  step   ^I add (\\d+) (\\w+)$
         steps/fruit.py:9  3 uses
         e.g. I add 2 pears  (features/a.feature:3)
         overlaps I add {int} apple(s) (steps/fruit.py:4): both match `I add 1 apples`

not usable: a {fruit}  steps/fruit.py:1  it names the unknown parameter type {fruit}
3 step definitions, 2 unused, 2 overlapping
",
    );
}

#[test]
fn only_what_needs_attention_is_shown_on_demand() {
    let project = small();
    let patterns = |arguments: &[&str]| -> Vec<String> {
        let shown = project
            .bdd(["steps", "--format", "json"])
            .with(arguments)
            .exits(0);
        let document: Value = serde_json::from_str(&shown.stdout).unwrap();
        let definitions = document["definitions"].as_array().unwrap().iter();
        definitions
            .map(|one| one["pattern"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        patterns(&["--unused"]),
        ["I add {int} apple(s)", "^the basket is empty$"]
    );
    assert_eq!(
        patterns(&["--overlapping"]),
        ["I add {int} apple(s)", "^I add (\\d+) (\\w+)$"]
    );
    assert_eq!(patterns(&["--unused", "--overlapping"]).len(), 3);
}

#[test]
fn with_strict_keywords_only_steps_of_one_keyword_overlap() {
    let project = small();
    let host = project.read("host.py").replace("\"step\"", "\"given\"");
    project.file("host.py", host);
    project
        .bdd(["steps", "--overlapping"])
        .exits(0)
        .stdout_has("2 overlapping");
    project.file(
        "bdd.toml",
        "strict-keywords = true\n[steps]\ncommand = [\"python3\", \"host.py\"]\n",
    );
    project
        .bdd(["steps", "--overlapping"])
        .exits(0)
        .stdout_has("0 step definitions");
}

#[test]
fn a_text_shows_its_definition_with_arguments() {
    let project = small();
    project
        .bdd(["steps", "--match", "  Then I add 12 pears "])
        .exits(0)
        .stdout(
            "\
`I add 12 pears` runs:
  step   ^I add (\\d+) (\\w+)$
         steps/fruit.py:9  3 uses
         e.g. I add 2 pears  (features/a.feature:3)
         overlaps I add {int} apple(s) (steps/fruit.py:4): both match `I add 1 apples`
         argument 1 {int}: 12
         argument 2: pears
",
        );
    project
        .bdd(["steps", "--match", "I add 1 apple"])
        .exits(1)
        .stdout_has("`I add 1 apple` is ambiguous: 2 definitions match\n");
    let nothing = project
        .bdd(["steps", "--match", "the baskt is empty"])
        .exits(1);
    nothing
        .stdout_has("no definition matches `the baskt is empty`\nhint: did you mean `^the basket is empty$`?\n")
        .stdout_has("nearest:\n  then   ^the basket is empty$\n");
}

#[test]
fn patterns_of_the_programs_own_kind_are_matched_by_it() {
    let project = Project::new();
    let worker = Path::new(ROOT).join("tests/workers/worker.py");
    project.file(
        "bdd.toml",
        format!("[steps]\ncommand = [\"python3\", '{}']\n", worker.display()),
    );
    let shown = project.bdd(["steps", "--format", "json"]).exits(0);
    let document: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert!(!document["definitions"].as_array().unwrap().is_empty());
    let kind = &document["definitions"][0]["kind"];
    assert!(kind != "regex" && kind != "cucumber_expression", "{kind}");
    project
        .bdd(["steps", "--match", "a step that passes"])
        .exits(0)
        .stdout_has("runs:");
    project.bdd(["steps", "--match", "no such step"]).exits(1);
}

#[test]
fn mean_times_come_from_earlier_runs() {
    let project = Project::new();
    let program = step_program();
    project.file("bdd.toml", naming(&program));
    project.file(
        "features/a.feature",
        "Feature: f\n  Scenario: s\n    * a step that sleeps 30 ms\n",
    );
    let mean = || {
        let shown = project
            .bdd([
                "steps",
                "--format",
                "json",
                "--search",
                "a step that sleeps",
            ])
            .exits(0);
        let document: Value = serde_json::from_str(&shown.stdout).unwrap();
        document["definitions"][0]["mean_nanos"].as_u64()
    };
    assert_eq!(mean(), None);
    project.bdd(["run"]).exits(0);
    assert!(mean() >= Some(30_000_000), "{:?}", mean());
    project.bdd(["steps"]).exits(0).stdout_has(", mean ");
}

#[test]
fn the_catalogue_is_exported() {
    let project = small();
    project
        .bdd(["steps", "--format", "markdown"])
        .exits(0)
        .stdout(
            "\
# Step definitions

3 step definitions, 2 unused, 2 overlapping

## `/elsewhere/check.py`

### then `^the basket is empty$`

- `/elsewhere/check.py:2`: unused

## `steps/fruit.py`

### when `I add {int} apple(s)`

> Puts apples
> into the *basket*.

- `steps/fruit.py:4`: unused
- overlaps `^I add (\\d+) (\\w+)$` in `steps/fruit.py:9`: both match `I add 1 apples`

### step `^I add (\\d+) (\\w+)$`

- `steps/fruit.py:9`: 3 uses
- for example `I add 2 pears` in `features/a.feature:3`
- overlaps `I add {int} apple(s)` in `steps/fruit.py:4`: both match `I add 1 apples`
",
        );
    let html = project.bdd(["steps", "--format", "html"]).exits(0);
    html.stdout_has("<!doctype html>")
        .stdout_has("<code>^I add (\\d+) (\\w+)$</code>")
        .stdout_has("into the <em>basket</em>.");
}

#[test]
fn nothing_is_built_unasked() {
    let project = Project::initialized();
    let built = |arguments: &[&str]| {
        let target = project.path("target");
        // What other tests have built of the dependencies is not built again.
        let shared = concat!(env!("CARGO_TARGET_TMPDIR"), "/pasted");
        project
            .bdd(["steps", "--offline"])
            .with(arguments)
            .env("CARGO_TARGET_DIR", target.to_str().unwrap())
            .env("CARGO_BUILD_BUILD_DIR", shared)
            .run()
    };
    built(&[])
        .code(5)
        .stderr_has("error: the step program is not built yet: there is no ")
        .stderr_has("hint: build it with `bdd steps --build` or `bdd run`\n");
    assert!(!project.path("target/debug").exists());
    built(&["--build"]).code(0).stdout_has("step definitions");
    built(&[]).code(0).stdout_has("step definitions");
}

#[test]
fn a_program_that_does_not_speak_is_an_error() {
    let project = Project::new();
    for (program, limit, message) in [
        (
            "raise SystemExit(3)",
            "5m",
            "error: the step program ended (exit status: 3) and did not say hello\n",
        ),
        (
            "print('last words'); raise SystemExit(1)",
            "5m",
            "hint: last words\n",
        ),
        (
            "import time; time.sleep(600)",
            "300ms",
            "error: the step program did not say hello within ",
        ),
    ] {
        project.file("host.py", program);
        let command = "command = [\"python3\", \"host.py\"]";
        project.file(
            "bdd.toml",
            format!("[steps]\n{command}\nstart-timeout = \"{limit}\"\n"),
        );
        project.bdd(["steps"]).exits(5).stderr_has(message);
    }
    Project::new()
        .bdd(["steps"])
        .exits(5)
        .stderr_has("error: there is no step program\n");
}

#[test]
fn a_file_that_does_not_parse_is_reported_and_the_others_count() {
    let project = small();
    project.file("features/b.feature", "Nothing\n");
    project
        .bdd(["steps", "--unused"])
        .exits(3)
        .stderr_has("features/b.feature:1:1")
        .stdout_has("2 step definitions, 2 unused");
}
