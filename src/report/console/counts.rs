//! `summary`: the end of the console reports without the scenarios.

use std::io::{self, Write};

use super::closing;
use super::style::Style;
use crate::event::Event;
use crate::report::catalogue::Catalogue;
use crate::report::output::Output;
use crate::report::{Reporter, Summary};

/// Writes lists and counts at the end.
pub(in crate::report) struct SummaryReport {
    output: Output,
    style: Style,
}

impl SummaryReport {
    pub(in crate::report) fn new(output: Output, style: Style) -> Self {
        SummaryReport { output, style }
    }
}

impl Reporter for SummaryReport {
    fn event(&mut self, _: &Event, _: &Catalogue) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, _: &Catalogue) -> io::Result<()> {
        let mut out = String::new();
        closing::write(self.style, &mut out, summary);
        self.output.write_all(out.as_bytes())?;
        self.output.commit()
    }
}
