//! A definition that names a parameter type that is not there.

use bdd_steps::given;

#[given("{airport} is closed because of a strike")]
fn closed(_airport: &str) {}

fn main() {
    bdd_steps::worker()
}
