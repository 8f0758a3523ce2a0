//! What `bdd behave` asks of the settings, where it is the command.

use std::path::PathBuf;

/// What behave has made of its own command line and files, so that bdd does not read them again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BehaveRequest {
    /// The folder with `steps/` or `environment.py`; absolute.
    pub base: PathBuf,
    /// The paths that were named, for `context.config.paths`.
    pub paths: Vec<String>,
    /// The command line, for the configuration of behave in each worker.
    pub arguments: Vec<String>,
    /// The folder in which workers note what behave's formatters show.
    pub notes: PathBuf,
    /// Formatters that behave runs in each worker.
    pub formatters: Vec<String>,
    /// The folder of bdd's JUnit files, if they are written instead of behave's.
    pub junit: Option<String>,
}
