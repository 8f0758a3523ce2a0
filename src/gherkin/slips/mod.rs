//! Lines that were probably meant as steps or headings: what is wrong with them, and what to write instead.
//!
//! The hints of errors and the warnings about files that parse share this. It knows one line at a time; what the
//! place of a line means is the matter of its callers.

mod common_words;
mod foreign_keywords;
mod headings;
mod marks;
mod steps;

pub(super) use foreign_keywords::{frequency_rank, other_language};
pub use headings::{HeadingSlips, Next};
pub use steps::{StepSlips, is_step_in};
