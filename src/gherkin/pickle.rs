//! Pickles: scenarios ready to run, with backgrounds merged and outlines expanded.

use std::borrow::Cow;
use std::fmt;

use super::ast::{
    DataTable, DocString, Examples, Location, Rule, Scenario, Step, StepKeywordType, TableCell,
    TableRow,
};

/// A scenario ready to run. Text that no placeholder changed is borrowed from the document.
#[derive(Debug, Clone)]
pub struct Pickle<'d> {
    /// Unique in the file; it counts on from the ids of the document.
    pub id: u32,
    /// Placeholders replaced.
    pub name: Cow<'d, str>,
    /// Code of the dialect.
    pub language: &'static str,
    /// That of the row for an outline, else that of the scenario.
    pub location: Location,
    /// Steps of the backgrounds, then those of the scenario. Empty if the scenario has none.
    pub steps: Vec<PickleStep<'d>>,
    /// Tags of the feature, the rule, the scenario and the examples, in this order.
    pub tags: Vec<PickleTag<'d>>,
    /// The rule that the scenario belongs to.
    pub rule: Option<&'d Rule<'d>>,
    /// The scenario or outline.
    pub scenario: &'d Scenario<'d>,
    /// The examples and the row of them that made this pickle, for an outline.
    pub examples: Option<(&'d Examples<'d>, &'d TableRow<'d>)>,
}

impl Pickle<'_> {
    /// Ids of the scenario and, for an outline, of the row.
    pub fn ast_node_ids(&self) -> impl Iterator<Item = u32> {
        let row = self.examples.map(|(_, row)| row.id);
        [Some(self.scenario.id), row].into_iter().flatten()
    }

    /// The name that behave gives it: that of a row has its numbers and the name of its examples.
    pub fn behave_name(&self) -> Cow<'_, str> {
        let Some((examples, row)) = self.examples else {
            return Cow::Borrowed(&self.name);
        };
        let blocks = self.scenario.examples.iter();
        let block = blocks.take_while(|block| block.location != examples.location);
        let rows = examples.table_body.iter();
        let before = rows.take_while(|before| before.location != row.location);
        let (block, row) = (block.count() + 1, before.count() + 1);
        Cow::Owned(format!("{} -- @{block}.{row} {}", self.name, examples.name))
    }
}

/// A tag that applies to a pickle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickleTag<'d> {
    /// Id of the tag in the document.
    pub ast_node_id: u32,
    /// With the `@`, and placeholders of behave replaced.
    pub name: Cow<'d, str>,
}

/// A step ready to run.
#[derive(Debug, Clone)]
pub struct PickleStep<'d> {
    /// Unique in the file.
    pub id: u32,
    /// Placeholders replaced.
    pub text: Cow<'d, str>,
    /// Never `Conjunction`: that takes the type of the step before it.
    pub keyword_type: StepKeywordType,
    /// The table below the step.
    pub data_table: Option<PickleTable<'d>>,
    /// The docstring below the step.
    pub doc_string: Option<PickleDocString<'d>>,
    /// Whether the step comes from a background.
    pub background: bool,
    /// The step in the document: its keyword and location.
    pub step: &'d Step<'d>,
    /// The row whose values the step has, if it is a step of an outline.
    pub row: Option<&'d TableRow<'d>>,
}

impl PickleStep<'_> {
    /// Ids of the step and, for a step of an outline, of the row.
    pub fn ast_node_ids(&self) -> impl Iterator<Item = u32> {
        [Some(self.step.id), self.row.map(|row| row.id)]
            .into_iter()
            .flatten()
    }

    /// The places of table and docstring among the arguments, counted from 1, if the step
    /// has both.
    pub fn argument_indexes(&self) -> Option<(u32, u32)> {
        let table = self.step.data_table.as_ref()?;
        let doc_string = self.step.doc_string.as_ref()?;
        let table_first = table.location < doc_string.location;
        Some(if table_first { (1, 2) } else { (2, 1) })
    }
}

/// The table of a step. Most tables have no placeholders: they are not copied.
#[derive(Clone)]
pub enum PickleTable<'d> {
    /// As it stands in the document.
    Literal(&'d DataTable<'d>),
    /// With the values of a row of examples: cells, row by row.
    Filled(Vec<Vec<Cow<'d, str>>>),
}

/// A row of the table of a step.
#[derive(Clone, Copy)]
pub enum PickleRow<'p> {
    /// As it stands in the document.
    Literal(&'p [TableCell<'p>]),
    /// With the values of a row of examples.
    Filled(&'p [Cow<'p, str>]),
}

impl PickleTable<'_> {
    /// Its rows, from the first.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = PickleRow<'_>> {
        let count = match self {
            Self::Literal(table) => table.rows.len(),
            Self::Filled(rows) => rows.len(),
        };
        (0..count).map(|at| match self {
            Self::Literal(table) => PickleRow::Literal(&table.rows[at].cells),
            Self::Filled(rows) => PickleRow::Filled(&rows[at]),
        })
    }
}

impl<'p> PickleRow<'p> {
    /// Its cells, from left to right.
    pub fn cells(self) -> impl ExactSizeIterator<Item = &'p str> {
        let count = match self {
            Self::Literal(cells) => cells.len(),
            Self::Filled(cells) => cells.len(),
        };
        (0..count).map(move |at| match self {
            Self::Literal(cells) => &*cells[at].value,
            Self::Filled(cells) => &*cells[at],
        })
    }
}

/// The docstring of a step.
#[derive(Clone)]
pub enum PickleDocString<'d> {
    /// As it stands in the document.
    Literal(&'d DocString<'d>),
    /// With the values of a row of examples.
    Filled(Box<FilledDocString<'d>>),
}

/// The docstring of a step of an outline.
#[derive(Debug, Clone)]
pub struct FilledDocString<'d> {
    pub(super) media_type: Option<Cow<'d, str>>,
    pub(super) content: Cow<'d, str>,
}

impl PickleDocString<'_> {
    /// What stands after the opening delimiter.
    pub fn media_type(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => text.media_type,
            Self::Filled(text) => text.media_type.as_deref(),
        }
    }

    /// The text.
    pub fn content(&self) -> &str {
        match self {
            Self::Literal(text) => &text.content,
            Self::Filled(text) => &text.content,
        }
    }
}

/// The cells, wherever they come from: tables that say the same look the same.
impl fmt::Debug for PickleTable<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.rows()).finish()
    }
}

impl fmt::Debug for PickleRow<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.cells()).finish()
    }
}

/// The text, wherever it comes from.
impl fmt::Debug for PickleDocString<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = formatter.debug_struct("PickleDocString");
        text.field("media_type", &self.media_type());
        text.field("content", &self.content()).finish()
    }
}
