//! Steps that ask to skip the rest.

use bdd_steps::{Outcome, given, skip};

#[given("a step that does not skip")]
fn passes() {}

#[given("a step that is skipped")]
fn skipped() {}

#[given("I skip a step")]
fn skips() -> Outcome {
    skip("")
}

fn main() {
    bdd_steps::worker()
}
