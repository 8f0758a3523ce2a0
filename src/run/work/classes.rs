//! Which scenarios may run beside which: `@serial` and groups with a limit.
//!
//! Scenarios with the same groups form a class. Whether a class may run depends on what the workers have in
//! hand. A worker runs one scenario at a time, so a limit counts workers. A scenario in hand waits only for
//! its own worker, so there is no deadlock.

use std::sync::Arc;

use crate::config::Groups;
use crate::plan::{Plan, TagDirectives};

/// The classes of a plan, and the class of each scenario.
#[derive(Debug, Default)]
pub struct Classes {
    /// For each scenario its class; empty when all are of the first.
    of: Vec<u16>,
    /// The first is that of scenarios without any condition.
    all: Vec<Class>,
    /// How many workers may have scenarios of each group.
    limits: Vec<u32>,
}

/// What scenarios have in common that may run under the same conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Class {
    /// Nothing else runs at the same time.
    serial: bool,
    /// Positions in [`Classes::limits`], in ascending order.
    groups: Vec<u16>,
}

/// What workers have in hand: for each its classes.
#[derive(Debug, Default)]
pub struct Holdings {
    /// For each worker, by its serial number: the classes that it has in hand, each once.
    workers: Vec<(u32, Vec<u16>)>,
}

impl Classes {
    /// Reads the tags of a plan.
    #[must_use]
    pub fn new(plan: &Plan, groups: &Groups) -> Self {
        let mut classes = Self {
            of: Vec::new(),
            all: vec![Class::default()],
            limits: groups.values().map(|group| group.limit.get()).collect(),
        };
        let scenarios = plan.features.iter().flat_map(|feature| &feature.scenarios);
        let mut last: Option<(&Arc<[Arc<str>]>, u16)> = None;
        for (index, scenario) in scenarios.enumerate() {
            let known = last.filter(|(tags, _)| Arc::ptr_eq(tags, &scenario.tags));
            let number = match known {
                Some((_, number)) => number,
                None => classes.number(class(&scenario.tags, groups)),
            };
            last = Some((&scenario.tags, number));
            // Most plans have no conditions, and then no list.
            if number > 0 || !classes.of.is_empty() {
                classes.of.resize(index, 0);
                classes.of.push(number);
            }
        }
        classes
    }

    /// The number of a class.
    fn number(&mut self, class: Class) -> u16 {
        let known = self.all.iter().position(|known| *known == class);
        let number = known.unwrap_or_else(|| {
            self.all.push(class);
            self.all.len() - 1
        });
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    /// Whether a scenario has a condition.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.of.is_empty()
    }

    /// The class of a scenario.
    #[must_use]
    pub fn of(&self, scenario: u32) -> u16 {
        self.of.get(scenario as usize).copied().unwrap_or(0)
    }

    /// How many classes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// For each class, whether its scenarios run alone.
    pub fn serial(&self) -> impl Iterator<Item = bool> {
        self.all.iter().map(|class| class.serial)
    }

    /// Whether the scenarios of a class run alone.
    #[must_use]
    pub fn is_serial(&self, class: u16) -> bool {
        self.all[class as usize].serial
    }

    /// How many scenarios of a plan of so many can run at the same time at most.
    #[must_use]
    pub fn most_at_once(&self, scenarios: usize) -> usize {
        if !self.any() {
            return scenarios;
        }
        let mut of_class = vec![0; self.all.len()];
        // The list ends at the last scenario with a condition.
        of_class[0] = scenarios.saturating_sub(self.of.len());
        for class in &self.of {
            of_class[usize::from(*class)] += 1;
        }
        let beside_others = |(class, count): (&Class, usize)| {
            let limits = class.groups.iter();
            let limits = limits.map(|group| self.limits[usize::from(*group)] as usize);
            let limit = limits.min().unwrap_or(usize::MAX);
            if class.serial { 0 } else { count.min(limit) }
        };
        let all = self.all.iter().zip(of_class).map(beside_others);
        // A serial one runs when no other does.
        all.sum::<usize>().max(1)
    }

    /// Whether a worker may be handed scenarios of a class.
    #[must_use]
    pub fn allows(&self, class: u16, worker: u32, holdings: &Holdings) -> bool {
        if !self.any() {
            return true;
        }
        let others = || {
            let other = |(serial, _): &&(u32, Vec<u16>)| *serial != worker;
            holdings.workers.iter().filter(other)
        };
        let class = &self.all[class as usize];
        let serial = |held: &Vec<u16>| held.iter().any(|&held| self.all[held as usize].serial);
        let holds = |held: &Vec<u16>, group: u16| {
            held.iter()
                .any(|&held| self.all[held as usize].groups.binary_search(&group).is_ok())
        };
        if others().any(|(_, held)| serial(held) || class.serial && !held.is_empty()) {
            return false;
        }
        class.groups.iter().all(|&group| {
            let holders = others().filter(|(_, held)| holds(held, group)).count();
            holders < self.limits[group as usize] as usize
        })
    }
}

