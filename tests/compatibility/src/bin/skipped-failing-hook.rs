//! A hook that fails after a skipped step.

use bdd_steps::{Outcome, after_scenario, given, skip};

#[given("a step that skips")]
fn skips() -> Outcome {
    skip("")
}

#[after_scenario]
fn fails() -> Result<(), &'static str> {
    Err("whoops")
}

fn main() {
    bdd_steps::worker()
}
