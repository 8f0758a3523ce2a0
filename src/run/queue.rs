//! The scenarios that still wait for a worker, in the order of the run.

use std::collections::VecDeque;

/// Scenarios by index, each with the number of its feature.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: VecDeque<(u32, usize)>,
}

impl Queue {
    /// A queue in the given order.
    pub fn new(scenarios: impl Iterator<Item = (u32, usize)>) -> Self {
        Self {
            waiting: scenarios.collect(),
        }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes at most `most` scenarios from the front, all of one feature.
    pub fn take(&mut self, most: usize) -> Option<(usize, Vec<u32>)> {
        let &(_, feature) = self.waiting.front()?;
        let together = self
            .waiting
            .iter()
            .take(most.max(1))
            .take_while(|(_, of)| *of == feature)
            .count();
        Some((
            feature,
            self.waiting
                .drain(..together)
                .map(|(scenario, _)| scenario)
                .collect(),
        ))
    }

    /// The number of the feature whose scenarios come first.
    pub fn next_feature(&self) -> Option<usize> {
        self.waiting.front().map(|&(_, feature)| feature)
    }

    /// Puts scenarios back where they came from: before all others.
    pub fn give_back(&mut self, scenarios: impl DoubleEndedIterator<Item = (u32, usize)>) {
        for scenario in scenarios.rev() {
            self.waiting.push_front(scenario);
        }
    }

    /// Empties the queue.
    pub fn drain(&mut self) -> impl Iterator<Item = u32> + use<> {
        std::mem::take(&mut self.waiting)
            .into_iter()
            .map(|(scenario, _)| scenario)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_of_one_feature_and_what_comes_back_comes_first() {
        let mut queue = Queue::new([(0, 0), (1, 0), (2, 0), (3, 1)].into_iter());
        assert_eq!(queue.take(2), Some((0, vec![0, 1])));
        assert_eq!(queue.take(5), Some((0, vec![2])));
        queue.give_back([(1, 0), (2, 0)].into_iter());
        assert_eq!(queue.take(5), Some((0, vec![1, 2])));
        assert_eq!(queue.take(0), Some((1, vec![3])));
        assert_eq!(queue.take(1), None);
    }
}
