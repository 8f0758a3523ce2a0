//! The scenarios that still wait for a worker, in the order of the run.
//!
//! Each class has a line of its own. So a scenario that may not run now does not hold up others, and no
//! search is needed to find the next.

use std::collections::VecDeque;

use super::classes::Classes;

/// A scenario that waits.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    /// Its place in the order of the run. Scenarios that were given back are before all others.
    place: i64,
    scenario: u32,
    feature: usize,
}

/// Scenarios by index, each with the number of its feature.
#[derive(Debug, Default)]
pub struct Queue {
    /// For each class, the waiting scenarios in order.
    lines: Vec<VecDeque<Waiting>>,
    /// For each class, whether it comes after the others.
    comes_last: Vec<bool>,
    /// The place of the first.
    front: i64,
    /// The place after the last that was added.
    back: i64,
}

impl Queue {
    /// An empty queue.
    pub fn new(classes: &Classes) -> Self {
        Self {
            lines: vec![VecDeque::new(); classes.len()],
            comes_last: classes.serial().collect(),
            front: 0,
            back: 0,
        }
    }

    /// Adds scenarios after all others, in this order.
    pub fn add(&mut self, scenarios: impl Iterator<Item = (u32, usize)>, classes: &Classes) {
        for (scenario, feature) in scenarios {
            self.lines[classes.of(scenario) as usize].push_back(Waiting {
                place: self.back,
                scenario,
                feature,
            });
            self.back += 1;
        }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.lines.iter().map(VecDeque::len).sum()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(VecDeque::is_empty)
    }

    /// The class of the first scenario whose class is allowed. Serial classes come last: otherwise many workers would
    /// wait for each serial scenario, and one worker would run another order.
    pub fn next_class(&self, allowed: impl Fn(u16) -> bool) -> Option<u16> {
        let fronts = (0u16..).zip(&self.lines).filter_map(|(class, line)| {
            let front = line.front()?;
            Some((self.comes_last[class as usize], front.place, class))
        });
        let first = fronts.filter(|(_, _, class)| allowed(*class)).min();
        first.map(|(_, _, class)| class)
    }

    /// The feature of the first scenario of a class.
    pub fn feature(&self, class: u16) -> Option<usize> {
        let line = self.lines.get(class as usize)?;
        line.front().map(|waiting| waiting.feature)
    }

    /// Takes at most `most` scenarios from the front of a class, all of one feature.
    pub fn take(&mut self, class: u16, most: usize) -> Vec<u32> {
        let Some(line) = self.lines.get_mut(class as usize) else {
            return Vec::new();
        };
        let Some(feature) = line.front().map(|waiting| waiting.feature) else {
            return Vec::new();
        };
        let together = line
            .iter()
            .take(most.max(1))
            .take_while(|waiting| waiting.feature == feature)
            .count();
        let taken = line.drain(..together);
        taken.map(|waiting| waiting.scenario).collect()
    }

    /// Takes the feature at the front of a class: all its scenarios that follow each other in the order of
    /// the run, also those in the lines of other classes. The feature has `size` scenarios in all.
    pub fn take_feature(&mut self, class: u16, size: usize) -> Vec<u32> {
        let front = self.lines.get(class as usize).and_then(VecDeque::front);
        let Some(&Waiting { place, feature, .. }) = front else {
            return Vec::new();
        };
        let reach = i64::try_from(size).unwrap_or(i64::MAX);
        let near = place.saturating_sub(reach)..=place.saturating_add(reach);
        let mut taken: Vec<Waiting> = Vec::new();
        for line in &mut self.lines {
            let is_of = |waiting: &&Waiting| waiting.feature == feature;
            let mut from = line.partition_point(|waiting| waiting.place < *near.start());
            let nearby = line
                .range(from..)
                .take_while(|one| near.contains(&one.place));
            from += nearby.take_while(|one| !is_of(one)).count();
            let count = line.range(from..).take_while(is_of).count();
            taken.extend(line.drain(from..from + count));
        }
        taken.sort_unstable_by_key(|waiting| waiting.place);
        taken.into_iter().map(|waiting| waiting.scenario).collect()
    }

