//! Hooks with tag expressions.

use bdd_steps::{after_scenario, before_scenario, when};

#[before_scenario("@passing-hook")]
fn passes_before() {}

#[before_scenario("@fail-before")]
fn fails_before() -> Result<(), &'static str> {
    Err("Exception in conditional hook")
}

#[when("a step passes")]
fn passes() {}

#[after_scenario("@fail-after")]
fn fails_after() -> Result<(), &'static str> {
    Err("Exception in conditional hook")
}

#[after_scenario("@passing-hook")]
fn passes_after() {}

fn main() {
    bdd_steps::worker()
}
