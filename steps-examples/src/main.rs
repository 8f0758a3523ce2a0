//! The step program of this repository.

mod faults;

fn main() {
    bdd_steps::worker()
}
