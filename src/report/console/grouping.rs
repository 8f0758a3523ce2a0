//! The order in which `pretty` shows what is over: the scenarios of a feature together, as far as they can wait.
//!
//! Workers run several features at once. What is over in another feature than the one that is shown waits until nothing of
//! that one runs, for a few seconds at most. All of it follows from the events and their times, so a replay shows the
//! same order as the run.

use std::collections::HashMap;
use std::time::Duration;

use crate::report::catalogue::Place;

/// How much text waits, in bytes.
const MOST: usize = 1024 * 1024;

/// What waits for its turn.
pub(super) trait Waiting {
    /// Its feature.
    fn feature(&self) -> u32;

    /// Its length in bytes.
    fn length(&self) -> usize;
}

/// Decides what is shown when.
pub(super) struct Grouping<W> {
    /// How long something waits, in microseconds.
    limit: u64,
    /// The feature that was shown last.
    current: Option<u32>,
    features: HashMap<u32, FeatureCourse>,
    /// The event with which each scenario that runs began, by its ordinal.
    running: HashMap<u32, u64>,
    /// What waits, the oldest first, with the time at which it came.
    held: Vec<(u64, W)>,
    length: usize,
    /// The time of the latest event, in microseconds.
    now: u64,
    /// The number of the latest event.
    number: u64,
}

/// How far a feature is.
#[derive(Debug, Default)]
struct FeatureCourse {
    scenarios: usize,
    /// How many of its scenarios run.
    running: usize,
    /// How many have a result.
    done: usize,
    /// The event with which the last one ended.
    last_end: u64,
}

impl<W: Waiting> Grouping<W> {
    pub(super) fn new(limit: Duration) -> Self {
        Grouping {
            limit: u64::try_from(limit.as_micros()).unwrap_or(u64::MAX),
            current: None,
            features: HashMap::new(),
            running: HashMap::new(),
            held: Vec::new(),
            length: 0,
            now: 0,
            number: 0,
        }
    }

    /// Takes the time of the next event. Returns what has waited long enough.
    pub(super) fn tick(&mut self, at: u64) -> Vec<W> {
        self.number += 1;
        self.now = self.now.max(at);
        let (now, limit) = (self.now, self.limit);
        let is_late = |(since, _): &(u64, W)| now.saturating_sub(*since) >= limit;
        match self.held.first().is_some_and(is_late) {
            true => self.release(),
            false => Vec::new(),
        }
    }

    /// An attempt at a scenario begins; its feature has so many `scenarios`.
    pub(super) fn begins(&mut self, place: Place, scenarios: usize) {
        let course = self.features.entry(place.feature).or_default();
        course.scenarios = scenarios;
        if self.running.insert(place.ordinal, self.number).is_none() {
            course.running += 1;
        }
    }

    /// An attempt at a scenario is over, or gets no attempt; `is_final` if no other follows. Returns the number of the
    /// event with which it began.
    pub(super) fn ends(&mut self, place: Place, is_final: bool) -> u64 {
        let began = self.running.remove(&place.ordinal);
        let course = self.features.entry(place.feature).or_default();
        course.running -= usize::from(began.is_some());
        course.done += usize::from(is_final);
        course.last_end = self.number;
        began.unwrap_or(self.number)
    }

    /// Takes something that is over, with the number of the event with which it began. Returns what is shown now, in this
    /// order.
    pub(super) fn take(&mut self, one: W, began: u64) -> Vec<W> {
        let feature = one.feature();
        if self.current.is_none_or(|current| current == feature) {
            self.current = Some(feature);
            let mut shown = vec![one];
            self.go_on(&mut shown);
            return shown;
        }
        self.length += one.length();
        self.held.push((self.now, one));
        if self.may_continue(began) && self.limit > 0 && self.length <= MOST {
            return Vec::new();
        }
        self.release()
    }

    /// Whether waiting makes sense: more of the feature that is shown may come. When something else has begun since
    /// nothing of it runs, what is left of it was put off.
    fn may_continue(&self, began: u64) -> bool {
        let current = self.current.and_then(|current| self.features.get(&current));
        current.is_some_and(|course| {
            let is_idle = course.running == 0 && began > course.last_end;
            !course.is_complete() && !is_idle
        })
    }

    /// Whatever waits is shown now.
    pub(super) fn release_all(&mut self) -> Vec<W> {
        let mut shown = Vec::new();
        while !self.held.is_empty() {
            shown.extend(self.release());
        }
        shown
    }

