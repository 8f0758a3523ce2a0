//! Hooks that ask to skip, and one that fails.

use bdd_steps::{Outcome, after_scenario, before_scenario, skip, when};

#[before_scenario]
fn first_before() {}

#[before_scenario("@before")]
fn skips_before() -> Outcome {
    skip("")
}

#[before_scenario("@fails")]
fn fails_before() -> Result<(), &'static str> {
    Err("no")
}

#[before_scenario]
fn last_before() {}

#[when("a step passes")]
fn passes() {}

#[when("a step skips")]
fn skips() -> Outcome {
    skip("")
}

#[after_scenario]
fn last_after() {}

#[after_scenario("@after")]
fn skips_after() -> Outcome {
    skip("")
}

#[after_scenario]
fn first_after() {}

fn main() {
    bdd_steps::worker()
}
