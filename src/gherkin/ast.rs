//! The document that a feature file is: Gherkin's abstract syntax tree.
//!
//! Names are those of Cucumber Messages. Text is borrowed from the source wherever the
//! source has it in one piece; escapes and removed indents make it owned.

use std::borrow::Cow;

use super::flavor::Flavor;
use super::location::Location;
use super::table::{Table, TableRow};

/// A parsed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GherkinDocument<'s> {
    /// Absent in a file without any Gherkin.
    pub feature: Option<Feature<'s>>,
    /// All comments of the file, in order.
    pub comments: Vec<Comment<'s>>,
    /// The first id that the nodes of this document have not used; pickles count on from it.
    pub next_id: u32,
    /// Whose Gherkin it is, by which its pickles are made.
    pub flavor: Flavor,
}

/// A line that starts with `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment<'s> {
    /// Where the line begins: the text has its indent.
    pub location: Location,
    /// The whole line.
    pub text: &'s str,
}

/// A tag, such as `@slow`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag<'s> {
    /// Unique in the document.
    pub id: u32,
    /// Where its `@` is.
    pub location: Location,
    /// With the `@`.
    pub name: &'s str,
}

/// What a file is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature<'s> {
    /// Where the keyword begins.
    pub location: Location,
    /// Its own tags.
    pub tags: Vec<Tag<'s>>,
    /// Code of the dialect.
    pub language: &'static str,
    /// Absent when the first line of a Markdown file stands in for the heading.
    pub keyword: Option<&'s str>,
    /// Text after the keyword.
    pub name: &'s str,
    /// Text below, empty if there is none.
    pub description: Cow<'s, str>,
    /// At most one background, then scenarios, then rules.
    pub children: Vec<FeatureChild<'s>>,
}

/// A part of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeatureChild<'s> {
    /// Steps before every scenario.
    Background(Background<'s>),
    /// A scenario or outline.
    Scenario(Scenario<'s>),
    /// A group of scenarios.
    Rule(Rule<'s>),
}

/// A group of scenarios that illustrate one business rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule<'s> {
    /// Unique in the document.
    pub id: u32,
    /// Where the keyword begins.
    pub location: Location,
    /// Its own tags.
    pub tags: Vec<Tag<'s>>,
    /// As written.
    pub keyword: &'s str,
    /// Text after the keyword.
    pub name: &'s str,
    /// Text below, empty if there is none.
    pub description: Cow<'s, str>,
    /// At most one background, then scenarios.
    pub children: Vec<RuleChild<'s>>,
}

/// A part of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleChild<'s> {
    /// Steps before every scenario of the rule.
    Background(Background<'s>),
    /// A scenario or outline.
    Scenario(Scenario<'s>),
}

/// Steps that run before the steps of every scenario beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Background<'s> {
    /// Unique in the document.
    pub id: u32,
    /// Where the keyword begins.
    pub location: Location,
    /// As written.
    pub keyword: &'s str,
    /// Text after the keyword.
    pub name: &'s str,
    /// Text below, empty if there is none.
    pub description: Cow<'s, str>,
    /// In order.
    pub steps: Vec<Step<'s>>,
}

/// A scenario, or an outline of scenarios if it has examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario<'s> {
    /// Unique in the document.
    pub id: u32,
    /// Where the keyword begins.
    pub location: Location,
    /// Its own tags.
    pub tags: Vec<Tag<'s>>,
    /// As written.
    pub keyword: &'s str,
    /// Text after the keyword.
    pub name: &'s str,
    /// Text below, empty if there is none.
    pub description: Cow<'s, str>,
    /// In order.
    pub steps: Vec<Step<'s>>,
    /// Tables of values for the placeholders of an outline.
    pub examples: Vec<Examples<'s>>,
}

/// A table of values; each row below the header makes a scenario of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examples<'s> {
    /// Unique in the document.
    pub id: u32,
    /// Where the keyword begins.
    pub location: Location,
    /// Its own tags.
    pub tags: Vec<Tag<'s>>,
    /// As written.
    pub keyword: &'s str,
    /// Text after the keyword.
    pub name: &'s str,
    /// Text below, empty if there is none.
    pub description: Cow<'s, str>,
    /// The header with the names of the placeholders, and the rows with their values. It may be empty.
    pub table: Table<'s>,
}

impl Examples<'_> {
    /// The names of the placeholders; absent without a table.
    pub fn table_header(&self) -> Option<TableRow<'_>> {
        self.table.first()
    }

    /// The values, each row as long as the header.
    pub fn table_body(&self) -> impl ExactSizeIterator<Item = TableRow<'_>> {
        self.table.rows().skip(1)
    }
}

/// What a step keyword says about its step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepKeywordType {
    /// The keyword says nothing, as `*`, or stands for several types.
    Unknown,
    /// `Given`
    Context,
    /// `When`
    Action,
    /// `Then`
    Outcome,
    /// `And`, `But`: as the step before. No step of a pickle has this type.
    Conjunction,
}

impl StepKeywordType {
    /// The name in Cucumber Messages.
    pub fn as_str(self) -> &'static str {
        match self {
            StepKeywordType::Unknown => "Unknown",
            StepKeywordType::Context => "Context",
            StepKeywordType::Action => "Action",
            StepKeywordType::Outcome => "Outcome",
            StepKeywordType::Conjunction => "Conjunction",
        }
    }
}

/// One line of a scenario, with its arguments. A step may have both kinds of argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'s> {
    /// Unique in the document.
    pub id: u32,
    /// Where the keyword begins.
    pub location: Location,
    /// As written, with the space after it if the language has spaces.
    pub keyword: &'s str,
    /// What the keyword says.
    pub keyword_type: StepKeywordType,
    /// Text after the keyword.
    pub text: &'s str,
    /// The table below the step.
    pub data_table: Option<Box<Table<'s>>>,
    /// The docstring below the step.
    pub doc_string: Option<Box<DocString<'s>>>,
}

/// Text of several lines below a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocString<'s> {
    /// Where the opening delimiter is.
    pub location: Location,
    /// What stands after the opening delimiter.
    pub media_type: Option<&'s str>,
    /// The lines between the delimiters, without their indent.
    pub content: Cow<'s, str>,
    /// The delimiter: three quotes or backticks (Markdown: also four backticks).
    pub delimiter: &'s str,
}
