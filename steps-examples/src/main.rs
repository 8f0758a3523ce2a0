//! The step program of this repository.

mod faults;
mod parameters;

fn main() {
    bdd_steps::worker()
}
