//! Lines that were meant as steps or headings and are read as descriptions: what warns, and prose that does not.

use super::support::{Project, without_rule};

/// The warnings about a file, each without its beginning `warning: features/a.feature:` and without the rule.
pub fn warnings(source: &str) -> Vec<String> {
    let project = Project::new();
    project.file("features/a.feature", source);
    let run = project.bdd(["list"]).exits(0);
    let lines = run.stderr.lines();
    lines
        .filter_map(|line| line.strip_prefix("warning: features/a.feature:"))
        .map(without_rule)
        .filter(|line| !line.contains("has no steps") && !line.contains("no scenarios"))
        .map(str::to_owned)
        .collect()
}

/// The only warning about a scenario that begins with a line, without the line itself.
fn below_scenario(line: &str) -> String {
    let source = format!("Feature: f\n  Scenario: s\n    {line}\n    Given pass\n");
    let warnings = warnings(&source);
    let [warning] = &warnings[..] else {
        panic!("{line}: {warnings:?}");
    };
    let text = line.trim();
    let beginning = format!("3: `{text}` is read as a description");
    let rest = warning.strip_prefix(&beginning);
    rest.unwrap_or_else(|| panic!("{warning}")).to_owned()
}

#[test]
fn a_line_that_was_meant_as_a_step_says_what_is_wrong() {
    for (line, advice) in [
        ("Given", "the text of a step follows its keyword: `Given …`"),
        (
            "Given\u{a0}x",
            "it has a no-break space (U+00A0); type `Given` and a plain space anew",
        ),
        (
            "Given\u{3000}x",
            "it has an ideographic space (U+3000); type `Given` and a plain space anew",
        ),
        ("Given\tx", "a plain space follows `Given`, not a tab"),
        (
            "\u{200b}Given x",
            "it has a zero-width space (U+200B); type `Given` and a plain space anew",
        ),
        (
            "Gi\u{ad}ven x",
            "it has a soft hyphen (U+00AD); type `Given` and a plain space anew",
        ),
        (
            "Ｇiven x",
            "it has a full-width `Ｇ` (U+FF27); type `Given` and a plain space anew",
        ),
        (
            "G\u{456}ven x",
            "it has `\u{456}` (U+0456); type `Given` anew",
        ),
        (
            "T\u{4bb}\u{435}n x",
            "it has `\u{4bb}` (U+04BB) and `\u{435}` (U+0435); type `Then` anew",
        ),
        ("Given: x", "there is no colon after `Given`: `Given x`"),
        ("- Given x", "a step begins with its keyword: `Given x`"),
        ("2. Given x", "a step begins with its keyword: `Given x`"),
        ("1.2 Given x", "a step begins with its keyword: `Given x`"),
        ("(3) Given x", "a step begins with its keyword: `Given x`"),
        ("a) Given x", "a step begins with its keyword: `Given x`"),
        ("→ Given x", "a step begins with its keyword: `Given x`"),
        (
            "“Given” x",
            "a step begins with its keyword and a space: `Given x`",
        ),
        (
            "'When' x",
            "a step begins with its keyword and a space: `When x`",
        ),
        (
            "**Given** x",
            "a step begins with its keyword and a space: `Given x`",
        ),
        (
            "`Then` x",
            "a step begins with its keyword and a space: `Then x`",
        ),
        (
            "(Given) x",
            "a step begins with its keyword and a space: `Given x`",
        ),
        (
            "•Given x",
            "a step begins with its keyword and a space: `Given x`",
        ),
        (
            "Given, x",
            "a step begins with its keyword and a space: `Given x`",
        ),
        (
            "Given… x",
            "a step begins with its keyword and a space: `Given x`",
        ),
        ("“given” x", "did you mean `Given`?"),
        ("*Gven* x", "did you mean `Given`?"),
        ("given x", "did you mean `Given`?"),
        ("THEN x", "did you mean `Then`?"),
        ("Gven x", "did you mean `Given`?"),
        ("Gvien x", "did you mean `Given`?"),
        ("Gievn x", "did you mean `Given`?"),
        ("Whne x", "did you mean `When`?"),
        ("Tehn x", "did you mean `Then`?"),
        ("Adn x", "did you mean `And`?"),
        ("Bt x", "did you mean `But`?"),
        ("Givenx", "a space follows `Given`"),
        ("ThenI x", "a space follows `Then`"),
        ("And\"x\"", "a space follows `And`"),
        (
            "Soit x",
            "`Soit` is French, and this file is English: a line `# language: fr` at its top changes that",
        ),
        (
            "Wenn x",
            "`Wenn` is German, and this file is English: a line `# language: de` at its top changes that",
        ),
        (
            "もしx",
            "`もし` is Japanese, and this file is English: a line `# language: ja` at its top changes that",
        ),
        ("| a |", "a table stands below a step"),
        ("\"\"\"", "a docstring stands below a step"),
    ] {
        assert_eq!(
            below_scenario(line),
            format!(", not as a step: {advice}"),
            "{line}"
        );
    }
}

