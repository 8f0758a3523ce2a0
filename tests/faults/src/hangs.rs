//! Steps that do not end.

use std::hint;
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
