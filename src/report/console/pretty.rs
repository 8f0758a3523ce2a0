//! `pretty`: every scenario with its steps, when it is finished. Those that never ran are counted at
//! the end.

use std::io::{self, Write};

use super::block::{self, BlockFrame};
use super::headings::{Headings, tags};
use super::slowest::SlowestLists;
use super::style::Style;
use super::{closing, extras};
use crate::event::{Event, Status};
use crate::plan::{PlannedFeature, PlannedScenario};
use crate::report::attempt::Attempt;
use crate::report::catalogue::{Catalogue, rule_of};
use crate::report::hook::OutsideHook;
use crate::report::output::Output;
use crate::report::{Finish, Reporter, Summary, trouble};

/// Shows scenarios as they finish, and keeps none of them.
pub(in crate::report) struct Pretty {
    output: Output,
    style: Style,
    headings: Headings,
    slowest: SlowestLists,
}

impl Pretty {
    pub(in crate::report) fn new(output: Output, style: Style) -> Self {
        Pretty {
            output,
            style,
            headings: Headings::default(),
            slowest: SlowestLists::new(style.options.durations),
        }
    }

    /// Shows something that is not a scenario.
    fn interject(&mut self, lines: &str) -> io::Result<()> {
        let mut out = String::new();
        self.headings.interrupt(&mut out);
        out.push_str(lines);
        self.output.write_all(out.as_bytes())?;
        self.output.flush()
    }
}

impl Reporter for Pretty {
    fn event(&mut self, event: &Event, _: &Catalogue) -> io::Result<()> {
        match extras::slow(self.style, event) {
            // A terminal shows what the run waits for. Other readers find it at the end.
            Some(line) if self.output.is_live() => self.interject(&line),
            _ => Ok(()),
        }
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        let attempt = finish.attempt;
        self.slowest.attempt(attempt, catalogue);
        let is_skipped = attempt.status == Status::Skipped && !attempt.fails(catalogue);
        if self.style.options.no_skipped && is_skipped {
            return Ok(());
        }
        let (feature, planned) = catalogue.at(attempt.place);
        let mut out = String::new();
        self.headings
            .add(self.style, &mut out, attempt.place, feature, planned);
        let indent = indent(feature, planned);
        tags(self.style, &mut out, indent, &own_tags(feature, planned));
        let frame = BlockFrame {
            style: self.style,
            catalogue,
            attempt,
            matches: finish.matches,
        };
        block::scenario(&mut out, &frame, indent, &note(attempt));
        self.output.write_all(out.as_bytes())?;
        self.output.flush()
    }

    fn hook(&mut self, hook: &OutsideHook, catalogue: &Catalogue) -> io::Result<()> {
        self.slowest.hook(hook, catalogue);
        match extras::outside(self.style, catalogue, hook) {
            Some(lines) => self.interject(&lines),
            None => Ok(()),
        }
    }

    fn finish(&mut self, summary: &Summary, _: &Catalogue) -> io::Result<()> {
        let mut out = String::new();
        if self.headings.any() {
            out.push('\n');
        }
        self.slowest.write(&mut out);
        closing::write(self.style, &mut out, summary);
        self.output.write_all(out.as_bytes())?;
        self.output.commit()
    }
}

/// The number of the attempt, and how it counts, if that is unusual.
fn note(attempt: &Attempt) -> String {
    let mut parts = Vec::new();
    if attempt.number > 0 || attempt.will_be_retried {
        parts.push(trouble::attempt_number(attempt));
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
