//! Lines that are valid Gherkin but do not mean what their author thinks: steps and headings that
//! became part of a description, and cells without a `|` at their end.

use std::iter::Zip;
use std::ops::RangeFrom;
use std::str::Lines;
use std::sync::Arc;

use super::Location;
use super::warnings::FeatureWarning;
use crate::gherkin::{
    Background, Dialect, Feature, FeatureChild, Rule, RuleChild, Scenario, Step, TableRow,
};

/// The limit of warnings for one file: more of them say nothing new.
const ENOUGH: usize = 10;

/// A warning for each such line, up to a limit.
pub(super) fn overlooked(
    uri: &Arc<str>,
    source: &str,
    feature: &Feature<'_>,
) -> Vec<FeatureWarning> {
    let mut search = StepSearch {
        uri,
        lines: (1..).zip(source.lines()),
        words: Words::of(Dialect::find(feature.language).unwrap_or_else(Dialect::english)),
        open_rows: open_rows(source),
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

/// The numbers of the lines that look like a row of a table without its last `|`.
fn open_rows(source: &str) -> Vec<u32> {
    (1..)
        .zip(source.lines())
        .filter(|(_, line)| {
            let line = line.trim();
            line.starts_with('|') && !line.ends_with('|')
        })
        .map(|(number, _)| number)
        .collect()
}

/// The keywords of a language, in lower case.
struct Words {
    steps: Vec<String>,
    headings: Vec<(String, &'static str)>,
}

impl Words {
    fn of(dialect: &'static Dialect) -> Self {
        let steps = [
            dialect.given,
            dialect.when,
            dialect.then,
            dialect.and,
            dialect.but,
        ];
        let headings = [
            dialect.background,
            dialect.rule,
            dialect.scenario,
            dialect.scenario_outline,
            dialect.examples,
        ];
        Self {
            // Languages without spaces begin many sentences with their keywords.
            steps: steps
                .into_iter()
                .flatten()
                .filter_map(|keyword| keyword.strip_suffix(' '))
                .filter(|keyword| *keyword != "*")
                .map(str::to_lowercase)
                .collect(),
            headings: headings
                .into_iter()
                .flatten()
                .map(|keyword| (keyword.to_lowercase(), *keyword))
                .collect(),
        }
    }

    /// Whether a line begins with the keyword of a step in another case, or followed by a colon.
    fn is_step(&self, line: &str) -> bool {
        let line = line.to_lowercase();
        self.steps.iter().any(|keyword| {
            line.strip_prefix(keyword.as_str())
                .is_some_and(|rest| rest.starts_with([' ', ':', '\t']))
        })
    }

    /// The heading that was probably meant by a line.
    fn heading(&self, line: &str) -> Option<&'static str> {
        let (word, _) = line.split_once(':').filter(|(word, _)| word.len() < 100)?;
        let word = word.trim().to_lowercase();
        self.headings
            .iter()
            .map(|(lower, keyword)| (strsim::osa_distance(&word, lower), lower, keyword))
            .filter(|(distance, lower, _)| *distance == 0 || distance * 5 <= lower.chars().count())
            .min_by_key(|(distance, ..)| *distance)
            .map(|(.., keyword)| *keyword)
    }
}

struct StepSearch<'a> {
    uri: &'a Arc<str>,
    /// What is not read yet: descriptions are looked for in the order of the file.
    lines: Zip<RangeFrom<u32>, Lines<'a>>,
    words: Words,
    open_rows: Vec<u32>,
    found: usize,
    warnings: Vec<FeatureWarning>,
}

impl StepSearch<'_> {
    fn feature(&mut self, feature: &Feature<'_>) {
        self.description(feature.location.line, &feature.description, false);
        for child in &feature.children {
            match child {
                FeatureChild::Background(background) => self.background(background),
                FeatureChild::Scenario(scenario) => self.scenario(scenario),
                FeatureChild::Rule(rule) => self.rule(rule),
            }
        }
    }

    fn rule(&mut self, rule: &Rule<'_>) {
        self.description(rule.location.line, &rule.description, false);
        for child in &rule.children {
            match child {
                RuleChild::Background(background) => self.background(background),
                RuleChild::Scenario(scenario) => self.scenario(scenario),
            }
        }
    }

    fn background(&mut self, background: &Background<'_>) {
        self.description(background.location.line, &background.description, true);
        self.steps(&background.steps);
    }

    fn scenario(&mut self, scenario: &Scenario<'_>) {
        self.description(scenario.location.line, &scenario.description, true);
        self.steps(&scenario.steps);
        for examples in &scenario.examples {
            self.description(examples.location.line, &examples.description, false);
            self.rows(examples.table_header.as_slice());
            self.rows(&examples.table_body);
        }
    }

    /// The description below a heading in line `above`. In its prose any line but the first may begin with a
    /// lower-case "when" or "and".
    fn description(&mut self, above: u32, description: &str, may_have_steps: bool) {
        if description.is_empty() {
            return;
        }
        let mut may_be_step = may_have_steps;
        for line in description.lines().map(str::trim) {
            if line.is_empty() {
                continue;
            }
            may_be_step &= self.words.is_step(line);
            if may_be_step {
                let number = self.line_of(above, line);
                self.warn(
                    number,
                    format!("`{line}` is read as a description, not as a step: a keyword is written as `bdd languages` shows it, followed by a space"),
                );
            } else if let Some(keyword) = self.words.heading(line) {
                let number = self.line_of(above, line);
                self.warn(
                    number,
                    format!("`{line}` is read as a description; did you mean `{keyword}:`?"),
                );
            }
        }
    }

    fn steps(&mut self, steps: &[Step<'_>]) {
        if self.open_rows.is_empty() {
            return;
        }
        for table in steps.iter().filter_map(|step| step.data_table.as_ref()) {
            self.rows(&table.rows);
        }
    }

    fn rows(&mut self, rows: &[TableRow<'_>]) {
        if self.open_rows.is_empty() {
            return;
        }
        for row in rows {
            if self.open_rows.binary_search(&row.location.line).is_ok() {
                self.warn(
                    row.location.line,
                    "what follows the last `|` of this row is not a cell: end the row with `|`"
                        .to_owned(),
                );
            }
        }
    }

    /// The number of the next line below `above` that holds this text.
    fn line_of(&mut self, above: u32, text: &str) -> u32 {
        self.lines
            .find(|(number, line)| *number > above && line.trim() == text)
            .map_or(above, |(number, _)| number)
    }

    fn warn(&mut self, line: u32, message: String) {
        self.found += 1;
        if self.found > ENOUGH {
            return;
        }
        self.warnings.push(FeatureWarning {
            message,
            uri: self.uri.clone(),
            location: Location { line, column: 1 },
        });
    }
}
