//! The step program of this repository.
fn main() {}
