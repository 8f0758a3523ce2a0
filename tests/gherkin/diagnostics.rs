//! What a mistake looks like in the terminal, as literal text.

use bdd::gherkin::{ParseOptions, compile, decode, parse, render_errors};

/// The mistakes of a file, as the terminal shows them.
fn shown(source: &str) -> String {
    let errors = parse(source, &ParseOptions::default()).expect_err("the file has a mistake");
    render_errors(&errors, "a.feature", source)
}

#[track_caller]
fn check(source: &str, expected: &str) {
    let shown = shown(source);
    let expected = expected.trim_start_matches('\n');
    assert_eq!(shown, expected, "\n{shown}");
}

#[test]
fn a_misspelt_step_keyword_is_named() {
    check(
        "Feature: f\n  Scenario: s\n    Given a\n    Whne b\n",
        "
a.feature:4:5: this line cannot stand here: expected a table row, a docstring, a step, tags, `Examples:`, `Scenario:` or `Rule:`
 4 |     Whne b
   |     ^^^^
   hint: expected a step; did you mean `When`?
",
    );
}

#[test]
fn the_keywords_are_those_of_the_language() {
    check(
        "# language: fr\nFonctionnalité: f\n  Scénario: s\n    Soit a\n    Quan b\n",
        "
a.feature:5:5: this line cannot stand here: expected a table row, a docstring, a step, tags, `Exemples:`, `Scénario:` or `Règle:`
 5 |     Quan b
   |     ^^^^
   hint: expected a step; did you mean `Quand`?
",
    );
}

#[test]
fn a_line_that_is_not_a_step_gets_a_hint_about_steps() {
    check(
        "Feature: f\n  Scenario: s\n    Given a\n\n    words without end\n",
        "
a.feature:5:5: this line cannot stand here: expected a table row, a docstring, a step, tags, `Examples:`, `Scenario:` or `Rule:`
 5 |     words without end
   |     ^^^^^
   hint: expected a step; a step is one line and begins with `Given`, `When`, `Then`, `And`, `But` or `*`
",
    );
}

#[test]
fn a_missing_colon_is_seen() {
    check(
        "Feature f\n",
        "
a.feature:1:1: this line cannot stand here: expected tags or `Feature:`
 1 | Feature f
   | ^^^^^^^
   hint: a colon is missing: did you mean `Feature:`?
",
    );
    check(
        "Feature: f\nScenario Outline: s\n  Given a\n  Examples\n",
        "
a.feature:4:3: this line cannot stand here: expected a table row, a docstring, a step, tags, `Examples:`, `Scenario:` or `Rule:`
 4 |   Examples
   |   ^^^^^^^^
   hint: a colon is missing: did you mean `Examples:`?
",
    );
}

#[test]
fn a_file_in_another_language_is_recognized() {
    check(
        "Funktionalität: f\n",
        "
a.feature:1:1: this line cannot stand here: expected tags or `Feature:`
 1 | Funktionalität: f
   | ^^^^^^^^^^^^^^^
   hint: this is German: begin the file with `# language: de`
",
    );
}

#[test]
fn a_step_outside_of_a_scenario_gets_a_hint_about_its_place() {
    check(
        "Given a\n",
        "
a.feature:1:1: this line cannot stand here: expected tags or `Feature:`
 1 | Given a
   | ^^^^^
   hint: a step stands in a scenario, and a file begins with `Feature:`
",
    );
    check(
        "Feature: f\nScenario: s\n@t\nGiven a\nScenario: s\n",
        "
a.feature:4:1: this line cannot stand here: expected tags or `Rule:`
 4 | Given a
   | ^^^^^
   hint: tags stand before a scenario, a rule or examples, not before a step
",
    );
}

