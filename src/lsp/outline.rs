//! What an editor needs to know of a feature file: its blocks, steps, tags and parts to fold. It outlives the text.

use std::ops::Range;
use std::sync::Arc;

use super::text::DocumentText;
use crate::gherkin::{
    Background, DocString, Examples, Feature, FeatureChild, GherkinDocument, Location, Rule,
    RuleChild, Scenario, Step, Table, Tag,
};

/// The parts of a file, in its order.
#[derive(Debug, Clone, Default)]
pub struct DocumentOutline {
    /// The feature with what it holds, if there is one.
    pub feature: Option<OutlineBlock>,
    /// All steps as they are written.
    pub steps: Vec<WrittenStep>,
    /// All tags, each with its bytes.
    pub tags: Vec<(Arc<str>, Range<usize>)>,
    /// Lines of tables, docstrings and comments, the first and the last.
    pub folds: Vec<(u32, u32, FoldKind)>,
}

/// What a part to fold is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    /// A block, a table or a docstring.
    Part,
    /// Comments below each other.
    Comment,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlineKind {
    /// A feature.
    Feature,
    /// A rule.
    Rule,
    /// A background.
    Background,
    /// A scenario or outline.
    Scenario,
    /// A block of examples.
    Examples,
}

/// A heading with all that is below it.
#[derive(Debug, Clone)]
pub struct OutlineBlock {
    /// What it is.
    pub kind: OutlineKind,
    /// The keyword as it is written.
    pub keyword: String,
    /// The title; it may be empty.
    pub name: String,
    /// The line of the heading.
    pub heading: u32,
    /// The first line: that of the heading, or of its tags.
    pub first: u32,
    /// The last line that has text.
    pub last: u32,
    /// The blocks inside.
    pub children: Vec<OutlineBlock>,
}

/// A step as it is written: placeholders of outlines are not filled.
#[derive(Debug, Clone)]
pub struct WrittenStep {
    /// Where the keyword is.
    pub location: Location,
    /// The text.
    pub text: Arc<str>,
    /// The bytes of the text in the document.
    pub bytes: Range<usize>,
}

impl DocumentOutline {
    /// The parts of a document that was parsed from this text.
    pub fn of(document: &GherkinDocument<'_>, text: &DocumentText) -> Self {
        let mut builder = OutlineBuilder {
            text,
            outline: Self::default(),
        };
        if let Some(feature) = &document.feature {
            let last = builder.last_line(text.gherkin_line_count());
            let block = builder.feature(feature, last);
            builder.outline.feature = Some(block);
        }
        let comments = document.comments.iter();
        builder.comments(comments.map(|comment| comment.location.line));
        builder.outline
    }

    /// What can be seen in a text that does not parse: the lines that begin with tags. A text does not parse while
    /// somebody writes it, and its tags are still wanted.
    pub fn of_unparsed(text: &DocumentText) -> Self {
        let mut outline = Self::default();
        for line in 1..=text.gherkin_line_count() {
            let bytes = text.gherkin_line(line);
            let content = &text.as_str()[bytes.clone()];
            if !content.trim_start().starts_with('@') {
                continue;
            }
            for word in content
                .split_whitespace()
                .take_while(|word| word.starts_with('@'))
            {
                // The words are parts of the line, in its order.
                let start = bytes.start + word.as_ptr() as usize - content.as_ptr() as usize;
                if word.len() > 1 {
                    outline
                        .tags
                        .push((Arc::from(word), start..start + word.len()));
                }
            }
        }
        outline
    }

    /// The step in a line.
    pub fn step_at(&self, line: u32) -> Option<&WrittenStep> {
        let at = (self.steps).binary_search_by_key(&line, |step| step.location.line);
        Some(&self.steps[at.ok()?])
    }
}

struct OutlineBuilder<'t> {
    text: &'t DocumentText,
    outline: DocumentOutline,
}

