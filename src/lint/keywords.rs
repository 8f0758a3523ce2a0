//! The keywords of the steps of a scenario: their order, what is missing, what is repeated.

use super::walk::{ScenarioInPlace, scenarios};
use super::{Edit, FileFindings, LintFinding};
use crate::gherkin::{Background, Dialect, Feature, Step, StepKeywordType, has_step_keyword};
use crate::rule::LintRule;

/// The findings about the keywords of one file.
pub(super) fn keyword_findings(findings: &mut FileFindings<'_, '_>) {
    let file = findings.file;
    let Some(feature) = &file.document.feature else {
        return;
    };
    let dialect = Dialect::find(feature.language).unwrap_or_else(Dialect::english);
    let mut last: [Option<&Background<'_>>; 2] = [None; 2];
    for placed in scenarios(feature) {
        for (seen, background) in last.iter_mut().zip(placed.backgrounds) {
            if let Some(background) = background
                && !seen.is_some_and(|seen| seen.id == background.id)
            {
                *seen = Some(background);
                repeated(findings, &background.steps, dialect);
            }
        }
        repeated(findings, &placed.scenario.steps, dialect);
        order(findings, &placed.scenario.steps);
        missing(findings, placed, feature);
    }
}

/// The first step that stands before one that should follow it.
fn order(findings: &mut FileFindings<'_, '_>, steps: &[Step<'_>]) {
    let mut furthest: Option<&Step<'_>> = None;
    for step in steps {
        let Some(rank) = rank(step) else {
            continue;
        };
        match furthest {
            Some(before) if is_after(before, rank) => {
                let (keyword, other) = (step.keyword.trim(), before.keyword.trim());
                let line = before.location.line;
                let message = format!(
                    "`{keyword}` stands after the `{other}` in line {line}: divide the scenario, or reorder its steps"
                );
                findings.add(LintRule::KeywordOrder, step.location, message);
                return;
            }
            _ => furthest = Some(step),
        }
    }
}

fn rank(step: &Step<'_>) -> Option<u8> {
    match step.keyword_type {
        StepKeywordType::Context => Some(0),
        StepKeywordType::Action => Some(1),
        StepKeywordType::Outcome => Some(2),
        StepKeywordType::Unknown | StepKeywordType::Conjunction => None,
    }
}

/// Scenarios without a When or Then step. Those with `*` do without the words on purpose.
fn missing(
    findings: &mut FileFindings<'_, '_>,
    placed: ScenarioInPlace<'_, '_>,
    feature: &Feature<'_>,
) {
    let scenario = placed.scenario;
    let types: Vec<StepKeywordType> = placed.all_steps().map(|step| step.keyword_type).collect();
    if scenario.steps.is_empty() || types.contains(&StepKeywordType::Unknown) {
        return;
    }
    let dialect = Dialect::find(feature.language).unwrap_or_else(Dialect::english);
    for (kind, rule, words) in [
        (StepKeywordType::Action, LintRule::MissingWhen, dialect.when),
        (
            StepKeywordType::Outcome,
            LintRule::MissingThen,
            dialect.then,
        ),
    ] {
        if !types.contains(&kind) {
            let word = words.iter().find(|word| **word != "* ").unwrap_or(&"");
            let message = format!("this scenario has no `{}` step", word.trim());
            findings.add(rule, scenario.location, message);
        }
    }
}

/// Steps with the keyword of the step above.
fn repeated(findings: &mut FileFindings<'_, '_>, steps: &[Step<'_>], dialect: &'static Dialect) {
    let plain = |word: &&&str| **word != "* ";
    let Some(and) = dialect.and.iter().find(plain) else {
        return;
    };
    let mut meaning = None;
    for step in steps {
        let kind = step.keyword_type;
        if rank(step).is_some() && meaning == Some(kind) {
            let keyword = step.keyword.trim();
            let message = format!(
                "`{keyword}` says the same as the step above: write `{}`",
                and.trim()
            );
            let line = format!("{and}{}", step.text);
            let fix = has_step_keyword(&line, and, dialect).then(|| Edit::Replace {
                location: step.location,
                old: step.keyword.to_owned(),
                new: (*and).to_owned(),
            });
            findings.findings.push(LintFinding {
                rule: LintRule::RepeatedKeyword,
                uri: findings.file.uri.clone(),
                location: step.location,
                message,
                fix,
            });
        }
        // After `*` a keyword says what it stands for.
        meaning = match kind {
            StepKeywordType::Conjunction => meaning,
            StepKeywordType::Unknown => None,
            _ => Some(kind),
        };
    }
}

fn is_after(step: &Step<'_>, other: u8) -> bool {
    rank(step) > Some(other)
}
