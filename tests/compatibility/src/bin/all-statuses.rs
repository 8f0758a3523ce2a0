//! A scenario for each status.

use bdd_steps::{Outcome, given, pending, skip};

#[given("^a step$")]
fn passes() {}

#[given("^a failing step$")]
fn fails() -> Result<(), &'static str> {
    Err("whoops")
}

#[given("^a pending step$")]
fn pends() -> Outcome {
    pending("")
}

#[given("^a skipped step$")]
fn skips() -> Outcome {
    skip("")
}

#[given("^an ambiguous (.*?)$")]
fn one(_what: &str) {}

#[given("^(.*?) ambiguous step$")]
fn other(_what: &str) {}

fn main() {
    bdd_steps::worker()
}
