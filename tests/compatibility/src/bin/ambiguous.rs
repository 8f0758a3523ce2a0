//! A step that two definitions match.

use bdd_steps::given;

#[given("^a (.*?) with (.*?)$")]
fn any(_what: &str, _with: &str) {}

#[given("^a step with (.*?)$")]
fn step(_with: &str) {}

fn main() {
    bdd_steps::worker()
}
