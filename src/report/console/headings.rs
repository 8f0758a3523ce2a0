//! The headings of features and rules, shown when they change.

use std::collections::HashSet;

use super::block;
use super::style::{Ink, Style};
use crate::plan::{PlannedFeature, PlannedRule, PlannedScenario};
use crate::report::catalogue::{Place, rule_of};
use crate::report::text;

/// A feature, or a rule in it.
type Section = (u32, Option<usize>);

/// Remembers which headings were shown.
#[derive(Default)]
pub(super) struct Headings {
    last: Option<Section>,
    any: bool,
    introduced: HashSet<Section>,
}

impl Headings {
    /// Whether anything was shown.
    pub(super) fn any(&self) -> bool {
        self.any
    }

    /// Something outside all features is shown next, so the next scenario gets its headings again.
    pub(super) fn interrupt(&mut self, out: &mut String) {
        if self.any && self.last.is_some() {
            out.push('\n');
        }
        self.any = true;
        self.last = None;
    }

    /// Adds the headings that a scenario needs, and a blank line. Tags are repeated with a
    /// heading, descriptions are not.
    pub(super) fn add(
        &mut self,
        style: Style,
        out: &mut String,
        place: Place,
        feature: &PlannedFeature,
        planned: &PlannedScenario,
    ) {
        let rule = rule_of(feature, planned);
        let here = (place.feature, rule.and(planned.rule));
        let before = self.last.replace(here);
        let any = std::mem::replace(&mut self.any, true);
        if before.map(|(feature, _)| feature) != Some(place.feature) {
            if any {
                out.push('\n');
            }
            let first = self.introduced.insert((place.feature, None));
            feature_heading(style, out, feature, first);
        }
        if let Some(rule) = rule.filter(|_| before != Some(here)) {
            out.push('\n');
            let first = self.introduced.insert(here);
            rule_heading(style, out, feature, rule, first);
        }
        out.push('\n');
    }
}

fn feature_heading(style: Style, out: &mut String, feature: &PlannedFeature, first: bool) {
    let names: Vec<&str> = feature.tags.iter().map(AsRef::as_ref).collect();
    tags(style, out, 0, &names);
    let start = out.len();
    block::heading(style, out, &feature.keyword, &feature.name);
    out.push_str("  ");
    block::place(style, out, &feature.uri, feature.location);
    style.end_line(out, start);
    if first {
        description(style, out, 2, &feature.description);
    }
}

fn rule_heading(
    style: Style,
    out: &mut String,
    feature: &PlannedFeature,
    rule: &PlannedRule,
    first: bool,
) {
    let names: Vec<&str> = rule.tags.iter().map(AsRef::as_ref).collect();
    tags(style, out, 2, &names);
    let start = out.len();
    text::pad(out, 2);
    block::heading(style, out, &rule.keyword, &rule.name);
    out.push_str("  ");
    block::place(style, out, &feature.uri, rule.location);
    style.end_line(out, start);
    if first {
        description(style, out, 4, &rule.description);
    }
}

/// The free text with its own indentation replaced by ours.
fn description(style: Style, out: &mut String, indent: usize, description: &str) {
    for line in description.lines() {
        style.prose(
            out,
            Ink::Plain,
            indent,
            if line.trim().is_empty() {
                "\n"
            } else {
                line.trim()
            },
        );
    }
}

pub(super) fn tags(style: Style, out: &mut String, indent: usize, tags: &[&str]) {
    if !tags.is_empty() {
        let start = out.len();
        text::pad(out, indent);
        style.line(out, Ink::Tag, &tags.join(" "));
        style.end_line(out, start);
    }
}
