//! All scenarios of a document, each with the steps and tags that it inherits, and all tags.

use crate::gherkin::{Background, Feature, FeatureChild, RuleChild, Scenario, Step, Tag};

/// A scenario in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScenarioInPlace<'d, 's> {
    pub(super) scenario: &'d Scenario<'s>,
    /// The backgrounds that apply to it.
    pub(super) backgrounds: [Option<&'d Background<'s>>; 2],
    /// The tags of its feature and of its rule.
    pub(super) inherited: [&'d [Tag<'s>]; 2],
}

impl<'d, 's> ScenarioInPlace<'d, 's> {
    /// The steps of its backgrounds, then its own.
    pub(super) fn all_steps(self) -> impl Iterator<Item = &'d Step<'s>> {
        let backgrounds = self.backgrounds.into_iter().flatten();
        let before = backgrounds.flat_map(|background| &background.steps);
        before.chain(&self.scenario.steps)
    }
}

/// All scenarios of a feature, in order.
pub(super) fn scenarios<'d, 's>(feature: &'d Feature<'s>) -> Vec<ScenarioInPlace<'d, 's>> {
    let mut all = Vec::new();
    let mut background = None;
    for child in &feature.children {
        match child {
            FeatureChild::Background(found) => background = Some(found),
            FeatureChild::Scenario(scenario) => all.push(ScenarioInPlace {
                scenario,
                backgrounds: [background, None],
                inherited: [&feature.tags, &[]],
            }),
            FeatureChild::Rule(rule) => {
                let mut of_rule = None;
                for child in &rule.children {
                    match child {
                        RuleChild::Background(found) => of_rule = Some(found),
                        RuleChild::Scenario(scenario) => all.push(ScenarioInPlace {
                            scenario,
                            backgrounds: [background, of_rule],
                            inherited: [&feature.tags, &rule.tags],
                        }),
                    }
                }
            }
        }
    }
    all
}

/// Calls a function with each tag of a feature, in the order of the document.
pub(super) fn each_tag<'d>(feature: &'d Feature<'d>, found: &mut impl FnMut(&'d Tag<'d>)) {
    let of_scenario = |scenario: &'d Scenario<'d>, found: &mut dyn FnMut(&'d Tag<'d>)| {
        let examples = scenario.examples.iter();
        let of_examples = examples.flat_map(|examples| &examples.tags);
        scenario.tags.iter().chain(of_examples).for_each(found);
    };
    feature.tags.iter().for_each(&mut *found);
    for child in &feature.children {
        match child {
            FeatureChild::Background(_) => {}
            FeatureChild::Scenario(scenario) => of_scenario(scenario, found),
            FeatureChild::Rule(rule) => {
                rule.tags.iter().for_each(&mut *found);
                for child in &rule.children {
                    if let RuleChild::Scenario(scenario) = child {
                        of_scenario(scenario, found);
                    }
                }
            }
        }
    }
}
