//! A step that says so by an error with a reason.

use bdd_steps::{Outcome, given, pending};

#[given("an unimplemented pending step")]
fn pends() -> Result<(), Outcome> {
    Err(pending("TODO"))
}

fn main() {
    bdd_steps::worker()
}
