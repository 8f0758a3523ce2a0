//! A scenario without steps, and no definitions.

fn main() {
    bdd_steps::worker()
}
