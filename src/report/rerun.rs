//! `rerun`: the scenarios that failed or did not run, as a list for `bdd run @FILE`.
//!
//! A line for each feature file with the lines of the scenarios, in plan order. A file that does not
//! parse is named as a whole: nothing of it ran. What failed outside scenarios cannot be run again
//! and is left out. Unusual paths are in quotes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::catalogue::Catalogue;
use super::output::Output;
use super::{Reporter, Summary};
use crate::event::Event;
use crate::quoted_path::quoted_if_needed;

/// Writes the list at the end.
pub(super) struct Rerun {
    output: Output,
}

impl Rerun {
    pub(super) fn new(output: Output) -> Self {
        Self { output }
    }

    fn list(summary: &Summary, catalogue: &Catalogue) -> String {
        let failing = summary.failing.iter().map(|entry| entry.scenario);
        let wanted: BTreeSet<u32> = failing
            .chain(summary.without_result.iter().copied())
            .collect();
        let mut list = String::new();
        for feature in catalogue.features() {
            let scenarios = feature.scenarios.iter();
            let mut lines: Vec<u32> = scenarios
                .filter(|scenario| wanted.contains(&scenario.index))
                .map(|scenario| scenario.location.line)
                .collect();
            if lines.is_empty() {
                continue;
            }
            list.push_str(&quoted_if_needed(&feature.uri));
            // Scenarios that a step program has added may share a line, or have none. It adds them
            // again when the others of the file run.
            lines.dedup();
            if lines.contains(&0) {
                lines.clear();
            }
            for line in lines {
                let _ = write!(list, ":{line}");
            }
            list.push('\n');
        }
        let mut unparsed: Vec<&str> = (summary.parse_errors.iter())
            .map(|error| error.uri.as_ref())
            .collect();
        unparsed.dedup();
        for uri in unparsed {
            list.push_str(&quoted_if_needed(uri));
            list.push('\n');
        }
        list
    }
}

impl Reporter for Rerun {
    fn event(&mut self, _: &Event, _: &Catalogue) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        let list = Self::list(summary, catalogue);
        let head = if !list.is_empty() {
            "# what failed or did not run; bdd run @FILE runs it\n"
        } else if summary.run_errors.is_empty() {
            "# nothing failed, and nothing was left out\n"
        } else {
            "# no scenario failed, but there were errors outside of them, which no list can name\n"
        };
        self.output.write_all(head.as_bytes())?;
        self.output.write_all(list.as_bytes())?;
        self.output.commit()
    }
}
