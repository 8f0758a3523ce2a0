//! `pretty`: every scenario with its steps, when it is finished. Those that never ran are counted at
//! the end.

use std::io::{self, Write};

use super::headings::{Headings, tags};
use super::style::Style;
use super::{block, closing};
use crate::event::Event;
use crate::plan::{PlannedFeature, PlannedScenario};
use crate::report::attempt::{Attempt, Attempts, rule_of};
use crate::report::output::Output;
use crate::report::{Reporter, Summary};

/// Shows scenarios as they finish. It holds only those that are running.
pub(in crate::report) struct Pretty {
    output: Output,
    style: Style,
    attempts: Attempts,
    headings: Headings,
}

impl Pretty {
    pub(in crate::report) fn new(output: Output, style: Style) -> Self {
        Pretty {
            output,
            style,
            attempts: Attempts::new(true),
            headings: Headings::default(),
        }
    }

    fn show(&mut self, attempt: &Attempt) -> io::Result<()> {
        let (feature, planned) = self.attempts.catalogue.at(attempt.place);
        let mut out = String::new();
        self.headings
            .add(self.style, &mut out, attempt.place, feature, planned);
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
        match self.attempts.event(event) {
            Some(attempt) => self.show(&attempt),
            None => Ok(()),
        }
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
