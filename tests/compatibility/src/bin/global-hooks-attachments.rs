//! Attachments of hooks of the run.

use std::io;

use bdd_steps::{Context, after_all, before_all, when};

#[before_all]
fn before(cx: &Context) -> io::Result<()> {
    cx.attach("Attachment from BeforeAll hook", "text/plain")
}

#[when("a step passes")]
fn passes() {}

#[after_all]
fn after(cx: &Context) -> io::Result<()> {
    cx.attach("Attachment from AfterAll hook", "text/plain")
}

fn main() {
    bdd_steps::worker()
}
