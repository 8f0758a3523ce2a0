//! Workers: build the step program, start it, speak to it.
//!
//! This stage passes protocol messages on and knows nothing of scenarios or reports.

mod abandoned;
mod attendants;
pub mod build;
pub mod capture;
mod descriptors;
pub mod environment;
pub mod find;
pub mod freshness;
pub mod launch_error;
mod lines;
mod orphans;
mod outbox;
pub mod process;
pub mod ready_times;
pub mod registry;
mod report;
pub mod slow_time;
pub mod step_program;
mod temporary;
mod wire;
