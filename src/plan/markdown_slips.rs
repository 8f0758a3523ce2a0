//! Lines of Markdown that were meant as steps, headings, tags or arguments, and are read as prose.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::overlooked::column_of;
use super::warnings::{FeatureWarning, Warnings};
use crate::gherkin::{
    Dialect, Feature, FeatureChild, HeadingSlips, Location, Next, RuleChild, Scenario, Step,
    StepSlips, is_step_in,
};
use crate::rule::LintRule;

/// What the parser made of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ParsedLine {
    /// A heading above steps.
    StepsHeading,
    /// A heading of examples.
    ExamplesHeading,
    /// Any other heading.
    Heading,
    Step,
    /// A row of a table, or the line that opens a docstring.
    Argument,
}

/// A warning for each such line.
pub(super) fn markdown_slips(
    uri: &Arc<str>,
    source: &str,
    feature: &Feature<'_>,
) -> Vec<FeatureWarning> {
    let dialect = Dialect::find(feature.language).unwrap_or_else(Dialect::english);
    let known = known_lines(feature);
    let lines = prose_and_known(source, &known);
    let search = MarkdownSearch {
        dialect,
        steps: StepSlips::of(dialect),
        headings: HeadingSlips::of(dialect),
    };
    let mut warnings = Warnings::new(uri);
    let mut place = ProsePlace {
        among_steps: false,
        before: None,
    };
    for (at, line) in lines.iter().enumerate() {
        if let Some(known) = line.known {
            place.among_steps = !matches!(known, ParsedLine::Heading | ParsedLine::ExamplesHeading);
            place.before = Some(known);
            continue;
        }
        if let Some(advice) = search.advice(line, place, lines.get(at + 1)) {
            let location = Location {
                line: line.number,
                column: line.column,
            };
            warnings.add(
                LintRule::IgnoredText,
                location,
                format!("`{}` is read as prose: {advice}", line.text),
            );
        } else if line.text.starts_with('#') {
            place.among_steps = false;
            place.before = None;
        } else if !line.text.starts_with('|') {
            place.before = None;
        }
    }
    warnings.into_list()
}

/// A line outside of fences that is not blank.
struct MarkdownLine<'s> {
    number: u32,
    text: &'s str,
    column: u32,
    known: Option<ParsedLine>,
}

/// Where a line of prose stands.
#[derive(Debug, Clone, Copy)]
struct ProsePlace {
    /// Whether the last heading was one of a scenario or background.
    among_steps: bool,
    /// What stands right above, blank lines and what is reported aside; none for other prose.
    before: Option<ParsedLine>,
}

fn prose_and_known<'s>(
    source: &'s str,
    known: &BTreeMap<u32, ParsedLine>,
) -> Vec<MarkdownLine<'s>> {
    let mut lines = Vec::new();
    let mut fence = 0;
    for (number, line) in (1..).zip(source.lines()) {
        let text = line.trim();
        let backticks = text.len() - text.trim_start_matches('`').len();
        let known = known.get(&number).copied();
        if fence > 0 || backticks >= 3 {
            if fence == 0 {
                fence = backticks;
                if known.is_none() {
                    continue;
                }
            } else {
                if backticks == fence && text.len() == fence {
                    fence = 0;
                }
                continue;
            }
        }
        if !text.is_empty() {
            lines.push(MarkdownLine {
                number,
                text,
                column: column_of(line),
                known,
            });
        }
    }
    lines
}

struct MarkdownSearch {
    dialect: &'static Dialect,
    steps: &'static StepSlips,
    headings: &'static HeadingSlips,
}

impl MarkdownSearch {
    /// What to write instead of a line of prose, if it was probably not meant as prose.
    fn advice(
        &self,
        line: &MarkdownLine<'_>,
        place: ProsePlace,
        next: Option<&MarkdownLine<'_>>,
    ) -> Option<String> {
        let text = line.text;
        if let Some(heading) = heading_text(text) {
            return self.heading(text, heading, next);
        }
        if let Some(heading) = self.unmarked_heading(text, next) {
            return Some(format!("a heading begins with `#`: `## {heading}`"));
        }
        let above_heading = next.is_some_and(|next| next.text.starts_with('#'));
        if above_heading && text.split_whitespace().all(is_tag) {
            return Some(format!("tags stand in backticks: {}", in_backticks(text)));
        }
        let below_step = place.before == Some(ParsedLine::Step);
        if text.starts_with('|') && text.ends_with('|') && text.len() > 1 {
            let below = below_step || place.before == Some(ParsedLine::ExamplesHeading);
            let wrong = !(3..=6).contains(&line.column);
            return (below && wrong)
                .then(|| "the rows of a table are indented by two to five spaces".to_owned());
        }
        if below_step && (text.starts_with("\"\"\"") || text.starts_with("~~~")) {
            return Some("a docstring stands between lines of three backticks".to_owned());
        }
        let among_steps = place.among_steps
            && (place.before.is_some()
                || next.is_some_and(|next| next.known == Some(ParsedLine::Step)));
        among_steps.then(|| self.step(text))?
    }

