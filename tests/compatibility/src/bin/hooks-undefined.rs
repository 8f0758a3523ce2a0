//! Hooks around an undefined step, and no definitions.

use bdd_steps::{after_scenario, before_scenario};

#[before_scenario]
fn before() {}

#[after_scenario]
fn after() {}

fn main() {
    bdd_steps::worker()
}
