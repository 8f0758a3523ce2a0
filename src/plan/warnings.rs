//! Warnings about feature files that parse.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Location;
use crate::rule::LintRule;

/// A probable mistake in a feature file that can still run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureWarning {
    /// The rule that is broken.
    pub rule: LintRule,
    /// One line, lower case, without a full stop.
    pub message: String,
    /// The file as it is shown.
    pub uri: Arc<str>,
    /// Where.
    pub location: Location,
    /// Whether a comment in the file asks not to report it.
    pub is_ignored: bool,
}

impl fmt::Display for FeatureWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}: {} [{}]",
            self.uri, self.location.line, self.message, self.rule
        )
    }
}

/// The warnings about one file, up to a limit for each rule.
#[derive(Debug)]
pub(super) struct Warnings<'f> {
    uri: &'f Arc<str>,
    list: Vec<FeatureWarning>,
    /// How many were left out.
    more: BTreeMap<LintRule, usize>,
}

impl<'f> Warnings<'f> {
    /// The limit of warnings of one rule. More of them add nothing new.
    const MOST: usize = 10;

    pub fn new(uri: &'f Arc<str>) -> Self {
        Self {
            uri,
            list: Vec::new(),
            more: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, rule: LintRule, location: Location, message: String) {
        let of_rule = self.list.iter().filter(|warning| warning.rule == rule);
        if of_rule.count() == Self::MOST {
            *self.more.entry(rule).or_default() += 1;
            return;
        }
        self.list.push(FeatureWarning {
            rule,
            message,
            uri: Arc::clone(self.uri),
            location,
            is_ignored: false,
        });
    }

    /// The warnings. The last one of a rule says how many were left out.
    pub fn into_list(mut self) -> Vec<FeatureWarning> {
        for (rule, more) in self.more {
            let mut of_rule = self.list.iter_mut().filter(|warning| warning.rule == rule);
            if let Some(last) = of_rule.next_back() {
                last.message.push_str(&format!(" ({more} more like this)"));
            }
        }
        self.list
    }
}
