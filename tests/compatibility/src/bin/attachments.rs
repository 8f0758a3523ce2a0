//! Texts, bytes, files, logs and links, also from a step that fails.

use std::error::Error;
use std::path::Path;
use std::{fs, io};

use bdd_steps::{Context, DocString, when};

#[when("the string {string} is attached as {string}")]
fn attach(cx: &Context, text: &str, media_type: &str) -> io::Result<()> {
    cx.attach(text, media_type)
}

#[when("the string {string} is logged")]
fn log(cx: &Context, text: &str) {
    cx.log(text);
}

#[when("text with ANSI escapes is logged")]
fn log_colours(cx: &Context) {
    let letters = [
        (31, 'r'),
        (91, 'a'),
        (33, 'i'),
        (32, 'n'),
        (34, 'b'),
        (95, 'o'),
        (35, 'w'),
    ];
    let rainbow = letters.map(|(colour, letter)| format!("\x1b[{colour}m{letter}\x1b[0m"));
    cx.log(format!("This displays a {}", rainbow.concat()));
}

#[when("the following string is attached as {string}:")]
fn attach_below(cx: &Context, media_type: &str, text: &DocString) -> io::Result<()> {
    cx.attach(&**text, media_type)
}

#[when("an array with {int} bytes is attached as {string}")]
fn attach_bytes(cx: &Context, count: u8, media_type: &str) -> io::Result<()> {
    let bytes: Vec<u8> = (0..count).collect();
    cx.attach(bytes, media_type)
}

#[when("a PDF document is attached and renamed")]
fn attach_renamed(cx: &Context) -> io::Result<()> {
    let document = Path::new(cx.feature_uri().unwrap_or_default()).with_file_name("document.pdf");
    cx.attach_named("renamed.pdf", fs::read(document)?, "application/pdf")
}

#[when("a link to {string} is attached")]
fn link(cx: &Context, uri: &str) {
    cx.link(uri);
}

#[when("the string {string} is attached as {string} before a failure")]
fn attach_and_fail(cx: &Context, text: &str, media_type: &str) -> Result<(), Box<dyn Error>> {
    cx.attach(text, media_type)?;
    Err("whoops".into())
}

fn main() {
    bdd_steps::worker()
}
