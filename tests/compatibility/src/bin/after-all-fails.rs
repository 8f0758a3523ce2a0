//! Hooks after everything, of which one fails.

use bdd_steps::{after_all, when};

#[when("a step passes")]
fn passes() {}

#[after_all]
fn last() {}

#[after_all]
fn fails() -> Result<(), &'static str> {
    Err("cannot tidy up")
}

#[after_all]
fn first() {}

fn main() {
    bdd_steps::worker()
}
