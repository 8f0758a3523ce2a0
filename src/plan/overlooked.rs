//! Lines that are valid Gherkin but do not mean what their author thinks: steps and headings that
//! became part of a description, and cells without a `|` at their end.

use std::iter::Zip;
use std::ops::RangeFrom;
use std::str::Lines;
use std::sync::Arc;

use super::Location;
use super::description::{DescriptionLine, ends_sentence, lines};
use super::lost_steps::{Enough, LostSteps};
use super::warnings::FeatureWarning;
use crate::gherkin::{
    Background, Dialect, Feature, FeatureChild, Flavor, HeadingSlips, Next, Rule, RuleChild,
    Scenario, Step, StepSlips, Table, width,
};
use crate::rule::LintRule;

/// The limit of warnings for one file: more of them say nothing new.
const ENOUGH: usize = 10;

/// A warning for each such line, up to a limit.
pub(super) fn overlooked(
    uri: &Arc<str>,
    source: &str,
    feature: &Feature<'_>,
    flavor: Flavor,
) -> Vec<FeatureWarning> {
    let dialect = Dialect::find(feature.language).unwrap_or_else(Dialect::english);
    let mut search = SlipSearch {
        uri,
        lines: (1..).zip(source.lines()),
        steps: StepSlips::of(dialect),
        headings: HeadingSlips::of(dialect),
        dialect,
        open_row: match flavor {
            Flavor::Standard => {
                "what follows the last `|` of this row is not a cell: end the row with `|`"
            }
            Flavor::Behave => {
                "behave cuts off the last character of this row: end the row with `|`"
            }
        },
        found: 0,
        warnings: Vec::new(),
    };
    search.feature(feature);
    let Some(more @ 1..) = search.found.checked_sub(ENOUGH) else {
        return search.warnings;
    };
    if let Some(last) = search.warnings.last_mut() {
        last.message
            .push_str(&format!(" ({more} more lines like these)"));
    }
    search.warnings
}

struct SlipSearch<'a> {
    uri: &'a Arc<str>,
    /// What is not read yet: descriptions are looked for in the order of the file.
    lines: Zip<RangeFrom<u32>, Lines<'a>>,
    steps: &'static StepSlips,
    headings: &'static HeadingSlips,
    dialect: &'static Dialect,
    /// What to say about a row without its last `|`.
    open_row: &'static str,
    found: usize,
    warnings: Vec<FeatureWarning>,
}

/// What follows the line `at` of a description before `after`.
fn next_of<'d>(lines: &[DescriptionLine<'d>], at: usize, after: Next<'d>) -> Next<'d> {
    lines
        .get(at + 1)
        .map_or(after, |line| Next::Text(line.text))
}

/// The column of the text of a line.
pub(super) fn column_of(line: &str) -> u32 {
    let indent = line.len() - line.trim_start().len();
    width(&line[..indent]).saturating_add(1)
}

fn heading(location: Location) -> Next<'static> {
    Next::Heading(location.line, location.column)
}

