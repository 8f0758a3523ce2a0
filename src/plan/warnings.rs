//! Warnings about feature files that parse.

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
            "{}:{}: {}",
            self.uri, self.location.line, self.message
        )
    }
}

/// The warnings of one kind about one file, up to a limit.
#[derive(Debug)]
pub(super) struct Warnings<'f> {
    uri: &'f Arc<str>,
    list: Vec<FeatureWarning>,
    more: usize,
}

impl<'f> Warnings<'f> {
    /// The limit of warnings of one kind. More of them add nothing new.
    const MOST: usize = 10;

    pub fn new(uri: &'f Arc<str>) -> Self {
        Self {
            uri,
            list: Vec::new(),
            more: 0,
        }
    }

    pub fn add(&mut self, rule: LintRule, location: Location, message: String) {
        if self.list.len() == Self::MOST {
            self.more += 1;
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

    /// The warnings. The last one says how many were left out.
    pub fn into_list(mut self) -> Vec<FeatureWarning> {
        if self.more > 0
            && let Some(last) = self.list.last_mut()
        {
            last.message
                .push_str(&format!(" ({} more like this)", self.more));
        }
        self.list
    }
}
