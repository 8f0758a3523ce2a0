//! Where a run gets its scenarios from.
//!
//! Every process that shares a run plans all of it, so a scenario is named by its number in the plan. A
//! source decides which of them this process runs, and when. It does not decide in which order they run here,
//! on which worker, and at the same time as which others.

use std::time::Duration;

/// Gives scenarios to this process, one portion after another.
///
/// A scenario that was given is claimed: no other process runs it, until it is given back.
pub trait WorkSource {
    /// Takes the next portion. The run asks when it has an idle worker, so a portion should be small if other
    /// processes need work too. Scenarios of a feature should come together: if its hooks need one worker,
    /// the scenarios that came at once stay on one worker.
    ///
    /// It must not block, because all workers would wait.
    fn take(&mut self) -> Supply;

    /// Takes back scenarios that were given and will not run here, such as when the run is stopped.
    fn give_back(&mut self, scenarios: &[u32]);

    /// A scenario that was given has its final result here.
    fn done(&mut self, scenario: u32);
}

/// What a source of work answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supply {
    /// Scenarios for this process, in the order in which they should start.
    Scenarios(Vec<u32>),
    /// Scenarios that other processes have claimed. A later answer may still give them to this process, for
    /// example when the other process was lost.
    ClaimedElsewhere(Vec<u32>),
    /// Nothing for now; the run asks again after this time.
    NothingNow(Duration),
    /// Nothing more will come.
    NothingMore,
    /// Nothing more will come, because something is wrong: a fragment such as "the queue cannot be
    /// reached".
    Failed(String),
}

/// All scenarios of a plan at once: this process runs them alone.
#[derive(Debug)]
pub struct PlanSource {
    scenarios: Vec<u32>,
}

impl PlanSource {
    /// Gives these scenarios, in this order.
    #[must_use]
    pub fn new(order: &[u32]) -> Self {
        Self {
            scenarios: order.to_vec(),
        }
    }
}

impl WorkSource for PlanSource {
    fn take(&mut self) -> Supply {
        match std::mem::take(&mut self.scenarios) {
            none if none.is_empty() => Supply::NothingMore,
            all => Supply::Scenarios(all),
        }
    }

    fn give_back(&mut self, _: &[u32]) {}

    fn done(&mut self, _: u32) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_given_once() {
        let mut source = PlanSource::new(&[2, 0, 1]);
        assert_eq!(source.take(), Supply::Scenarios(vec![2, 0, 1]));
        source.give_back(&[2]);
        assert_eq!(source.take(), Supply::NothingMore);
    }
}
