//! A pending step is not tried again.

use bdd_steps::{Outcome, given, pending};

#[given("a pending step")]
fn pends() -> Outcome {
    pending("")
}

fn main() {
    bdd_steps::worker()
}
