//! The slowest scenarios, steps and hooks of a run.

use std::fmt::Write;

use super::style::{Ink, Style};
use crate::report::attempt::Attempt;
use crate::report::catalogue::Catalogue;
use crate::report::hook::OutsideHook;
use crate::report::sequence::{self, AttemptPart};
use crate::report::{text, trouble};

/// Lists of what took longest; each is as long as it may be.
pub(super) struct SlowestLists {
    most: usize,
    scenarios: Vec<Timed>,
    steps: Vec<Timed>,
    hooks: Vec<Timed>,
}

/// Something with its time.
struct Timed {
    nanos: u64,
    /// Where it stands; empty if that is not known.
    place: String,
    name: String,
}

impl SlowestLists {
    pub(super) fn new(most: usize) -> Self {
        SlowestLists {
            most,
            scenarios: Vec::new(),
            steps: Vec::new(),
            hooks: Vec::new(),
        }
    }

    /// Takes an attempt that is over.
    pub(super) fn attempt(&mut self, attempt: &Attempt, catalogue: &Catalogue) {
        let most = self.most;
        if most == 0 {
            return;
        }
        let (feature, scenario) = catalogue.at(attempt.place);
        let at = format!("{}:{}", feature.uri, scenario.location.line);
        keep(&mut self.scenarios, most, attempt.nanos, || {
            (at.clone(), format!("  {}", trouble::label(scenario)))
        });
        for part in sequence::parts(attempt, scenario) {
            match part {
                AttemptPart::Step(step) => keep(&mut self.steps, most, step.outcome.nanos, || {
                    (trouble::place_of_step(feature, &step), step.sentence())
                }),
                AttemptPart::Hook { hook, .. } => keep(&mut self.hooks, most, hook.nanos, || {
                    let title = trouble::hook_title(catalogue, hook.hook);
                    (at.clone(), format!("  {title}"))
                }),
            }
        }
    }

    /// Takes a hook outside scenarios.
    pub(super) fn hook(&mut self, hook: &OutsideHook, catalogue: &Catalogue) {
        if self.most > 0 {
            keep(&mut self.hooks, self.most, hook.result.nanos, || {
                (String::new(), trouble::hook_title(catalogue, hook.hook))
            });
        }
    }

    /// Adds the lists that are not empty.
    pub(super) fn write(&self, style: Style, out: &mut String) {
        let lists = [
            ("Slowest scenarios:", &self.scenarios),
            ("Slowest steps:", &self.steps),
            ("Slowest hooks:", &self.hooks),
        ];
        for (heading, list) in lists {
            if list.is_empty() {
                continue;
            }
            let _ = writeln!(out, "{heading}");
            for one in list {
                let time = text::duration(one.nanos);
                let start = out.len();
                let _ = write!(out, "  {time:>10}  ");
                style.place(out, Ink::Plain, &one.place, &one.name);
                style.end_line(out, start);
            }
            out.push('\n');
        }
    }
}

/// Keeps the slowest, the first of equals first. What took no time is not kept.
fn keep(list: &mut Vec<Timed>, most: usize, nanos: u64, name: impl FnOnce() -> (String, String)) {
    let at = list.partition_point(|one| one.nanos >= nanos);
    if at < most && nanos > 0 {
        let (place, name) = name();
        list.insert(at, Timed { nanos, place, name });
        list.truncate(most);
    }
}
