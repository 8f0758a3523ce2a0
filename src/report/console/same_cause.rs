//! Failures with one cause: a thousand equal failures are one text and a list.

use std::collections::HashMap;

use crate::event::Status;
use crate::report::attempt::Attempt;
use crate::report::catalogue::Catalogue;
use crate::report::{sequence, trouble};

/// From how many scenarios on a cause is shown once.
const FEWEST: usize = 5;

/// What makes two failures equal: status, definition, and place and message.
type Cause = (Status, Option<u32>, String);

/// For each failure the numbers of the others with its cause, if it is to be shown for all of them; `None` if another
/// shows it. A failure without a key stands for itself.
pub(super) fn joined<'a>(
    failures: impl Iterator<Item = Option<&'a Attempt>>,
    catalogue: &Catalogue,
) -> Vec<Option<Vec<usize>>> {
    let mut groups: HashMap<Cause, Vec<usize>> = HashMap::new();
    let mut total = 0;
    for (number, failure) in failures.enumerate() {
        total = number + 1;
        if let Some(failure) = failure {
            groups
                .entry(cause(failure, catalogue))
                .or_default()
                .push(number);
        }
    }
    let mut shown = vec![Some(Vec::new()); total];
    for mut group in groups.into_values().filter(|group| group.len() >= FEWEST) {
        let others = group.split_off(1);
        for other in &others {
            shown[*other] = None;
        }
        shown[group[0]] = Some(others);
    }
    shown
}

fn cause(attempt: &Attempt, catalogue: &Catalogue) -> Cause {
    let scenario = catalogue.at(attempt.place).1;
    let mut text = attempt
        .fault
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    let culprit = sequence::culprit(attempt, scenario).filter(|_| attempt.culprit_hook().is_none());
    let Some(step) = culprit.filter(|step| step.outcome.definition.is_some()) else {
        // A hook, a step without a definition, or something outside steps: the headline names it.
        text.push_str(&trouble::headline(catalogue, attempt, scenario));
        return (attempt.status, None, text);
    };
    if let Some(error) = step.outcome.error() {
        let place = error.location.as_ref().map(trouble::place);
        text.push_str(&format!("{place:?} {}: {}", error.kind, error.message));
    }
    (attempt.status, step.outcome.definition, text)
}
