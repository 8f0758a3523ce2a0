//! Rules of the grammar that the conformance data does not show, each as the official
//! parser has it.

use bdd::gherkin::{
    Feature, FeatureChild, ParseOptions, PickleRow, Scenario, Step, StepKeywordType, compile, parse,
};

/// The feature of a plain file.
fn feature(source: &str) -> Feature<'_> {
    let document = parse(source, &ParseOptions::default())
        .unwrap_or_else(|errors| panic!("{source}\n{errors:?}"));
    document.feature.expect("the document has a feature")
}

fn scenarios<'s>(feature: &'s Feature<'s>) -> Vec<&'s Scenario<'s>> {
    let scenario = |child: &'s FeatureChild<'s>| match child {
        FeatureChild::Scenario(scenario) => Some(scenario),
        _ => None,
    };
    feature.children.iter().filter_map(scenario).collect()
}

/// The first step of a scenario with these lines.
#[track_caller]
fn with_step<T>(lines: &str, check: impl FnOnce(&Step<'_>) -> T) -> T {
    let source = format!("Feature: f\nScenario: s\nGiven a\n{lines}\n");
    check(&scenarios(&feature(&source))[0].steps[0])
}

fn content(lines: &str) -> String {
    with_step(lines, |step| {
        let doc_string = step.doc_string.as_ref().expect("the step has a docstring");
        doc_string.content.clone().into_owned()
    })
}

fn cells(row: &str) -> Vec<(u32, String)> {
    with_step(row, |step| {
        let table = step.data_table.as_ref().expect("the step has a table");
        let row = table.first().expect("the table has a row");
        let cells = row.cells.iter();
        cells
            .map(|cell| (cell.location.column, cell.value.clone().into_owned()))
            .collect()
    })
}

fn messages(source: &str) -> Vec<String> {
    let errors = parse(source, &ParseOptions::default()).expect_err("the file has a mistake");
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn a_docstring_loses_the_indent_of_its_first_line_and_no_more() {
    assert_eq!(
        content("  \"\"\"\n    a\n b\n\n  c  \n   \n  \"\"\""),
        "  a\nb\n\nc  \n "
    );
    assert_eq!(content("\t\"\"\"\n  a\n\"\"\""), " a");
    assert_eq!(content("\u{3000}```\n\u{3000}\u{3000}a\n```"), "\u{3000}a");
    assert_eq!(content("\"\"\"\n\"\"\""), "");
    assert_eq!(content("\"\"\"\n\n\n\"\"\""), "\n");
    assert_eq!(content("\"\"\"\na\r\r\nb\r\n\"\"\""), "a\nb");
}

#[test]
fn a_docstring_unescapes_its_own_delimiter() {
    assert_eq!(
        content("\"\"\"\n\\\"\\\"\\\" ``` \\`\\`\\`\n\"\"\""),
        "\"\"\" ``` \\`\\`\\`"
    );
    assert_eq!(
        content("```\n\\`\\`\\` \\\"\\\"\\\"\n\"\"\"\n```"),
        "``` \\\"\\\"\\\"\n\"\"\""
    );
    // Whatever follows the delimiter in the closing line is dropped.
    assert_eq!(content("\"\"\"\na\n\"\"\"\" b"), "a");
}

#[test]
fn cells_are_trimmed_and_unescaped_and_located() {
    let pair = |column, value: &str| (column, value.to_owned());
    assert_eq!(
        cells("  | a |b|  |"),
        [pair(5, "a"), pair(8, "b"), pair(12, "")]
    );
    assert_eq!(
        cells(r"| \| | \\ | \n | \t |"),
        [pair(3, "|"), pair(8, "\\"), pair(13, "\n"), pair(18, "\\t"),]
    );
    assert_eq!(
        cells("|\u{3000}日本\u{a0}|😀| b |"),
        [pair(3, "日本"), pair(7, "😀"), pair(10, "b"),]
    );
    assert_eq!(cells(r"| a\ | b \\| c"), [pair(3, "a\\"), pair(8, "b \\")]);
}

#[test]
fn tags_end_at_a_comment_and_may_touch() {
    let feature = feature("@a@b  @c#d @e #@f\nFeature: f\n");
    let tags: Vec<_> = feature
        .tags
        .iter()
        .map(|tag| (tag.location.column, tag.name))
        .collect();
    assert_eq!(tags, [(1, "@a"), (3, "@b"), (7, "@c#d"), (12, "@e")]);
}

#[test]
fn a_description_keeps_its_indent_and_loses_blank_lines_around_it() {
    let source = "Feature: f\n\n  one\n\n # comment\n    two\n\n\nScenario: s\n# c\n\ntext\n* a\n";
    let feature = feature(source);
    assert_eq!(feature.description, "  one\n\n    two");
    // A comment begins the description: blank lines after it belong to that.
    assert_eq!(scenarios(&feature)[0].description, "\ntext");
}

#[test]
fn the_longest_keyword_wins_and_shared_ones_have_no_type() {
    let feature = feature("# language: fr\nFonctionnalité: f\nScénario: s\n* a\nEt que b\nEt c\n");
    let steps: Vec<_> = scenarios(&feature)[0]
        .steps
        .iter()
        .map(|step| (step.keyword, step.keyword_type, step.text))
        .collect();
    assert_eq!(
        steps,
        [
            ("* ", StepKeywordType::Unknown, "a"),
            ("Et que ", StepKeywordType::Conjunction, "b"),
            ("Et ", StepKeywordType::Conjunction, "c"),
        ]
    );
}

#[test]
fn only_the_first_language_header_counts_and_the_rest_are_comments() {
    let source = "# language: en\n# language: fr\nFeature: f\n";
    let document = parse(source, &ParseOptions::default()).expect("the second is a comment");
    assert_eq!(document.comments.len(), 1);
    assert_eq!(
        messages("# language: xx\n# language: xx\nFeature: f\n"),
        [
            "(1:1): Language not supported: xx",
            "(2:1): Language not supported: xx",
        ]
    );
}

#[test]
fn a_file_gives_up_after_eleven_mistakes() {
    let messages = messages(&format!(
        "Feature: f\nScenario: s\n* a\n{}",
        "no\n".repeat(50)
    ));
    assert_eq!(messages.len(), 11);
    assert!(messages[10].starts_with("(14:1): expected: #EOF, #TableRow, #DocStringSeparator,"));
}

#[test]
fn the_end_of_the_file_is_the_line_after_the_last_line_feed() {
    for (source, message) in [
        (
            "@a",
            "(2:0): unexpected end of file, expected: #TagLine, #FeatureLine, #Comment, #Empty",
        ),
        (
            "@a\n",
            "(2:0): unexpected end of file, expected: #TagLine, #FeatureLine, #Comment, #Empty",
        ),
        (
            "@a\n\n ",
            "(4:0): unexpected end of file, expected: #TagLine, #FeatureLine, #Comment, #Empty",
        ),
    ] {
        assert_eq!(messages(source), [message]);
    }
    for empty in ["", "\n", " \n\t", "# only a comment"] {
        let document = parse(empty, &ParseOptions::default()).expect("that is no mistake");
        assert!(document.feature.is_none());
        assert!(compile(&document).is_ok_and(|pickles| pickles.is_empty()));
    }
}

#[test]
fn pickles_have_the_steps_of_both_backgrounds_and_resolved_types() {
    let source = "\
@f
Feature: f
  Background:
    Given one
    And two
  @s
  Scenario: without steps
  @r
  Rule: r
    Background:
      But three
    @o
    Scenario Outline: <a>
      And <a> <A> <<a>>
        | <a> |
        \"\"\"<a>
        <a> it
        \"\"\"
      * b
      And c
      @e
      Examples:
        | a |
        | 1 |
";
    let document = parse(source, &ParseOptions::default()).expect("the file has no mistake");
    let pickles = compile(&document).expect("the outline expands");
    assert_eq!(pickles.len(), 2);
    assert!(pickles[0].steps.is_empty(), "no steps, no background");
    let outline = &pickles[1];
    assert_eq!((outline.name.as_ref(), outline.location.line), ("1", 24));
    let tags: Vec<_> = outline.tags().map(|tag| tag.name).collect();
    assert_eq!(tags, ["@f", "@r", "@o", "@e"]);
    let steps: Vec<_> = outline
        .steps
        .iter()
        .map(|step| {
            (
                step.text.as_ref(),
                step.keyword_type.as_str(),
                step.background,
            )
        })
        .collect();
    assert_eq!(
        steps,
        [
            ("one", "Context", true),
            ("two", "Context", true),
            ("three", "Context", true),
            ("1 <A> <1>", "Context", false),
            ("b", "Unknown", false),
            ("c", "Unknown", false),
        ]
    );
    let step = &outline.steps[3];
    assert_eq!(step.argument_indexes(), Some((1, 2)));
    let doc_string = step.doc_string().expect("the step has a docstring");
    assert_eq!(doc_string.media_type(), Some("1"));
    assert_eq!(doc_string.content(), "1 it");
    assert_eq!(outline.rule.map(|rule| rule.name), Some("r"));
}

#[test]
fn static_text_is_borrowed_from_the_source() {
    let source =
        "Feature: f\n  one\n  two\nScenario: s\nGiven a\n| b |\nWhen c\n\"\"\"\nd\ne\n\"\"\"\n";
    let document = parse(source, &ParseOptions::default()).expect("the file has no mistake");
    let pickles = compile(&document).expect("there is nothing to expand");
    let range = source.as_bytes().as_ptr_range();
    let steps = &pickles[0].steps;
    let table = steps[0].data_table().expect("the step has a table");
    let mut cells = table.rows().flat_map(PickleRow::cells);
    let cell = cells.next().expect("the table has a cell");
    let text = steps[1].doc_string().expect("the step has a docstring");
    let description = &document
        .feature
        .as_ref()
        .expect("it has a feature")
        .description;
    for borrowed in [
        &*pickles[0].name,
        &steps[0].text,
        cell,
        text.content(),
        description,
    ] {
        assert!(range.contains(&borrowed.as_ptr()), "{borrowed:?} is a copy");
    }
}
