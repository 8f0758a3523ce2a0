//! `pretty`: every scenario with its steps, when it is finished. Those that never ran are counted at
//! the end.

use std::io::{self, Write};

use super::headings::{Headings, tags};
use super::style::Style;
use super::{block, closing, extras};
use crate::event::Event;
use crate::plan::{PlannedFeature, PlannedScenario};
use crate::report::attempt::{Attempt, Attempts, Keep};
use crate::report::catalogue::{Catalogue, rule_of};
use crate::report::hook::OutsideHooks;
use crate::report::output::Output;
use crate::report::{Reporter, Summary, trouble};

/// Shows scenarios as they finish. It holds only those that are running.
pub(in crate::report) struct Pretty {
    output: Output,
    style: Style,
    attempts: Attempts,
    headings: Headings,
    hooks: OutsideHooks,
}

impl Pretty {
    pub(in crate::report) fn new(output: Output, style: Style) -> Self {
        Pretty {
            output,
            style,
            attempts: Attempts::new(Keep {
                arguments: true,
                passed_hooks: style.verbose,
            }),
            headings: Headings::default(),
            hooks: OutsideHooks::default(),
        }
    }

    fn show(&mut self, attempt: &Attempt) -> io::Result<()> {
        let (feature, planned) = self.attempts.catalogue.at(attempt.place);
        let mut out = String::new();
        self.headings
            .add(self.style, &mut out, attempt.place, feature, planned);
        let indent = indent(feature, planned);
        tags(self.style, &mut out, indent, &own_tags(feature, planned));
        let note = note(&self.attempts.catalogue, attempt);
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
}

/// Which attempt it is, and how it counts, when that is not as usual.
fn note(catalogue: &Catalogue, attempt: &Attempt) -> String {
    let mut parts = Vec::new();
    if attempt.number > 0 || attempt.will_be_retried {
        parts.push(trouble::attempt_number(catalogue, attempt));
    }
    if attempt.will_be_retried {
        parts.push("will be retried".to_owned());
    }
    if attempt.failed_as_expected() {
        parts.push("expected failure".to_owned());
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join(", "))
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
        if let Some(attempt) = self.attempts.event(event) {
            return self.show(&attempt);
        }
        if let Some(line) = extras::slow(self.style, event) {
            // Whoever looks on wants to know what is waited for; all else reads it at the end.
            if self.output.is_live() {
                let mut out = String::new();
                self.headings.interrupt(&mut out);
                out.push_str(&line);
                self.output.write_all(out.as_bytes())?;
                self.output.flush()?;
            }
            return Ok(());
        }
        let Some(hook) = self.hooks.event(event) else {
            return Ok(());
        };
        let Some(lines) = extras::outside(self.style, &self.attempts.catalogue, hook) else {
            return Ok(());
        };
        let mut out = String::new();
        self.headings.interrupt(&mut out);
        out.push_str(&lines);
        self.output.write_all(out.as_bytes())?;
        self.output.flush()
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let mut out = String::new();
        if self.headings.any() {
            out.push('\n');
        }
        closing::write(self.style, &mut out, summary);
        self.output.write_all(out.as_bytes())?;
        self.output.commit()
    }
}