#[test]
fn titles_in_the_wrong_place_get_a_hint_about_their_place() {
    check(
        "Feature: f\nScenario: s\n* a\nBackground:\nFeature: g\n",
        "
a.feature:4:1: this line cannot stand here: expected a table row, a docstring, a step, tags, `Examples:`, `Scenario:` or `Rule:`
 4 | Background:
   | ^^^^^^^^^^^
   hint: a background stands before the first scenario of a feature or rule, without tags
a.feature:5:1: this line cannot stand here: expected a table row, a docstring, a step, tags, `Examples:`, `Scenario:` or `Rule:`
 5 | Feature: g
   | ^^^^^^^^
   hint: a file holds one feature
",
    );
}

#[test]
fn an_open_docstring_is_shown_where_it_begins() {
    check(
        "Feature: f\nScenario: s\n  Given a\n    \"\"\"json\n    text\n",
        "
a.feature:6: the file ends inside a docstring
 4 |     \"\"\"json
   |     ^^^
   hint: the docstring that begins in line 4 is not closed: its end is a line with `\"\"\"`
",
    );
    check(
        "Feature: f\nScenario: s\n  Given a\n    ```\n",
        "
a.feature:5: the file ends inside a docstring
 4 |     ```
   |     ^^^
   hint: the docstring that begins in line 4 is not closed: its end is a line with three backticks
",
    );
}

#[test]
fn a_row_of_another_length_is_counted() {
    check(
        "Feature: f\nScenario: s\n  Given a\n\t| a | b |\n\t| 日本 |\n",
        "
a.feature:5:2: inconsistent cell count within the table
 5 |     | 日本 |
   |     ^^^^^^^^
   hint: this row has 1 cell, the first row of the table (line 4) has 2 cells
",
    );
    check(
        "Feature: f\nScenario: s\n  Given a\n  | a | b |\n  | a | b\n",
        "
a.feature:5:3: inconsistent cell count within the table
 5 |   | a | b
   |   ^^^^^^^
   hint: this row has 1 cell, the first row of the table (line 4) has 2 cells; what follows the last `|` is not a cell: end the row with `|`
",
    );
}

#[test]
fn a_tag_with_a_space_is_one_mistake() {
    check(
        "@slow test @fast # why\nFeature: f\n",
        "
a.feature:1:1: a tag may not contain whitespace
 1 | @slow test @fast # why
   | ^^^^^^^^^^
   hint: tags are parted by a space and each begins with `@`; did you mean `@slow @test @fast`?
",
    );
}

#[test]
fn an_unknown_language_gets_the_nearest_one() {
    check(
        "# language: french\nFeature: f\n",
        "
a.feature:1:1: language not supported: french
 1 | # language: french
   | ^^^^^^^^^^^^^^^^^^
   hint: did you mean `fr`? `bdd languages` lists them all
",
    );
    check(
        "  # language: pt-BR\nFeature: f\n",
        "
a.feature:1:3: language not supported: pt-BR
 1 |   # language: pt-BR
   |   ^^^^^^^^^^^^^^^^^
   hint: did you mean `pt`? `bdd languages` lists them all
",
    );
}

#[test]
fn what_would_steer_the_terminal_is_made_visible_and_long_lines_are_cut() {
    let long = format!("{}oops{}", "a".repeat(300), "b".repeat(300));
    let text = shown(&format!("Feature: f\nScenario: s\n* a\n\u{1b}[31m{long}\n"));
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(
        text.lines().take(3).all(|line| line.chars().count() < 150),
        "{text}"
    );
    let row = format!(
        "Feature: f\nScenario: s\n* a\n|a|\n{}| a b |{}\n",
        " ".repeat(500),
        "x".repeat(500)
    );
    assert!(parse(&row, &ParseOptions::default()).is_ok());
    let row = row.replace("a b", "a|b");
    assert_eq!(
        shown(&row).lines().take(3).collect::<Vec<_>>(),
        [
            "a.feature:5:501: inconsistent cell count within the table".to_owned(),
            format!(" 5 | …{}| a|b |{}…", " ".repeat(50), "x".repeat(42)),
            format!("   | {}{}", " ".repeat(51), "^".repeat(49)),
        ]
    );
}

#[test]
fn bytes_that_are_no_text_are_located() {
    let bytes = b"Feature: f\n  caf\xe9 au lait\n";
    let error = decode(bytes).expect_err("that is Latin-1");
    assert_eq!(
        error.render("a.feature", &String::from_utf8_lossy(bytes)),
        "a.feature:2:6: not UTF-8: unexpected byte 0xe9\n \
         2 |   caf\u{fffd} au lait\n   \
           |      ^\n   \
         hint: save the file as UTF-8"
    );
}

#[test]
fn values_that_expand_without_measure_are_refused() {
    let names: String = (0..40).map(|n| format!("| n{n} ")).collect();
    let values: String = (1..=40).map(|n| format!("| <n{n}><n{n}> ")).collect();
    let source = format!("Feature: f\nScenario: <n0>\n* a\nExamples:\n{names}|\n{values}|\n");
    let document = parse(&source, &ParseOptions::default()).expect("the file parses");
    let error = compile(&document).expect_err("2^40 is too much");
    assert_eq!(
        error.message(),
        "(6:1): the values of this row expand without measure"
    );
}

/// A value of 1 MiB, used in this many steps of this many rows.
fn long_values(uses: usize, rows: usize) -> String {
    let steps = "* a <v> b\n".repeat(uses);
    let row = format!("| {} |\n", "x".repeat(1 << 20));
    let rows = row.repeat(rows);
    format!("Feature: f\nScenario: s\n{steps}Examples:\n| v |\n{rows}")
}

#[test]
fn a_row_that_makes_too_much_text_is_refused() {
    for source in [
        long_values(1000, 1),
        long_values(1, 1).replace("<v>", &"<v>".repeat(1000)),
        // A `<` in the value: the text is filled column by column.
        long_values(1, 1)
            .replace("<v>", &"<v>".repeat(1000))
            .replace("x |", "<v> |"),
    ] {
        let document = parse(&source, &ParseOptions::default()).expect("the file parses");
        let error = compile(&document).expect_err("1 GB is too much");
        let shown = error.render("a.feature", &source);
        let line = error.location.line;
        assert!(
            source
                .lines()
                .nth(line as usize - 1)
                .unwrap()
                .starts_with("| xxx")
        );
        assert!(
            shown.starts_with(&format!(
                "a.feature:{line}:1: the values of this row make more than 16 MiB of text\n"
            )),
            "{}",
            &shown[..200]
        );
        assert!(shown.contains("hint: each use of a placeholder is a copy of its value"));
    }
}

#[test]
fn rows_that_make_too_much_text_together_are_refused() {
    let source = long_values(10, 14);
    let document = parse(&source, &ParseOptions::default()).expect("the file parses");
    let error = compile(&document).expect_err("140 MiB is too much");
    assert_eq!(
        error.text(),
        "the values of this row and those before it make more than 128 MiB of text"
    );
    assert_eq!(error.location.line, 14 + 13);
}

/// The texts are the values themselves.
#[test]
fn a_text_that_is_only_a_placeholder_takes_no_space() {
    let source = long_values(1000, 1).replace("a <v> b", "<v>");
    let document = parse(&source, &ParseOptions::default()).expect("the file parses");
    let pickles = compile(&document).expect("nothing is copied");
    assert_eq!(pickles[0].steps.len(), 1000);
    let steps = pickles[0].steps.iter();
    assert!(
        steps
            .map(|step| step.text.as_ptr())
            .all(|text| text == pickles[0].steps[0].text.as_ptr())
    );
}

#[test]
fn a_character_that_only_looks_right_is_named() {
    let shown = shown("Feature: f\n  Scenario: s\n    Given a\n    And\u{a0}b\n");
    assert!(
        shown.contains("hint: the line has a no-break space (U+00A0): type its keyword anew"),
        "{shown}"
    );
}

#[test]
fn a_lone_at_sign_is_not_a_tag_and_takes_no_space() {
    let tags = |line: &str| {
        let source = format!("{line}\nFeature: f\n");
        let document = parse(&source, &ParseOptions::default()).unwrap();
        let tags = document.feature.unwrap().tags;
        let names = tags
            .iter()
            .map(|tag| (tag.location.column, tag.name.to_string()));
        names.collect::<Vec<_>>()
    };
    assert_eq!(tags("@api @@ui"), [(1, "@api".into()), (7, "@ui".into())]);
    assert_eq!(tags("@"), []);
    check(
        "@ x\nFeature: f\n",
        "
a.feature:1:1: a tag may not contain whitespace
 1 | @ x
   | ^^^
   hint: tags are parted by a space and each begins with `@`; did you mean `@x`?
",
    );
}

#[test]
fn in_markdown_a_fence_of_backticks_closes_with_as_many() {
    let content = |text: &str| {
        let source = format!("# Feature: f\n## Scenario: s\n* Given x\n{text}");
        let options = ParseOptions::default().for_path("a.feature.md");
        let document = parse(&source, &options).unwrap();
        let pickle = compile(&document).unwrap().remove(0);
        let text = pickle.steps[0].doc_string();
        text.map(|text| text.content().to_owned())
    };
    assert_eq!(content("\"\"\"\nhi\n\"\"\"\n"), None);
    assert_eq!(content("```\nhi\n````\n```\n").as_deref(), Some("hi\n````"));
    assert_eq!(
        content("`````\nhi\n```\n`````\n").as_deref(),
        Some("hi\n```")
    );
}