#[test]
fn a_line_that_was_meant_as_a_heading_says_what_is_wrong() {
    for (line, advice) in [
        (
            "Scenario b",
            "a colon is missing: did you mean `Scenario:`?",
        ),
        (
            "Scenario - b",
            "a colon is missing: did you mean `Scenario:`?",
        ),
        (
            "Scenario：b",
            "it has a full-width `：` (U+FF1A); type `Scenario:` anew",
        ),
        ("Szenario: b", "did you mean `Scenario:`?"),
        (
            "S\u{441}\u{435}nario: b",
            "it has `\u{441}` (U+0441) and `\u{435}` (U+0435); type `Scenario:` anew",
        ),
        (
            "“Scenario”: b",
            "a heading begins with its keyword: `Scenario: b`",
        ),
        (
            "**Scenario:** b",
            "a heading begins with its keyword: `Scenario: b`",
        ),
        (
            "2. Scenario: b",
            "a heading begins with its keyword: `Scenario: b`",
        ),
        (
            "Background:",
            "`Background:` stands once, before the first scenario of a feature or rule",
        ),
        ("Feature: g", "a file holds one feature"),
        (
            "Examples",
            "a colon is missing: `Example:` stands above steps, and `Examples:` below them",
        ),
        (
            "Contexte:",
            "`Contexte` is French, and this file is English: a line `# language: fr` at its top changes that",
        ),
        (
            "＠slow ＠x",
            "it has a full-width `＠` (U+FF20); tags begin with a plain `@`",
        ),
    ] {
        assert_eq!(below_scenario(line), format!("; {advice}"), "{line}");
    }
}

#[test]
fn a_heading_without_colon_is_found_above_steps_of_its_own() {
    for (heading, meant) in [
        ("Scenario b", "Scenario"),
        ("Senario b", "Scenario"),
        ("scenario b", "Scenario"),
        ("Scenario Outline b", "Scenario Outline"),
        ("Background", "Background"),
        ("Rule r", "Rule"),
    ] {
        let source =
            format!("Feature: f\n  {heading}\n    Given x\n  Scenario: t\n    Given pass\n");
        let warning = format!(
            "2: `{heading}` is read as a description; a colon is missing: did you mean `{meant}:`?"
        );
        assert_eq!(warnings(&source), [warning]);
    }
    for rule in ["Rule r", "rule r", "RULE r"] {
        let source = format!("Feature: f\n  {rule}\n    Scenario: t\n      Given pass\n");
        let warning = format!(
            "2: `{rule}` is read as a description; a colon is missing: did you mean `Rule:`?"
        );
        assert_eq!(warnings(&source), [warning]);
    }
    assert_eq!(
        warnings("Feature: f\n  Examples\n    Given x\n  Scenario: t\n    Given pass\n"),
        [
            "2: `Examples` is read as a description; a colon is missing: `Example:` stands above steps, and `Examples:` below them"
        ]
    );
}