    /// A heading whose keyword is not quite right.
    fn heading(
        &self,
        line: &str,
        heading: &str,
        next: Option<&MarkdownLine<'_>>,
    ) -> Option<String> {
        let next = next.map_or(Next::Other, |next| match next.known {
            Some(ParsedLine::Step) => Next::Steps,
            Some(ParsedLine::Argument) => Next::Other,
            Some(_) => Next::Heading(next.number, 1),
            // Below a heading that is none, steps are prose.
            None => (next.text.strip_prefix(['*', '-', '+']))
                .map_or(Next::Other, |item| Next::Text(item.trim_start())),
        });
        let marks = &line[..line.len() - line.trim_start_matches('#').len()];
        if !line[marks.len()..].starts_with(char::is_whitespace) {
            return self
                .is_title(heading)
                .then(|| format!("a space follows `{marks}`: `{marks} {heading}`"));
        }
        let slip = self.headings.find(heading, next, true)?;
        (!slip.rule_without_colon).then_some(slip.advice)
    }

    /// The text of a heading that is bold, underlined, or has no marks or too many, right above a step.
    fn unmarked_heading<'t>(
        &self,
        text: &'t str,
        next: Option<&MarkdownLine<'_>>,
    ) -> Option<&'t str> {
        let title = text.trim_matches(['*', '_', '#']).trim();
        let is_step = |next: &MarkdownLine<'_>| {
            let item = next.text.strip_prefix(BULLETS).map(str::trim_start);
            let underline = next.text.len() > 2 && next.text.trim_matches(['-', '=']).is_empty();
            underline || item.is_some_and(|item| is_step_in(self.dialect, item))
        };
        (self.is_title(title) && next.is_some_and(is_step)).then_some(title)
    }

    /// Whether a text begins with the keyword of a heading and a colon.
    fn is_title(&self, text: &str) -> bool {
        let mut lists = self.dialect.title_keywords().into_iter();
        lists.any(|(_, list)| {
            list.iter().any(|keyword| {
                let rest = text.strip_prefix(keyword);
                rest.is_some_and(|rest| rest.starts_with(':'))
            })
        })
    }

    /// The step in an item that is quoted or a task.
    fn marked_step<'t>(&self, item: &'t str, is_quoted: bool) -> Option<&'t str> {
        let tasks = ["[ ] ", "[x] ", "[X] "];
        let step = item.trim_start();
        let task = tasks.iter().find_map(|task| step.strip_prefix(task));
        let step = task.or(is_quoted.then_some(step))?;
        is_step_in(self.dialect, step).then_some(step)
    }

    /// A line beside steps that is not quite one.
    fn step(&self, text: &str) -> Option<String> {
        let quoted = text.trim_start_matches(['>', ' ']);
        if let Some(item) = quoted.strip_prefix(BULLETS) {
            if let Some(step) = self.marked_step(item, quoted.len() < text.len()) {
                return Some(format!(
                    "nothing but a bullet and a space stands before a step: `* {step}`"
                ));
            }
            return Some(self.steps.find(item.trim_start())?.advice);
        }
        let digits = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
        let numbered = (digits.len() < text.len())
            .then(|| digits.strip_prefix(['.', ')']))
            .flatten();
        let step = numbered.map_or(text, str::trim_start);
        let is_step = is_step_in(self.dialect, step) && !text.ends_with(['.', ',', ';', ':']);
        is_step.then(|| format!("a step is an item of a list: `* {step}`"))
    }
}

/// What an item of a list begins with.
const BULLETS: [char; 3] = ['*', '-', '+'];

/// The text of a heading, with or without a space after its marks.
fn heading_text(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches('#');
    let marks = text.len() - rest.len();
    (1..=6).contains(&marks).then(|| rest.trim_start())
}

fn is_tag(word: &str) -> bool {
    word.strip_prefix('@').is_some_and(|name| !name.is_empty())
}

fn in_backticks(text: &str) -> String {
    let tags = text.split_whitespace().map(|tag| format!("`{tag}`"));
    tags.collect::<Vec<_>>().join(" ")
}

/// The lines that have a meaning.
fn known_lines(feature: &Feature<'_>) -> BTreeMap<u32, ParsedLine> {
    let mut known = BTreeMap::new();
    known.insert(feature.location.line, ParsedLine::Heading);
    for child in &feature.children {
        match child {
            FeatureChild::Background(background) => {
                known.insert(background.location.line, ParsedLine::StepsHeading);
                steps(&mut known, &background.steps);
            }
            FeatureChild::Scenario(child) => scenario(&mut known, child),
            FeatureChild::Rule(rule) => {
                known.insert(rule.location.line, ParsedLine::Heading);
                for child in &rule.children {
                    match child {
                        RuleChild::Background(background) => {
                            known.insert(background.location.line, ParsedLine::StepsHeading);
                            steps(&mut known, &background.steps);
                        }
                        RuleChild::Scenario(child) => scenario(&mut known, child),
                    }
                }
            }
        }
    }
    known
}

fn scenario(known: &mut BTreeMap<u32, ParsedLine>, scenario: &Scenario<'_>) {
    known.insert(scenario.location.line, ParsedLine::StepsHeading);
    steps(known, &scenario.steps);
    for examples in &scenario.examples {
        known.insert(examples.location.line, ParsedLine::ExamplesHeading);
        let rows = examples.table.rows();
        known.extend(rows.map(|row| (row.location.line, ParsedLine::Argument)));
    }
}

fn steps(known: &mut BTreeMap<u32, ParsedLine>, steps: &[Step<'_>]) {
    for step in steps {
        known.insert(step.location.line, ParsedLine::Step);
        let tables = step.data_table.iter();
        let rows = tables.flat_map(|table| table.rows());
        known.extend(rows.map(|row| (row.location.line, ParsedLine::Argument)));
        if let Some(text) = &step.doc_string {
            known.insert(text.location.line, ParsedLine::Argument);
        }
    }
}
