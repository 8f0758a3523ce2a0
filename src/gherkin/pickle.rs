//! Pickles: scenarios ready to run, with backgrounds merged and outlines expanded.

use std::borrow::Cow;
use std::fmt;

use super::ast::{DocString, Examples, Feature, Rule, Scenario, Step, StepKeywordType};
use super::location::Location;
use super::table::{Table, TableCell, TableRow};

/// A scenario ready to run. Text that no placeholder changed is borrowed from the document.
#[derive(Debug, Clone)]
pub struct Pickle<'d> {
    /// Unique in the file; it counts on from the ids of the document.
    pub id: u32,
    /// Placeholders replaced.
    pub name: Cow<'d, str>,
    /// That of the row for an outline, else that of the scenario.
    pub location: Location,
    /// Steps of the backgrounds, then those of the scenario. Empty if the scenario has none.
    pub steps: Vec<PickleStep<'d>>,
    /// The feature that the scenario belongs to.
    pub feature: &'d Feature<'d>,
    /// The rule that the scenario belongs to.
    pub rule: Option<&'d Rule<'d>>,
    /// The scenario or outline.
    pub scenario: &'d Scenario<'d>,
    /// The examples and the row of them that made this pickle, for an outline.
    pub examples: Option<(&'d Examples<'d>, TableRow<'d>)>,
    /// For a row of behave: the tags of the scenario and the examples with its values, each with its id.
    pub(super) filled_tags: Option<Vec<(u32, String)>>,
}

impl Pickle<'_> {
    /// Tags of the feature, the rule, the scenario and the examples, in this order.
    pub fn tags(&self) -> impl Iterator<Item = PickleTag<'_>> {
        let of_rule = self.rule.map_or(&[][..], |rule| &rule.tags);
        let of_examples = self
            .examples
            .map_or(&[][..], |(examples, _)| &examples.tags);
        let (of_scenario, of_examples) = match &self.filled_tags {
            None => (&self.scenario.tags[..], of_examples),
            Some(_) => (&[][..], &[][..]),
        };
        let literal = [&self.feature.tags, of_rule, of_scenario, of_examples];
        let literal = (literal.into_iter().flatten()).map(|tag| (tag.id, tag.name));
        let filled = self.filled_tags.iter().flatten();
        let filled = filled.map(|(id, name)| (*id, name.as_str()));
        let all = literal.chain(filled);
        all.map(|(ast_node_id, name)| PickleTag { ast_node_id, name })
    }

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
        let before = (examples.table_body()).take_while(|before| before.location != row.location);
        let (block, row) = (block.count() + 1, before.count() + 1);
        Cow::Owned(format!("{} -- @{block}.{row} {}", self.name, examples.name))
    }
}

/// A tag that applies to a pickle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PickleTag<'p> {
    /// Id of the tag in the document.
    pub ast_node_id: u32,
    /// With the `@`, and placeholders of behave replaced.
    pub name: &'p str,
}

/// A step ready to run. Almost all steps say what the document says: only what placeholders changed is their own.
#[derive(Debug, Clone)]
pub struct PickleStep<'d> {
    /// Unique in the file.
    pub id: u32,
    /// Never `Conjunction`: that takes the type of the step before it.
    pub keyword_type: StepKeywordType,
    /// Whether the step comes from a background.
    pub background: bool,
    /// Placeholders replaced.
    pub text: Cow<'d, str>,
    /// The step in the document: its keyword and location.
    pub step: &'d Step<'d>,
    /// The id of the row whose values the step has, if it is a step of an outline.
    pub row_id: Option<u32>,
    pub(super) filled: Option<Box<FilledArguments<'d>>>,
}

/// The arguments of a step that have the values of a row of examples.
#[derive(Debug, Clone)]
pub(super) struct FilledArguments<'d> {
    /// The cells that have placeholders, in order.
    pub cells: Vec<FilledCell<'d>>,
    pub doc_string: Option<FilledDocString<'d>>,
}

/// The number of a cell, counted through the table row by row, and its text.
pub(super) type FilledCell<'d> = (usize, Cow<'d, str>);

#[derive(Debug, Clone)]
pub(super) struct FilledDocString<'d> {
    pub media_type: Option<Cow<'d, str>>,
    pub content: Cow<'d, str>,
}

impl PickleStep<'_> {
    /// Ids of the step and, for a step of an outline, of the row.
    pub fn ast_node_ids(&self) -> impl Iterator<Item = u32> {
        [Some(self.step.id), self.row_id].into_iter().flatten()
    }

    /// The table below the step.
    pub fn data_table(&self) -> Option<PickleTable<'_>> {
        let table = self.step.data_table.as_deref()?;
        let filled = self.filled.as_ref();
        let filled = filled.map_or(&[][..], |filled| &filled.cells);
        Some(PickleTable { table, filled })
    }

    /// The docstring below the step.
    pub fn doc_string(&self) -> Option<PickleDocString<'_>> {
        let text = self.step.doc_string.as_deref()?;
        let filled = self.filled.as_ref();
        let filled = filled.and_then(|filled| filled.doc_string.as_ref());
        Some(PickleDocString { text, filled })
    }

    /// The places of table and docstring among the arguments, counted from 1, if the step
    /// has both.
    pub fn argument_indexes(&self) -> Option<(u32, u32)> {
        let table = self.step.data_table.as_ref()?;
        let doc_string = self.step.doc_string.as_ref()?;
        let table_first = table.first()?.location < doc_string.location;
        Some(if table_first { (1, 2) } else { (2, 1) })
    }
}

/// The table of a step: that of the document, with the values of a row of examples.
#[derive(Clone, Copy)]
pub struct PickleTable<'p> {
    table: &'p Table<'p>,
    filled: &'p [FilledCell<'p>],
}

/// A row of the table of a step.
#[derive(Clone, Copy)]
pub struct PickleRow<'p> {
    cells: &'p [TableCell<'p>],
    /// The number of the first cell in the table.
    first: usize,
    /// The changed cells of the table.
    filled: &'p [FilledCell<'p>],
}

impl<'p> PickleTable<'p> {
    /// Its rows, from the first.
    pub fn rows(self) -> impl ExactSizeIterator<Item = PickleRow<'p>> {
        let rows = self.table.rows().enumerate();
        rows.map(move |(at, row)| PickleRow {
            cells: row.cells,
            // All rows have the same number of cells.
            first: at * row.cells.len(),
            filled: self.filled,
        })
    }
}

impl<'p> PickleRow<'p> {
    /// Its cells, from left to right.
    pub fn cells(self) -> impl ExactSizeIterator<Item = &'p str> {
        let cells = self.cells.iter().enumerate();
        cells.map(move |(at, cell)| {
            let number = self.first + at;
            match (self.filled).binary_search_by_key(&number, |(number, _)| *number) {
                Ok(changed) => &*self.filled[changed].1,
                Err(_) => &*cell.value,
            }
        })
    }
}

/// The docstring of a step: that of the document, or with the values of a row of examples.
#[derive(Clone, Copy)]
pub struct PickleDocString<'p> {
    text: &'p DocString<'p>,
    filled: Option<&'p FilledDocString<'p>>,
}

impl<'p> PickleDocString<'p> {
    /// What stands after the opening delimiter.
    pub fn media_type(self) -> Option<&'p str> {
        match self.filled {
            None => self.text.media_type,
            Some(filled) => filled.media_type.as_deref(),
        }
    }

    /// The text.
    pub fn content(self) -> &'p str {
        match self.filled {
            None => &self.text.content,
            Some(filled) => &filled.content,
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