#[test]
fn a_heading_in_the_wrong_place_says_where_it_stands() {
    for (heading, advice) in [
        (
            "Examples:\n    | x |",
            "`Examples:` stands below the steps of a scenario outline",
        ),
        ("Feature: g", "a file holds one feature"),
    ] {
        let source = format!("Feature: f\n  {heading}\n  Scenario: t\n    Given pass\n");
        let line = heading.lines().next().unwrap_or_default();
        assert_eq!(
            warnings(&source),
            [format!("2: `{line}` is read as a description; {advice}")]
        );
    }
}

#[test]
fn other_languages_have_their_own_slips() {
    let source = |line: &str| {
        format!("# language: fr\nFonctionnalité: f\n  Scénario: s\n    {line}\n    Soit pass\n")
    };
    for (line, advice) in [
        (
            "E\u{301}tant donné x",
            "it has the letter `É` as two characters (`E` and U+0301); type `Étant donné` and a plain space anew",
        ),
        ("Aolrs x", "did you mean `Alors`?"),
        ("Soitfail x", "a space follows `Soit`"),
        (
            "When x",
            "`When` is English, and this file is French: a line `# language: en` at its top changes that",
        ),
    ] {
        let warning = format!("4: `{line}` is read as a description, not as a step: {advice}");
        assert_eq!(warnings(&source(line)), [warning]);
    }
    for line in [
        "Maison et jardin",
        "Sont pris en compte",
        "Données de test",
        "Le client paie.",
        "En bref",
    ] {
        assert_eq!(warnings(&source(line)), [""; 0], "{line}");
    }
    let heading = "# language: fr\nFonctionnalité: f\n  Sce\u{301}nario: s\n    Soit x\n  Scénario: t\n    Soit x\n";
    assert_eq!(
        warnings(heading),
        [
            "3: `Sce\u{301}nario: s` is read as a description; it has the letter `é` as two characters (`e` and U+0301); type `Scénario:` anew"
        ]
    );
}

#[test]
fn slips_after_prose_are_found_by_their_place() {
    let source = "Feature: f\n  Scenario: s\n    The user is at home\n    Gven x\n    and y\n    Given pass\n";
    assert_eq!(
        warnings(source),
        [
            "4: `Gven x` is read as a description, not as a step: did you mean `Given`?",
            "5: `and y` is read as a description, not as a step: did you mean `And`?",
        ]
    );
    let source = "Feature: f\n  Background:\n    Prose\n    when it\n    goes on,\n\n    given x\n    Given pass\n  Scenario: s\n    Given pass\n";
    assert_eq!(
        warnings(source),
        ["7: `given x` is read as a description, not as a step: did you mean `Given`?"]
    );
}

#[test]
fn prose_below_a_scenario_does_not_warn() {
    for prose in [
        "The user pays",
        "They pay",
        "There is a user",
        "These users pay",
        "An admin pays",
        "Any user pays",
        "Add a user",
        "Andrew pays",
        "Android phones",
        "Buttons are blue",
        "But-less",
        "By hand",
        "Give it a name",
        "Even users pay",
        "Where users pay",
        "Whenever a user pays",
        "Who pays",
        "Thence it goes",
        "A user pays\n    I pay",
        "We pay",
        "Data is old",
        "Date is old",
        "Men and women",
        "In general",
        "As a user",
        "Logo and name",
        "Scenarios are short",
        "Scenario for admins",
        "Scenario in which a user pays.",
        "Example of a payment",
        "Rule of thumb",
        "Note: this is prose",
        "“And” is a keyword",
        "\"When\" and \"Then\" are keywords",
        "(Given the time, this is tested elsewhere)",
        "*This* is important",
        "A) is the first way",
        "1.5 seconds are enough",
        "\u{410}lpha x",
        "A user who pays\n    when the shop is open\n    and the till is, too",
        "Café – “quoted” prose",
        "- a list\n    - of prose",
        "Users\u{a0}pay",
    ] {
        let source = format!("Feature: f\n  Scenario: s\n    {prose}\n    Given pass\n");
        assert_eq!(warnings(&source), [""; 0], "{prose}");
    }
}

