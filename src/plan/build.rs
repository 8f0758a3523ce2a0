//! Builds the planned feature of one file from its document and pickles.

use std::sync::Arc;

use super::id::ScenarioIds;
use super::intern::{Interner, WantedArgument, WantedWording};
use super::text_list::TextList;
use super::warnings::FeatureWarning;
use super::{
    KeywordType, Namesakes, OutlineRow, PlannedFeature, PlannedRule, PlannedScenario, PlannedStep,
};
use crate::discover::FeatureFile;
use crate::gherkin::{self, Dialect, Feature, ParseError, Pickle, PickleStep, Rule};
use crate::rule::LintRule;

/// Builds the planned feature of one file.
pub(super) struct FeatureBuilder<'f, 'i> {
    uri: &'f Arc<str>,
    pub(super) ids: ScenarioIds<'f>,
    interner: &'i mut Interner,
    planned: PlannedFeature,
    /// The id of the rule that the last scenario belongs to.
    rule: Option<u32>,
    /// The id of the examples that the last scenario is a row of.
    examples: Option<u32>,
    /// The steps of the backgrounds of the last scenario, each with its id in the document.
    backgrounds: Vec<(u32, PlannedStep)>,
    warnings: Vec<FeatureWarning>,
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
        let count = gherkin::pickle_count(feature);
        Self {
            uri: &file.uri,
            ids: ScenarioIds::new(&file.uri, count),
            planned: PlannedFeature {
                uri: file.uri.clone(),
                language: interner.get(feature.language),
                keyword: interner.get(keyword),
                name: interner.get(feature.name),
                description: interner.get(&feature.description),
                tags: feature
                    .tags
                    .iter()
                    .map(|tag| interner.get(tag.name))
                    .collect(),
                location: feature.location,
                rules: Vec::new(),
                scenarios: Vec::with_capacity(count),
                namesakes: Namesakes::default(),
            },
            interner,
            rule: None,
            examples: None,
            backgrounds: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The feature, if it has a selected scenario, and the warnings about its scenarios.
    pub(super) fn finish(mut self) -> (Option<PlannedFeature>, Vec<FeatureWarning>) {
        self.planned.scenarios.shrink_to_fit();
        let is_empty = self.planned.scenarios.is_empty();
        ((!is_empty).then_some(self.planned), self.warnings)
    }

    pub(super) fn scenario(&mut self, pickle: &Pickle<'_>, id: Arc<str>, number: u32) {
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
        let row = self.row(pickle);
        let steps = self.steps(pickle);
        let tags = self.tags(pickle);
        // The rows of an outline have these in common.
        let last = self.planned.scenarios.last();
        let last = last.filter(|last| row.is_some() && is_of(last, pickle));
        let (keyword, description) = match last {
            Some(last) => (Arc::clone(&last.keyword), Arc::clone(&last.description)),
            None => (
                self.interner.get(pickle.scenario.keyword),
                self.interner.get(&pickle.scenario.description),
            ),
        };
        let scenario = PlannedScenario {
            index: 0,
            id,
            keyword,
            name: self.interner.get(&pickle.name),
            description,
            row,
            location: pickle.location,
            tags,
            rule,
            steps,
        };
        self.planned.scenarios.push(scenario);
    }

    /// Its tags: those of the scenario before, if they are equal.
    fn tags(&mut self, pickle: &Pickle<'_>) -> Arc<[Arc<str>]> {
        let tags = || pickle.tags().map(|tag| tag.name);
        let before = self.planned.scenarios.last().map(|before| &before.tags);
        match before.filter(|before| before.iter().map(|tag| &**tag).eq(tags())) {
            Some(before) => Arc::clone(before),
            None => tags().map(|tag| self.interner.get(tag)).collect(),
        }
    }

    /// All scenarios of a feature begin with the same steps: those of its background.
    fn steps(&mut self, pickle: &Pickle<'_>) -> Vec<PlannedStep> {
        let mut steps = Vec::with_capacity(pickle.steps.len());
        for (at, step) in pickle.steps.iter().enumerate() {
            let as_it_stands = step.background && step.row_id.is_none();
            let known = self.backgrounds.get(at).filter(|_| as_it_stands);
            if let Some((_, known)) = known.filter(|(id, _)| *id == step.step.id) {
                steps.push(known.clone());
                continue;
            }
            let new = planned(step, self.interner);
            if as_it_stands {
                self.backgrounds.truncate(at);
                self.backgrounds.push((step.step.id, new.clone()));
            }
            steps.push(new);
        }
        steps
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
                tags: rule.tags.iter().map(|tag| interner.get(tag.name)).collect(),
                location: rule.location,
            });
        }
        self.planned.rules.len() - 1
    }

    fn row(&mut self, pickle: &Pickle<'_>) -> Option<Box<OutlineRow>> {
        let known_examples = self.examples.take();
        let (examples, row) = pickle.examples?;
        self.examples = Some(examples.id);
        let interner = &mut *self.interner;
        let mut cells = |row: gherkin::TableRow<'_>| {
            let cells = row.cells.iter();
            interner.list(cells.map(|cell| &cell.value))
        };
        let cells_of_row = cells(row);
        let last = self
            .planned
            .scenarios
            .last()
            .and_then(|one| one.row.as_ref());
        let row = match last.filter(|_| known_examples == self.examples) {
            Some(last) => OutlineRow {
                outline: Arc::clone(&last.outline),
                outline_line: last.outline_line,
                examples: Arc::clone(&last.examples),
                header: Arc::clone(&last.header),
                cells: cells_of_row,
            },
            None => OutlineRow {
                header: Arc::new(
                    examples
                        .table_header()
                        .map_or_else(TextList::default, cells),
                ),
                outline: self.interner.get(pickle.scenario.name),
                outline_line: pickle.scenario.location.line,
                examples: self.interner.get(examples.name),
                cells: cells_of_row,
            },
        };
        Some(Box::new(row))
    }
}

/// Whether a planned scenario is a row of the outline of this pickle.
fn is_of(planned: &PlannedScenario, pickle: &Pickle<'_>) -> bool {
    let line = pickle.scenario.location.line;
    (planned.row.as_ref()).is_some_and(|row| row.outline_line == line)
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
    let mut arguments = [
        step.data_table().map(WantedArgument::Table),
        step.doc_string().map(WantedArgument::DocString),
    ];
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
    PlannedStep::new(interner.wording(&wording), step.step.location)
}
