//! Which scenarios of the files that were found are taken.

use crate::support::{Outcome, Project};

/// Line numbers are what these tests are about: they stand on the left.
const FEATURE: &str = "\
# a comment
@all
Feature: Shop
  It sells things.

  Background:
    Given a shop

  @one
  # about the first
  Scenario: first
    Given a table
      | a |

    And a text
      \"\"\"
      one

      two
      \"\"\"

  Scenario Outline: buy <thing>
    Sell it.

    Given a <thing>

    @fruit
    Examples: Fruit
      | thing |
      | apple |
      | pear  |

    Examples: Rest
      | thing |
      | nail  |

  Rule: Discounts
    @two
    Scenario: last
      Given a discount

  @empty
  Rule: Nothing here
";

fn project() -> Project {
    let project = Project::new();
    project.file("features/shop.feature", FEATURE);
    project
}

fn names(outcome: &Outcome) -> Vec<String> {
    outcome
        .stdout
        .lines()
        .filter_map(|line| line.split_once(".feature:"))
        .filter_map(|(_, rest)| rest.split_once("  "))
        // The cells of a row follow its name.
        .map(|(_, name)| name.split(" [").next().unwrap_or(name).to_owned())
        .collect()
}

const ALL: [&str; 5] = ["first", "buy apple", "buy pear", "buy nail", "last"];

#[test]
fn any_line_of_a_scenario_row_or_heading_selects_what_it_contains() {
    let project = project();
    let cases: [(std::ops::RangeInclusive<u32>, &[&str]); 13] = [
        (1..=7, &ALL),
        (8..=8, &[]),
        (9..=20, &["first"]),
        (21..=21, &[]),
        (22..=26, &["buy apple", "buy pear", "buy nail"]),
        (27..=29, &["buy apple", "buy pear"]),
        (30..=30, &["buy apple"]),
        (31..=31, &["buy pear"]),
        (32..=32, &[]),
        (33..=34, &["buy nail"]),
        (35..=35, &["buy nail"]),
        (36..=36, &[]),
        (37..=40, &["last"]),
    ];
    for (lines, expected) in cases {
        for line in lines {
            let run = project
                .bdd(["list", &format!("features/shop.feature:{line}")])
                .run();
            let code = if expected.is_empty() { 2 } else { 0 };
            let run = run.code(code);
            assert_eq!(names(&run), expected, "line {line}");
        }
    }
}

#[test]
fn lines_of_a_file_add_up_and_the_whole_file_wins() {
    let project = project();
    let run = |arguments: &[&str]| names(&project.bdd([&["list"], arguments].concat()).exits(0));
    assert_eq!(run(&["features/shop.feature:31:40"]), ["buy pear", "last"]);
    assert_eq!(
        run(&["features/shop.feature:40", "features/shop.feature:11"]),
        ["first", "last"]
    );
    assert_eq!(run(&["features/shop.feature:40", "features"]), ALL);
}

#[test]
fn a_line_without_a_scenario_is_exit_2_and_names_the_nearest() {
    project()
        .bdd(["list", "features/shop.feature:32:43:99"])
        .exits(2)
        .stdout("")
        .stderr(
            "error: no scenario at features/shop.feature:32; the nearest is features/shop.feature:31  buy pear\n\
             error: no scenario at features/shop.feature:43; the nearest is features/shop.feature:39  last\n\
             error: no scenario at features/shop.feature:99; the nearest is features/shop.feature:39  last\n",
        );
    let empty = Project::new();
    empty.file("features/e.feature", "Feature: E\n");
    empty
        .bdd(["list", "features/e.feature:1"])
        .exits(2)
        .stderr("error: no scenario at features/e.feature:1; the file has none at all\n");
}

#[test]
fn tags_are_inherited_and_all_expressions_must_hold() {
    let project = project();
    let run = |arguments: &[&str]| names(&project.bdd([&["list"], arguments].concat()).exits(0));
    assert_eq!(run(&["--tags", "@all"]), ALL);
    assert_eq!(
        run(&["--tags", "@one or @fruit"]),
        ["first", "buy apple", "buy pear"]
    );
    assert_eq!(
        run(&["-t", "@all and not @one", "-t", "not @fruit"]),
        ["buy nail", "last"]
    );
}

#[test]
fn one_name_must_match_and_lines_tags_and_names_all_must_hold() {
    let project = project();
    let run = |arguments: &[&str]| names(&project.bdd([&["list"], arguments].concat()).exits(0));
    assert_eq!(
        run(&["--name", "apple", "-n", "^last$"]),
        ["buy apple", "last"]
    );
    assert_eq!(
        run(&["features/shop.feature:22", "-n", "p", "-t", "@fruit"]),
        ["buy apple", "buy pear"]
    );
}

