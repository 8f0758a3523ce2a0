//! Which scenarios a line of a feature file selects.

use std::ops::Range;
use std::ptr;

use crate::gherkin::{
    Background, Examples, Feature, FeatureChild, GherkinDocument, Location, Pickle, RuleChild,
    Scenario, Step, Tag,
};

/// The lines of a file in disjoint ranges, in order, each with the scenarios that it selects.
#[derive(Debug, Default)]
pub(super) struct LineMap {
    stretches: Vec<Stretch>,
}

#[derive(Debug)]
struct Stretch {
    first: u32,
    last: u32,
    /// Positions in the list of pickles.
    pickles: Range<usize>,
}

impl LineMap {
    /// The map of a document, whose pickles these are.
    pub(super) fn new(document: &GherkinDocument<'_>, pickles: &[Pickle<'_>]) -> Self {
        let comments = document
            .comments
            .iter()
            .map(|comment| comment.location.line)
            .collect();
        let mut builder = LineMapBuilder {
            pickles,
            comments,
            next: 0,
            stretches: Vec::new(),
        };
        if let Some(feature) = &document.feature {
            builder.feature(feature);
        }
        Self {
            stretches: builder.stretches,
        }
    }

    /// The scenarios that a line selects, as positions in the list of pickles; may be empty.
    pub(super) fn at(&self, line: u32) -> Range<usize> {
        let after = self
            .stretches
            .partition_point(|stretch| stretch.first <= line);
        match after.checked_sub(1).map(|at| &self.stretches[at]) {
            Some(stretch) if line <= stretch.last => stretch.pickles.clone(),
            _ => 0..0,
        }
    }
}

struct LineMapBuilder<'p, 'd> {
    pickles: &'p [Pickle<'d>],
    /// The lines of comments, ascending.
    comments: Vec<u32>,
    /// The first pickle of what comes next.
    next: usize,
    stretches: Vec<Stretch>,
}

impl LineMapBuilder<'_, '_> {
    fn feature(&mut self, feature: &Feature<'_>) {
        let header = self.open(1);
        for child in &feature.children {
            match child {
                FeatureChild::Background(background) => {
                    self.background(background, 0..self.pickles.len());
                }
                FeatureChild::Scenario(scenario) => self.scenario(scenario),
                FeatureChild::Rule(rule) => {
                    let begin = self.next;
                    let first = self.first_line(&rule.tags, rule.location);
                    let rule_header = self.open(first);
                    let mut background_stretch = None;
                    for child in &rule.children {
                        match child {
                            RuleChild::Background(background) => {
                                background_stretch = Some(self.stretches.len());
                                self.background(background, 0..0);
                            }
                            RuleChild::Scenario(scenario) => self.scenario(scenario),
                        }
                    }
                    self.stretches[rule_header].pickles = begin..self.next;
                    if let Some(at) = background_stretch {
                        self.stretches[at].pickles = begin..self.next;
                    }
                }
            }
        }
        self.stretches[header].pickles = 0..self.next;
    }

    /// Begins the range of a heading, which ends where the next range begins.
    fn open(&mut self, first: u32) -> usize {
        self.push(first, u32::MAX, 0..0);
        self.stretches.len() - 1
    }

    fn push(&mut self, first: u32, last: u32, pickles: Range<usize>) {
        if let Some(before) = self.stretches.last_mut() {
            before.last = before.last.min(first.saturating_sub(1));
        }
        self.stretches.push(Stretch {
            first,
            last,
            pickles,
        });
    }

    fn background(&mut self, background: &Background<'_>, pickles: Range<usize>) {
        let first = self.first_line(&[], background.location);
        let last = last_line(
            background.location,
            &background.description,
            &background.steps,
        );
        self.push(first, last, pickles);
    }

    fn scenario(&mut self, scenario: &Scenario<'_>) {
        let begin = self.next;
        let first = self.first_line(&scenario.tags, scenario.location);
        let last = last_line(scenario.location, &scenario.description, &scenario.steps);
        if scenario.examples.is_empty() {
            self.next += usize::from(self.is_next(scenario));
            return self.push(first, last, begin..self.next);
        }
        let heading = self.open(first);
        for examples in &scenario.examples {
            self.examples(scenario, examples);
        }
        self.stretches[heading].pickles = begin..self.next;
    }

    fn examples(&mut self, scenario: &Scenario<'_>, examples: &Examples<'_>) {
        let begin = self.next;
        let first = self.first_line(&examples.tags, examples.location);
        let heading = self.stretches.len();
        let header_line = examples
            .table_header()
            .map_or(examples.location.line, |row| row.location.line);
        self.push(first, header_line, 0..0);
        for row in examples.table_body() {
            let at = self.next;
            let is_row = self.is_next(scenario)
                && self.pickles[at]
                    .examples
                    .is_some_and(|(_, other)| ptr::eq(other.cells.as_ptr(), row.cells.as_ptr()));
            self.next += usize::from(is_row);
            let line = row.location.line;
            self.push(line, line, at..self.next);
        }
        self.stretches[heading].pickles = begin..self.next;
    }

    fn is_next(&self, scenario: &Scenario<'_>) -> bool {
        self.pickles
            .get(self.next)
            .is_some_and(|pickle| pickle.scenario.id == scenario.id)
    }

    /// The line of the first tag or keyword, or of the comments right above.
    fn first_line(&self, tags: &[Tag<'_>], keyword: Location) -> u32 {
        let mut first = tags
            .iter()
            .map(|tag| tag.location.line)
            .fold(keyword.line, u32::min);
        while first > 1 && self.comments.binary_search(&(first - 1)).is_ok() {
            first -= 1;
        }
        first
    }
}

fn last_line(keyword: Location, description: &str, steps: &[Step<'_>]) -> u32 {
    match steps.last() {
        Some(step) => last_line_of_step(step),
        None => keyword.line + count(description),
    }
}

fn last_line_of_step(step: &Step<'_>) -> u32 {
    let table = step
        .data_table
        .as_ref()
        .and_then(|table| table.rows().next_back())
        .map(|row| row.location.line);
    let doc_string = step.doc_string.as_ref().map(|text| {
        let delimiters_and_content = 1 + count(&text.content);
        text.location.line + delimiters_and_content
    });
    [Some(step.location.line), table, doc_string]
        .into_iter()
        .flatten()
        .fold(0, u32::max)
}

fn count(text: &str) -> u32 {
    match text {
        "" => 0,
        text => u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX / 2),
    }
}
