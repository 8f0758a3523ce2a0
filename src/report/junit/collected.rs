//! What is kept of a run for the suites that it becomes at the end.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use foldhash::{HashMap, HashMapExt, HashSet};
use quick_junit::Report;

use super::case::{self, Kind};
use super::xml;
use crate::event::{DEFINED_ORDER, Event};
use crate::report::attempt::Attempt;
use crate::report::attempt_store::AttemptStore;
use crate::report::catalogue::Catalogue;
use crate::report::options::JunitOptions;
use crate::report::summary::Summary;

/// The results of the scenarios.
pub(super) struct Collected {
    pub(super) options: JunitOptions,
    pub(super) attempts: AttemptStore,
    /// By ordinal: how Jenkins counts a scenario with the attempts that it has so far.
    kinds: Vec<Option<Kind>>,
    /// By ordinal: why there was no attempt.
    pub(super) not_run: HashMap<u32, String>,
    pub(super) properties: Vec<(&'static str, String)>,
    /// The link to the HTML report of the run.
    pub(super) html: Option<String>,
}

impl Collected {
    /// Nothing yet, of a report in this folder.
    pub(super) fn new(options: JunitOptions, folder: &Path) -> Self {
        Collected {
            options,
            attempts: AttemptStore::new(folder),
            kinds: Vec::new(),
            not_run: HashMap::new(),
            properties: Vec::new(),
            html: None,
        }
    }

    /// Lets test cases link to an HTML report. The first one that is known stays: a report that is written at the same time
    /// is a better target than that of the run.
    pub(super) fn link_to(&mut self, html: String) {
        self.html.get_or_insert(html);
    }

    pub(super) fn event(&mut self, event: &Event, catalogue: &Catalogue) {
        match event {
            Event::RunStarted {
                bdd,
                jobs,
                order,
                shard,
                ..
            } => {
                self.properties = vec![("bdd", bdd.clone()), ("jobs", jobs.to_string())];
                if order != DEFINED_ORDER {
                    self.properties.push(("order", order.clone()));
                }
                if let Some(shard) = shard {
                    self.properties.push(("shard", shard.shard.clone()));
                }
            }
            Event::ScenarioNotRun { scenario, reason } => {
                if let Some(place) = catalogue.place(*scenario) {
                    self.not_run.insert(place.ordinal, reason.clone());
                }
            }
            _ => {}
        }
    }

    pub(super) fn keep(&mut self, attempt: &Arc<Attempt>, catalogue: &Catalogue) -> io::Result<()> {
        let slot = attempt.place.ordinal as usize;
        if self.kinds.len() <= slot {
            self.kinds.resize(catalogue.len().max(slot + 1), None);
        }
        let kind = &mut self.kinds[slot];
        // A cancelled attempt does not count after a failed one.
        if kind.is_none() || !attempt.cancelled() {
            *kind = Some(case::kind(catalogue, attempt));
        }
        self.attempts.keep(attempt, catalogue.len())
    }

    /// How Jenkins counts a scenario.
    fn kind(&self, ordinal: usize) -> Kind {
        let kind = self.kinds.get(ordinal).copied().flatten();
        kind.unwrap_or(Kind::Skipped)
    }

    /// Whether the options leave out a scenario.
    pub(super) fn is_left_out(&self, ordinal: usize) -> bool {
        !self.options.skipped && self.kind(ordinal) == Kind::Skipped
    }

    /// The frame of a file with all suites. The totals are at the top.
    pub(super) fn frame(&self, summary: &Summary, catalogue: &Catalogue) -> io::Result<xml::Frame> {
        let mut report = Report::new("bdd");
        report.set_time(Duration::from_nanos(summary.nanos));
        report.tests = catalogue.len() - summary.elsewhere.len();
        let elsewhere = summary.elsewhere.iter();
        let elsewhere: HashSet<u32> = elsewhere
            .filter_map(|scenario| Some(catalogue.place(*scenario)?.ordinal))
            .collect();
        let ordinals = (0..catalogue.len()).filter(|ordinal| {
            u32::try_from(*ordinal).is_ok_and(|ordinal| !elsewhere.contains(&ordinal))
        });
        for ordinal in ordinals {
            if self.is_left_out(ordinal) {
                report.tests -= 1;
                continue;
            }
            match self.kind(ordinal) {
                Kind::Success => {}
                Kind::Failure => report.failures += 1,
                Kind::Error => report.errors += 1,
                Kind::Skipped => report.skipped += 1,
            }
        }
        let outside = summary.parse_errors.len() + summary.run_errors.len();
        report.tests += outside;
        report.errors += outside;
        xml::frame(&report, "")
    }
}
