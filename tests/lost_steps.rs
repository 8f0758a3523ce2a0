//! Steps in the description of a feature, of a rule or of examples: what warns, and prose that does not.

use super::ignored_text::warnings;

#[test]
fn steps_below_a_rule_are_not_steps() {
    let rule = |lines: &[&str]| {
        let lines: Vec<String> = lines.iter().map(|line| format!("    {line}\n")).collect();
        let lines = lines.concat();
        warnings(&format!(
            "Feature: f\n  Rule: r\n{lines}    Scenario: s\n      Given pass\n"
        ))
    };
    let advice = "steps stand below `Scenario:`";
    let alone = "is read as a description, not as a step";
    let several = "and what follows are read as a description, not as steps";
    for (lines, number, what) in [
        (&["Given a calculator"][..], 3, alone),
        (&["", "Given a calculator", ""], 4, alone),
        (&["Prose.", "", "When it rains"], 5, alone),
        (&["Given a calculator", "When I add"], 3, several),
        (
            &["Given a calculator", "And a printer", "And paper"],
            3,
            several,
        ),
        (
            &["Given a calculator.", "When I add.", "Then it adds."],
            3,
            several,
        ),
        (&["Given a table", "| a |", "| 1 |"], 3, several),
        (&["Prose about this.", "Given a", "When b"], 4, several),
        (&["Given a", "when b", "Then c"], 3, several),
        (&["Given a", "When\u{a0}b"], 3, several),
    ] {
        let text = lines[number - 3];
        let warning = format!("{number}: `{text}` {what}: {advice}");
        assert_eq!(rule(lines), [warning], "{lines:?}");
    }
    for prose in [
        &["When in doubt, the order is refused."][..],
        &["Given the market's state, we sell"],
        &["When in doubt", "the order is refused"],
        &["The order is refused", "When in doubt"],
        &["And so on"],
        &["When the basket is full,", "Then shipping is free."],
        &["When this is done.", "When that is done."],
        &["* Given names", "* When they are used"],
        &["When the basket is full", "and the user is known"],
        &["- Given a", "- When b"],
    ] {
        assert_eq!(rule(prose), [""; 0], "{prose:?}");
    }
    assert_eq!(
        warnings(
            "# language: fr\nFonctionnalité: f\n  Règle: r\n    Soit a\n    Quand b\n\n    Scénario: s\n      Soit pass\n"
        ),
        [
            "4: `Soit a` and what follows are read as a description, not as steps: steps stand below `Scénario:`"
        ]
    );
    // Only the heading is wrong.
    assert_eq!(
        rule(&["Scenario Add", "Given a", "When b"]),
        [
            "3: `Scenario Add` is read as a description; a colon is missing: did you mean `Scenario:`?"
        ]
    );
}

#[test]
fn steps_below_examples_are_not_steps() {
    let examples = |lines: &[&str]| {
        let lines: Vec<String> = lines.iter().map(|line| format!("      {line}\n")).collect();
        let lines = lines.concat();
        warnings(&format!(
            "Feature: f\n  Scenario: t\n    Given a\n  Scenario Outline: s\n    Given <a>\n    Examples:\n{lines}"
        ))
    };
    let advice = "steps stand above `Examples:`, or below a scenario of their own";
    let table = ["| a |", "| 1 |"];
    assert_eq!(
        examples(&[&["Given a", "Then b"], &table[..]].concat()),
        [format!(
            "7: `Given a` and what follows are read as a description, not as steps: {advice}"
        )]
    );
    let no_rows = |warnings: Vec<String>| {
        let kept = warnings
            .into_iter()
            .filter(|line| !line.contains("no rows of examples"));
        kept.collect::<Vec<_>>()
    };
    assert_eq!(
        no_rows(examples(&["Given a"])),
        [format!(
            "7: `Given a` is read as a description, not as a step: {advice}"
        )]
    );
    // Prose above a table describes its rows, but has none of their values.
    assert_eq!(
        examples(&[&["Then the result is <a>"], &table[..]].concat()),
        [format!(
            "7: `Then the result is <a>` is read as a description, not as a step: {advice}"
        )]
    );
    for prose in [
        &["When it rains"][..],
        &["Given the rules, these pass:"],
        &["Orders that pass", "Given good weather"],
        &["Then the result is <b>"],
        &["Given <a>, these pass"],
        &["Rows with <a>", "", "Given good weather"],
    ] {
        assert_eq!(examples(&[prose, &table].concat()), [""; 0], "{prose:?}");
    }
}

#[test]
fn a_scenario_without_heading_below_the_feature_warns() {
    let lost = "Feature: f\n\n    # Scenario: lost\n    Given a user\n    When she logs in\n    And waits\n\n  \
                Scenario: s\n    Given pass\n";
    assert_eq!(
        warnings(lost),
        [
            "4: `Given a user` and what follows are read as a description, not as steps: steps stand below `Scenario:`"
        ]
    );
    for prose in [
        // One line, or several with one keyword.
        "Given a user",
        "When a user logs in\n  When he logs out",
        "Given the market\n  And its prices",
        // Sentences.
        "Given that users have accounts,\n  When they log in\n  Then they see them.",
        "As a user\n  I want to log in\n  So that I see my account",
    ] {
        let source = format!("Feature: f\n  {prose}\n\n  Scenario: s\n    Given pass\n");
        assert_eq!(warnings(&source), [""; 0], "{prose}");
    }
}
