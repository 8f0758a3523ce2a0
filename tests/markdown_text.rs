//! Lines of Markdown that were meant as steps, headings, tags or arguments and are read as prose.

use super::support::{Project, without_rule};

/// The warnings about a Markdown file, each without its beginning.
fn warnings(source: &str) -> Vec<String> {
    let project = Project::new();
    project.file("a.feature.md", source);
    let run = project.bdd(["list", "a.feature.md"]).run();
    let lines = run.stderr.lines();
    lines
        .filter_map(|line| line.strip_prefix("warning: a.feature.md:"))
        .map(without_rule)
        .filter(|line| !line.contains("has no steps"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn an_item_beside_steps_that_is_not_quite_a_step() {
    for (line, advice) in [
        ("* given x", "did you mean `Given`?"),
        ("- Gven x", "did you mean `Given`?"),
        ("+ Givenx", "a space follows `Given`"),
        (
            "* Given\u{a0}x",
            "it has a no-break space (U+00A0); type `Given` and a plain space anew",
        ),
        (
            "* **Given** x",
            "a step begins with its keyword and a space: `Given x`",
        ),
        (
            "* Soit x",
            "`Soit` is French, and this file is English: a line `# language: fr` at its top changes that",
        ),
        (
            "> * Given x",
            "nothing but a bullet and a space stands before a step: `* Given x`",
        ),
        (
            "- [ ] Given x",
            "nothing but a bullet and a space stands before a step: `* Given x`",
        ),
        ("1. Given x", "a step is an item of a list: `* Given x`"),
        ("Given x", "a step is an item of a list: `* Given x`"),
    ] {
        let warning = format!("`{line}` is read as prose: {advice}");
        for (source, number) in [
            (
                format!("# Feature: f\n## Scenario: s\n{line}\n* Then y\n"),
                3,
            ),
            (
                format!("# Feature: f\n## Scenario: s\n\n* When y\n{line}\n"),
                5,
            ),
            (
                format!(
                    "# Feature: f\n## Background:\nProse.\n\n{line}\n* When y\n## Scenario: s\n* Then y\n"
                ),
                5,
            ),
        ] {
            assert_eq!(
                warnings(&source),
                [format!("{number}: {warning}")],
                "{source}"
            );
        }
    }
}

#[test]
fn a_heading_tags_or_an_argument_that_are_prose() {
    for (source, expected) in [
        (
            "# Feature: f\n## Scenario s\n* Given x\n## Scenario: t\n* Given y\n",
            "2: `## Scenario s` is read as prose: a colon is missing: did you mean `Scenario:`?",
        ),
        (
            "# Feature: f\n## Senario: s\n* Given x\n",
            "2: `## Senario: s` is read as prose: did you mean `Scenario:`?",
        ),
        (
            "# Feature: f\n##Scenario: s\n* Given x\n",
            "2: `##Scenario: s` is read as prose: a space follows `##`: `## Scenario: s`",
        ),
        (
            "# Feature: f\n## Scenario: s\n* Given x\n\n**Scenario: t**\n\n* Given y\n",
            "5: `**Scenario: t**` is read as prose: a heading begins with `#`: `## Scenario: t`",
        ),
        (
            "# Feature: f\n## Scenario: s\n* Given x\n\n####### Scenario: t\n* Given y\n",
            "5: `####### Scenario: t` is read as prose: a heading begins with `#`: `## Scenario: t`",
        ),
        (
            "# Feature: f\n## Scenario: s\n* Given x\n\nScenario: t\n-----------\n* Given y\n",
            "5: `Scenario: t` is read as prose: a heading begins with `#`: `## Scenario: t`",
        ),
        (
            "# Feature: f\n@slow @db\n## Scenario: s\n* Given x\n",
            "2: `@slow @db` is read as prose: tags stand in backticks: `@slow` `@db`",
        ),
        (
            "# Feature: f\n## Scenario: s\n* Given x\n| a |\n|---|\n| 1 |\n",
            "4: `| a |` is read as prose: the rows of a table are indented by two to five spaces",
        ),
        (
            "# Feature: f\n## Scenario Outline: s\n* Given <a>\n### Examples:\n| a |\n|---|\n| 1 |\n## Scenario: t\n* Given x\n",
            "5: `| a |` is read as prose: the rows of a table are indented by two to five spaces",
        ),
        (
            "# Feature: f\n## Scenario: s\n* Given x\n  \"\"\"\n  text\n  \"\"\"\n",
            "4: `\"\"\"` is read as prose: a docstring stands between lines of three backticks",
        ),
    ] {
        let found = warnings(source);
        assert!(
            found.iter().any(|warning| warning == expected),
            "{source}: {found:?}"
        );
    }
}

#[test]
fn prose_in_markdown_does_not_warn() {
    let source = "# Feature: f\n\n\
        Given the market, prices move.\n\n\
        - given a list\n- of prose\n\n\
        | a | table |\n|---|---|\n| of | prose |\n\n\
        ```\n* given code\n## Scenario s\n```\n\n\
        Scenario: what this is about\n\n\
        ## Notes\n\n> * Given a quote\n\n* when this is read\n* and that\n\n\
        ## Scenario: s\n\nA user pays.\nWhen it rains, too.\n\n\
        * The reason\n* A user\n\n\
        * Given x\n  | a |\n  |---|\n  | 1 |\n\
        * And y\n  ```\n  given z\n  ```\n\n\
        This was all.\n\n\
        ### Background of this\n\n* and more\n\n\
        `@slow`\n## Scenario: t\n* Given x\n";
    assert_eq!(warnings(source), [""; 0]);
}