impl SlipSearch<'_> {
    fn feature(&mut self, feature: &Feature<'_>) {
        let next = match feature.children.first() {
            Some(FeatureChild::Background(background)) => heading(background.location),
            Some(FeatureChild::Scenario(scenario)) => heading(scenario.location),
            Some(FeatureChild::Rule(_)) | None => Next::Other,
        };
        let advice = self.below_scenario();
        let line = feature.location.line;
        self.lost_in(line, &feature.description, next, Enough::Different, &advice);
        for child in &feature.children {
            match child {
                FeatureChild::Background(background) => self.background(background),
                FeatureChild::Scenario(scenario) => self.scenario(scenario),
                FeatureChild::Rule(rule) => self.rule(rule),
            }
        }
    }

    fn rule(&mut self, rule: &Rule<'_>) {
        let advice = self.below_scenario();
        let line = rule.location.line;
        self.lost_in(line, &rule.description, Next::Other, Enough::One, &advice);
        for child in &rule.children {
            match child {
                RuleChild::Background(background) => self.background(background),
                RuleChild::Scenario(scenario) => self.scenario(scenario),
            }
        }
    }

    fn below_scenario(&self) -> String {
        let scenario = self.dialect.scenario.last().unwrap_or(&"Scenario");
        format!("steps stand below `{scenario}:`")
    }

    fn background(&mut self, background: &Background<'_>) {
        let line = background.location.line;
        self.steps_in(line, &background.description, &background.steps);
        self.steps(&background.steps);
    }

    fn scenario(&mut self, scenario: &Scenario<'_>) {
        let line = scenario.location.line;
        self.steps_in(line, &scenario.description, &scenario.steps);
        self.steps(&scenario.steps);
        for examples in &scenario.examples {
            let line = examples.location.line;
            let keyword = examples.keyword;
            let advice =
                format!("steps stand above `{keyword}:`, or below a scenario of their own");
            let header = examples.table.first();
            let enough = header.map_or(Enough::One, |header| Enough::Two(header.cells));
            let description = &examples.description;
            self.lost_in(line, description, Next::Other, enough, &advice);
            self.rows(&examples.table);
        }
    }

    /// Looks for headings and for steps in a description below a heading in line `above`, where no step can stand.
    /// `after` follows the description.
    fn lost_in(
        &mut self,
        above: u32,
        description: &str,
        after: Next<'_>,
        enough: Enough<'_>,
        advice: &str,
    ) {
        let lines = lines(description);
        let lost = LostSteps::new(self.dialect, self.steps);
        let runs = lost.runs(&lines, enough);
        let mut below_heading = false;
        for (at, line) in lines.iter().enumerate() {
            let run = runs.iter().find(|run| run.start == at);
            match run.map(|run| run.len()) {
                // Their heading was reported.
                Some(_) if below_heading => {}
                Some(length) => {
                    let place = self.place_of(above, line.text);
                    let what = match length {
                        1 => "is read as a description, not as a step",
                        _ => "and what follows are read as a description, not as steps",
                    };
                    self.warn(place, format!("`{}` {what}: {advice}", line.text));
                }
                None => {
                    below_heading = self.heading_in(above, line, next_of(&lines, at, after));
                }
            }
        }
    }

    /// Looks for steps and headings in the description of a scenario or background. Any line of prose but its
    /// first may begin with a lower-case "when" or "and".
    fn steps_in(&mut self, above: u32, description: &str, steps: &[Step<'_>]) {
        let after = if steps.is_empty() {
            Next::Other
        } else {
            Next::Steps
        };
        let mut only_steps = true;
        let lines = lines(description);
        for (at, line) in lines.iter().enumerate() {
            let slip = self.steps.find(line.text).filter(|slip| {
                let begins = (at > 0 && line.begins) || line.text.starts_with(char::is_uppercase);
                slip.sure || only_steps || (begins && !ends_sentence(line.text))
            });
            if let Some(slip) = slip {
                only_steps = true;
                let place = self.place_of(above, line.text);
                let text = line.text;
                let advice = slip.advice;
                self.warn(
                    place,
                    format!("`{text}` is read as a description, not as a step: {advice}"),
                );
            } else {
                only_steps = self.heading_in(above, line, next_of(&lines, at, after));
            }
        }
    }

    /// Whether a line is a heading that went wrong; it is reported.
    fn heading_in(&mut self, above: u32, line: &DescriptionLine<'_>, next: Next<'_>) -> bool {
        let Some(slip) = self.headings.find(line.text, next, line.begins) else {
            return false;
        };
        let place = self.place_of(above, line.text);
        if slip.rule_without_colon
            && let Next::Heading(below, column) = next
        {
            // A sentence about rules may stand before a scenario, too: the shape of the file decides.
            let outer = line.indent + 1 < column as usize;
            let close = place.line + 1 == below && line.text.split_whitespace().count() <= 4;
            if !outer && !close {
                return false;
            }
        }
        let text = line.text;
        let advice = slip.advice;
        self.warn(
            place,
            format!("`{text}` is read as a description; {advice}"),
        );
        true
    }

    fn steps(&mut self, steps: &[Step<'_>]) {
        for table in steps.iter().filter_map(|step| step.data_table.as_ref()) {
            self.rows(table);
        }
    }

    fn rows(&mut self, table: &Table<'_>) {
        for row in table.rows().filter(|row| row.is_open) {
            self.warn(row.location, self.open_row.to_owned());
        }
    }

    /// Where this text stands in the next line below `above` that holds it.
    fn place_of(&mut self, above: u32, text: &str) -> Location {
        let found = self
            .lines
            .find(|(number, line)| *number > above && line.trim() == text);
        let (line, column) = found.map_or((above, 1), |(number, line)| (number, column_of(line)));
        Location { line, column }
    }

    fn warn(&mut self, location: Location, message: String) {
        self.found += 1;
        if self.found > ENOUGH {
            return;
        }
        self.warnings.push(FeatureWarning {
            rule: LintRule::IgnoredText,
            message,
            uri: self.uri.clone(),
            location,
            is_ignored: false,
        });
    }
}