#[test]
fn what_only_follows_from_a_missing_heading_is_not_shown() {
    check(
        "Feature f\n  Scenario: s\n    Given x\n    When y\n",
        "
a.feature:1:1: this line cannot stand here: expected tags or `Feature:`
 1 | Feature f
   | ^^^^^^^
   hint: a colon is missing: did you mean `Feature:`?
",
    );
    check(
        "# language: fr\nFeature: f\n  Scenario: s\n    Given x\n",
        "
a.feature:2:1: this line cannot stand here: expected tags or `Fonctionnalité:`
 2 | Feature: f
   | ^^^^^^^^
   hint: this is English, and the file says `# language: fr`: change it to `# language: en`, or write `Fonctionnalité:`
",
    );
    // After a heading that is understood, the next one is an error of its own.
    let source = "no\nFeature: f\nScenario: s\n@a\nno\nno\nScenario: t\n@b\nno\n";
    let shown = shown(source);
    let lines = shown.lines().filter(|line| line.starts_with("a.feature"));
    let places: Vec<_> = lines.map(|line| &line[..12]).collect();
    assert_eq!(places, ["a.feature:1:", "a.feature:5:"], "{shown}");
}

#[test]
fn the_end_of_a_file_says_what_is_missing() {
    check(
        "# language: fr\n",
        "
a.feature:2: the file ends too early: expected tags or `Fonctionnalité:`
 1 | # language: fr
   | ^^^^^^^^^^^^^^
   hint: below `# language: fr` stands a feature: `Fonctionnalité: …`
",
    );
    check(
        "Feature: f\n\n  @a # why\n  # a comment\n",
        "
a.feature:5: the file ends too early: expected tags or `Rule:`
 4 |   # a comment
   |   ^^^^^^^^^^^
   hint: tags stand before what they belong to, and nothing follows these
",
    );
}

