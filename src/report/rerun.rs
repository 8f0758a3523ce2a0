//! `rerun`: the scenarios that failed or did not run, as a list for `bdd run @FILE`.
//!
//! A line for each feature file with the lines of the scenarios, in plan order. A file that does not
//! parse is named as a whole: nothing of it ran. So is one whose hooks failed: they run again with its scenarios. Other
//! errors outside of scenarios come again with any of them; when nothing else failed, all files are named. Unusual paths are
//! in quotes.

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
        let errors = summary.run_errors.iter();
        let whole: BTreeSet<&str> = errors
            .filter_map(|error| error.feature.as_deref())
            .collect();
        let nothing_else = wanted.is_empty() && whole.is_empty() && summary.parse_errors.is_empty();
        let all = nothing_else && !summary.run_errors.is_empty();
        let mut list = String::new();
        for feature in catalogue.features() {
            let scenarios = feature.scenarios.iter();
            let mut lines: Vec<u32> = scenarios
                .filter(|scenario| wanted.contains(&scenario.index))
                .map(|scenario| scenario.location.line)
                .collect();
            let is_whole = all || whole.contains(&*feature.uri);
            if lines.is_empty() && !is_whole {
                continue;
            }
            list.push_str(&quoted_if_needed(&feature.uri));
            // Scenarios that a step program has added may share a line, or have none. It adds them
            // again when the others of the file run.
            lines.dedup();
            if lines.contains(&0) || is_whole {
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
        let head = match list.is_empty() {
            false => "# what failed or did not run; bdd run @FILE runs it\n",
            true => "# nothing failed, and nothing was left out\n",
        };
        self.output.write_all(head.as_bytes())?;
        self.output.write_all(list.as_bytes())?;
        self.output.commit()
    }
}
