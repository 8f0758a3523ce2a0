//! A step that asks so by an error with a reason.

use bdd_steps::{Outcome, given, skip};

#[given("I skip a step")]
fn skips() -> Result<(), Outcome> {
    Err(skip("skipping"))
}

fn main() {
    bdd_steps::worker()
}
