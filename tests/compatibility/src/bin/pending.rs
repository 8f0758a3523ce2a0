//! Steps that say that they are not written yet.

use bdd_steps::{Outcome, given, pending};

#[given("an implemented non-pending step")]
fn passes() {}

#[given("an implemented step that is skipped")]
fn skipped() {}

#[given("an unimplemented pending step")]
fn pends() -> Outcome {
    pending("")
}

fn main() {
    bdd_steps::worker()
}
