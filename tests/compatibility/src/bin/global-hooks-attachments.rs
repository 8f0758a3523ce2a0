//! Attachments of hooks of the run.

use bdd_steps::{Context, after_all, before_all, when};

#[before_all]
fn before(cx: &Context) {
    cx.attach("Attachment from BeforeAll hook", "text/plain");
}

#[when("a step passes")]
fn passes() {}


#[after_all]
fn after(cx: &Context) {
    cx.attach("Attachment from AfterAll hook", "text/plain");
}

fn main() {
    bdd_steps::worker()
}
