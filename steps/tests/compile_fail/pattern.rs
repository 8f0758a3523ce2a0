use bdd_steps::{given, step, then, when};

#[given("^an (unclosed group$")]
fn unclosed() {}

#[when(r"^a lookahead(?=x)$")]
fn lookahead() {}

#[then]
fn no_pattern() {}

#[step(42)]
fn not_a_text() {}

#[step(b"bytes")]
fn bytes() {}

#[step(regex = "a", other = "b")]
fn too_much() {}

#[step(regexp = "a")]
fn misspelt() {}

fn main() {}
