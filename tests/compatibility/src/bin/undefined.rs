//! Undefined steps among others.

use bdd_steps::given;

#[given("an implemented step")]
fn passes() {}

#[given("a step that will be skipped")]
fn skipped() {}

fn main() {
    bdd_steps::worker()
}
