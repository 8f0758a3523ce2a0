use bdd_steps::{parameter_type, step};

struct Degrees;

#[parameter_type(regex = "a")]
fn celsius(text: &str) -> Degrees { Degrees }

#[parameter_type(regex = "b")]
fn kelvin(text: &str) -> Degrees { Degrees }

// Nothing says which of them converts a plain text.
#[step(r"^it has (\S+)$")]
fn degrees(degrees: Degrees) {}

fn main() {}
