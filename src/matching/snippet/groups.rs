//! Which undefined steps of one text need the same snippet.

use super::steps::{KnownSteps, StepNumber};
use crate::plan::KeywordType;

/// Undefined steps of one text that get the same snippet.
#[derive(Debug)]
pub(super) struct StepGroup {
    /// The attribute that the snippet needs where keywords are strict.
    pub(super) attribute: &'static str,
    pub(super) steps: Vec<StepNumber>,
}

/// The groups of all undefined steps, in the order of the plan.
pub(super) fn groups_of(steps: &KnownSteps, strict_keywords: bool) -> Vec<StepGroup> {
    let mut groups = Vec::new();
    for number in steps.numbers() {
        let is_open = |number: &StepNumber| !steps.get(*number).defined;
        let same = steps.with_text(&steps.get(number).text).iter().copied();
        let same: Vec<StepNumber> = same.filter(is_open).collect();
        let keywords = || same.iter().map(|number| steps.get(*number).keyword);
        // A definition of any keyword runs a step with `*`, so two of them would be ambiguous there.
        let is_one_group = !strict_keywords || keywords().any(|one| one == KeywordType::Unknown);
        if !is_open(&number) {
            continue;
        }
        if !is_one_group {
            groups.push(StepGroup {
                attribute: attribute(steps.get(number).keyword),
                steps: vec![number],
            });
        } else if same.first() == Some(&number) {
            groups.push(StepGroup {
                attribute: common_attribute(keywords()),
                steps: same,
            });
        }
    }
    groups
}

/// The attribute for a keyword.
pub(super) fn attribute(keyword: KeywordType) -> &'static str {
    match keyword {
        KeywordType::Context => "given",
        KeywordType::Action => "when",
        KeywordType::Outcome => "then",
        KeywordType::Unknown => "step",
    }
}

/// The attribute for steps with these keywords. `*` goes with each.
pub(super) fn common_attribute(keywords: impl Iterator<Item = KeywordType>) -> &'static str {
    let mut known = keywords.filter(|keyword| *keyword != KeywordType::Unknown);
    match known.next() {
        Some(first) if known.all(|other| other == first) => attribute(first),
        _ => "step",
    }
}
