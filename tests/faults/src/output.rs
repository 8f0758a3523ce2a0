//! Steps that print too much, or where they should not.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::thread;
use std::time::Duration;

use bdd_steps::step;

use crate::system;

#[step(r"^a step that prints (\d+) MB$")]
fn prints_much(megabytes: usize) -> io::Result<()> {
    let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
    let megabyte = line.repeat(1024);
    let mut out = io::stdout().lock();
    (0..megabytes).try_for_each(|_| out.write_all(&megabyte))
}

/// Waits until the file that standard output is takes up less space than that: what earlier scenarios printed was
/// given back.
#[step(r"^a step that waits until output takes up less than (\d+) MB$")]
fn waits_for_space(megabytes: u64) -> io::Result<()> {
    let path = format!("/proc/{}/fd/1", std::process::id());
    while fs::metadata(&path)?.blocks() * 512 >= megabytes * 1024 * 1024 {
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// One of them is that of the protocol.
#[step("^a step that writes garbage to the descriptors 3 to 32$")]
fn writes_garbage() {
    for descriptor in 3..=32 {
        system::write(descriptor, b"garbage\n");
    }
}

#[step(r"^a step that closes descriptor (\d+)$")]
fn closes(descriptor: i32) -> io::Result<()> {
    system::close(descriptor)
}

/// Descriptor 0 is the null device.
#[step(r"^a step that redirects descriptor (\d+)$")]
fn redirects(descriptor: i32) -> io::Result<()> {
    system::redirect(0, descriptor)
}
