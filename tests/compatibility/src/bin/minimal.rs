//! One scenario with one step.

use bdd_steps::given;

#[given("I have {int} cukes in my belly")]
fn cukes(_count: i32) {}

fn main() {
    bdd_steps::worker()
}
