//! Findings of style in feature files that parse, findings that need a step program, and fixes.
//!
//! The warnings of runs come from the plan; here are the rules beyond them. Levels, the start of the program, the search
//! for files and the form of the output are not known here.

mod columns;
mod facts;
mod fix;
mod keywords;
mod languages;
mod sizes;
mod step_definitions;
mod tags;
mod walk;

use std::sync::Arc;

use crate::gherkin::{GherkinDocument, Location};
use crate::plan::{FeatureWarning, Ignore};
use crate::rule::LintRule;

pub use facts::FileFacts;
pub use fix::{Edit, fixed};
pub use step_definitions::{near_step, step_findings};

/// A file that parses.
#[derive(Debug)]
pub struct LintedFile<'s> {
    /// The path as it is shown.
    pub uri: Arc<str>,
    /// Its text.
    pub source: &'s str,
    /// What it says.
    pub document: GherkinDocument<'s>,
    /// What its comments ask not to report.
    pub ignores: Vec<Ignore>,
}

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintFinding {
    /// The rule.
    pub rule: LintRule,
    /// The file as it is shown.
    pub uri: Arc<str>,
    /// Where.
    pub location: Location,
    /// One line, lower case, without a full stop.
    pub message: String,
    /// A change of the file that mends it and keeps its meaning.
    pub fix: Option<Edit>,
}

impl From<&FeatureWarning> for LintFinding {
    fn from(warning: &FeatureWarning) -> Self {
        Self {
            rule: warning.rule,
            uri: Arc::clone(&warning.uri),
            location: warning.location,
            message: warning.message.clone(),
            fix: None,
        }
    }
}

/// The tags that have a meaning by the settings, each with its `@`.
pub type UsedTags = std::collections::HashSet<String>;

/// The findings of all rules of style in files of one project, what comments ignore included.
pub fn style_findings(files: &[LintedFile<'_>], used_tags: &UsedTags) -> Vec<LintFinding> {
    let mut findings: Vec<LintFinding> = files.iter().flat_map(file_findings).collect();
    let facts: Vec<FileFacts> = files.iter().map(FileFacts::of).collect();
    findings.extend(project_findings(facts.iter(), used_tags));
    findings
}

/// The findings of the rules of style that look at one file.
pub fn file_findings(file: &LintedFile<'_>) -> Vec<LintFinding> {
    let mut findings = Vec::new();
    let mut of_file = FileFindings {
        file,
        findings: &mut findings,
    };
    columns::unused_columns(&mut of_file);
    keywords::keyword_findings(&mut of_file);
    sizes::long_blocks(&mut of_file);
    tags::redundant_tags(&mut of_file);
    findings
}

/// The findings of the rules of style that compare the files of a project.
pub fn project_findings<'f>(
    files: impl Iterator<Item = &'f FileFacts> + Clone,
    used_tags: &UsedTags,
) -> Vec<LintFinding> {
    let mut findings = Vec::new();
    tags::tags_of_project(files.clone(), used_tags, &mut findings);
    languages::mixed_languages(files, &mut findings);
    findings
}

/// Where the findings of one file go.
struct FileFindings<'f, 's> {
    file: &'f LintedFile<'s>,
    findings: &'f mut Vec<LintFinding>,
}

impl FileFindings<'_, '_> {
    fn add(&mut self, rule: LintRule, location: Location, message: String) {
        self.findings.push(LintFinding {
            rule,
            uri: Arc::clone(&self.file.uri),
            location,
            message,
            fix: None,
        });
    }
}

/// Adds the fixes of warnings that the plan made.
pub fn add_fixes(findings: &mut [LintFinding], files: &[LintedFile<'_>]) {
    for finding in findings {
        if finding.rule == LintRule::EmptyBackground
            && let Some(file) = files.iter().find(|file| file.uri == finding.uri)
        {
            finding.fix = fix::without_background(file, finding.location);
        }
    }
}

/// Takes away the findings that comments ignore, and adds one for each comment that ignores nothing.
pub fn without_ignored(
    findings: Vec<LintFinding>,
    files: &[(&Arc<str>, &[Ignore])],
    is_checked: impl Fn(LintRule) -> bool,
) -> Vec<LintFinding> {
    let mut kept = Vec::with_capacity(findings.len());
    let mut useful = std::collections::HashSet::new();
    let by_uri: std::collections::HashMap<&str, usize> =
        (files.iter().map(|(uri, _)| &***uri)).zip(0..).collect();
    let mut is_ignored = |finding: &LintFinding| {
        let Some(&at) = by_uri.get(&*finding.uri) else {
            return false;
        };
        let mut found = false;
        for (number, ignore) in files[at].1.iter().enumerate() {
            if ignore.covers(finding.rule, finding.location.line) {
                useful.insert((at, number));
                found = true;
            }
        }
        found
    };
    for finding in findings {
        if !is_ignored(&finding) {
            kept.push(finding);
        }
    }
    for (at, (uri, ignores)) in files.iter().enumerate() {
        for (number, ignore) in ignores.iter().enumerate() {
            let message = match ignore.rule {
                None if ignore.name.is_empty() => {
                    "this comment names no rule: write `# bdd-lint: ignore RULE`".to_owned()
                }
                None => unknown(&ignore.name),
                // Whether it is of use is not known when the rule is not checked.
                Some(rule) if useful.contains(&(at, number)) || !is_checked(rule) => continue,
                Some(rule) => format!("nothing breaks the rule `{rule}` here: remove this comment"),
            };
            // A comment that names several rules, or may be a slip, is for a person to mend.
            let alone = (ignores.iter())
                .filter(|other| other.location == ignore.location)
                .count()
                == 1;
            kept.push(LintFinding {
                rule: LintRule::UselessIgnore,
                uri: Arc::clone(uri),
                location: ignore.location,
                message,
                fix: (alone && ignore.rule.is_some())
                    .then(|| Edit::remove_line(ignore.location.line)),
            });
        }
    }
    kept
}

fn unknown(name: &str) -> String {
    let names = LintRule::ALL.iter().map(|rule| rule.name());
    match crate::spelling::nearest(name, names) {
        Some(near) => format!("unknown rule `{name}`; did you mean `{near}`?"),
        None => format!("unknown rule `{name}`: `bdd lint --explain all` lists the rules"),
    }
}
