//! Hooks of the run, closing ones in reverse.

use bdd_steps::{after_all, before_all, when};

#[before_all]
fn first() {}

#[before_all]
fn second() {}

#[when("a step passes")]
fn passes() {}

#[when("a step fails")]
fn fails() -> Result<(), &'static str> {
    Err("Exception in step")
}

#[after_all]
fn last_but_one() {}

#[after_all]
fn last() {}

fn main() {
    bdd_steps::worker()
}