fn class<T: AsRef<str>>(tags: &[T], groups: &Groups) -> Class {
    let terms = TagDirectives::of(tags);
    let is_in = |(name, group): (&String, &crate::config::Group)| match &group.tags {
        _ if terms.groups.contains(&name.as_str()) => true,
        Some(rule) => rule.matches(tags),
        None => tags
            .iter()
            .any(|tag| tag.as_ref().strip_prefix('@') == Some(name)),
    };
    let of = (0u16..).zip(groups).filter(|(_, group)| is_in(*group));
    Class {
        serial: terms.serial,
        groups: of.map(|(number, _)| number).collect(),
    }
}

impl Holdings {
    /// Notes what a worker has in hand.
    pub fn add(&mut self, worker: u32, classes: impl Iterator<Item = u16>) {
        let mut held: Vec<u16> = Vec::new();
        for class in classes {
            if !held.contains(&class) {
                held.push(class);
            }
        }
        match self
            .workers
            .iter_mut()
            .find(|(serial, _)| *serial == worker)
        {
            Some((_, known)) => {
                held.retain(|class| !known.contains(class));
                known.extend(held);
            }
            None => self.workers.push((worker, held)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Group;

    fn groups() -> Groups {
        let group = |limit: u32, tags: Option<&str>| Group {
            limit: limit.try_into().unwrap(),
            tags: tags.map(|tags| tags.parse().unwrap()),
        };
        Groups::from([
            ("db".to_owned(), group(1, None)),
            ("net".to_owned(), group(2, Some("@http or @ftp"))),
        ])
    }

    /// Classes of scenarios with these tags, in order, numbered from 0 if they differ.
    fn classes(tags: &[&[&str]]) -> Classes {
        let groups = groups();
        let mut classes = Classes {
            of: Vec::new(),
            all: vec![Class::default()],
            limits: groups.values().map(|group| group.limit.get()).collect(),
        };
        for tags in tags {
            classes.all.push(class(tags, &groups));
            classes
                .of
                .push(u16::try_from(classes.all.len() - 1).unwrap());
        }
        classes
    }

    fn holdings(of: &[(u32, &[u16])]) -> Holdings {
        let mut holdings = Holdings::default();
        for (worker, classes) in of {
            holdings.add(*worker, classes.iter().copied());
        }
        holdings
    }

    #[test]
    fn tags_put_scenarios_into_groups() {
        let groups = groups();
        let numbers = |tags: &[&str]| class(tags, &groups).groups;
        assert_eq!(numbers(&["@db"]), [0]);
        assert_eq!(numbers(&["@group(db)", "@ftp"]), [0, 1]);
        assert_eq!(numbers(&["@net"]), [0_u16; 0], "its tags are others");
        assert_eq!(numbers(&["@group(net)"]), [1]);
    }

    #[test]
    fn what_never_runs_at_the_same_time_needs_no_worker_of_its_own() {
        assert_eq!(classes(&[]).most_at_once(7), 7);
        assert_eq!(classes(&[&["@serial"], &["@serial"]]).most_at_once(2), 1);
        let some = classes(&[&["@db"], &["@serial"], &["@http"]]);
        assert_eq!(some.most_at_once(5), 4);
        let mut many = classes(&[&["@http"]]);
        many.of = vec![1; 9];
        assert_eq!(many.most_at_once(9), 2);
    }

    #[test]
    fn a_group_has_no_more_workers_than_its_limit() {
        let classes = classes(&[&["@db"], &["@http"], &["@db", "@ftp"], &[]]);
        let held = holdings(&[(7, &[1]), (8, &[2, 2])]);
        assert!(!classes.allows(1, 9, &held), "7 has the database");
        assert!(classes.allows(1, 7, &held), "it has it itself");
        assert!(classes.allows(2, 9, &held), "one of two");
        assert!(!classes.allows(3, 8, &held) && classes.allows(3, 7, &held));
        let held = holdings(&[(7, &[2]), (8, &[2])]);
        assert!(!classes.allows(2, 9, &held) && classes.allows(4, 9, &held));
    }

    #[test]
    fn nothing_runs_beside_a_serial_scenario() {
        let classes = classes(&[&["@serial"], &[]]);
        assert!(!classes.allows(1, 9, &holdings(&[(7, &[2])])));
        assert!(classes.allows(1, 7, &holdings(&[(7, &[2]), (8, &[])])));
        assert!(!classes.allows(2, 9, &holdings(&[(7, &[1])])));
        assert!(classes.allows(2, 7, &holdings(&[(7, &[1])])));
    }
}
