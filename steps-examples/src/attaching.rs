//! Evidence in the report: texts, bytes, files, a log and links.

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io;

use bdd_steps::{Context, DocString, Fixture, given, step, then, when};

/// A directory of the scenario's own.
struct Desk(tempfile::TempDir);

impl Fixture for Desk {
    fn setup(_: &Context) -> Result<Self, Box<dyn Error>> {
        Ok(Self(tempfile::tempdir()?))
    }
}

#[given(r"^a drawing (\S+) of (\d+) bytes$")]
fn drawing(desk: &Desk, name: &str, size: u64) -> io::Result<()> {
    // A file with a hole: it has that many bytes and takes no place on the disk.
    File::create(desk.0.path().join(name))?.set_len(size)
}

#[when(r"^I attach the drawing (\S+)$")]
fn attach_drawing(desk: &Desk, cx: &Context, name: &str) -> io::Result<()> {
    let path = desk.0.path().join(name);
    cx.attach_file(&path, "image/x-drawing")?;
    // The report has the file as it was.
    fs::remove_file(path)
}

#[when(r"^I attach the file (.+)$")]
fn attach_file(cx: &Context, path: &str) -> io::Result<()> {
    cx.attach_file(path, "text/plain")
}

#[when(r"^I attach this text as (\S+):$")]
fn attach_text(cx: &Context, media_type: &str, text: &DocString) -> io::Result<()> {
    cx.attach(text.content(), media_type)
}

#[when(r"^I attach the bytes (\S+) with the name (\S+)$")]
fn attach_bytes(cx: &Context, hexadecimal: &str, name: &str) -> Result<(), Box<dyn Error>> {
    let digits: Vec<char> = hexadecimal.chars().collect();
    let bytes: Result<Vec<u8>, _> = digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&String::from_iter(pair), 16))
        .collect();
    cx.attach_named(name, bytes?, "application/octet-stream")?;
    Ok(())
}

#[then(r"^I log (.+)$")]
fn log(cx: &Context, text: &str) {
    cx.log(text);
}

#[then(r"^I link to (\S+)$")]
fn link(cx: &Context, url: &str) {
    cx.link(url);
}

#[then(r"^I link to (\S+) and (\S+)$")]
fn links(cx: &Context, first: &str, second: &str) {
    cx.links([first, second]);
}

#[step("^I work in another directory$")]
fn change_directory(desk: &Desk) -> io::Result<()> {
    env::set_current_dir(desk.0.path())
}

#[step("^a step that attaches something and aborts$")]
fn attach_and_abort(cx: &Context) -> io::Result<()> {
    cx.attach(&[0xff, 0x00], "image/png")?;
    cx.log("this is the end");
    std::process::abort();
}