    /// Puts scenarios back where they came from: before all others.
    pub fn put_back(
        &mut self,
        scenarios: impl DoubleEndedIterator<Item = (u32, usize)>,
        classes: &Classes,
    ) {
        for (scenario, feature) in scenarios.rev() {
            self.front -= 1;
            self.lines[classes.of(scenario) as usize].push_front(Waiting {
                place: self.front,
                scenario,
                feature,
            });
        }
    }

    /// Empties the queue, in order.
    pub fn drain(&mut self) -> impl Iterator<Item = u32> + use<> {
        let lines = self.lines.iter_mut();
        let mut all: Vec<Waiting> = lines.flat_map(|line| line.drain(..)).collect();
        all.sort_unstable_by_key(|waiting| waiting.place);
        all.into_iter().map(|waiting| waiting.scenario)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_of_one_feature_and_what_comes_back_comes_first() {
        let classes = Classes::new(&crate::plan::Plan::default(), &Default::default());
        let mut queue = Queue::new(&classes);
        queue.add([(0, 0), (1, 0)].into_iter(), &classes);
        queue.add([(2, 0), (3, 1)].into_iter(), &classes);
        assert_eq!(queue.next_class(|_| true), Some(0));
        assert_eq!(queue.take(0, 2), [0, 1]);
        assert_eq!(queue.take(0, 5), [2]);
        queue.put_back([(1, 0), (2, 0)].into_iter(), &classes);
        assert_eq!((queue.len(), queue.feature(0)), (3, Some(0)));
        assert_eq!(queue.take(0, 5), [1, 2]);
        assert_eq!(queue.take(0, 0), [3]);
        assert_eq!(queue.next_class(|_| true), None);
        assert!(queue.is_empty());
    }

    /// A queue of two classes: even scenarios are of the first, odd ones of the second.
    fn of_two_classes(scenarios: &[(u32, usize)]) -> Queue {
        let mut queue = Queue {
            lines: vec![VecDeque::new(); 2],
            comes_last: vec![false; 2],
            front: 0,
            back: 0,
        };
        for (place, &(scenario, feature)) in (0..).zip(scenarios) {
            queue.lines[scenario as usize % 2].push_back(Waiting {
                place,
                scenario,
                feature,
            });
        }
        queue
    }

    #[test]
    fn a_class_that_may_not_run_holds_up_no_other() {
        let mut queue = of_two_classes(&[(1, 0), (2, 0), (3, 1), (4, 1)]);
        assert_eq!(queue.next_class(|_| true), Some(1));
        assert_eq!(queue.next_class(|class| class == 0), Some(0));
        assert_eq!(queue.take(0, 9), [2]);
        assert_eq!(queue.next_class(|_| false), None);
        assert_eq!(queue.drain().collect::<Vec<_>>(), [1, 3, 4]);
    }

    #[test]
    fn a_serial_class_comes_last() {
        let mut queue = of_two_classes(&[(1, 0), (2, 0), (4, 1)]);
        queue.comes_last[1] = true;
        assert_eq!(queue.next_class(|_| true), Some(0));
        assert_eq!(queue.take(0, 9), [2]);
        assert_eq!(queue.take(0, 9), [4]);
        assert_eq!(queue.next_class(|_| true), Some(1));
    }

    #[test]
    fn a_feature_is_taken_whole_in_its_order() {
        let mut queue = of_two_classes(&[(1, 0), (2, 0), (3, 0), (4, 1), (5, 0)]);
        assert_eq!(queue.take_feature(1, 4), [1, 2, 3, 5]);
        assert_eq!(queue.drain().collect::<Vec<_>>(), [4]);
        let mut queue = of_two_classes(&[(9, 7), (2, 0), (3, 0), (4, 0), (6, 1)]);
        assert_eq!(queue.take_feature(0, 3), [2, 3, 4]);
        assert_eq!(queue.drain().collect::<Vec<_>>(), [9, 6]);
    }
}
