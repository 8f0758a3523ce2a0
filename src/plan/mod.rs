//! The plan: every scenario to run, as plain data.
//!
//! Backgrounds are merged and outlines expanded here, before anything runs. The plan knows
//! nothing of step definitions, workers or reports.

mod behave_forms;
mod build;
mod description;
mod directives;
mod duplicates;
mod empty_blocks;
mod feature_text;
mod file_plan;
pub mod hash;
mod id;
mod ignores;
mod intern;
mod lines;
mod lone_returns;
mod lost_steps;
mod markdown_slips;
mod namesakes;
mod near_tags;
mod order;
mod overlooked;
mod planning;
mod select;
mod shard;
mod source_text;
mod step;
mod step_table;
mod stray_placeholders;
mod tag_places;
pub mod tags;
mod text_list;
mod warnings;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use crate::gherkin::Location;

pub use build::steps_of;
pub use directives::{TagDirectives, TagMistake, is_directive, mistakes};
pub use feature_text::{FeatureText, ParsedFeature};
pub use file_plan::{LineMiss, Unparsed};
pub use id::id_without_ordinal;
pub use ignores::{Ignore, ignores};
pub(crate) use intern::Interner;
pub use namesakes::{Namesakes, mark_equal_titles};
pub use near_tags::{KnownTags, near_tags};
pub use order::order;
pub use planning::{Planning, plan, plan_documents};
pub use shard::{Shard, ShardKind};
pub use source_text::SourceText;
pub use step::{PlannedStep, StepWording};
pub use step_table::StepTable;
pub use tag_places::{TagFiles, TagUse, tag_uses};
pub use text_list::{TextList, TextListIter};
pub use warnings::FeatureWarning;

/// All that was selected, in the order in which it was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The features that have at least one selected scenario.
    pub features: Vec<Arc<PlannedFeature>>,
}

impl Plan {
    /// Whether any scenario has a step.
    #[must_use]
    pub fn has_steps(&self) -> bool {
        let mut scenarios = self.features.iter().flat_map(|feature| &feature.scenarios);
        scenarios.any(|scenario| !scenario.steps.is_empty())
    }

    /// The stable ids of all scenarios, in order.
    pub fn ids(&self) -> impl Iterator<Item = &Arc<str>> {
        let scenarios = self.features.iter().flat_map(|feature| &feature.scenarios);
        scenarios.map(|scenario| &scenario.id)
    }

    /// Keeps the scenarios for which `keep` returns true, and renumbers them. `sources` is empty, or has one
    /// text for each feature and keeps those of the features that stay.
    pub fn retain(
        &mut self,
        sources: &mut Vec<SourceText>,
        mut keep: impl FnMut(&PlannedScenario) -> bool,
    ) {
        let mut next = 0;
        let mut kept_features = Vec::with_capacity(self.features.len());
        for feature in &mut self.features {
            let feature = Arc::make_mut(feature);
            feature.scenarios.retain(&mut keep);
            for scenario in &mut feature.scenarios {
                scenario.index = next;
                next += 1;
            }
            feature.drop_unused_rules();
            kept_features.push(!feature.scenarios.is_empty());
        }
        let mut kept = kept_features.iter();
        self.features.retain(|_| kept.next() == Some(&true));
        let mut kept = kept_features.iter();
        sources.retain(|_| kept.next() == Some(&true));
    }
}

/// A feature with its selected scenarios.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedFeature {
    /// The path as it is shown: from the project's root, with `/`.
    pub uri: Arc<str>,
    /// The language of the document, such as `en`.
    pub language: Arc<str>,
    /// The keyword as written, such as `Feature`.
    pub keyword: Arc<str>,
    /// The title; it may be empty.
    pub name: Arc<str>,
    /// The free text below the title; empty when there is none.
    pub description: Arc<str>,
    /// The tags of the feature itself, each with its `@`.
    pub tags: Vec<Arc<str>>,
    /// Where the keyword stands.
    pub location: Location,
    /// The rules that have at least one selected scenario.
    pub rules: Vec<PlannedRule>,
    /// The selected scenarios in the order of the file.
    pub scenarios: Vec<PlannedScenario>,
    /// Which of these names are not the only ones.
    #[serde(default, skip_serializing_if = "Namesakes::is_empty")]
    pub namesakes: Namesakes,
}

