//! A step with two definitions.

use bdd_steps::given;

#[given("a step with two definitions")]
fn one() {}

#[given("a step with {word} definitions")]
fn other(_many: &str) {}

fn main() {
    bdd_steps::worker()
}
