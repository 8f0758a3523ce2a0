//! Keys: numbers that stand for texts.

use crate::plan::hash;

/// What stands for a stable id, or for a path, in the file. Of 100,000 ids, two are the same with a chance of one in
/// three billions.
pub(in crate::history) fn key(text: &str) -> u64 {
    hash::mix(hash::of_bytes(text.bytes()))
}