impl PlannedFeature {
    /// A feature of which only the path and the language are known.
    pub(crate) fn bare(uri: Arc<str>, language: Arc<str>) -> Self {
        Self {
            uri,
            language,
            keyword: "Feature".into(),
            name: "".into(),
            description: "".into(),
            tags: Vec::new(),
            location: Location { line: 1, column: 1 },
            rules: Vec::new(),
            scenarios: Vec::new(),
            namesakes: Namesakes::default(),
        }
    }

    /// Removes the rules that no longer have a scenario.
    fn drop_unused_rules(&mut self) {
        let mut used = vec![false; self.rules.len()];
        for rule in self.scenarios.iter().filter_map(|scenario| scenario.rule) {
            used[rule] = true;
        }
        if used.iter().all(|used| *used) {
            return;
        }
        let mut places = Vec::with_capacity(used.len());
        let mut next = 0;
        for used in &used {
            places.push(next);
            next += usize::from(*used);
        }
        for scenario in &mut self.scenarios {
            scenario.rule = scenario.rule.map(|rule| places[rule]);
        }
        let mut kept = used.iter();
        self.rules.retain(|_| kept.next() == Some(&true));
    }
}

/// A rule of a feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedRule {
    /// The keyword as written.
    pub keyword: Arc<str>,
    /// The title; it may be empty.
    pub name: Arc<str>,
    /// The free text below the title.
    pub description: Arc<str>,
    /// The tags of the rule itself.
    pub tags: Vec<Arc<str>>,
    /// Where the keyword stands.
    pub location: Location,
}

/// One scenario to run: a scenario, or one row of an outline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedScenario {
    /// Its number in the plan, counted over all features from 0; events name scenarios by it.
    pub index: u32,
    /// The stable id: path, rule, name, examples name, hash of the row's cells, and an ordinal
    /// only among equals. Adding an unrelated scenario or row does not change it.
    pub id: Arc<str>,
    /// The keyword as written, such as `Scenario Outline`.
    pub keyword: Arc<str>,
    /// The title, with the values of the row; it may be empty.
    pub name: Arc<str>,
    /// The free text below the title.
    pub description: Arc<str>,
    /// The row of the outline that this scenario is.
    pub row: Option<Box<OutlineRow>>,
    /// Where the scenario's keyword stands, or the row for a row of an outline.
    pub location: Location,
    /// All tags that apply, inherited ones first. Scenarios that follow each other share equal ones.
    pub tags: Arc<[Arc<str>]>,
    /// The rule it belongs to, as an index into [`PlannedFeature::rules`].
    pub rule: Option<usize>,
    /// The steps of all backgrounds that apply, then its own.
    pub steps: Vec<PlannedStep>,
}

/// Where a scenario stands in its outline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutlineRow {
    /// The title of the outline, with its `<placeholders>`.
    pub outline: Arc<str>,
    /// The line of the outline's keyword.
    pub outline_line: u32,
    /// The title of the `Examples` block; it may be empty.
    pub examples: Arc<str>,
    /// The header of the examples table, which the rows share.
    pub header: Arc<TextList>,
    /// The cells of this row, as many as the header has.
    pub cells: TextList,
}

/// The meaning of a step's keyword, as Cucumber Messages name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeywordType {
    /// `*`, or a keyword with several meanings.
    Unknown,
    /// `Given`.
    Context,
    /// `When`.
    Action,
    /// `Then`.
    Outcome,
}

/// What stands below a step.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepArgument {
    /// A table.
    Table(StepTable),
    /// A docstring.
    DocString {
        /// The media type after the opening delimiter, such as `json`.
        media_type: Option<Arc<str>>,
        /// The text without the indentation of the delimiter.
        content: Arc<str>,
    },
}
