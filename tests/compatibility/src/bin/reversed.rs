//! Several files, the last first.

use bdd_steps::given;

#[given("an order for {string}")]
fn order(_what: &str) {}

fn main() {
    bdd_steps::worker()
}
