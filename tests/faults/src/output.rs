//! Steps that print too much, or where they should not.

use std::io::{self, Write};

use bdd_steps::step;

use crate::system;

#[step(r"^a step that prints (\d+) MB$")]
fn prints_much(megabytes: usize) -> io::Result<()> {
    let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
    let megabyte = line.repeat(1024);
    let mut out = io::stdout().lock();
    (0..megabytes).try_for_each(|_| out.write_all(&megabyte))
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
