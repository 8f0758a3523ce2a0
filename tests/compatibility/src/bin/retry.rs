//! Steps that pass when they are tried again.

use std::sync::atomic::{AtomicU32, Ordering};

use bdd_steps::given;

/// Passes from this call on; what it counts outlives the attempts.
fn passes_from(call: u32, calls: &AtomicU32) -> Result<(), &'static str> {
    match calls.fetch_add(1, Ordering::Relaxed) + 1 < call {
        true => Err("Exception in step"),
        false => Ok(()),
    }
}

#[given("a step that always passes")]
fn passes() {}

#[given("a step that passes the second time")]
fn second() -> Result<(), &'static str> {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    passes_from(2, &CALLS)
}

#[given("a step that passes the third time")]
fn third() -> Result<(), &'static str> {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    passes_from(3, &CALLS)
}

#[given("a step that always fails")]
fn fails() -> Result<(), &'static str> {
    Err("Exception in step")
}

fn main() {
    bdd_steps::worker()
}
