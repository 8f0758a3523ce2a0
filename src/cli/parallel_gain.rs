//! What more workers would bring to a suite that runs in one, because nobody has asked for more.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use crate::event::Event;
use crate::report::duration;

/// Adds up how long each feature takes.
#[derive(Debug)]
pub(super) struct ParallelGain {
    /// How many workers the machine has cores for.
    cores: usize,
    /// The number of each feature.
    features: HashMap<Arc<str>, usize>,
    /// The feature of each scenario.
    feature_of: HashMap<u32, usize>,
    /// How long each feature took, in nanoseconds.
    nanos: Vec<u64>,
}

impl ParallelGain {
    pub(super) fn new(cores: NonZeroU32) -> Self {
        Self {
            cores: cores.get() as usize,
            features: HashMap::new(),
            feature_of: HashMap::new(),
            nanos: Vec::new(),
        }
    }

    /// Takes the next event of the run.
    pub(super) fn event(&mut self, event: &Event) {
        match event {
            Event::FeaturePlanned { feature } => {
                let number = self.nanos.len();
                self.nanos.push(0);
                self.features.insert(feature.uri.clone(), number);
                let scenarios = feature.scenarios.iter();
                self.feature_of
                    .extend(scenarios.map(|scenario| (scenario.index, number)));
            }
            Event::ScenarioAdded { uri, planned, .. } => {
                let number = self.features.get(uri);
                self.feature_of
                    .extend(number.map(|number| (planned.index, *number)));
            }
            Event::ScenarioFinished {
                scenario, nanos, ..
            } => {
                let feature = self.feature_of.get(scenario);
                if let Some(sum) = feature.and_then(|feature| self.nanos.get_mut(*feature)) {
                    *sum = sum.saturating_add(*nanos);
                }
            }
            _ => {}
        }
    }

    /// The line about it; none where several workers would have nothing to do at the same time.
    pub(super) fn line(&self) -> Option<String> {
        let mut features: Vec<u64> = self
            .nanos
            .iter()
            .copied()
            .filter(|nanos| *nanos > 0)
            .collect();
        let workers = self.cores.min(features.len());
        if workers < 2 {
            return None;
        }
        // The longest first, each to the worker that is free first.
        features.sort_unstable_by(|left, right| right.cmp(left));
        let total: u64 = features.iter().sum();
        let mut busy = vec![0_u64; workers];
        for nanos in features {
            if let Some(least) = busy.iter_mut().min() {
                *least += nanos;
            }
        }
        let longest = busy.into_iter().max().unwrap_or(total);
        Some(format!(
            "the features ran in one worker, in {}; with `-j {workers}` they would take about {}. \
             Features that use the same files or databases cannot run at the same time: tag them @serial",
            duration(total),
            duration(longest),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain(cores: u32, seconds: &[u64]) -> Option<String> {
        let mut gain = ParallelGain::new(NonZeroU32::new(cores).unwrap());
        gain.nanos = seconds
            .iter()
            .map(|seconds| seconds * 1_000_000_000)
            .collect();
        gain.line()
    }

    #[test]
    fn the_longest_feature_is_the_least_time() {
        let line = gain(4, &[3, 1, 1, 1]).unwrap();
        assert!(line.contains("in one worker, in 6"), "{line}");
        assert!(
            line.contains("with `-j 4` they would take about 3"),
            "{line}"
        );
        let line = gain(2, &[3, 1, 1, 1]).unwrap();
        assert!(
            line.contains("with `-j 2` they would take about 3"),
            "{line}"
        );
    }

    #[test]
    fn one_feature_or_one_core_gains_nothing() {
        assert_eq!(gain(4, &[3]), None);
        assert_eq!(gain(1, &[3, 3]), None);
        assert_eq!(gain(4, &[3, 0]), None, "a feature that did not run");
    }
}
