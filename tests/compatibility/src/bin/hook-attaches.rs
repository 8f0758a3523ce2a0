//! Hooks that attach a text and bytes.

use std::io;

use bdd_steps::{Context, after_scenario, before_scenario, when};

#[before_scenario]
fn before(cx: &Context) -> io::Result<()> {
    cx.attach("begun", "text/plain")
}

#[when("a step passes")]
fn passes() {}

#[after_scenario]
fn after(cx: &Context) -> io::Result<()> {
    cx.attach(&[0, 255], "application/octet-stream")
}

fn main() {
    bdd_steps::worker()
}
