//! Steps in the description of a feature, of a rule or of examples, where no step can stand.
//!
//! There, prose may well begin with the keyword of a step: "When in doubt, …". So one line counts only if it is no
//! sentence and stands alone, and above a table only if it has a placeholder. Several lines count if together they look
//! like the steps of a scenario.

use std::ops::Range;

use super::description::{DescriptionLine, ends_sentence};
use crate::gherkin::{Dialect, StepKeywordType, StepSlips, TableCell, is_step_in};

/// Searches descriptions for steps.
pub(super) struct LostSteps<'s> {
    dialect: &'static Dialect,
    slips: &'s StepSlips,
}

/// How many lines must look like steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Enough<'t> {
    /// One that stands alone.
    One,
    /// Two, or one that stands alone and has the placeholder of one of these columns: prose above a table describes its rows.
    Two(&'t [TableCell<'t>]),
    /// Two of "given", "when" and "then", and no line that ends as a sentence does: features begin with prose.
    Different,
}

/// What a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineLook {
    /// A step whose keyword has this type.
    Step(StepKeywordType),
    /// A step with a clear mistake, or what stands below a step.
    Sure,
    /// Perhaps a step with a mistake.
    Perhaps,
    Prose,
}

impl<'s> LostSteps<'s> {
    pub(super) fn new(dialect: &'static Dialect, slips: &'s StepSlips) -> Self {
        Self { dialect, slips }
    }

    /// The lines that were probably meant as steps: parts of paragraphs, in order.
    pub(super) fn runs(
        &self,
        lines: &[DescriptionLine<'_>],
        enough: Enough<'_>,
    ) -> Vec<Range<usize>> {
        // Without so many steps there is no run, and to look for mistakes takes long.
        let least = match enough {
            Enough::One | Enough::Two(_) => 1,
            Enough::Different => 2,
        };
        let steps = (lines.iter()).filter(|line| is_step_in(self.dialect, line.text));
        if steps.take(least).count() < least {
            return Vec::new();
        }
        let looks: Vec<LineLook> = lines.iter().map(|line| self.look(line.text)).collect();
        let mut runs = Vec::new();
        let mut start = 0;
        while start < lines.len() {
            let rest = looks[start..].iter();
            let length = rest.take_while(|look| **look != LineLook::Prose).count();
            let run = start..start + length;
            start = run.end.max(start + 1);
            if length > 0 && self.are_steps(lines, &looks, &run, enough) {
                runs.push(run);
            }
        }
        runs
    }

    fn are_steps(
        &self,
        lines: &[DescriptionLine<'_>],
        looks: &[LineLook],
        run: &Range<usize>,
        enough: Enough<'_>,
    ) -> bool {
        let (first, looks) = (&lines[run.start], &looks[run.clone()]);
        // "And" and "but" go on with what was said before.
        let begins =
            matches!(looks[0], LineLook::Step(kind) if kind != StepKeywordType::Conjunction);
        if !begins {
            return false;
        }
        if run.len() == 1 {
            let alone = first.begins && lines.get(run.end).is_none_or(|next| next.begins);
            let counts = match enough {
                Enough::One => true,
                Enough::Two(columns) => columns.iter().any(|column| {
                    let placeholder = format!("<{}>", column.value);
                    first.text.contains(&placeholder)
                }),
                Enough::Different => false,
            };
            return counts && alone && !first.text.contains([',', ';', '.', ':', '?', '!']);
        }
        let clear = |look: &&LineLook| matches!(look, LineLook::Step(_) | LineLook::Sure);
        let mut texts = lines[run.clone()].iter().map(|line| line.text);
        if looks.iter().filter(clear).count() < 2 || texts.any(|text| text.ends_with([',', ';'])) {
            return false;
        }
        // Steps may end with a full stop, as sentences do. Then the order of keywords shows what they are.
        let others = looks.iter().filter(|look| **look != looks[0]);
        let mut others = others.filter_map(|look| match look {
            LineLook::Step(kind) => Some(*kind),
            _ => None,
        });
        let sentence = lines[run.clone()]
            .iter()
            .any(|line| ends_sentence(line.text));
        match enough {
            Enough::Different => {
                others.any(|kind| kind != StepKeywordType::Conjunction) && !sentence
            }
            Enough::One | Enough::Two(_) => others.next().is_some() || !sentence,
        }
    }

    fn look(&self, text: &str) -> LineLook {
        if text.starts_with("* ") {
            return LineLook::Perhaps;
        }
        if is_step_in(self.dialect, text) {
            let mut lists = self.dialect.step_keywords().into_iter();
            let found =
                lists.find(|(_, list)| list.iter().any(|keyword| text.starts_with(keyword)));
            return found.map_or(LineLook::Prose, |(kind, _)| LineLook::Step(kind));
        }
        match self.slips.find(text) {
            Some(slip) if slip.sure => LineLook::Sure,
            Some(_) => LineLook::Perhaps,
            None => LineLook::Prose,
        }
    }
}
