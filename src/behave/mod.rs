//! Suites for behave, the Python runner: what bdd knows of behave's own conventions.
//!
//! The suite's steps run in behave itself, which the host in `hosts/python` drives. Other Python runners would get
//! a module like this one.

mod host;
pub mod interpreter;
pub mod printer;
pub mod suite;

pub use host::{HostSettings, host};
