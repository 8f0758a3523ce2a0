//! Steps of a background.

use bdd_steps::{given, then, when};

#[given("an order for {string}")]
fn order(_what: &str) {}

#[when("an action")]
fn action() {}

#[then("an outcome")]
fn outcome() {}

fn main() {
    bdd_steps::worker()
}
