//! A language server: what `bdd` knows of features, for editors, over the standard streams.
//!
//! Features are read, checked and formatted by the same functions as in the other commands. The text that an editor has
//! counts, saved or not. Steps are matched with the definitions of the step program that was built last, if it is not older
//! than its sources; nothing is built here.

mod actions;
mod capabilities;
mod client;
mod completion;
mod definitions;
mod diagnostics;
mod document;
mod file_uri;
mod findings;
mod formatting;
mod line_context;
mod log;
mod navigation;
mod outline;
mod places;
mod program;
mod project;
mod project_settings;
mod publishing;
mod rename;
mod requests;
mod server;
mod step_template;
mod symbols;
mod text;
mod transport;
mod workspace;

pub use program::{ProgramStart, StartedProcesses};
pub use server::{ServerEnd, serve};
