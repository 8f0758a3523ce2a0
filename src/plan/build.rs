//! Builds the planned feature of one file from its document and pickles.

use std::borrow::Cow;
use std::sync::Arc;

use super::id::ScenarioIds;
use super::intern::{Interner, WantedWording};
use super::warnings::FeatureWarning;
use super::{
    KeywordType, Namesakes, OutlineRow, PlannedFeature, PlannedRule, PlannedScenario, PlannedStep,
    StepArgument,
};
use crate::discover::FeatureFile;
use crate::gherkin::{self, Dialect, Feature, ParseError, Pickle, PickleStep, Rule};
use crate::rule::LintRule;

/// Builds the planned feature of one file.
pub(super) struct FeatureBuilder<'f, 'i> {
    uri: &'f Arc<str>,
    pub(super) ids: ScenarioIds<'f>,
    interner: &'i mut Interner,
    pub(super) planned: PlannedFeature,
    /// The id of the rule that the last scenario belongs to.
    rule: Option<u32>,
    pub(super) warnings: Vec<FeatureWarning>,
}

impl<'f, 'i> FeatureBuilder<'f, 'i> {
    pub(super) fn new(
        file: &'f FeatureFile,
        feature: &Feature<'_>,
        interner: &'i mut Interner,
    ) -> Self {
        // The first line of a Markdown file may stand in for the heading: it has no keyword.
        let keyword = feature.keyword.unwrap_or_else(|| {
            let dialect = Dialect::find(feature.language).unwrap_or_else(Dialect::english);
            dialect.feature.first().copied().unwrap_or("Feature")
        });
        Self {
            uri: &file.uri,
            ids: ScenarioIds::new(&file.uri),
            planned: PlannedFeature {
                uri: file.uri.clone(),
                language: interner.get(feature.language),
                keyword: interner.get(keyword),
                name: interner.get(feature.name),
                description: interner.get(&feature.description),
                tags: feature
                    .tags
                    .iter()
                    .map(|tag| interner.get(&tag.name))
                    .collect(),
                location: feature.location,
                rules: Vec::new(),
                scenarios: Vec::new(),
                namesakes: Namesakes::default(),
            },
            interner,
            rule: None,
            warnings: Vec::new(),
        }
    }

    pub(super) fn scenario(&mut self, pickle: &Pickle<'_>, id: &str, number: u32) {
        if number > 1 {
            let namesakes = &mut self.planned.namesakes.scenarios;
            namesakes.push((pickle.location.line, number));
        }
        if pickle.steps.is_empty() {
            self.warnings.push(FeatureWarning {
                rule: LintRule::NoSteps,
                message: "this scenario has no steps: it passes without testing anything"
                    .to_owned(),
                uri: self.uri.clone(),
                location: pickle.location,
                is_ignored: false,
            });
        }
        let rule = pickle.rule.map(|rule| self.rule(rule));
        let scenario = PlannedScenario {
            index: 0,
            id: id.into(),
            keyword: self.interner.get(pickle.scenario.keyword),
            name: self.interner.get(&pickle.name),
            description: self.interner.get(&pickle.scenario.description),
            row: self.row(pickle),
            location: pickle.location,
            tags: pickle
                .tags
                .iter()
                .map(|tag| self.interner.get(&tag.name))
                .collect(),
            rule,
            steps: (pickle.steps.iter())
                .map(|step| planned(step, self.interner))
                .collect(),
        };
        self.planned.scenarios.push(scenario);
    }

    /// The position of a rule. Scenarios of a rule follow each other.
    fn rule(&mut self, rule: &Rule<'_>) -> usize {
        if self.rule != Some(rule.id) {
            self.rule = Some(rule.id);
            let interner = &mut self.interner;
            self.planned.rules.push(PlannedRule {
                keyword: interner.get(rule.keyword),
                name: interner.get(rule.name),
                description: interner.get(&rule.description),
                tags: rule
                    .tags
                    .iter()
                    .map(|tag| interner.get(&tag.name))
                    .collect(),
                location: rule.location,
            });
        }
        self.planned.rules.len() - 1
    }

    fn row(&mut self, pickle: &Pickle<'_>) -> Option<Box<OutlineRow>> {
        let (examples, row) = pickle.examples?;
        let interner = &mut self.interner;
        let mut cells = |row: &gherkin::TableRow<'_>| {
            row.cells
                .iter()
                .map(|cell| interner.get(&cell.value))
                .collect::<Vec<_>>()
        };
        let cells_of_row = cells(row);
        let header = examples.table_header.as_ref().map(cells);
        Some(Box::new(OutlineRow {
            outline: self.interner.get(pickle.scenario.name),
            outline_line: pickle.scenario.location.line,
            examples: self.interner.get(examples.name),
            header: header.unwrap_or_default(),
            cells: cells_of_row,
        }))
    }
}

/// The steps of a text that has only steps, such as one that a step runs. Line numbers are those of the
/// text.
///
/// # Errors
/// All mistakes of the text.
pub fn steps_of(
    text: &str,
    dialect: &'static Dialect,
) -> Result<Vec<PlannedStep>, Vec<ParseError>> {
    let steps = gherkin::parse_steps(text, dialect)?;
    let mut interner = Interner::default();
    let compiled = gherkin::compile_steps(&steps);
    Ok(compiled
        .iter()
        .map(|step| planned(step, &mut interner))
        .collect())
}

/// Converts a step of a pickle.
fn planned(step: &PickleStep<'_>, interner: &mut Interner) -> PlannedStep {
    let mut arguments = Vec::new();
    if let Some(table) = &step.data_table {
        let cells = |row: &Vec<Cow<'_, str>>| row.iter().map(|cell| interner.get(cell)).collect();
        arguments.push(StepArgument::Table(table.rows.iter().map(cells).collect()));
    }
    if let Some(text) = &step.doc_string {
        arguments.push(StepArgument::DocString {
            media_type: text.media_type.as_ref().map(|kind| interner.get(kind)),
            content: interner.get(&text.content),
        });
    }
    if step.argument_indexes() == Some((2, 1)) {
        arguments.swap(0, 1);
    }
    let wording = WantedWording {
        keyword: step.step.keyword,
        keyword_type: match step.keyword_type {
            gherkin::StepKeywordType::Context => KeywordType::Context,
            gherkin::StepKeywordType::Action => KeywordType::Action,
            gherkin::StepKeywordType::Outcome => KeywordType::Outcome,
            gherkin::StepKeywordType::Unknown | gherkin::StepKeywordType::Conjunction => {
                KeywordType::Unknown
            }
        },
        text: &step.text,
        arguments,
        background: step.background,
    };
    PlannedStep::new(interner.wording(wording), step.step.location)
}
