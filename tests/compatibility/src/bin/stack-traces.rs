//! A failure, whose trace ends in the feature file.

use bdd_steps::given;

#[given("a step throws an exception")]
fn fails() -> Result<(), &'static str> {
    Err("BOOM")
}

fn main() {
    bdd_steps::worker()
}