#[test]
fn wip_takes_what_is_tagged_so() {
    let project = project();
    project.file(
        "features/w.feature",
        "Feature: W\n  @wip\n  Scenario: now\n    Given a\n",
    );
    assert_eq!(names(&project.bdd(["list", "--wip"]).exits(0)), ["now"]);
}

#[test]
fn nothing_selected_is_exit_4() {
    let project = Project::new();
    let without_warning = FEATURE.replace("  @empty\n  Rule: Nothing here\n", "");
    project.file("features/shop.feature", without_warning);
    project
        .bdd(["list", "--tags", "@smoke"])
        .exits(4)
        .stdout("")
        .stderr(
            "error: nothing selected: none of 5 scenarios in 1 feature file matches\n\
         hint: `bdd list` shows what a selection takes\n",
        );
    project.bdd(["list", "--name", "nobody"]).exits(4).stderr(
        "error: nothing selected: none of 5 scenarios in 1 feature file matches\n\
         hint: `bdd list` shows what a selection takes\n",
    );
    project
        .bdd(["list", "--name", "nobody", "--allow-empty"])
        .exits(0)
        .stderr("note: nothing selected: none of 5 scenarios in 1 feature file matches\n");
}

#[test]
fn broken_expressions_and_patterns_are_exit_2() {
    let project = project();
    project.bdd(["list", "--tags", "@a @b"]).exits(2).stdout("").stderr(
        "error: invalid value '@a @b' for '--tags <EXPRESSION>': Tag expression \"@a @b\" could \
         not be parsed because of syntax error: Expected operator.\n    \
         @a @b\n       \
         ^^ write `and` or `or` before this\n\n\
         For more information, try '--help'.\n",
    );
    project
        .bdd(["list", "--name", "("])
        .exits(2)
        .stdout("")
        .stderr(
            "error: invalid value '(' for '--name <REGEX>': regex parse error:\n    \
         (\n    ^\nerror: unclosed group\n\n\
         For more information, try '--help'.\n",
        );
    project.bdd(["list", "--language", "frr"]).exits(2).stdout("").stderr(
        "error: invalid value 'frr' for '--language <CODE>': unknown language `frr`; did you mean `fr`?\n\n\
         For more information, try '--help'.\n",
    );
}

/// Without `@` an operand equals no tag: `not slow` would take everything.
#[test]
fn an_expression_without_at_is_exit_2_wherever_it_is_written() {
    let project = project();
    project
        .bdd(["list", "--tags", "not slow"])
        .exits(2)
        .stdout("")
        .stderr(
            "error: invalid value 'not slow' for '--tags <EXPRESSION>': `slow` is not a tag\n    \
         not slow\n        \
         ^^^^ a tag begins with one `@`: write `@slow`\n\n\
         For more information, try '--help'.\n",
        );
    for (expression, written) in [
        ("not @slow,@wip", "write `@slow or @wip`"),
        ("~@slow", "write `not @slow`"),
        ("@slow AND @x", "write `and`"),
        ("@slow && !@x", "write `and`"),
        ("@slow or !@x", "write `not @x`"),
    ] {
        for flags in [
            ["list", "--tags", expression],
            ["run", "--retry-tags", expression],
        ] {
            project.bdd(flags).exits(2).stderr_has(written);
        }
    }
    project
        .bdd(["list"])
        .env("BDD_TAGS", "not slow")
        .exits(2)
        .stderr_has("write `@slow`");
    for setting in [
        "tags = 'not slow'",
        "retry-tags = 'slow'",
        "expected-failure-tags = 'slow'",
        "continue-after-failure-tags = 'not slow'",
        "[groups]\ndb = { limit = 1, tags = 'slow' }",
        "[profile.nightly]\ntags = 'not slow'",
    ] {
        project.file("bdd.toml", setting);
        project.bdd(["list"]).exits(2).stderr_has("write `@slow`");
    }
}

#[test]
fn what_is_easily_overlooked_gets_a_warning() {
    let project = Project::new();
    project.file(
        "features/a.feature",
        "Feature: F\n\
         @serial @retry(3)\n\
         Scenario: a\n\
         Scenario: b\n  Given b\n\
         Scenario Outline: c\n  Given <c>\n  Examples:\n    | c |\n\
         Scenario Outline: d\n  Given <d>\n\
         @serial\n\
         Scenario: e\n  Given e\n",
    );
    project.bdd(["list"]).exits(0).stderr(
        "warning: features/a.feature:3: this scenario has no steps: it passes without testing anything [no-steps]\n\
         warning: features/a.feature:6: this outline has no rows of examples: it makes no scenario [no-rows]\n\
         warning: features/a.feature:10: this outline has no examples: it is one scenario, with its placeholders as they are [no-rows]\n",
    );
}

