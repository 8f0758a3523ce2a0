//! Selects the scenarios of a file by line, tag and name.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use super::build::FeatureBuilder;
use super::file_plan::{FilePlan, LineMiss};
use super::intern::Interner;
use super::lines::LineMap;
use super::namesakes::NameNumbers;
use crate::config::Selection;
use crate::discover::FeatureFile;
use crate::gherkin::{self, Flavor, GherkinDocument, ParseError, Pickle};

/// Plans the selected scenarios of one file.
///
/// # Errors
/// Those of [`gherkin::compile`].
pub(super) fn select(
    file: &FeatureFile,
    document: &GherkinDocument<'_>,
    selection: &Selection,
    interner: &mut Interner,
) -> Result<FilePlan, ParseError> {
    let mut planned = FilePlan::default();
    let by_line = match &file.lines {
        Some(lines) => {
            let pickles = gherkin::compile(document)?;
            let misses = &mut planned.misses;
            Some(by_lines(file, lines, document, &pickles, misses))
        }
        None => None,
    };
    let Some(feature) = &document.feature else {
        return Ok(planned);
    };
    let mut numbers = NameNumbers::default();
    let mut builder = FeatureBuilder::new(file, feature, interner);
    gherkin::each_pickle(document, &mut |pickle| {
        let at = planned.total;
        planned.total += 1;
        let id = builder.ids.next(&pickle);
        let number = numbers.number(&pickle);
        if by_line.as_ref().is_none_or(|wanted| wanted[at]) && is_selected(&pickle, selection) {
            builder.scenario(&pickle, id, number);
        }
    })?;
    (planned.feature, planned.warnings) = builder.finish();
    Ok(planned)
}

fn by_lines(
    file: &FeatureFile,
    lines: &BTreeSet<u32>,
    document: &GherkinDocument<'_>,
    pickles: &[Pickle<'_>],
    misses: &mut Vec<LineMiss>,
) -> Vec<bool> {
    let map = LineMap::new(document, pickles);
    let mut wanted = vec![false; pickles.len()];
    // Every line of a long heading selects the same range, which may be all of a huge file: each range is
    // marked once.
    let mut marked = HashSet::new();
    for &line in lines {
        let range = map.at(line);
        if range.is_empty() {
            misses.push(LineMiss {
                uri: file.uri.clone(),
                line,
                nearest: nearest(pickles, line),
            });
        } else if marked.insert(range.clone()) {
            wanted[range].fill(true);
        }
    }
    wanted
}

/// The line and name of the scenario that begins nearest to a line. Pickles are in the order of
/// lines.
fn nearest(pickles: &[Pickle<'_>], line: u32) -> Option<(u32, String)> {
    let after = pickles.partition_point(|pickle| pickle.location.line < line);
    pickles[after.saturating_sub(1)..]
        .iter()
        .take(2)
        .min_by_key(|pickle| pickle.location.line.abs_diff(line))
        .map(|pickle| (pickle.location.line, pickle.name.to_string()))
}

fn is_selected(pickle: &Pickle<'_>, selection: &Selection) -> bool {
    if !selection.names.is_empty() {
        let name = match selection.flavor {
            Flavor::Standard => Cow::Borrowed(&*pickle.name),
            Flavor::Behave => pickle.behave_name(),
        };
        let mut patterns = selection.names.iter();
        if !patterns.any(|pattern| pattern.matches(&name)) {
            return false;
        }
    }
    if selection.tags.is_empty() {
        return true;
    }
    let tags: Vec<&str> = pickle.tags().map(|tag| tag.name).collect();
    selection.tags.iter().all(|tags_of| tags_of.matches(&tags))
}
