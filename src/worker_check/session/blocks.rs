//! Features and rules that a worker is in: they open with their first scenario and are closed by what
//! comes after.

use bdd_protocol::{FeatureInfo, RuleInfo, StepStatus};

use super::{Go, Session};

/// A feature or rule that is open.
#[derive(Debug)]
struct OpenBlock<K> {
    key: K,
    after: Vec<u32>,
    /// The hook because of which nothing in it runs.
    refused: Option<(u32, StepStatus)>,
}

/// The feature and the rule that a worker is in.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    feature: Option<OpenBlock<String>>,
    rule: Option<OpenBlock<u32>>,
    /// Whether a feature was closed and nothing has started since.
    just_closed: bool,
}

impl Blocks {
    /// Whether this feature is open.
    pub(super) fn is_in(&self, uri: &str) -> bool {
        self.feature.as_ref().is_some_and(|block| block.key == uri)
    }

    /// The uri of the open feature.
    pub(super) fn uri(&self) -> &str {
        self.feature.as_ref().map_or("", |block| block.key.as_str())
    }

    /// The hook because of which the next scenario does not run.
    pub(super) fn refused(&self) -> Option<u32> {
        let feature = self.feature.as_ref().and_then(|block| block.refused);
        let rule = self.rule.as_ref().and_then(|block| block.refused);
        feature.or(rule).map(|(hook, _)| hook)
    }

    /// Whether what lives as long as a feature may just have been closed.
    pub(super) fn just_closed(&self) -> bool {
        self.just_closed
    }

    /// A scenario has started.
    pub(super) fn scenario_starts(&mut self) {
        self.just_closed = false;
    }
}

impl Session<'_> {
    /// Comes to a feature.
    pub(super) fn enter_feature(&mut self, feature: &FeatureInfo) -> Go {
        if self.position.blocks.is_in(&feature.uri) {
            return Ok(());
        }
        self.leave_feature()?;
        let went = self.hooks(&feature.before, false)?;
        self.position.blocks.feature = Some(OpenBlock {
            key: feature.uri.clone(),
            after: feature.after.clone(),
            refused: went.worst(),
        });
        Ok(())
    }

    /// Comes to the place of a scenario in its feature.
    pub(super) fn enter_rule(&mut self, rule: Option<&RuleInfo>) -> Go {
        let open = self.position.blocks.rule.as_ref().map(|block| block.key);
        if open == rule.map(|rule| rule.line) {
            return Ok(());
        }
        self.leave_rule()?;
        let feature = self.position.blocks.feature.as_ref();
        let refused = feature.is_some_and(|block| block.refused.is_some());
        if let Some(rule) = rule.filter(|_| !refused) {
            let went = self.hooks(&rule.before, false)?;
            self.position.blocks.rule = Some(OpenBlock {
                key: rule.line,
                after: rule.after.clone(),
                refused: went.worst(),
            });
        }
        Ok(())
    }

    /// Leaves the rule that is open, if one is.
    pub(super) fn leave_rule(&mut self) -> Go {
        match self.position.blocks.rule.take() {
            Some(block) => self.hooks(&block.after, false).map(drop),
            None => Ok(()),
        }
    }

    /// Leaves the feature that is open, if one is.
    pub(super) fn leave_feature(&mut self) -> Go {
        self.leave_rule()?;
        if let Some(block) = self.position.blocks.feature.take() {
            self.hooks(&block.after, false)?;
            self.position.blocks.just_closed = true;
        }
        Ok(())
    }
}
