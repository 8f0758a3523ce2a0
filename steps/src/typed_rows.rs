//! Rows of a table as values.