#[test]
fn prose_below_a_feature_does_not_warn() {
    for prose in [
        "Given the market's state, prices move",
        "When a user pays",
        "And so on",
        "given x",
        "Gven x",
        "Given",
        "Soit x",
        "| a | table |\n  | 1 | of prose |",
        "Scenario b",
        "Scenarios are short\n  and many",
        "Scenario b\n  has steps",
        "Background",
        "Background\n  ----------\n  This is prose",
        "Rule engine tests\n",
        "Rule 5 of the game says that a player waits",
        "Examples\n  of what a user pays",
        "- Rule: one\n  - Example: two",
        "This is checked by the\n  rule engine",
        "规则：这是说明",
        "mail\u{a0}@home",
    ] {
        let source = format!("Feature: f\n  {prose}\n  Scenario: s\n    Given pass\n");
        assert_eq!(warnings(&source), [""; 0], "{prose}");
    }
}

#[test]
fn with_strict_text_such_lines_are_errors() {
    let project = Project::new();
    project
        .file(
            "features/a.feature",
            "Feature: f\n  Scenario: s\n    Gven x\n    Given pass\n",
        )
        .file(
            "features/b.feature",
            "Feature: f\n  Scenario: s\n    Prose\n    Given pass\n",
        );
    let error = "error: features/a.feature:3: `Gven x` is read as a description, not as a step: did you mean `Given`? [ignored-text]\n";
    project
        .bdd(["list", "--strict-text"])
        .exits(3)
        .stderr(error);
    project
        .bdd(["list", "features/a.feature:2", "--strict-text"])
        .exits(3);
    project
        .bdd(["list"])
        .exits(0)
        .stderr(&error.replace("error", "warning"));
    project.file("bdd.toml", "strict-text = true\n");
    project.bdd(["list"]).exits(3).stderr(error);
    project
        .bdd(["list", "--keep-going"])
        .exits(3)
        .stdout_has("b.feature");
    project
        .bdd(["list", "features/b.feature"])
        .exits(0)
        .stderr("");
}

#[test]
fn a_carriage_return_alone_hides_nothing() {
    let warning = |line: u32, text: &str| {
        format!(
            "{line}: `{text}` belongs to the line before it: a carriage return does not end a line; write a line feed"
        )
    };
    for (source, line, hidden) in [
        (
            "Feature: f\n  Scenario: s\r    Given lost\r\n    Given pass\r\n",
            2,
            "Given lost",
        ),
        (
            "Feature: f\n  # x\r  Scenario: lost\r    Given lost\n  Scenario: s\n    Given pass\n",
            2,
            "Scenario: lost",
        ),
        (
            "Feature: f\n  Scenario: s\n    Given pass\n      | a |\r      | lost |\n",
            4,
            "| lost |",
        ),
    ] {
        assert_eq!(warnings(source), [warning(line, hidden)], "{source:?}");
    }
    // At the end of a line it is no more than a space, and in a docstring it may be meant.
    let meant = "Feature: f\r\n  Scenario: s \r\r\n    Given pass\n      \"\"\"\n      a\rb\n      \"\"\"\n";
    assert_eq!(warnings(meant), [""; 0]);
}

#[test]
fn the_place_of_ignored_text_is_where_it_begins() {
    let project = Project::new();
    let source = "Feature: f\n  Scenario: s\n    Givn x\n    Given pass\n      | a | b\n";
    project.file("features/a.feature", source);
    project.file(
        "features/b.feature.md",
        "# Feature: f\n\n## Scenario: s\n\n  * given x\n* Given pass\n",
    );
    let lint = project.bdd(["lint"]).run();
    for place in [
        "features/a.feature:3:5: ",
        "features/a.feature:5:7: ",
        "features/b.feature.md:5:3: ",
    ] {
        assert!(lint.stdout.contains(place), "{place}: {}", lint.stdout);
    }
}
