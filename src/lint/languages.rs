//! Files in another language than the files beside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{LintFinding, LintedFile};
use crate::gherkin::Dialect;
use crate::rule::LintRule;

/// A finding for each file whose folder has more files of another language.
pub(super) fn mixed_languages(files: &[LintedFile<'_>], findings: &mut Vec<LintFinding>) {
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for file in files {
        if let Some(feature) = &file.document.feature {
            let languages = counts.entry(folder(&file.uri)).or_default();
            *languages.entry(feature.language).or_default() += 1;
        }
    }
    for file in files {
        let Some(feature) = &file.document.feature else {
            continue;
        };
        let languages = &counts[folder(&file.uri)];
        let own = languages[feature.language];
        let most = languages.iter().max_by_key(|(_, count)| **count);
        let Some((other, count)) = most.filter(|(_, count)| **count > own) else {
            continue;
        };
        let message = format!(
            "this file is written in {}, and {count} files of its folder in {}",
            name(feature.language),
            name(other)
        );
        findings.push(LintFinding {
            rule: LintRule::MixedLanguages,
            uri: Arc::clone(&file.uri),
            location: feature.location,
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
