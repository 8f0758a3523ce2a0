//! Reports that are fed one after the other. One that cannot be written is given up; the others go on.

use std::io;

use super::catalogue::Catalogue;
use super::format::Format;
use super::format_name::FormatName;
use super::hook::OutsideHook;
use super::lost::ReportError;
use super::spool::{Patience, Spool};
use super::{Finish, Reporter, Summary};
use crate::event::Event;
use crate::side_by_side;

/// A report of a run.
pub(super) struct Report {
    /// Its position among all reports of the run.
    pub(super) number: usize,
    pub(super) format: Format,
    /// `None` after an error of writing.
    pub(super) reporter: Option<Box<dyn Reporter + Send>>,
    /// What is on its way to a reader, if it is a stream.
    pub(super) spool: Option<Spool>,
}

/// Some of the reports of a run.
pub(super) struct ReportSet {
    reports: Vec<Report>,
    lost: Vec<LostReport>,
}

/// A report that was lost while it was written. Those that were lost before the end of the run are the first.
#[derive(Debug)]
pub(super) struct LostReport {
    at_end: bool,
    number: usize,
    error: ReportError,
}

impl LostReport {
    /// The errors, in the order in which they are reported.
    pub(super) fn in_order(mut lost: Vec<Self>) -> Vec<ReportError> {
        lost.sort_by_key(|one| (one.at_end, one.number));
        lost.into_iter().map(|one| one.error).collect()
    }
}

impl Report {
    fn feed(
        &mut self,
        at_end: bool,
        feed: impl FnOnce(&mut dyn Reporter) -> io::Result<()>,
    ) -> Option<LostReport> {
        let error = feed(self.reporter.as_deref_mut()?).err()?;
        self.reporter = None;
        Some(self.lost(at_end, error))
    }

    fn lost(&self, at_end: bool, error: io::Error) -> LostReport {
        LostReport {
            at_end,
            number: self.number,
            error: ReportError {
                format: self.format.clone(),
                error,
            },
        }
    }
}

impl ReportSet {
    pub(super) fn new(reports: Vec<Report>) -> Self {
        Self {
            reports,
            lost: Vec::new(),
        }
    }

    /// Takes out the reports in files.
    pub(super) fn take_files(&mut self) -> Self {
        let is_file = |report: &mut Report| report.spool.is_none();
        Self::new(self.reports.extract_if(.., is_file).collect())
    }

    /// A set of its own for each of them.
    pub(super) fn one_by_one(self) -> impl Iterator<Item = Self> {
        let reports = self.reports.into_iter();
        reports.map(|report| Self::new(vec![report]))
    }

    /// Adds all reports of another set.
    pub(super) fn append(&mut self, mut other: Self) {
        self.reports.append(&mut other.reports);
        self.reports.sort_by_key(|report| report.number);
    }

    /// Passes the next event to each of them.
    pub(super) fn event(&mut self, event: &Event, catalogue: &Catalogue) {
        self.each(None, |reporter| reporter.event(event, catalogue));
    }

    /// Passes on an event that follows from others. The `events` report does not contain it, because every
    /// reader of the file concludes it, too.
    pub(super) fn concluded(&mut self, event: &Event, catalogue: &Catalogue) {
        self.each(Some(FormatName::Events), |reporter| {
            reporter.event(event, catalogue)
        });
    }

    /// Passes an attempt that is over to each of them.
    pub(super) fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) {
        self.each(None, |reporter| reporter.attempt(finish, catalogue));
    }

    /// Passes a hook outside scenarios that is over to each of them.
    pub(super) fn hook(&mut self, hook: &OutsideHook, catalogue: &Catalogue) {
        self.each(None, |reporter| reporter.hook(hook, catalogue));
    }

    /// Ends all reports. Each file waits until it is on the disk, so they are ended at the same time, as far as the system
    /// allows threads.
    pub(super) fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) {
        let threads = (self.reports.len(), "report");
        let reports = self.reports.iter_mut();
        let lost = side_by_side::map(
            reports,
            threads,
            || (),
            |(), report| report.feed(true, |reporter| reporter.finish(summary, catalogue)),
        );
        self.lost.extend(lost.into_iter().flatten());
    }

    /// Waits for the readers of streams, as long as there is `patience` with them. Returns the reports that were lost.
    pub(super) fn close(mut self, patience: &mut Patience<'_>) -> Vec<LostReport> {
        for report in &mut self.reports {
            // One that could not be written is reported already.
            if let (Some(_), Some(spool)) = (report.reporter.take(), &report.spool)
                && let Err(error) = spool.finish(patience)
            {
                self.lost.push(report.lost(true, error));
            }
        }
        self.lost
    }

    fn each(
        &mut self,
        left_out: Option<FormatName>,
        mut feed: impl FnMut(&mut dyn Reporter) -> io::Result<()>,
    ) {
        for report in &mut self.reports {
            if Some(report.format.name) != left_out {
                self.lost.extend(report.feed(false, &mut feed));
            }
        }
    }
}
