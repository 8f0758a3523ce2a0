//! A definition that nothing uses.

use bdd_steps::given;

#[given("a step that is used")]
fn used() {}

#[given("a step that is not used")]
fn unused() {}

fn main() {
    bdd_steps::worker()
}
