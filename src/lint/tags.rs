//! Tags that say nothing new, or nearly the same as others.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::walk::scenarios;
use super::{FileFacts, FileFindings, LintFinding, UsedTags};
use crate::gherkin::{FeatureChild, Location, Tag};
use crate::plan::is_directive;
use crate::rule::LintRule;

/// Tags that stand twice, or that a scenario has anyway.
pub(super) fn redundant_tags(findings: &mut FileFindings<'_, '_>) {
    let file = findings.file;
    let Some(feature) = &file.document.feature else {
        return;
    };
    redundant(findings, &feature.tags, &[]);
    for child in &feature.children {
        if let FeatureChild::Rule(rule) = child {
            redundant(findings, &rule.tags, &[("feature", &feature.tags)]);
        }
    }
    for placed in scenarios(feature) {
        let [of_feature, of_rule] = placed.inherited;
        let scenario = placed.scenario;
        let inherited = [("feature", of_feature), ("rule", of_rule)];
        redundant(findings, &scenario.tags, &inherited);
        for examples in &scenario.examples {
            let [feature, rule] = inherited;
            let inherited = [feature, rule, ("outline", &scenario.tags[..])];
            redundant(findings, &examples.tags, &inherited);
        }
    }
}

fn redundant(
    findings: &mut FileFindings<'_, '_>,
    tags: &[Tag<'_>],
    inherited: &[(&str, &[Tag<'_>])],
) {
    let mut seen = HashSet::new();
    for tag in tags {
        let owner =
            (inherited.iter()).find(|(_, tags)| tags.iter().any(|other| other.name == tag.name));
        let message = match owner {
            Some((owner, _)) => format!("the {owner} has the tag `{}` already", tag.name),
            None if !seen.insert(&tag.name) => format!("the tag `{}` stands here twice", tag.name),
            None => continue,
        };
        findings.add(LintRule::RedundantTag, tag.location, message);
    }
}

/// Where a tag stands: how often, and the first place.
struct TagUse<'t> {
    count: usize,
    uri: &'t Arc<str>,
    location: Location,
}

/// Tags of the whole project that nearly equal others, or stand alone.
pub(super) fn tags_of_project<'f>(
    files: impl Iterator<Item = &'f FileFacts>,
    used: &UsedTags,
    findings: &mut Vec<LintFinding>,
) {
    let mut uses: BTreeMap<&str, TagUse<'_>> = BTreeMap::new();
    for file in files {
        for (tag, location) in &file.tags {
            let found = uses.entry(tag).or_insert(TagUse {
                count: 0,
                uri: &file.uri,
                location: *location,
            });
            found.count += 1;
        }
    }
    similar(&uses, findings);
    for (tag, found) in &uses {
        if found.count == 1 && !used.contains(*tag) && !is_directive(tag) {
            let message = format!("the tag `{tag}` stands only here, and no setting names it");
            findings.push(finding(LintRule::UnusedTag, found, message));
        }
    }
}

fn similar(uses: &BTreeMap<&str, TagUse<'_>>, findings: &mut Vec<LintFinding>) {
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for tag in uses.keys() {
        groups.entry(folded(tag)).or_default().push(tag);
    }
    for tags in groups.values().filter(|tags| tags.len() > 1) {
        let Some(usual) = tags.iter().max_by_key(|tag| uses[**tag].count) else {
            continue;
        };
        let places = match uses[*usual].count {
            1 => "1 place".to_owned(),
            count => format!("{count} places"),
        };
        for tag in tags.iter().filter(|tag| tag != &usual) {
            let message = format!(
                "the tag `{tag}` is nearly `{usual}`, which stands in {places}: use one of them"
            );
            findings.push(finding(LintRule::SimilarTags, &uses[*tag], message));
        }
    }
}

fn finding(rule: LintRule, found: &TagUse<'_>, message: String) -> LintFinding {
    LintFinding {
        rule,
        uri: Arc::clone(found.uri),
        location: found.location,
        message,
        fix: None,
    }
}

/// A tag without case, separators and the `s` of a plural. A separator beside a digit stays: `@v1.2` is not `@v12`.
fn folded(tag: &str) -> String {
    let characters: Vec<char> = tag.chars().flat_map(char::to_lowercase).collect();
    let is_digit = |at: usize| characters.get(at).is_some_and(|c| c.is_ascii_digit());
    let keeps = |at: usize| {
        let separator = matches!(characters[at], '-' | '_' | '.');
        !separator || is_digit(at + 1) || (at > 0 && is_digit(at - 1))
    };
    let kept = (0..characters.len()).filter(|at| keeps(*at));
    let folded: String = kept.map(|at| characters[at]).collect();
    // `@ss` and `@s` are no plurals.
    match folded.strip_suffix('s') {
        Some(singular) if singular.chars().count() > 3 && !singular.ends_with('s') => {
            singular.to_owned()
        }
        _ => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn what_people_write_differently_is_the_same() {
        for (one, other) in [
            ("@slow-test", "@Slow_Tests"),
            ("@Wip", "@wip"),
            ("@a.b-cd", "@abcd"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        for (one, other) in [
            ("@v1.2", "@v12"),
            ("@a-1", "@a1"),
            ("@class", "@clas"),
            ("@as", "@a"),
        ] {
            assert_ne!(folded(one), folded(other));
        }
    }
}
