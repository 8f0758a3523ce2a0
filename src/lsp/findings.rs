//! What `bdd lint` finds in the documents of a project: the same rules, levels and comments.

use std::collections::HashMap;
use std::sync::Arc;

use super::document::FeatureDocument;
use super::project::OpenProject;
use crate::config::LintLevel;
use crate::discover::FeatureFile;
use crate::lint::{LintFinding, UsedTags, near_step, project_findings, without_ignored};
use crate::plan::{KnownTags, Plan, TagFiles, TagMistake, mistakes, near_tags, tag_uses};
use crate::rule::LintRule;

/// What the rules find that look at all files of a project.
#[derive(Debug, Default)]
pub struct SharedFindings {
    by_file: HashMap<Arc<str>, Vec<LintFinding>>,
    mistakes: HashMap<Arc<str>, Vec<TagMistake>>,
}

impl SharedFindings {
    /// Those of a project as it is now.
    pub fn of(project: &OpenProject) -> Self {
        let config = &project.config;
        let documents = || project.documents.values();
        let known = KnownTags::of(config);
        let plan = Plan {
            features: documents()
                .filter_map(|document| document.facts.planned.clone())
                .collect(),
        };
        let files: Vec<FeatureFile> = documents().map(|one| one.file.clone()).collect();
        // Only these may differ from the disk.
        let unsaved: Vec<(Arc<str>, Arc<str>)> = documents()
            .filter(|document| document.is_open())
            .map(|one| (Arc::clone(&one.file.uri), Arc::from(one.text.source())))
            .collect();
        let places = TagFiles {
            files: &files,
            selection: &config.selection,
            unsaved: &unsaved,
        };
        let mut shared = Self::default();
        let tags = tag_uses(&plan);
        let warnings = near_tags(&tags, places, &known);
        let compared = documents().filter_map(|document| document.facts.compared.as_ref());
        let used: UsedTags = known.with_effect();
        let findings = warnings.iter().map(LintFinding::from);
        shared.add(findings.chain(project_findings(compared, &used)));
        let groups = |name: &str| config.run.groups.contains_key(name);
        for mistake in mistakes(&tags, places, &groups) {
            let of_file = shared.mistakes.entry(Arc::clone(&mistake.uri));
            of_file.or_default().push(mistake);
        }
        shared
    }

    fn add(&mut self, findings: impl Iterator<Item = LintFinding>) {
        for finding in findings {
            let of_file = self.by_file.entry(Arc::clone(&finding.uri));
            of_file.or_default().push(finding);
        }
    }

    /// Wrong tags in a file, which are errors of a run.
    pub fn mistakes_in(&self, document: &FeatureDocument) -> &[TagMistake] {
        let found = self.mistakes.get(&document.file.uri);
        found.map_or(&[], Vec::as_slice)
    }

    /// What `bdd lint` reports about a file, in the order of lines.
    pub fn findings_in(
        &self,
        project: &OpenProject,
        document: &FeatureDocument,
    ) -> Vec<(LintLevel, LintFinding)> {
        let uri = &document.file.uri;
        let own = document.facts.findings.iter();
        let shared = self.by_file.get(uri).into_iter().flatten();
        let mut findings: Vec<LintFinding> = own.chain(shared).cloned().collect();
        findings.extend(near_steps(project, document));
        let level = |rule| project.config.lint_level(rule);
        // Rules about definitions look at source files.
        let knows_steps = |rule| rule == LintRule::NearStep && project.definitions.is_some();
        let is_checked = |rule: LintRule| {
            level(rule) != LintLevel::Off && (!rule.needs_steps() || knows_steps(rule))
        };
        let comments = [(uri, &*document.facts.ignores)];
        let mut all: Vec<(LintLevel, LintFinding)> =
            without_ignored(findings, &comments, is_checked)
                .into_iter()
                .map(|finding| (level(finding.rule), finding))
                .filter(|(level, _)| *level != LintLevel::Off)
                .collect();
        all.sort_by_key(|(_, finding)| (finding.location, finding.rule));
        all
    }
}

/// Undefined steps that are nearly defined.
fn near_steps(project: &OpenProject, document: &FeatureDocument) -> Vec<LintFinding> {
    let Some(definitions) = &project.definitions else {
        return Vec::new();
    };
    let uses = definitions.uses_in(&document.file.path).iter();
    let near = uses.filter_map(|one| {
        let step = document.facts.outline.step_at(one.line)?;
        let hint = one.hint.as_ref()?;
        Some(near_step(&document.file.uri, step.location, hint))
    });
    near.collect()
}
