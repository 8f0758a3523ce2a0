//! Scenarios that wait before their next attempt.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Instant;

/// Scenarios by the moment from which on they may run. Those of a feature that stays on one worker
/// wait for that worker.
#[derive(Debug, Default)]
pub struct Delays {
    waiting: BinaryHeap<Reverse<(Instant, u32, Option<u32>)>>,
    /// How many wait for each process. This is needed for all processes after every message.
    owned: BTreeMap<u32, usize>,
}

impl Delays {
    /// Lets a scenario wait; `owner` is the process that alone may run it, if there is one.
    pub fn push(&mut self, due: Instant, scenario: u32, owner: Option<u32>) {
        self.waiting.push(Reverse((due, scenario, owner)));
        if let Some(owner) = owner {
            *self.owned.entry(owner).or_default() += 1;
        }
    }

    /// When the first of them may run.
    pub fn next(&self) -> Option<Instant> {
        self.waiting.peek().map(|Reverse((due, ..))| *due)
    }

    /// Takes one that may run now, with its owner.
    pub fn pop_due(&mut self, now: Instant) -> Option<(u32, Option<u32>)> {
        if self.next()? > now {
            return None;
        }
        let Reverse((_, scenario, owner)) = self.waiting.pop()?;
        if let Some(count) = owner.and_then(|owner| self.owned.get_mut(&owner)) {
            *count -= 1;
        }
        Some((scenario, owner))
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether one waits for this process.
    pub fn any_of(&self, owner: u32) -> bool {
        self.owned.get(&owner).is_some_and(|count| *count > 0)
    }

    /// Gives scenarios that wait for a process that is gone to all workers.
    pub fn disown(&mut self, gone: u32) {
        if self.owned.remove(&gone).is_some_and(|count| count > 0) {
            let waiting = std::mem::take(&mut self.waiting).into_iter();
            self.waiting = waiting
                .map(|Reverse((due, scenario, owner))| {
                    Reverse((due, scenario, owner.filter(|owner| *owner != gone)))
                })
                .collect();
        }
    }

    /// Takes all.
    pub fn drain(&mut self) -> impl Iterator<Item = u32> + use<> {
        self.owned.clear();
        let waiting = std::mem::take(&mut self.waiting);
        let all = waiting.into_sorted_vec().into_iter().rev();
        all.map(|Reverse((_, scenario, _))| scenario)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_shortest_wait_ends_first_and_an_owner_may_go() {
        let now = Instant::now();
        let at = |millis| now + Duration::from_millis(millis);
        let mut delays = Delays::default();
        delays.push(at(20), 1, None);
        delays.push(at(10), 2, Some(7));
        delays.push(at(30), 3, Some(8));
        assert_eq!(delays.next(), Some(at(10)));
        assert_eq!(delays.pop_due(at(5)), None);
        assert!(delays.any_of(7) && !delays.any_of(9));
        delays.disown(7);
        assert!(!delays.any_of(7) && delays.any_of(8));
        delays.push(at(5), 4, Some(8));
        assert_eq!(delays.pop_due(at(25)), Some((4, Some(8))));
        assert!(delays.any_of(8), "another one is left");
        assert_eq!(delays.pop_due(at(25)), Some((2, None)));
        assert_eq!(delays.pop_due(at(25)), Some((1, None)));
        assert_eq!(delays.pop_due(at(25)), None);
        assert_eq!(delays.drain().collect::<Vec<_>>(), [3]);
        assert!(delays.is_empty());
    }
}
