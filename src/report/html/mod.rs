//! `html`: the run as one page for a browser, without anything from the network.
//!
//! Every attempt is turned into markup when it ends and put into a temporary file; its result, its times and its place in
//! that file go to another one. In memory are 8 bytes for each scenario. The page is written at the end, in plan order. It can be read without its style
//! and its script: Jenkins, for one, serves reports without both.

mod ansi;
mod assets;
mod attachment;
mod attempt_markup;
mod collected;
mod counts;
mod page;
mod problems;
mod record;
mod record_file;
mod scenario_list;
mod time_bars;
mod timeline;
mod trend;

use std::io;

pub(super) use self::scenario_list::anchor;

use self::collected::PageParts;
use super::catalogue::Catalogue;
use super::output::Output;
use super::{Finish, Reporter, Summary};
use crate::event::Event;

/// Collects the parts of the page and writes it at the end.
pub(super) struct Html {
    output: Output,
    collected: Option<PageParts>,
}

impl Html {
    /// # Errors
    /// When there is no place for the temporary file.
    pub(super) fn new(output: Output) -> io::Result<Self> {
        let folder = output.temporary().and_then(std::path::Path::parent);
        let collected = Some(PageParts::new(folder)?);
        Ok(Self { output, collected })
    }
}

impl Reporter for Html {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        match &mut self.collected {
            Some(collected) => collected.event(event, catalogue),
            None => Ok(()),
        }
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        match &mut self.collected {
            Some(collected) => collected.attempt(finish, catalogue),
            None => Ok(()),
        }
    }

    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        if let Some(collected) = self.collected.take() {
            page::write(&mut self.output, collected, summary, catalogue)?;
        }
        self.output.commit()
    }
}