/// The hints of a file.
fn hints(source: &str) -> Vec<String> {
    let shown = shown(source);
    let hints = shown.lines().filter_map(|line| line.split_once("hint: "));
    hints.map(|(_, hint)| hint.to_owned()).collect()
}

#[test]
fn a_hint_names_what_only_looks_right() {
    for (line, hint) in [
        (
            "And\u{a0} x",
            "the line has a no-break space (U+00A0): type its keyword anew",
        ),
        (
            "Scenario\u{ff1a}x",
            "the line has a full-width `\u{ff1a}` (U+FF1A): type its keyword anew",
        ),
        (
            "\u{200b}Given x",
            "the line has a zero-width space (U+200B): type its keyword anew",
        ),
        (
            "Scen\u{430}rio: x",
            "the line has `\u{430}` (U+0430): type its keyword anew",
        ),
        (
            "Scenario : x",
            "no space stands before the colon: did you mean `Scenario:`?",
        ),
        (
            "\u{ff5c} a |",
            "the line has a full-width `\u{ff5c}` (U+FF5C): a row of a table begins with a plain `|`",
        ),
        (
            "\u{ff20}slow",
            "the line has a full-width `\u{ff20}` (U+FF20): tags begin with a plain `@`",
        ),
        (
            "“““",
            "a docstring stands between lines of three plain `\"`",
        ),
        (
            "'''",
            "a docstring stands between lines of three plain `\"`",
        ),
        (
            "Given",
            "expected a step; the text of a step follows its keyword: `Given …`",
        ),
        (
            "Given\tx",
            "expected a step; a plain space follows `Given`, not a tab",
        ),
        (
            "Given: x",
            "expected a step; there is no colon after `Given`: `Given x`",
        ),
        ("Givenx", "expected a step; a space follows `Given`"),
        (
            "\u{422}hen x",
            "expected a step; it has `\u{422}` (U+0422); type `Then` anew",
        ),
        (
            "- Given x",
            "expected a step; a step begins with its keyword: `Given x`",
        ),
        (
            "“Given” x",
            "expected a step; a step begins with its keyword and a space: `Given x`",
        ),
        (
            "Soit x",
            "expected a step; `Soit` is French, and this file is English: a line `# language: fr` at its top changes that",
        ),
        (
            "Szenariogrundriss: x",
            "`Szenariogrundriss` is German, and this file is English: a line `# language: de` at its top changes that",
        ),
    ] {
        let source = format!("Feature: f\n  Scenario: s\n    Given a\n    {line}\n");
        assert_eq!(hints(&source), [hint], "{line}");
    }
    assert_eq!(
        hints("F\u{435}ature: f\n  Scenario: s\n"),
        ["the line has `\u{435}` (U+0435): type its keyword anew"]
    );
    assert_eq!(
        hints("# language: fr\nFonctionnalite\u{301}: f\n"),
        ["the line has the letter `é` as two characters (`e` and U+0301): type its keyword anew"]
    );
}

#[test]
fn each_row_of_another_length_is_shown() {
    check(
        "Feature: f\n  Scenario: s\n    Given a\n      | a | b |\n      | 1 |\n      | 2 | 3 |\n      | 4 | 5 | 6 |\n",
        "
a.feature:5:7: inconsistent cell count within the table
 5 |       | 1 |
   |       ^^^^^
   hint: this row has 1 cell, the first row of the table (line 4) has 2 cells
a.feature:7:7: inconsistent cell count within the table
 7 |       | 4 | 5 | 6 |
   |       ^^^^^^^^^^^^^
   hint: this row has 3 cells, the first row of the table (line 4) has 2 cells
",
    );
    let rows = "|1|\n".repeat(15);
    let source = format!("Feature: f\nScenario: s\nGiven a\n|a|b|\n{rows}");
    let errors = parse(&source, &ParseOptions::default()).expect_err("rows of another length");
    assert_eq!(errors.len(), 1, "as the official parser reports it");
    let shown = shown(&source);
    assert!(
        shown.ends_with("\n   and 4 more rows of this table\n"),
        "{shown}"
    );
    assert_eq!(shown.matches("inconsistent").count(), 11);
}
