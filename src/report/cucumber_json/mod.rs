//! `json`: the JSON of Cucumber, which the Cucumber Reports plugin of Jenkins and many other tools read.
//!
//! Each scenario is there once, with the attempt that decides. The form knows six statuses and no errors outside
//! scenarios: an ambiguous step is failed, and an error of the run is a failed scenario. A scenario that is over goes into
//! a temporary file, so attachments are in memory only while their scenario runs.

mod element;
mod embeddings;
mod features;
mod members;

use std::io::{self, Write};

use self::element::element;
use self::embeddings::Embeddings;
use self::features::{failure, head_of, not_run};
use super::catalogue::Catalogue;
use super::finals::{Finals, in_plan_order};
use super::line_file::{LineFile, LinePlace};
use super::output::Output;
use super::{Finish, Reporter, Summary};
use crate::event::Event;
use crate::plan::PlannedFeature;

/// Collects the elements and writes them in plan order at the end.
pub(super) struct CucumberJson {
    output: Output,
    /// A line for each element; `None` at the end.
    spool: Option<LineFile>,
    elements: Finals<LinePlace>,
    embeddings: Embeddings,
}

impl CucumberJson {
    pub(super) fn new(output: Output, attachments: bool) -> io::Result<Self> {
        Ok(CucumberJson {
            output,
            spool: Some(LineFile::new(None)?),
            elements: Finals::default(),
            embeddings: Embeddings::new(attachments),
        })
    }

    /// Writes all features; each begins after what is written already.
    fn features(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        let elements = std::mem::take(&mut self.elements);
        let Some(spool) = self.spool.take() else {
            return Ok(());
        };
        let mut spool = spool.into_reader()?;
        let mut open: Option<&PlannedFeature> = None;
        for placed in in_plan_order(catalogue, summary) {
            let is_open = open.is_some_and(|open| std::ptr::eq(open, placed.feature));
            let begin = match (is_open, open) {
                (true, _) => b",\n  ".to_vec(),
                (false, Some(_)) => [b"\n ]},\n".as_slice(), &head_of(placed.feature)].concat(),
                (false, None) => head_of(placed.feature),
            };
            open = Some(placed.feature);
            self.output.write_all(&begin)?;
            match elements.get(&placed) {
                Some(place) => self.output.write_all(spool.line(*place)?)?,
                None => {
                    let reason = elements.reason(&placed);
                    let element = not_run(placed.feature, placed.scenario, reason);
                    self.output.write_all(&element)?;
                }
            }
        }
        let mut comma: &[u8] = if open.is_some() { b"\n ]},\n" } else { b"" };
        let unparsed = summary.parse_errors.iter();
        let unparsed = unparsed.map(|error| {
            let line = error.location.map_or(0, |location| location.line);
            (
                &*error.uri,
                line,
                "parse error",
                &error.message,
                &error.diagnostic,
            )
        });
        let errors = summary.run_errors.iter();
        let errors =
            errors.map(|error| ("bdd", 0, "error of the run", &error.message, &error.detail));
        let mut is_open = open.is_some();
        for (uri, line, name, message, more) in unparsed.chain(errors) {
            self.output.write_all(comma)?;
            self.output
                .write_all(&failure(uri, line, name, message, more))?;
            (comma, is_open) = (b"\n ]},\n", true);
        }
        self.output.write_all(if is_open { b"\n ]}" } else { b"" })
    }
}

impl Reporter for CucumberJson {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        self.elements.event(event, catalogue);
        match event {
            Event::ScenarioStarted { scenario, .. } => {
                self.embeddings.take(*scenario);
                Ok(())
            }
            event => self.embeddings.event(event),
        }
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        let attempt = finish.attempt;
        let scenario = catalogue.at(attempt.place).1.index;
        let embeddings = self.embeddings.take(scenario);
        if let Some(spool) = &mut self.spool {
            // JSON escapes line breaks.
            let place = spool.add(&element(catalogue, attempt, &embeddings))?;
            self.elements.keep(attempt, place, catalogue);
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        self.output.write_all(b"[")?;
        self.features(summary, catalogue)?;
        self.output.write_all(b"]\n")?;
        self.output.commit()
    }
}
