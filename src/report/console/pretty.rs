//! `pretty`: every scenario with its steps, when it is finished.

use std::collections::HashSet;
use std::io::{self, Write};

use super::style::{Ink, Style};
use super::{block, closing};
use crate::event::Event;
use crate::plan::{PlannedFeature, PlannedRule, PlannedScenario};
use crate::report::attempt::{Attempt, Attempts, Place, rule_of};
use crate::report::output::Output;
use crate::report::text;
use crate::report::{Reporter, Summary};

/// Shows scenarios as they finish. It holds only those that are running.
pub(in crate::report) struct Pretty {
    output: Output,
    style: Style,
    attempts: Attempts,
    /// The feature and rule whose heading was shown last.
    under: Option<(u32, Option<usize>)>,
    introduced: HashSet<(u32, Option<usize>)>,
}

impl Pretty {
    pub(in crate::report) fn new(output: Output, style: Style) -> Self {
        Pretty {
            output,
            style,
            attempts: Attempts::new(true),
            under: None,
            introduced: HashSet::new(),
        }
    }

    fn show(&mut self, attempt: &Attempt) -> io::Result<()> {
        let (feature, planned) = self.attempts.catalogue.at(attempt.place);
        let mut out = String::new();
        headings(
            self.style,
            &mut out,
            (&mut self.under, &mut self.introduced),
            attempt.place,
            feature,
            planned,
        );
        let indent = indent(feature, planned);
        tags(self.style, &mut out, indent, &own_tags(feature, planned));
        let note = match (attempt.number, attempt.will_be_retried) {
            (0, false) => String::new(),
            (number, false) => format!(" (attempt {})", number + 1),
            (number, true) => format!(" (attempt {}, will be retried)", number + 1),
        };
        block::scenario(
            self.style,
            &mut out,
            &self.attempts.catalogue,
            attempt,
            indent,
            &note,
        );
        self.output.write_all(out.as_bytes())?;
        self.output.flush()
    }

    fn show_not_run(&mut self, place: Place, reason: &str) -> io::Result<()> {
        let (feature, planned) = self.attempts.catalogue.at(place);
        let mut out = String::new();
        headings(
            self.style,
            &mut out,
            (&mut self.under, &mut self.introduced),
            place,
            feature,
            planned,
        );
        let indent = indent(feature, planned);
        text::pad(&mut out, indent);
        block::heading(self.style, &mut out, &planned.keyword, &planned.name);
        out.push_str("  ");
        block::place(self.style, &mut out, &feature.uri, planned.location);
        out.push('\n');
        self.style.block(
            &mut out,
            Ink::Comment,
            indent + 2,
            &format!("not run: {reason}"),
        );
        self.output.write_all(out.as_bytes())
    }
}

/// The headings of feature and rule, when they are others than before, and a blank line.
fn headings(
    style: Style,
    out: &mut String,
    (under, introduced): (
        &mut Option<(u32, Option<usize>)>,
        &mut HashSet<(u32, Option<usize>)>,
    ),
    place: Place,
    feature: &PlannedFeature,
    planned: &PlannedScenario,
) {
    let rule = rule_of(feature, planned);
    let here = (place.feature, rule.and(planned.rule));
    let before = *under;
    *under = Some(here);
    if before.map(|(feature, _)| feature) != Some(place.feature) {
        if before.is_some() {
            out.push('\n');
        }
        let first = introduced.insert((place.feature, None));
        feature_heading(style, out, feature, first);
    }
    if let Some(rule) = rule.filter(|_| before != Some(here)) {
        out.push('\n');
        let first = introduced.insert(here);
        rule_heading(style, out, feature, rule, first);
    }
    out.push('\n');
}

fn feature_heading(style: Style, out: &mut String, feature: &PlannedFeature, first: bool) {
    let names: Vec<&str> = feature.tags.iter().map(AsRef::as_ref).collect();
    tags(style, out, 0, &names);
    block::heading(style, out, &feature.keyword, &feature.name);
    out.push_str("  ");
    block::place(style, out, &feature.uri, feature.location);
    out.push('\n');
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
    text::pad(out, 2);
    block::heading(style, out, &rule.keyword, &rule.name);
    out.push_str("  ");
    block::place(style, out, &feature.uri, rule.location);
    out.push('\n');
    if first {
        description(style, out, 4, &rule.description);
    }
}

/// The free text with its own indentation replaced by ours.
fn description(style: Style, out: &mut String, indent: usize, description: &str) {
    for line in description.lines() {
        style.block(
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

fn tags(style: Style, out: &mut String, indent: usize, tags: &[&str]) {
    if !tags.is_empty() {
        text::pad(out, indent);
        style.line(out, Ink::Tag, &tags.join(" "));
        out.push('\n');
    }
}

/// The tags that are not inherited.
fn own_tags<'a>(feature: &PlannedFeature, planned: &'a PlannedScenario) -> Vec<&'a str> {
    let rule = rule_of(feature, planned);
    let inherited =
        |tag: &_| feature.tags.contains(tag) || rule.is_some_and(|rule| rule.tags.contains(tag));
    planned
        .tags
        .iter()
        .filter(|tag| !inherited(tag))
        .map(AsRef::as_ref)
        .collect()
}

fn indent(feature: &PlannedFeature, planned: &PlannedScenario) -> usize {
    if rule_of(feature, planned).is_some() {
        4
    } else {
        2
    }
}

impl Reporter for Pretty {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        if let Event::ScenarioNotRun { scenario, reason } = event
            && let Some(place) = self.attempts.catalogue.place(*scenario)
        {
            return self.show_not_run(place, reason);
        }
        match self.attempts.event(event) {
            Some(attempt) => self.show(&attempt),
            None => Ok(()),
        }
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let mut out = String::new();
        if self.under.is_some() {
            out.push('\n');
        }
        closing::write(self.style, &mut out, summary);
        self.output.write_all(out.as_bytes())?;
        self.output.commit()
    }
}
