//! All reports of a run: opened before it, given events while it lasts, finished after it.

use std::path::PathBuf;
use std::sync::Arc;

use super::Finish;
use super::assemble::{Assembler, Completed, EndedAttempt};
use super::fold::Fold;
use super::format::Format;
use super::live::LiveLine;
use super::lost::{OpenError, ReportError};
use super::opening::{OpenedReports, ReportContext};
use super::report_set::{LostReport, ReportSet};
use super::report_thread::{ReportInput, ReportThreads};
use super::spool::Patience;
use super::summary::Summary;
use crate::event::Event;

/// The reports of a run, and the [`Summary`] they share.
pub struct Reports {
    here: ReportSet,
    /// Those that threads write.
    apart: Option<ReportThreads>,
    assembler: Assembler,
    fold: Fold,
    temporary: Vec<PathBuf>,
    warnings: Vec<String>,
    live: Option<LiveLine>,
}

/// The result of [`Reports`] after the run.
pub struct Finished {
    /// The fold of all events.
    pub summary: Summary,
    /// The reports that were lost.
    pub errors: Vec<ReportError>,
}

impl Reports {
    /// Opens the reports. When none goes to standard output a console report is added:
    /// `pretty` on a terminal, else `progress`. Files are made as temporary files beside their
    /// targets, directories at once.
    ///
    /// # Errors
    /// When two reports have the same target, a report would replace an input, or a target could not be written: all that are.
    pub fn open(formats: &[Format], context: ReportContext) -> Result<Self, Vec<OpenError>> {
        let OpenedReports {
            reports,
            keep,
            temporary,
            warnings,
            live,
        } = OpenedReports::open(formats, context)?;
        Ok(Self {
            here: ReportSet::new(reports),
            apart: None,
            assembler: Assembler::new(keep),
            fold: Fold::default(),
            temporary,
            warnings,
            live,
        })
    }

    /// Has each report in a file written by a thread: for a run that does not wait for them. Call it before the first event.
    pub fn write_files_apart(&mut self) {
        let (apart, refused) = ReportThreads::start(self.here.take_files());
        self.apart = apart;
        self.here.append(refused);
    }

    /// Takes the next event. A report that cannot be written is given up; the others go on.
    pub fn event(&mut self, event: &Event) {
        match self.apart {
            Some(_) => self.take(event.clone()),
            None => drop(self.event_here(event)),
        }
    }

    /// The same for an event that is given away, of which no copy is made.
    pub fn take(&mut self, event: Event) {
        let completed = self.event_here(&event);
        if let Some(apart) = &mut self.apart {
            apart.push(ReportInput::Event(event));
            completed.into_iter().for_each(|input| apart.push(input));
        }
    }

    /// Passes the next event to the reports of this thread. Returns what it completes, for the others.
    fn event_here(&mut self, event: &Event) -> Vec<ReportInput> {
        let completed = self.assembler.event(event);
        let catalogue = &self.assembler.catalogue;
        self.fold.event(event, catalogue);
        self.here.event(event, catalogue);
        let completed = self.completed(completed);
        if let Some(live) = &self.live {
            live.event(event, &self.assembler.catalogue, self.fold.counted());
        }
        completed
    }

    fn completed(&mut self, completed: Completed) -> Vec<ReportInput> {
        let Completed {
            attempt,
            hook,
            stray,
        } = completed;
        let mut inputs = Vec::new();
        inputs.extend(attempt.map(|ended| self.attempt(*ended)));
        let catalogue = &self.assembler.catalogue;
        if let Some(hook) = hook {
            self.fold.hook(&hook);
            self.here.hook(&hook, catalogue);
            inputs.push(ReportInput::Hook(hook));
        }
        if let Some(stray) = stray {
            self.fold.event(&stray, catalogue);
            self.here.concluded(&stray, catalogue);
            inputs.push(ReportInput::Concluded(*stray));
        }
        inputs
    }

    fn attempt(&mut self, ended: EndedAttempt) -> ReportInput {
        let catalogue = &self.assembler.catalogue;
        let (attempt, matches) = (Arc::new(ended.attempt), ended.matches);
        self.fold.attempt(&attempt, catalogue);
        let finish = Finish {
            attempt: &attempt,
            matches: &matches,
        };
        self.here.attempt(finish, catalogue);
        ReportInput::Attempt(attempt, matches)
    }

    /// The temporary files of reports that are not complete yet.
    #[must_use]
    pub fn temporary_files(&self) -> &[PathBuf] {
        &self.temporary
    }

    /// What may become of reports, found when they were opened.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Finishes all reports: first those in files, which wait for nobody. Then waits for the readers of streams, as
    /// long as there is `patience` with them.
    #[must_use]
    pub fn finish(mut self, patience: &mut Patience<'_>) -> Finished {
        for ended in self.assembler.close() {
            let attempt = self.attempt(ended);
            if let Some(apart) = &mut self.apart {
                apart.push(attempt);
            }
        }
        let catalogue = &self.assembler.catalogue;
        let summary = Arc::new(self.fold.finish(catalogue));
        let mut lost = Vec::new();
        if let Some(apart) = self.apart {
            lost.extend(apart.finish(&summary));
        }
        self.here.finish(&summary, catalogue);
        lost.extend(self.here.close(patience));
        Finished {
            summary: Arc::unwrap_or_clone(summary),
            errors: LostReport::in_order(lost),
        }
    }
}
