//! Hooks around a scenario that passes and one that fails.

use bdd_steps::{after_scenario, before_scenario, when};

#[before_scenario]
fn before() {}

#[when("a step passes")]
fn passes() {}

#[when("a step fails")]
fn fails() -> Result<(), &'static str> {
    Err("Exception in step")
}

#[after_scenario]
fn after() {}

fn main() {
    bdd_steps::worker()
}