#[test]
fn lines_that_became_descriptions_and_cells_that_are_none_get_a_warning() {
    let project = Project::new();
    project.file(
        "features/a.feature",
        "Feature: F\n\
         Scenarios are prose.\n\
         scenario: small\n\
         Scenario: a\n\
         given a step\n\
         Given: another\n\
         Given c\n\
           | a | b\n\
           | 1 | 2 \\|\n\
         And d\n\
         \"\"\"\n\
         | a | b\n\
         \"\"\"\n\
         Scenario: b\n\
         In this scenario nobody cares\n\
         when it ends. Note: this is prose.\n\
         Given b\n\
         Senario: c\n",
    );
    project.bdd(["list"]).exits(3);
    project.file(
        "features/a.feature",
        project
            .read("features/a.feature")
            .replace("Senario: c\n", ""),
    );
    let open = "what follows the last `|` of this row is not a cell: end the row with `|`";
    let step = "is read as a description, not as a step:";
    project.bdd(["list"]).exits(0).stderr(&format!(
        "warning: features/a.feature:3: `scenario: small` is read as a description; did you mean `Scenario:`? [ignored-text]\n\
         warning: features/a.feature:5: `given a step` {step} did you mean `Given`? [ignored-text]\n\
         warning: features/a.feature:6: `Given: another` {step} there is no colon after `Given`: `Given another` [ignored-text]\n\
         warning: features/a.feature:8: {open} [ignored-text]\n\
         warning: features/a.feature:9: {open} [ignored-text]\n"
    ));
    project.file(
        "features/a.feature",
        format!("Feature: F\nScenario: a\n{}", "given x\n".repeat(100)),
    );
    let last = format!(
        "`given x` {step} did you mean `Given`? (90 more lines like these) [ignored-text]\n"
    );
    project
        .bdd(["list"])
        .exits(0)
        .stderr_has(&format!("features/a.feature:12: {last}"));
}

#[test]
fn files_without_scenarios_get_a_warning() {
    let project = Project::new();
    let plain = "Feature: F\n  Scenario: a\n    Given a\n";
    project
        .file("features/a.feature", plain)
        .file("features/b.feature", "Feature: F\n")
        .file("features/c.feature.md", plain);
    project.bdd(["list"]).exits(0).stderr(
        "warning: features/b.feature:1: this feature has no scenarios: write `Scenario: …` with steps below it, or delete the file [no-scenarios]\n\
         warning: features/c.feature.md:1: this file has no scenarios: in Markdown they begin with a heading such as `## Scenario: …` [no-scenarios]\n",
    );
}

#[test]
fn files_that_do_not_parse_are_exit_3_and_all_are_reported() {
    let project = project();
    project
        .file(
            "features/bad.feature",
            "Feature: B\n  Scenario: s\n    Given a\n    Givn a step\n",
        )
        .file("features/latin.feature", b"Feature: caf\xe9\n");
    let run = project.bdd(["list"]).exits(3).stdout("");
    let run = run
        .stderr_has("error: features/bad.feature:4:5: ")
        .stderr_has("    Givn a step\n")
        .stderr_has("features/latin.feature:1:13: ");
    assert_eq!(run.stderr.matches("error: ").count(), 2);
    let run = project.bdd(["list", "--keep-going"]).exits(3);
    assert_eq!(names(&run), ALL);
}

#[test]
fn a_default_language() {
    let project = Project::new();
    project.file(
        "features/fr.feature",
        "Fonctionnalité: F\n  Scénario: s\n    Soit un pas\n",
    );
    project.bdd(["list"]).exits(3);
    assert_eq!(
        names(&project.bdd(["list", "--language", "fr"]).exits(0)),
        ["s"]
    );
    project.file("bdd.toml", "language = 'fr'\n");
    assert_eq!(names(&project.bdd(["list"]).exits(0)), ["s"]);
}

#[test]
fn many_files_come_in_the_same_order_however_they_are_read() {
    let project = Project::new();
    for number in 0..200 {
        project.file(
            &format!("features/{number:03}.feature"),
            format!("Feature: F\n  Scenario: number {number}\n    Given a\n"),
        );
    }
    let expected: Vec<_> = (0..200).map(|number| format!("number {number}")).collect();
    assert_eq!(names(&project.bdd(["list"]).exits(0)), expected);
}
