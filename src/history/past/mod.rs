//! The last results of each scenario, in `.bdd/results.bin`: quick to search, and read only where it is needed.
//!
//! `history.jsonl` is the record that people and other machines read. This file is for bdd alone: one run looks up its
//! own scenarios in it without reading what is on record of all others, and it has up to [`KEPT`] results of each.
//! It says which `history.jsonl` it belongs to; if that has changed since, the whole record is read instead.

mod append;
mod block;
mod key;
mod lookup;
mod merge;
mod record;
mod result;

pub(super) use append::append;
pub(super) use block::{NewBlock, PastFile};
pub(super) use key::key;
pub(super) use lookup::{latest, results};
pub(super) use merge::merge;
pub(super) use record::Record;
pub use result::{KEPT, PastResult, PastRun};
