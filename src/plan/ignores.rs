//! Comments such as `# bdd-lint: ignore long-scenario`: which findings a file asks not to report.
//!
//! A comment applies to what begins in the next line that is neither blank nor a comment: a feature, rule, scenario,
//! background, block of examples or step as a whole, else that line alone.

use std::ops::Range;

use crate::gherkin::{
    Comment, Examples, Feature, FeatureChild, GherkinDocument, Location, RuleChild, Scenario, Step,
    Tag,
};
use crate::rule::LintRule;

/// A rule that a comment names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// Where the comment is.
    pub location: Location,
    /// The name as it is written.
    pub name: String,
    /// The rule, if the name is one.
    pub rule: Option<LintRule>,
    /// The lines to which it applies.
    pub lines: Range<u32>,
}

impl Ignore {
    /// Whether it applies to a finding of this rule in this line.
    pub fn covers(&self, rule: LintRule, line: u32) -> bool {
        self.rule == Some(rule) && self.lines.contains(&line)
    }
}

/// The rules that the comments of a document name. `source` is its text.
pub fn ignores(source: &str, document: &GherkinDocument<'_>) -> Vec<Ignore> {
    let comments = document.comments.iter();
    let named: Vec<(&Comment<'_>, &str)> = comments
        .filter_map(|comment| Some((comment, named_in(comment.text)?)))
        .collect();
    if named.is_empty() {
        return Vec::new();
    }
    let lines: Vec<&str> = source.lines().collect();
    let mut elements = document.feature.as_ref().map_or(Vec::new(), elements);
    // Of elements that begin in one line, the first is the outermost.
    elements.dedup_by_key(|element| element.start);
    let first = elements.first().map_or(0, |element| element.start);
    let mut all = Vec::new();
    for (comment, names) in named {
        let line = comment.location.line;
        let below = (line + 1..).zip(lines.iter().skip(line as usize));
        let mut below = below.filter(|(_, text)| !text.trim().is_empty());
        let next = below
            .find(|(_, text)| !text.trim_start().starts_with('#') || is_language(text))
            .map_or(line, |(next, _)| next);
        let element = elements.iter().find(|element| element.start == next);
        // Above the line with the language, a comment is about the file.
        let is_head = lines
            .get(next as usize - 1)
            .is_some_and(|text| is_language(text));
        let range = match element {
            // A file without a feature has only findings about the whole of it.
            _ if document.feature.is_none() => 1..u32::MAX,
            Some(element) => element.clone(),
            None if is_head && next < first => next..u32::MAX,
            None => next..next + 1,
        };
        let indent = comment
            .text
            .chars()
            .take_while(|c| c.is_whitespace())
            .count();
        let location = Location {
            line,
            column: u32::try_from(indent).unwrap_or(u32::MAX - 1) + 1,
        };
        let words = names.split([',', ' ', '\t']).map(str::trim);
        let names: Vec<&str> = words.filter(|name| !name.is_empty()).collect();
        let names = match names.is_empty() {
            true => vec![""],
            false => names,
        };
        all.extend(names.into_iter().map(|name| Ignore {
            location,
            name: name.to_owned(),
            rule: LintRule::named(name),
            lines: range.clone(),
        }));
    }
    all
}

/// The names in a comment for this command.
fn named_in(comment: &str) -> Option<&str> {
    let text = comment.trim().trim_start_matches('#').trim_start();
    let rest = text.strip_prefix("bdd-lint:")?.trim_start();
    let names = rest.strip_prefix("ignore")?;
    (names.is_empty() || names.starts_with(char::is_whitespace)).then_some(names.trim())
}

fn is_language(line: &str) -> bool {
    let text = line.trim_start().trim_start_matches('#').trim_start();
    text.starts_with("language")
}

/// What a comment may be about, in the order of the file: the first line, tags included, and the line after the last.
fn elements(feature: &Feature<'_>) -> Vec<Range<u32>> {
    let start = first_line(&feature.tags, feature.location.line);
    let mut all = Vec::new();
    all.push(start..u32::MAX);
    let starts: Vec<u32> = feature.children.iter().map(start_of).collect();
    for (at, child) in feature.children.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(u32::MAX);
        all.push(starts[at]..end);
        match child {
            FeatureChild::Background(background) => steps(&background.steps, end, &mut all),
            FeatureChild::Scenario(scenario) => in_scenario(scenario, end, &mut all),
            FeatureChild::Rule(rule) => {
                let starts: Vec<u32> = rule.children.iter().map(start_in_rule).collect();
                for (at, child) in rule.children.iter().enumerate() {
                    let end = starts.get(at + 1).copied().unwrap_or(end);
                    all.push(starts[at]..end);
                    match child {
                        RuleChild::Background(background) => {
                            steps(&background.steps, end, &mut all);
                        }
                        RuleChild::Scenario(scenario) => in_scenario(scenario, end, &mut all),
                    }
                }
            }
        }
    }
    all
}

