//! A hook of the run that fails: all other hooks run, and no scenario.

use bdd_steps::{after_all, before_all, when};

#[before_all]
fn first() {}

#[before_all]
fn fails() -> Result<(), &'static str> {
    Err("BeforeAll hook went wrong")
}

#[before_all]
fn third() {}

#[when("a step passes")]
fn passes() {}

#[after_all]
fn last_but_one() {}

#[after_all]
fn last() {}

fn main() {
    bdd_steps::worker()
}
