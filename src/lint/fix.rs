//! Changes of a file that mend a finding.

use std::collections::BTreeMap;

use super::LintedFile;
use crate::gherkin::{self, Background, Feature, FeatureChild, Location, ParseOptions, RuleChild};

/// A change of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The line goes, and with it a blank line that would stand beside another one, or first or last in the file.
    RemoveLine {
        /// Counted from 1.
        line: u32,
    },
    /// Other text takes the place of some.
    Replace {
        /// Where the old text begins.
        location: Location,
        /// What stands there.
        old: String,
        /// What is to stand there.
        new: String,
    },
}

impl Edit {
    pub(super) fn remove_line(line: u32) -> Self {
        Self::RemoveLine { line }
    }

    fn line(&self) -> u32 {
        match self {
            Self::RemoveLine { line } => *line,
            Self::Replace { location, .. } => location.line,
        }
    }
}

/// The change that removes an empty background, if it is one line that nothing belongs to.
pub(super) fn without_background(file: &LintedFile<'_>, location: Location) -> Option<Edit> {
    let feature = file.document.feature.as_ref()?;
    let (background, end) = backgrounds(feature)
        .into_iter()
        .find(|(background, _)| background.location == location)?;
    // What stands below a blank line may belong to what follows.
    let below = (location.line + 1..).zip(file.source.lines().skip(location.line as usize));
    let blank = (below.into_iter()).find(|(_, line)| line.trim().is_empty());
    let end = blank.map_or(end, |(line, _)| line.min(end));
    let lines = location.line..end;
    let is_alone = background.description.is_empty()
        && background.steps.is_empty()
        && !(file.document.comments.iter()).any(|comment| lines.contains(&comment.location.line));
    is_alone.then(|| Edit::remove_line(location.line))
}

/// The backgrounds of a feature, each with the line of what follows it.
fn backgrounds<'d, 's>(feature: &'d Feature<'s>) -> Vec<(&'d Background<'s>, u32)> {
    let mut all: Vec<(&Background<'_>, u32)> = Vec::new();
    let mut open: Option<&'d Background<'s>> = None;
    let mut close = |open: &mut Option<&'d Background<'s>>, line: u32| {
        if let Some(background) = open.take() {
            all.push((background, line));
        }
    };
    for child in &feature.children {
        match child {
            FeatureChild::Background(background) => open = Some(background),
            FeatureChild::Scenario(scenario) => close(&mut open, scenario.location.line),
            FeatureChild::Rule(rule) => {
                close(&mut open, rule.location.line);
                for child in &rule.children {
                    match child {
                        RuleChild::Background(background) => open = Some(background),
                        RuleChild::Scenario(scenario) => close(&mut open, scenario.location.line),
                    }
                }
            }
        }
    }
    close(&mut open, u32::MAX);
    all
}

/// The text with these changes; `None` if it would no longer make the same scenarios.
pub fn fixed(source: &str, edits: &[&Edit], options: &ParseOptions) -> Option<String> {
    let by_line: BTreeMap<u32, &Edit> = edits.iter().map(|edit| (edit.line(), *edit)).collect();
    let mut text = String::with_capacity(source.len());
    let mut removed = false;
    for (number, line) in (1..).zip(source.split_inclusive('\n')) {
        if std::mem::take(&mut removed) && is_blank(line) && ends_blank(&text) {
            continue;
        }
        match by_line.get(&number) {
            None => text.push_str(line),
            Some(Edit::RemoveLine { .. }) => removed = true,
            Some(Edit::Replace { location, old, new }) => {
                let column = location.column.saturating_sub(1) as usize;
                let (at, _) = line.char_indices().nth(column)?;
                let rest = line[at..].strip_prefix(old.as_str())?;
                text.push_str(&line[..at]);
                text.push_str(new);
                text.push_str(rest);
            }
        }
    }
    if removed {
        let lines = text.split_inclusive('\n').rev();
        let blank: usize = lines.take_while(|line| is_blank(line)).map(str::len).sum();
        text.truncate(text.len() - blank);
    }
    (scenarios(source, options)? == scenarios(&text, options)?).then_some(text)
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// Whether the last line is blank, or there is none.
fn ends_blank(text: &str) -> bool {
    text.lines().next_back().is_none_or(is_blank)
}

/// What the scenarios of a text run.
fn scenarios(source: &str, options: &ParseOptions) -> Option<Vec<String>> {
    let document = gherkin::parse(source, options).ok()?;
    let mut all = Vec::new();
    for pickle in gherkin::compile(&document).ok()? {
        let tags: Vec<&str> = pickle.tags().map(|tag| tag.name).collect();
        all.push(format!(
            "{:?} {tags:?} {}",
            pickle.name, pickle.feature.language
        ));
        for step in &pickle.steps {
            let (text, kind) = (&step.text, step.keyword_type);
            all.push(format!(
                "{text:?} {kind:?} {:?} {:?}",
                step.data_table(),
                step.doc_string()
            ));
        }
    }
    Some(all)
}
