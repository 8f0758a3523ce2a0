//! Files attached from the rows of an outline.

use std::path::{Path, PathBuf};

use bdd_steps::{Context, when};

#[when("a JPEG image is attached")]
fn jpeg(cx: &Context) {
    cx.attach_file(beside(cx, "cucumber.jpeg"), "image/jpeg");
}

#[when("a PNG image is attached")]
fn png(cx: &Context) {
    cx.attach_file(beside(cx, "cucumber.png"), "image/png");
}

fn beside(cx: &Context, name: &str) -> PathBuf {
    Path::new(cx.feature_uri()).with_file_name(name)
}

fn main() {
    bdd_steps::worker()
}