impl OutlineBuilder<'_> {
    fn feature(&mut self, feature: &Feature<'_>, last: u32) -> OutlineBlock {
        self.tags(&feature.tags);
        let starts: Vec<u32> = feature.children.iter().map(first_of_child).collect();
        let mut children = Vec::new();
        for (at, child) in feature.children.iter().enumerate() {
            let last = self.last_before(starts.get(at + 1), last);
            children.push(match child {
                FeatureChild::Background(background) => self.background(background, last),
                FeatureChild::Scenario(scenario) => self.scenario(scenario, last),
                FeatureChild::Rule(rule) => self.rule(rule, last),
            });
        }
        let keyword = feature.keyword.unwrap_or_default();
        let heading = (OutlineKind::Feature, keyword, feature.name);
        let first = first_line(&feature.tags, feature.location);
        self.block(heading, feature.location, first, last, children)
    }

    fn rule(&mut self, rule: &Rule<'_>, last: u32) -> OutlineBlock {
        self.tags(&rule.tags);
        let start = |child: &RuleChild<'_>| match child {
            RuleChild::Background(background) => background.location.line,
            RuleChild::Scenario(scenario) => first_line(&scenario.tags, scenario.location),
        };
        let starts: Vec<u32> = rule.children.iter().map(start).collect();
        let mut children = Vec::new();
        for (at, child) in rule.children.iter().enumerate() {
            let last = self.last_before(starts.get(at + 1), last);
            children.push(match child {
                RuleChild::Background(background) => self.background(background, last),
                RuleChild::Scenario(scenario) => self.scenario(scenario, last),
            });
        }
        let heading = (OutlineKind::Rule, rule.keyword, rule.name);
        let first = first_line(&rule.tags, rule.location);
        self.block(heading, rule.location, first, last, children)
    }

    fn background(&mut self, background: &Background<'_>, last: u32) -> OutlineBlock {
        self.steps(&background.steps);
        let (keyword, name) = (background.keyword, background.name);
        let heading = (OutlineKind::Background, keyword, name);
        let place = background.location;
        self.block(heading, place, place.line, last, Vec::new())
    }

    fn scenario(&mut self, scenario: &Scenario<'_>, last: u32) -> OutlineBlock {
        self.tags(&scenario.tags);
        self.steps(&scenario.steps);
        let start = |examples: &Examples<'_>| first_line(&examples.tags, examples.location);
        let starts: Vec<u32> = scenario.examples.iter().map(start).collect();
        let mut children = Vec::new();
        for (at, examples) in scenario.examples.iter().enumerate() {
            self.tags(&examples.tags);
            let last = self.last_before(starts.get(at + 1), last);
            let heading = (OutlineKind::Examples, examples.keyword, examples.name);
            let block = self.block(heading, examples.location, starts[at], last, Vec::new());
            children.push(block);
        }
        let heading = (OutlineKind::Scenario, scenario.keyword, scenario.name);
        let first = first_line(&scenario.tags, scenario.location);
        self.block(heading, scenario.location, first, last, children)
    }

    fn block(
        &mut self,
        (kind, keyword, name): (OutlineKind, &str, &str),
        heading: Location,
        first: u32,
        last: u32,
        children: Vec<OutlineBlock>,
    ) -> OutlineBlock {
        let last = last.max(heading.line);
        self.fold(heading.line, last, FoldKind::Part);
        OutlineBlock {
            kind,
            keyword: keyword.to_owned(),
            name: name.to_owned(),
            heading: heading.line,
            first,
            last,
            children,
        }
    }

    fn tags(&mut self, tags: &[Tag<'_>]) {
        for tag in tags {
            let bytes = self.text.bytes_from(tag.location, tag.name.chars().count());
            self.outline.tags.push((Arc::from(tag.name), bytes));
        }
    }

    fn steps(&mut self, steps: &[Step<'_>]) {
        for step in steps {
            let start = self.text.offset_of(step.location);
            let line = self.text.gherkin_line(step.location.line);
            let after = (start + step.keyword.len()).min(line.end);
            // Only space stands between the keyword and the text.
            let rest = &self.text.as_str()[after..line.end];
            let begin = after + rest.find(step.text).unwrap_or(0);
            self.outline.steps.push(WrittenStep {
                location: step.location,
                text: Arc::from(step.text),
                bytes: begin..begin + step.text.len(),
            });
            if let Some(table) = &step.data_table {
                self.table(table);
            }
            if let Some(text) = &step.doc_string {
                self.doc_string(text);
            }
        }
    }

    fn table(&mut self, table: &Table<'_>) {
        let mut rows = table.rows();
        if let (Some(first), Some(last)) = (table.first(), rows.next_back()) {
            self.fold(first.location.line, last.location.line, FoldKind::Part);
        }
    }

    fn doc_string(&mut self, doc_string: &DocString<'_>) {
        let first = doc_string.location.line;
        let closes = |line: &u32| {
            let text = &self.text.as_str()[self.text.gherkin_line(*line)];
            text.trim_start().starts_with(doc_string.delimiter)
        };
        if let Some(last) = (first + 1..=self.text.gherkin_line_count()).find(closes) {
            self.fold(first, last, FoldKind::Part);
        }
    }

    fn comments(&mut self, lines: impl Iterator<Item = u32>) {
        let mut open: Option<(u32, u32)> = None;
        for line in lines {
            open = match open {
                Some((first, last)) if line == last + 1 => Some((first, line)),
                other => {
                    if let Some((first, last)) = other {
                        self.fold(first, last, FoldKind::Comment);
                    }
                    Some((line, line))
                }
            };
        }
        if let Some((first, last)) = open {
            self.fold(first, last, FoldKind::Comment);
        }
    }

    fn fold(&mut self, first: u32, last: u32, kind: FoldKind) {
        if last > first {
            self.outline.folds.push((first, last, kind));
        }
    }

    /// The last line with text before the beginning of what follows, or up to the end of what is around.
    fn last_before(&self, next: Option<&u32>, end: u32) -> u32 {
        next.map_or(end, |next| self.last_line(next.saturating_sub(1)))
    }

    /// The last line with text up to this one.
    fn last_line(&self, line: u32) -> u32 {
        let is_blank = |line: u32| {
            let bytes = self.text.gherkin_line(line);
            self.text.as_str()[bytes].trim().is_empty()
        };
        let mut line = line;
        while line > 1 && is_blank(line) {
            line -= 1;
        }
        line
    }
}

fn first_line(tags: &[Tag<'_>], heading: Location) -> u32 {
    tags.first().map_or(heading.line, |tag| tag.location.line)
}

fn first_of_child(child: &FeatureChild<'_>) -> u32 {
    match child {
        FeatureChild::Background(background) => background.location.line,
        FeatureChild::Scenario(scenario) => first_line(&scenario.tags, scenario.location),
        FeatureChild::Rule(rule) => first_line(&rule.tags, rule.location),
    }
}
