//! Files attached from the rows of an outline.

use std::path::Path;
use std::{fs, io};

use bdd_steps::{Context, when};

#[when("a JPEG image is attached")]
fn jpeg(cx: &Context) -> io::Result<()> {
    cx.attach(beside(cx, "cucumber.jpeg")?, "image/jpeg")
}

#[when("a PNG image is attached")]
fn png(cx: &Context) -> io::Result<()> {
    cx.attach(beside(cx, "cucumber.png")?, "image/png")
}

/// What is in a file beside the feature.
fn beside(cx: &Context, name: &str) -> io::Result<Vec<u8>> {
    fs::read(Path::new(cx.feature_uri().unwrap_or_default()).with_file_name(name))
}

fn main() {
    bdd_steps::worker()
}
