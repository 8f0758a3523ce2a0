//! The slowest scenarios, steps and hooks of a run.

use std::fmt::Write;

use super::style::Style;
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
            format!("{at}  {}", trouble::label(scenario))
        });
        for part in sequence::parts(attempt, scenario) {
            match part {
                AttemptPart::Step(step) => keep(&mut self.steps, most, step.outcome.nanos, || {
                    let place = trouble::place_of_step(feature, &step);
                    format!("{place}{}", step.sentence())
                }),
                AttemptPart::Hook { hook, .. } => keep(&mut self.hooks, most, hook.nanos, || {
                    format!("{at}  {}", trouble::hook_title(catalogue, hook.hook))
                }),
            }
        }
    }

    /// Takes a hook outside scenarios.
    pub(super) fn hook(&mut self, hook: &OutsideHook, catalogue: &Catalogue) {
        if self.most > 0 {
            keep(&mut self.hooks, self.most, hook.result.nanos, || {
                trouble::hook_title(catalogue, hook.hook)
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
                let _ = write!(out, "  {time:>10}  {}", text::line(&one.name));
                style.end_line(out, start);
            }
            out.push('\n');
        }
    }
}

/// Keeps the slowest, the first of equals first. What took no time is not kept.
fn keep(list: &mut Vec<Timed>, most: usize, nanos: u64, name: impl FnOnce() -> String) {
    let at = list.partition_point(|one| one.nanos >= nanos);
    if at < most && nanos > 0 {
        let name = name();
        list.insert(at, Timed { nanos, name });
        list.truncate(most);
    }
}
