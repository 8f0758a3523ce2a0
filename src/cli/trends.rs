//! What earlier runs say about the scenarios of a run: for its live line, and for the reports that show it.

use super::prepare::Prepared;
use crate::config::Config;
use crate::event::{Event, ScenarioTrend};
use crate::history::{History, scenario_trends};
use crate::plan::PlannedScenario;
use crate::report::LiveLine;
use crate::system_error::reason;

/// What is on record of the scenarios of a run.
#[derive(Debug, Default)]
pub(super) struct Trends {
    /// What reports show, by the numbers of scenarios, in plan order; empty if no report does.
    reported: Vec<(u32, ScenarioTrend)>,
    /// Why there is nothing, if the record cannot be read.
    pub(super) warning: Option<String>,
}

impl Trends {
    /// Looks up what is needed. A dry run has no results to compare with.
    pub(super) fn find(config: &Config, prepared: &Prepared, live: Option<&LiveLine>) -> Self {
        if !config.run.history || config.run.dry_run || !prepared.can_run() {
            return Self::default();
        }
        if !config.reporting.needs_trends() {
            live.iter().for_each(|live| expect(live, config, prepared));
            return Self::default();
        }
        let ids = prepared.plan.ids().map(|id| &**id);
        let mut trends = match scenario_trends(&config.project.root, ids) {
            Ok(trends) => trends,
            Err(error) => {
                let reason = reason(&error);
                let warning = format!(
                    "cannot read the record of earlier runs, so reports show no trends: {reason}"
                );
                return Self {
                    warning: Some(warning),
                    ..Self::default()
                };
            }
        };
        trends.sort_unstable_by_key(|(position, _)| *position);
        let indices: Vec<u32> = scenarios(prepared).map(|scenario| scenario.index).collect();
        let reported = trends.into_iter();
        let reported: Vec<_> = reported
            .map(|(position, trend)| (indices[position], trend))
            .collect();
        if let Some(live) = live {
            let times = reported.iter();
            live.expect(times.map(|(scenario, trend)| (*scenario, trend.nanos)));
        }
        Self {
            reported,
            warning: None,
        }
    }

    /// Emits what the reports need.
    pub(super) fn emit(self, emit: &mut dyn FnMut(Event)) {
        let reported = self.reported.into_iter();
        reported.for_each(|(scenario, trend)| emit(Event::Trend { scenario, trend }));
    }
}

/// Gives the live line the last times, which are quicker to find than all results. The recorder reports problems with the
/// record.
fn expect(live: &LiveLine, config: &Config, prepared: &Prepared) {
    let loaded = match prepared.history {
        Some(_) => None,
        None => {
            let ids = prepared.plan.ids().map(|id| &**id);
            History::of(&config.project.root, ids).history
        }
    };
    if let Some(history) = prepared.history.as_ref().or(loaded.as_ref()) {
        let times = scenarios(prepared)
            .filter_map(|scenario| Some((scenario.index, history.nanos(&scenario.id)?)));
        live.expect(times);
    }
}

fn scenarios(prepared: &Prepared) -> impl Iterator<Item = &PlannedScenario> {
    let features = prepared.plan.features.iter();
    features.flat_map(|feature| &feature.scenarios)
}