    /// From now on nothing waits. Returns what does.
    pub(super) fn hold_nothing(&mut self) -> Vec<W> {
        self.limit = 0;
        self.release_all()
    }

    /// What waits longest is shown now, with all of its feature.
    pub(super) fn release(&mut self) -> Vec<W> {
        let mut shown = Vec::new();
        self.next(&mut shown);
        self.go_on(&mut shown);
        shown
    }

    /// What waits longest.
    pub(super) fn oldest(&self) -> Option<&W> {
        self.held.first().map(|(_, oldest)| oldest)
    }

    /// If the feature that is shown is complete, the next one is that of what waits longest.
    fn go_on(&mut self, shown: &mut Vec<W>) {
        let is_complete = |grouping: &Self| {
            let current = grouping.current.and_then(|one| grouping.features.get(&one));
            current.is_some_and(FeatureCourse::is_complete)
        };
        while !self.held.is_empty() && is_complete(self) {
            self.next(shown);
        }
    }

    /// Turns to the feature of what waits longest.
    fn next(&mut self, shown: &mut Vec<W>) {
        let Some((_, oldest)) = self.held.first() else {
            return;
        };
        let feature = oldest.feature();
        self.current = Some(feature);
        let is_its = |(_, held): &mut (u64, W)| held.feature() == feature;
        let its = self.held.extract_if(.., is_its);
        let before = shown.len();
        shown.extend(its.map(|(_, held)| held));
        let length = shown[before..].iter().map(Waiting::length).sum::<usize>();
        self.length = self.length.saturating_sub(length);
    }
}

impl FeatureCourse {
    fn is_complete(&self) -> bool {
        self.done >= self.scenarios
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The scenario of a feature, as `a1`.
    #[derive(Debug, Clone, PartialEq)]
    struct Item(&'static str);

    impl Waiting for Item {
        fn feature(&self) -> u32 {
            u32::from(self.0.as_bytes()[0])
        }

        fn length(&self) -> usize {
            self.0.len()
        }
    }

    fn place(name: &str) -> Place {
        let letters = name.as_bytes();
        Place {
            feature: u32::from(letters[0]),
            scenario: 0,
            ordinal: u32::from(letters[0]) * 256 + u32::from(letters[1]),
        }
    }

    /// Features of three scenarios. `+a1` begins, `-a1` ends, a number is a time in seconds; `a1?` is to be retried.
    fn shown(course: &str, limit: u64) -> Vec<String> {
        let mut grouping = Grouping::new(Duration::from_secs(limit));
        let mut all = Vec::new();
        let mut at = 0;
        for word in course.split(' ') {
            let (sign, name) = word.split_at(1);
            let name: &'static str = name.to_owned().leak();
            if let Ok(seconds) = word.parse::<u64>() {
                at = seconds * 1_000_000;
            }
            all.extend(grouping.tick(at));
            match sign {
                "+" => grouping.begins(place(name), 3),
                "-" => {
                    let began = grouping.ends(place(name), !name.ends_with('?'));
                    all.extend(grouping.take(Item(name), began));
                }
                _ => {}
            }
        }
        all.extend(grouping.release_all());
        all.into_iter().map(|item| item.0.to_owned()).collect()
    }

    #[test]
    fn what_is_over_elsewhere_waits_until_the_feature_is_complete() {
        let course = "+a1 +b1 +b2 -b1 -a1 +a2 -b2 +b3 -b3 -a2 +a3 -a3";
        assert_eq!(shown(course, 5).join(" "), "b1 b2 b3 a1 a2 a3");
        let course = "+a1 +b1 -a1 +a2 -b1 +b2 -a2 +a3 -b2 +b3 -b3 -a3";
        assert_eq!(shown(course, 5).join(" "), "a1 a2 a3 b1 b2 b3");
        assert_eq!(shown(course, 0).join(" "), "a1 b1 a2 b2 b3 a3");
    }

    #[test]
    fn nothing_waits_for_longer_than_the_limit() {
        let course = "+a1 +b1 +c1 -a1 +a2 1 -b1 2 -c1 5 6 +b2 -b2 -a2";
        assert_eq!(shown(course, 5).join(" "), "a1 b1 b2 c1 a2");
    }

    #[test]
    fn nothing_waits_for_scenarios_that_are_put_off() {
        // a3 is for the end of the run, and a2 will be retried later.
        let course = "+a1 -a1 +a2 -a2? +b1 -b1 +b2 -b2 +b3 -b3 +a2 -a2 +a3 -a3";
        assert_eq!(shown(course, 5).join(" "), "a1 a2? b1 b2 b3 a2 a3");
    }
}
