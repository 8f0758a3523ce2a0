//! Hooks with names.

use bdd_steps::{after_scenario, before_scenario, when};

#[before_scenario(name = "A named before hook")]
fn before() {}

#[when("a step passes")]
fn passes() {}

#[after_scenario(name = "A named after hook")]
fn after() {}

fn main() {
    bdd_steps::worker()
}
