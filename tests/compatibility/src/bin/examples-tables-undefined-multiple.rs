//! Rows with several undefined steps.

use bdd_steps::{given, then, when};

#[given("there are {int} cucumbers")]
fn cucumbers(_count: u32) {}

#[when("I eat {int} cucumbers")]
fn eat(_count: u32) {}

#[then("I should have {int} cucumbers")]
fn left(_count: u32) {}

fn main() {
    bdd_steps::worker()
}
