//! Finds the place of a tag in its file. The plan has tags without places, because only messages about tags
//! need them. So the file is read again.

use std::sync::Arc;

use foldhash::{HashSet, HashSetExt};

use super::ignores::ignores;
use super::{Location, Plan};
use crate::config::Selection;
use crate::discover::FeatureFile;
use crate::gherkin::{self, Feature, FeatureChild, Rule, RuleChild, Scenario, Tag};
use crate::input;
use crate::rule::LintRule;

/// The first use of a tag in a plan.
#[derive(Debug, Clone, Copy)]
pub struct TagUse<'p> {
    pub(super) uri: &'p Arc<str>,
    pub(super) tag: &'p Arc<str>,
    /// Where the scenario is that has it.
    pub(super) scenario: Location,
}

/// Each tag of a plan once, in the order of the plan: a plan has many scenarios with few different tags.
#[must_use]
pub fn tag_uses(plan: &Plan) -> Vec<TagUse<'_>> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut uses = Vec::new();
    for feature in &plan.features {
        let mut before: Option<&Arc<[Arc<str>]>> = None;
        for scenario in &feature.scenarios {
            // Most have those of the scenario before.
            let known = before.replace(&scenario.tags);
            if known.is_some_and(|known| Arc::ptr_eq(known, &scenario.tags)) {
                continue;
            }
            let new = scenario.tags.iter().filter(|tag| seen.insert(tag));
            uses.extend(new.map(|tag| TagUse {
                uri: &feature.uri,
                tag,
                scenario: scenario.location,
            }));
        }
    }
    uses
}

/// The place of a tag, and the line that it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TagPlace {
    pub location: Location,
    pub line: String,
    /// Whether a comment asks not to report that it has no effect.
    pub is_ignored: bool,
}

/// The files of a plan, and how they were read.
#[derive(Debug, Clone, Copy)]
pub struct TagFiles<'f> {
    /// The files of the plan.
    pub files: &'f [FeatureFile],
    /// The selection that the plan was made with.
    pub selection: &'f Selection,
    /// The path, as it is shown, and the text of each file that differs from the disk.
    pub unsaved: &'f [(Arc<str>, Arc<str>)],
}

impl TagFiles<'_> {
    /// Where the tag of the scenario at `scenario` stands; `None` if the file has changed since.
    pub(super) fn place(self, uri: &str, tag: &str, scenario: Location) -> Option<TagPlace> {
        let bytes = match self.unsaved.iter().find(|(name, _)| **name == *uri) {
            Some((_, text)) => text.as_bytes().to_vec(),
            None => {
                let file = self.files.iter().find(|file| *file.uri == *uri)?;
                input::read(&file.path).ok()?
            }
        };
        let source = gherkin::decode(&bytes).ok()?;
        let options = self.selection.parse_options();
        let document = gherkin::parse(source, &options.for_path(uri)).ok()?;
        let mut nearest: Option<Location> = None;
        // The tags of a scenario stand above it, and its own below inherited ones.
        let mut found = |candidate: &Tag<'_>| {
            if candidate.name == tag && candidate.location < scenario {
                nearest = nearest.max(Some(candidate.location));
            }
        };
        each_tag(document.feature.as_ref()?, &mut found);
        let location = nearest?;
        let line = source.lines().nth(location.line as usize - 1)?.to_owned();
        let ignores = ignores(source, &document);
        let is_ignored =
            (ignores.iter()).any(|ignore| ignore.covers(LintRule::NearTag, location.line));
        Some(TagPlace {
            location,
            line,
            is_ignored,
        })
    }
}

fn each_tag(feature: &Feature<'_>, found: &mut impl FnMut(&Tag<'_>)) {
    feature.tags.iter().for_each(&mut *found);
    for child in &feature.children {
        match child {
            FeatureChild::Background(_) => {}
            FeatureChild::Scenario(scenario) => of_scenario(scenario, found),
            FeatureChild::Rule(rule) => of_rule(rule, found),
        }
    }
}

fn of_rule(rule: &Rule<'_>, found: &mut impl FnMut(&Tag<'_>)) {
    rule.tags.iter().for_each(&mut *found);
    for child in &rule.children {
        if let RuleChild::Scenario(scenario) = child {
            of_scenario(scenario, found);
        }
    }
}

fn of_scenario(scenario: &Scenario<'_>, found: &mut impl FnMut(&Tag<'_>)) {
    scenario.tags.iter().for_each(&mut *found);
    let examples = scenario.examples.iter();
    examples.flat_map(|examples| &examples.tags).for_each(found);
}
