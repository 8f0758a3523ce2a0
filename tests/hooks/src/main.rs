//! A step program with hooks of every kind and fixtures of every scope. Each of them prints a line
//! when it runs, so that the output shows the order of all.
//!
//! The variable `TROUBLE` says what goes wrong: words such as `before_feature=fails`, between
//! spaces; the left side is the name of a hook (its kind is that of the first one) or of a fixture,
//! the right side one of `fails`, `panics`, `thread_panics`, `redirects` (standard output), `skips`,
//! `pending`, `aborts`, `exits`; for hooks also `attaches` and `runs_steps`. A word without `=` makes a hook that is called so do what it cannot.

mod fixtures;
mod hooks;
mod needs;
mod steps;
mod trouble;

fn main() {
    bdd_steps::worker()
}
