//! A step program with a step for each fault: what becomes of a run in which one of them happens is
//! tested with it.
//!
//! The only package of the repository in which `unsafe` is allowed.

mod async_steps;
mod damage;
mod deaths;
mod hangs;
mod leftovers;
mod ordinary;
mod output;
mod state;
mod system;

fn main() {
    bdd_steps::worker()
}
