//! Everything that gets the events of a run: its reports, and the record for later runs.

use super::parallel_gain::ParallelGain;
use crate::event::Event;
use crate::history::Recorder;
use crate::report::Reports;

/// The reports of a run, and its recorder if a record is kept.
pub(super) struct EventSinks {
    reports: Reports,
    recorder: Option<Recorder>,
    gain: Option<ParallelGain>,
}

impl EventSinks {
    pub(super) fn new(
        reports: Reports,
        recorder: Option<Recorder>,
        gain: Option<ParallelGain>,
    ) -> Self {
        Self {
            reports,
            recorder,
            gain,
        }
    }

    /// Passes the next event to each of them.
    pub(super) fn event(&mut self, event: Event) {
        if let Some(recorder) = &mut self.recorder {
            recorder.event(&event);
            recorder.add_if_complete();
        }
        if let Some(gain) = &mut self.gain {
            gain.event(&event);
        }
        self.reports.take(event);
    }

    /// Ends the record of the run: no result follows. Problems with it become warnings of the run.
    pub(super) fn end_record(&mut self) {
        let Some(recorder) = self.recorder.take() else {
            return;
        };
        for message in recorder.finish() {
            self.reports.take(Event::Warning {
                message,
                place: None,
                rule: None,
            });
        }
    }

    /// What more workers would bring, where that is of interest.
    pub(super) fn gain(&self) -> Option<String> {
        self.gain.as_ref()?.line()
    }

    /// The reports, which are not finished yet.
    pub(super) fn into_reports(self) -> Reports {
        self.reports
    }
}
