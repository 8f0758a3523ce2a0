//! An undefined step is not tried again; no definitions.

fn main() {
    bdd_steps::worker()
}
