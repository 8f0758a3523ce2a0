//! `usage`: each step definition with its uses and durations, then those that no step used.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::catalogue::Catalogue;
use super::options::UsageOrder;
use super::output::Output;
use super::{Finish, Reporter, Summary, text, trouble};
use crate::event::{Event, Status};

/// Adds up the steps of all attempts, and keeps none of them.
pub(super) struct UsageReport {
    output: Output,
    order: UsageOrder,
    uses: BTreeMap<u32, DefinitionUse>,
}

/// The uses of a definition.
#[derive(Debug, Clone, Copy, Default)]
struct DefinitionUse {
    /// The steps that matched it, whether they ran or not.
    steps: u64,
    /// Those that ran.
    ran: u64,
    nanos: u64,
    slowest: u64,
}

impl UsageReport {
    pub(super) fn new(output: Output, order: UsageOrder) -> Self {
        UsageReport {
            output,
            order,
            uses: BTreeMap::new(),
        }
    }

    fn table(&self, catalogue: &Catalogue) -> String {
        let mut rows: Vec<(u32, DefinitionUse)> = Vec::new();
        rows.extend(self.uses.iter().map(|(number, uses)| (*number, *uses)));
        match self.order {
            UsageOrder::Time => rows.sort_by_key(|(_, uses)| std::cmp::Reverse(uses.nanos)),
            UsageOrder::Uses => rows.sort_by_key(|(_, uses)| std::cmp::Reverse(uses.steps)),
            UsageOrder::Place => {}
        }
        let mut out = format!("{} used:\n", text::plural(rows.len(), "step definition"));
        if !rows.is_empty() {
            out.push_str("   uses      total       mean    slowest  definition\n");
        }
        for (number, uses) in rows {
            let mean = uses.nanos.checked_div(uses.ran).unwrap_or_default();
            let _ = writeln!(
                out,
                "{:>7} {:>10} {:>10} {:>10}  {}",
                uses.steps,
                text::duration(uses.nanos),
                text::duration(mean),
                text::duration(uses.slowest),
                definition(catalogue, number)
            );
        }
        let unused: Vec<u32> = (0..)
            .take_while(|number| catalogue.definition(*number).is_some())
            .filter(|number| !self.uses.contains_key(number))
            .collect();
        let _ = writeln!(
            out,
            "\n{} not used:",
            text::plural(unused.len(), "step definition")
        );
        for number in unused {
            let _ = writeln!(out, "  {}", definition(catalogue, number));
        }
        out
    }
}

/// The pattern and its place.
fn definition(catalogue: &Catalogue, number: u32) -> String {
    let Some(definition) = catalogue.definition(number) else {
        return format!("definition {number}");
    };
    let place = trouble::line_of(&definition.location);
    format!(
        "{}  # {}",
        text::line(&definition.pattern),
        text::line(&place)
    )
}

impl Reporter for UsageReport {
    fn event(&mut self, _: &Event, _: &Catalogue) -> io::Result<()> {
        Ok(())
    }

    fn attempt(&mut self, finish: Finish<'_>, _: &Catalogue) -> io::Result<()> {
        let attempt = finish.attempt;
        let extra = attempt.extra.iter().map(|step| &step.outcome);
        for outcome in attempt.steps.iter().chain(extra) {
            let Some(number) = outcome.definition else {
                continue;
            };
            let uses = self.uses.entry(number).or_default();
            uses.steps += 1;
            if outcome.status != Status::Skipped {
                uses.ran += 1;
                uses.nanos = uses.nanos.saturating_add(outcome.nanos);
                uses.slowest = uses.slowest.max(outcome.nanos);
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        let table = self.table(catalogue);
        self.output.write_all(table.as_bytes())?;
        self.output.commit()
    }
}
