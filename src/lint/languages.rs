//! Files in another language than the files beside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{FileFacts, LintFinding};
use crate::gherkin::Dialect;
use crate::rule::LintRule;

/// A finding for each file whose folder has more files of another language.
pub(super) fn mixed_languages<'f>(
    files: impl Iterator<Item = &'f FileFacts> + Clone,
    findings: &mut Vec<LintFinding>,
) {
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for file in files.clone() {
        if let Some((language, _)) = file.language {
            let languages = counts.entry(folder(&file.uri)).or_default();
            *languages.entry(language).or_default() += 1;
        }
    }
    for file in files {
        let Some((language, location)) = file.language else {
            continue;
        };
        let languages = &counts[folder(&file.uri)];
        let own = languages[language];
        let most = languages.iter().max_by_key(|(_, count)| **count);
        let Some((other, count)) = most.filter(|(_, count)| **count > own) else {
            continue;
        };
        let message = format!(
            "this file is written in {}, and {count} files of its folder in {}",
            name(language),
            name(other)
        );
        findings.push(LintFinding {
            rule: LintRule::MixedLanguages,
            uri: Arc::clone(&file.uri),
            location,
            message,
            fix: None,
        });
    }
}

fn folder(uri: &str) -> &str {
    uri.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name(code: &str) -> &'static str {
    Dialect::find(code).unwrap_or_else(Dialect::english).name
}
