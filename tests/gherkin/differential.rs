//! Compares the parser with the `gherkin` crate, an independent implementation: names of
//! scenarios, texts of steps and cells of tables must agree on thousands of documents.
//!
//! The crate has faults; the documents avoid them, and each has a test below that shows the
//! smallest document with it, so that a version without the fault is noticed.

use ::gherkin::{Feature, GherkinEnv, Scenario as TheirScenario, Step as TheirStep};
use bdd::gherkin::{
    Background, Examples, FeatureChild, ParseOptions, RuleChild, Scenario, Step, parse,
};

use super::documents::{Random, document};

/// What is compared: a line for every title, step and row, in a fixed order.
type Outline = Vec<String>;

fn ours(source: &str) -> Result<Outline, String> {
    let document = parse(source, &ParseOptions::default())
        .map_err(|errors| errors[0].render("document", source))?;
    let mut outline = Outline::new();
    let feature = document.feature.ok_or("no feature")?;
    outline.push(format!("feature {}", feature.name));
    for child in &feature.children {
        match child {
            FeatureChild::Background(background) => our_background(background, &mut outline),
            FeatureChild::Scenario(scenario) => our_scenario(scenario, &mut outline),
            FeatureChild::Rule(rule) => {
                outline.push(format!("rule {}", rule.name));
                for child in &rule.children {
                    match child {
                        RuleChild::Background(background) => {
                            our_background(background, &mut outline);
                        }
                        RuleChild::Scenario(scenario) => our_scenario(scenario, &mut outline),
                    }
                }
            }
        }
    }
    Ok(outline)
}

fn our_background(background: &Background<'_>, outline: &mut Outline) {
    outline.push("background".into());
    our_steps(&background.steps, outline);
}

fn our_scenario(scenario: &Scenario<'_>, outline: &mut Outline) {
    outline.push(format!("scenario {}", scenario.name));
    our_steps(&scenario.steps, outline);
    for examples in &scenario.examples {
        outline.push("examples".into());
        our_rows(examples, outline);
    }
}

fn our_rows(examples: &Examples<'_>, outline: &mut Outline) {
    for row in examples.table.rows() {
        let cells: Vec<_> = row.cells.iter().map(|cell| &*cell.value).collect();
        outline.push(format!("row {cells:?}"));
    }
}

fn our_steps(steps: &[Step<'_>], outline: &mut Outline) {
    for step in steps {
        outline.push(format!("step {}{}", step.keyword, step.text));
        for row in step.data_table.iter().flat_map(|table| table.rows()) {
            let cells: Vec<_> = row.cells.iter().map(|cell| &*cell.value).collect();
            outline.push(format!("row {cells:?}"));
        }
    }
}

fn theirs(source: &str) -> Result<Outline, String> {
    let feature =
        Feature::parse(source, GherkinEnv::default()).map_err(|error| error.to_string())?;
    let mut outline = Outline::new();
    outline.push(format!("feature {}", feature.name));
    if let Some(background) = &feature.background {
        outline.push("background".into());
        their_steps(&background.steps, &mut outline);
    }
    their_scenarios(&feature.scenarios, &mut outline);
    for rule in &feature.rules {
        outline.push(format!("rule {}", rule.name));
        if let Some(background) = &rule.background {
            outline.push("background".into());
            their_steps(&background.steps, &mut outline);
        }
        their_scenarios(&rule.scenarios, &mut outline);
    }
    Ok(outline)
}

fn their_scenarios(scenarios: &[TheirScenario], outline: &mut Outline) {
    for scenario in scenarios {
        outline.push(format!("scenario {}", scenario.name));
        their_steps(&scenario.steps, outline);
        for examples in &scenario.examples {
            outline.push("examples".into());
            for row in examples.table.iter().flat_map(|table| &table.rows) {
                outline.push(format!("row {row:?}"));
            }
        }
    }
}

fn their_steps(steps: &[TheirStep], outline: &mut Outline) {
    for step in steps {
        outline.push(format!("step {}{}", step.keyword, step.value));
        for row in step.table.iter().flat_map(|table| &table.rows) {
            outline.push(format!("row {row:?}"));
        }
    }
}

#[test]
fn thousands_of_documents_agree() {
    const DOCUMENTS: u64 = 5_000;
    let mut lines = 0;
    let mut differ = Vec::new();
    for seed in 0..DOCUMENTS {
        let source = document(&mut Random(seed));
        let ours = ours(&source);
        let theirs = theirs(&source);
        lines += ours.as_ref().map_or(0, Vec::len);
        if ours != theirs {
            differ.push(seed);
            // One is enough to work on.
            if differ.len() == 1 {
                println!("seed {seed}\n{source}\n  bdd: {ours:?}\n  crate: {theirs:?}");
            }
        }
    }
    assert!(differ.is_empty(), "{} differ", differ.len());
    assert!(lines > 50_000, "the documents are not empty: {lines}");
}

/// The faults of version 0.16: what is wrong, the smallest document that shows it, and the
/// outline that is right.
const FAULTS: [(&str, &str, &[&str]); 7] = [
    (
        "its table of keywords is older: `ルール` is not known, the rule becomes description",
        "# language: ja\n機能: f\nルール: r\nシナリオ: s\n",
        &["feature f", "rule r", "scenario s"],
    ),
    (
        "a docstring ends at quotes in the middle of a line",
        "Feature: f\nScenario: s\nGiven a\n\"\"\"\nx \"\"\" y\n\"\"\"\n",
        &["feature f", "scenario s", "step Given a"],
    ),
    (
        "a step has no docstring after its table",
        "Feature: f\nScenario: s\nGiven a\n| b |\n\"\"\"\nx\n\"\"\"\n",
        &["feature f", "scenario s", "step Given a", r#"row ["b"]"#],
    ),
    (
        "a backslash in a cell stands only before n, | and a backslash",
        "Feature: f\nScenario: s\nGiven a\n| \\t |\n",
        &["feature f", "scenario s", "step Given a", r#"row ["\\t"]"#],
    ),
    (
        "nothing may follow the last | of a row",
        "Feature: f\nScenario: s\nGiven a\n| b | c\n",
        &["feature f", "scenario s", "step Given a", r#"row ["b"]"#],
    ),
    (
        "a step without text is refused",
        "Feature: f\nScenario: s\nGiven \nWhen b\n",
        &["feature f", "scenario s", "step Given ", "step When b"],
    ),
    (
        "only the ASCII space and the tab indent a line",
        "Feature: f\n\u{a0}Scenario: s\n",
        &["feature f", "scenario s"],
    ),
];

#[test]
fn the_faults_of_the_crate_are_those_that_are_listed() {
    for (fault, source, right) in FAULTS {
        let outline = ours(source).unwrap_or_else(|error| panic!("{fault}: {error}"));
        assert_eq!(outline, right, "{fault}");
        assert_ne!(theirs(source), Ok(outline), "no longer true: {fault}");
    }
}

#[test]
fn the_crate_cuts_a_row_that_is_too_long_and_bdd_refuses_it() {
    let source = "Feature: f\nScenario: s\nGiven a\n| b |\n| c | d |\n";
    let error = ours(source).expect_err("the rows differ in length");
    assert!(error.contains("inconsistent cell count"), "{error}");
    let cut = theirs(source).expect("the crate takes it");
    assert_eq!(cut.last().map(String::as_str), Some(r#"row ["c"]"#));
}
