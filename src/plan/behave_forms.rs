//! Warnings about what behave reads and standard Gherkin does not: what to write instead, so that the file means the
//! same to both. One of each kind for a file, as suites that use a form use it everywhere.

use std::sync::Arc;

use super::Location;
use super::warnings::FeatureWarning;
use crate::gherkin::{Dialect, Feature, FeatureChild, RuleChild, Step};
use crate::rule::LintRule;

/// The warnings of one file.
pub(super) fn behave_forms(uri: &Arc<str>, feature: &Feature<'_>) -> Vec<FeatureWarning> {
    let dialect = Dialect::find(feature.language).unwrap_or_else(Dialect::english);
    let mut keywords = Form::default();
    let mut quotes = Form::default();
    each_step(feature, &mut |step| {
        if let Some(standard) = standard_keyword(dialect, step.keyword) {
            let written = step.keyword.trim_end();
            keywords.found(step.location, || {
                format!(
                    "only behave reads `{written}` as a step: standard Gherkin wants `{standard}`"
                )
            });
        }
        if let Some(doc_string) = &step.doc_string
            && doc_string.delimiter == "'''"
        {
            quotes.found(doc_string.location, || {
                "only behave reads `'''` as the begin of a docstring: standard Gherkin wants `\"\"\"`"
                    .to_owned()
            });
        }
    });
    [keywords, quotes]
        .into_iter()
        .filter_map(|form| form.warning(uri))
        .collect()
}

/// A form of behave: its first place, and how many there are.
#[derive(Default)]
struct Form {
    first: Option<(Location, String)>,
    count: usize,
}

impl Form {
    fn found(&mut self, location: Location, message: impl FnOnce() -> String) {
        self.count += 1;
        self.first.get_or_insert_with(|| (location, message()));
    }

    fn warning(self, uri: &Arc<str>) -> Option<FeatureWarning> {
        let (location, mut message) = self.first?;
        match self.count - 1 {
            0 => {}
            1 => message.push_str(" (1 more line like this)"),
            more => message.push_str(&format!(" ({more} more lines like this)")),
        }
        Some(FeatureWarning {
            rule: LintRule::BehaveForm,
            is_ignored: false,
            message,
            uri: Arc::clone(uri),
            location,
        })
    }
}

/// The keyword of standard Gherkin for one that only behave knows, because it is written in another case.
fn standard_keyword(dialect: &Dialect, written: &str) -> Option<&'static str> {
    let lists = dialect.step_keywords();
    let mut keywords = lists.iter().flat_map(|(_, list)| list.iter());
    if keywords.clone().any(|keyword| *keyword == written) {
        return None;
    }
    let lower = written.to_lowercase();
    let found = keywords.find(|keyword| keyword.to_lowercase() == lower)?;
    Some(found.trim_end())
}

fn each_step(feature: &Feature<'_>, take: &mut impl FnMut(&Step<'_>)) {
    for child in &feature.children {
        match child {
            FeatureChild::Background(background) => background.steps.iter().for_each(&mut *take),
            FeatureChild::Scenario(scenario) => scenario.steps.iter().for_each(&mut *take),
            FeatureChild::Rule(rule) => {
                for child in &rule.children {
                    match child {
                        RuleChild::Background(background) => {
                            background.steps.iter().for_each(&mut *take);
                        }
                        RuleChild::Scenario(scenario) => {
                            scenario.steps.iter().for_each(&mut *take);
                        }
                    }
                }
            }
        }
    }
}
