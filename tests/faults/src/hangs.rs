//! Steps that do not end.

use std::fs;
use std::hint;
use std::io;
use std::process;
use std::thread;
use std::time::Duration;

use bdd_steps::step;

use crate::system;

#[step("^a step that hangs$")]
fn hangs() {
    loop {
        thread::sleep(Duration::from_secs(60));
    }
}

#[step("^a step that hangs and ignores SIGTERM$")]
fn ignores() {
    system::ignore(system::SIGTERM);
    hangs();
}

/// Says in a file which process it is, for who wants to end it from outside.
#[step("^a step that notes its process and hangs$")]
fn notes() -> io::Result<()> {
    // Whoever finds the file finds all of it.
    fs::write("process.new", process::id().to_string())?;
    fs::rename("process.new", "process")?;
    hangs();
    Ok(())
}

#[step("^a step that loops without end$")]
fn loops() {
    loop {
        hint::spin_loop();
    }
}

#[step("^a step that prints without end$")]
fn prints() {
    loop {
        println!("and so on");
    }
}
