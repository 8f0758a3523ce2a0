//! Texts, bytes, files, logs and links, also from a step that fails.

use std::path::{Path, PathBuf};

use bdd_steps::{Context, DocString, when};

#[when("the string {string} is attached as {string}")]
fn attach(cx: &Context, text: &str, media_type: &str) {
    cx.attach(text, media_type);
}

#[when("the string {string} is logged")]
fn log(cx: &Context, text: &str) {
    cx.log(text);
}

#[when("text with ANSI escapes is logged")]
fn log_colours(cx: &Context) {
    let letters = [(31, 'r'), (91, 'a'), (33, 'i'), (32, 'n'), (34, 'b'), (95, 'o'), (35, 'w')];
    let rainbow = letters.map(|(colour, letter)| format!("\x1b[{colour}m{letter}\x1b[0m"));
    cx.log(format!("This displays a {}", rainbow.concat()));
}

#[when("the following string is attached as {string}:")]
fn attach_below(cx: &Context, media_type: &str, text: &DocString) {
    cx.attach(&**text, media_type);
}

#[when("an array with {int} bytes is attached as {string}")]
fn attach_bytes(cx: &Context, count: u8, media_type: &str) {
    let bytes: Vec<u8> = (0..count).collect();
    cx.attach(bytes, media_type);
}

#[when("a PDF document is attached and renamed")]
fn attach_renamed(cx: &Context) {
    cx.attach_file_as(document(cx), "renamed.pdf", "application/pdf");
}

#[when("a link to {string} is attached")]
fn link(cx: &Context, uri: &str) {
    cx.link(uri);
}

#[when("the string {string} is attached as {string} before a failure")]
fn attach_and_fail(cx: &Context, text: &str, media_type: &str) -> Result<(), &'static str> {
    cx.attach(text, media_type);
    Err("whoops")
}

/// The file beside the feature.
fn document(cx: &Context) -> PathBuf {
    Path::new(cx.feature_uri()).with_file_name("document.pdf")
}

fn main() {
    bdd_steps::worker()
}
