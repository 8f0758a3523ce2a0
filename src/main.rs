//! The `bdd` command.
fn main() {}
