//! How much text the placeholders of a file may make.
//!
//! A value of one megabyte that is used in a thousand places needs more memory than the whole rest of a run. What a row
//! makes is limited, and so is what all rows make. The second limit grows with the rows, because a file with a million
//! rows is meant to be large.

use std::cell::Cell;

/// The most text that the values of one row make.
const OF_ROW: usize = 16 << 20;

/// The most text that all rows of a file make: this much, and more for each row.
const OF_FILE: usize = 128 << 20;
const OF_FILE_FOR_ROW: usize = 16 << 10;

/// Why a text is not filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overflow {
    /// Values that bring in others would make it grow without limit.
    Chain,
    /// The row makes more text than this many bytes.
    Row(usize),
    /// All rows up to this one make more text than this many bytes.
    File(usize),
}

/// The text that the rows of a file have made so far.
#[derive(Debug, Default)]
pub(super) struct Expansion {
    rows: Cell<usize>,
    of_row: Cell<usize>,
    of_file: Cell<usize>,
}

impl Expansion {
    /// The next row begins.
    pub(super) fn start_row(&self) {
        self.rows.set(self.rows.get().saturating_add(1));
        self.of_row.set(0);
    }

    /// A text of this length is to be made.
    ///
    /// # Errors
    /// When that is too much.
    pub(super) fn take(&self, length: usize) -> Result<(), Overflow> {
        let of_row = self.of_row.get().saturating_add(length);
        let of_file = self.of_file.get().saturating_add(length);
        let rows = self.rows.get().saturating_mul(OF_FILE_FOR_ROW);
        let most = OF_FILE.saturating_add(rows);
        if of_row > OF_ROW {
            return Err(Overflow::Row(OF_ROW));
        }
        if of_file > most {
            return Err(Overflow::File(most));
        }
        self.of_row.set(of_row);
        self.of_file.set(of_file);
        Ok(())
    }
}
