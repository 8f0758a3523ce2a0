//! Guesses what a cell means when its type is not known.
//!
//! serde reads the fields of `#[serde(flatten)]` and of untagged enums before it knows their types, so the
//! type must be guessed from the cell. At first a cell is taken as a text, and an empty cell as nothing. If
//! that fails, the row is read again with the other meaning of the cell: what its text looks like, such as a
//! number.

use std::cell::RefCell;

use serde_core::de::{Unexpected, Visitor};

use super::fields::{Fields, RowError};

/// The limit of repeated reads of a row. In the worst case one row needs a read for each column.
const TRIES: usize = 256;

/// What a cell may be.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Meaning<'t> {
    Nothing,
    Text(&'t str),
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

impl<'t> Meaning<'t> {
    fn first(text: &'t str) -> Self {
        if text.is_empty() {
            Self::Nothing
        } else {
            Self::Text(text)
        }
    }

    fn other(text: &'t str) -> Self {
        if let Ok(value) = text.parse() {
            Self::Bool(value)
        } else if let Ok(value) = text.parse() {
            Self::Unsigned(value)
        } else if let Ok(value) = text.parse() {
            Self::Signed(value)
        } else if let Ok(value) = text.parse() {
            Self::Float(value)
        } else {
            Self::Text(text)
        }
    }

    /// How serde names it in an error.
    fn name(self) -> String {
        match self {
            Self::Nothing => Unexpected::Option,
            Self::Text(text) => Unexpected::Str(text),
            Self::Bool(value) => Unexpected::Bool(value),
            Self::Unsigned(value) => Unexpected::Unsigned(value),
            Self::Signed(value) => Unexpected::Signed(value),
            Self::Float(value) => Unexpected::Float(value),
        }
        .to_string()
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Guess {
    /// Whether cells of the column have their other meaning: empty ones, and those with text.
    other: [bool; 2],
    /// Whether the column was read without a type, in this try.
    asked: bool,
    /// How often the guess changed for this row: there, and back again.
    changes: u8,
}

/// The guesses for the columns of a table. They stay from row to row.
pub(super) struct Guesses {
    columns: RefCell<Vec<Guess>>,
}

impl Guesses {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            columns: RefCell::new(vec![Guess::default(); columns]),
        }
    }

    /// Shows a cell to a visitor that takes anything.
    pub(super) fn visit<'de, V: Visitor<'de>>(
        &self,
        fields: Fields<'_>,
        index: usize,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        if let Some(guess) = self.columns.borrow_mut().get_mut(index) {
            guess.asked = true;
        }
        match self.meaning(fields, index) {
            Meaning::Nothing => visitor.visit_none(),
            Meaning::Text(text) => visitor.visit_str(text),
            Meaning::Bool(value) => visitor.visit_bool(value),
            Meaning::Unsigned(value) => visitor.visit_u64(value),
            Meaning::Signed(value) => visitor.visit_i64(value),
            Meaning::Float(value) => visitor.visit_f64(value),
        }
    }

    fn meaning<'a>(&self, fields: Fields<'a>, index: usize) -> Meaning<'a> {
        let text = fields.cell(index);
        let columns = self.columns.borrow();
        match columns.get(index) {
            Some(guess) if guess.other[usize::from(text.is_empty())] => Meaning::other(text),
            _ => Meaning::first(text),
        }
    }

    /// Reads a row, again and again while another guess may help.
    pub(super) fn read<T>(
        &self,
        fields: Fields<'_>,
        mut once: impl FnMut() -> Result<T, RowError>,
    ) -> Result<T, RowError> {
        for guess in self.columns.borrow_mut().iter_mut() {
            guess.changes = 0;
        }
        let mut last = None;
        // The error of the rejected guess says more about the cell.
        let mut telling = None;
        for _ in 0..TRIES {
            for guess in self.columns.borrow_mut().iter_mut() {
                guess.asked = false;
            }
            let error = match once() {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if let Some(index) = last.take()
                && self.is_about(&error, fields, index)
            {
                self.change(fields, index);
                telling = Some(error.of_cell(index));
                continue;
            }
            let columns = self.columns.borrow().len();
            let about: Vec<usize> = (0..columns)
                .filter(|index| self.is_about(&error, fields, *index))
                .collect();
            let untried = about.iter().find(|index| self.can_change(fields, **index));
            match (untried, about.as_slice()) {
                (Some(index), _) => {
                    self.change(fields, *index);
                    last = Some(*index);
                }
                (None, [only]) => return Err(telling.unwrap_or(error.of_cell(*only))),
                (None, _) => return Err(telling.unwrap_or(error)),
            }
        }
        once()
    }

    /// Whether an error may come from the guess for a cell.
    fn is_about(&self, error: &RowError, fields: Fields<'_>, index: usize) -> bool {
        let asked = self
            .columns
            .borrow()
            .get(index)
            .is_some_and(|guess| guess.asked);
        asked
            && match error.index {
                Some(about) => about == index && !error.of_name,
                None => error.given.as_ref() == Some(&self.meaning(fields, index).name()),
            }
    }

    fn can_change(&self, fields: Fields<'_>, index: usize) -> bool {
        let text = fields.cell(index);
        self.columns.borrow()[index].changes == 0 && Meaning::first(text) != Meaning::other(text)
    }

    fn change(&self, fields: Fields<'_>, index: usize) {
        let guess = &mut self.columns.borrow_mut()[index];
        let other = &mut guess.other[usize::from(fields.cell(index).is_empty())];
        *other = !*other;
        guess.changes += 1;
    }
}
