//! Workers: build the step program, start it, speak to it.
//!
//! This stage passes protocol messages on and knows nothing of scenarios or reports.

mod abandoned;
pub mod build;
pub mod capture;
pub mod environment;
pub mod find;
mod orphans;
pub mod process;
pub mod ready_times;
pub mod registry;
mod wire;
