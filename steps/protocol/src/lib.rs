//! The protocol between the runner and a worker: the messages and their JSON.
//!
//! Messages travel as JSON Lines over a Unix domain socket whose path is in `BDD_SOCKET`.
//! `docs/protocol.md` describes them for people, `docs/protocol.schema.json` for programs.
//!
//! This package knows neither how a runner schedules nor how a worker runs its steps. It has no dependencies:
//! serde_json would double the time that an unoptimised worker needs for a step.

mod codec;
pub mod json;
mod messages;
#[cfg(feature = "runner")]
mod run_line;
mod shorten;
pub mod special_bytes;
pub mod variables;

pub use codec::RUN_LINE;
pub use json::{CodecError, LineText};
pub use messages::*;
#[cfg(feature = "runner")]
pub use run_line::RunLine;
pub use shorten::{LONGEST_MESSAGE, LONGEST_TRACE, shorten, shortened, shortened_line};
