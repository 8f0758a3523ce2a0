//! Docstrings with both delimiters and a media type.

use bdd_steps::{DocString, given};

#[given("a doc string:")]
fn doc_string(_text: &DocString) {}

fn main() {
    bdd_steps::worker()
}
