//! Steps that end their process, or that of the runner.

use std::error::Error;
use std::hint::black_box;
use std::io;
use std::process;
use std::ptr;
use std::thread;
use std::time::Duration;

use bdd_steps::step;

use crate::system;

#[step("^a step that aborts$")]
fn aborts() {
    process::abort();
}

#[step(r"^a step that exits with (\d+)$")]
fn exits(code: i32) {
    process::exit(code);
}

#[step("^a step that reads where nothing is$")]
fn reads_nothing() {
    // SAFETY: there is none; the system ends the process.
    unsafe { ptr::read_volatile(black_box(ptr::without_provenance::<u8>(8))) };
}

#[step("^a step that overflows the stack$")]
fn overflows() {
    black_box(deeper(black_box(1)));
}

#[allow(unconditional_recursion, reason = "it shall overflow the stack")]
fn deeper(level: u64) -> u64 {
    let frame = black_box([level; 64]);
    deeper(black_box(level + 1)) + frame[0]
}

#[step("^a step that panics while it panics$")]
fn panics_twice() {
    struct Trap;

    impl Drop for Trap {
        fn drop(&mut self) {
            panic!("and again");
        }
    }

    let _trap = Trap;
    panic!("once");
}

/// It is not touched, so that only a limit of addresses (`ulimit -v`) is ever reached.
#[step("^a step that allocates memory without end$")]
fn allocates() {
    let mut taken: Vec<Vec<u8>> = Vec::new();
    loop {
        taken.push(black_box(Vec::with_capacity(64 * 1024 * 1024)));
    }
}

#[step("^a step that kills its process$")]
fn kills_itself() -> io::Result<()> {
    system::kill(process::id(), system::SIGKILL)?;
    hang()
}

#[step("^a step that stops its process$")]
fn stops_itself() -> io::Result<()> {
    system::kill(process::id(), system::SIGSTOP)
}

/// The runner is the parent of the step program.
#[step("^a step that kills the runner$")]
fn kills_runner() -> io::Result<()> {
    system::kill(system::parent(), system::SIGKILL)?;
    hang()
}

/// The copy returns as if it were the worker.
#[step("^a step that forks and (fails|passes)$")]
fn forks(end: String) -> Result<(), Box<dyn Error>> {
    match (system::fork()?, end.as_str()) {
        (None, _) | (Some(_), "passes") => Ok(()),
        (Some(status), _) => Err(format!("the copy ended with {status}").into()),
    }
}

#[step("^a step whose copy panics$")]
fn copy_panics() -> io::Result<()> {
    match system::fork()? {
        None => panic!("in the copy"),
        Some(_) => Ok(()),
    }
}

/// Waits for a signal that takes its time.
fn hang() -> ! {
    loop {
        thread::sleep(Duration::from_secs(60));
    }
}