fn in_scenario(scenario: &Scenario<'_>, end: u32, all: &mut Vec<Range<u32>>) {
    let start = |examples: &Examples<'_>| first_line(&examples.tags, examples.location.line);
    let starts: Vec<u32> = scenario.examples.iter().map(start).collect();
    steps(&scenario.steps, starts.first().copied().unwrap_or(end), all);
    for (at, start) in starts.iter().enumerate() {
        all.push(*start..starts.get(at + 1).copied().unwrap_or(end));
    }
}

fn steps(steps: &[Step<'_>], end: u32, all: &mut Vec<Range<u32>>) {
    for (at, step) in steps.iter().enumerate() {
        let next = steps.get(at + 1).map_or(end, |next| next.location.line);
        all.push(step.location.line..next);
    }
}

fn start_of(child: &FeatureChild<'_>) -> u32 {
    match child {
        FeatureChild::Background(background) => background.location.line,
        FeatureChild::Scenario(scenario) => first_line(&scenario.tags, scenario.location.line),
        FeatureChild::Rule(rule) => first_line(&rule.tags, rule.location.line),
    }
}

fn start_in_rule(child: &RuleChild<'_>) -> u32 {
    match child {
        RuleChild::Background(background) => background.location.line,
        RuleChild::Scenario(scenario) => first_line(&scenario.tags, scenario.location.line),
    }
}

fn first_line(tags: &[Tag<'_>], heading: u32) -> u32 {
    tags.first().map_or(heading, |tag| tag.location.line)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::gherkin::{ParseOptions, parse};

    fn of(source: &str) -> Vec<(String, Range<u32>)> {
        let document = parse(source, &ParseOptions::default()).unwrap();
        let all = ignores(source, &document);
        all.into_iter()
            .map(|ignore| (ignore.name, ignore.lines))
            .collect()
    }

    #[test]
    fn a_comment_is_about_what_begins_below_it() {
        let source = "# bdd-lint: ignore a\n\n@t\nFeature: f\n  # bdd-lint: ignore b, c\n  # because\n  @u\n  Scenario: s\n    #bdd-lint:ignore d\n    * x\n      | y |\n    * z\n\n  Scenario: t\n    # bdd-lint: ignore\n";
        assert_eq!(
            of(source),
            [
                ("a".to_owned(), 3..u32::MAX),
                ("b".to_owned(), 7..14),
                ("c".to_owned(), 7..14),
                ("d".to_owned(), 10..12),
                (String::new(), 15..16),
            ]
        );
    }

    #[test]
    fn above_the_language_it_is_about_the_file() {
        let source = "# bdd-lint: ignore a\n# language: en\nFeature: f\n";
        assert_eq!(of(source), [("a".to_owned(), 2..u32::MAX)]);
        let source = "# language: en\n# bdd-lint: ignore a\nFeature: f\n# bdd-lint: ignored b\n# see bdd-lint: ignore c\n";
        assert_eq!(of(source), [("a".to_owned(), 3..u32::MAX)]);
    }

    #[test]
    fn a_line_of_prose_stands_alone() {
        let source = "Feature: f\n\n  prose\n  # bdd-lint: ignore a\n  Gven b\n  more\n";
        assert_eq!(of(source), [("a".to_owned(), 5..6)]);
    }
}
