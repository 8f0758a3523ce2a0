//! What the process was started in. Only this file asks the system for it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::num::NonZeroU32;
use std::path::PathBuf;

/// The directory, variables and streams that settings may depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The current directory, absolute.
    pub directory: PathBuf,
    /// The environment variables.
    pub variables: BTreeMap<OsString, OsString>,
    /// Whether standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// The number of cores.
    pub cores: NonZeroU32,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            directory: PathBuf::from("/"),
            variables: BTreeMap::new(),
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            cores: NonZeroU32::MIN,
        }
    }
}

impl Environment {
    /// The environment of this process.
    ///
    /// # Errors
    /// When the current directory does not exist or cannot be read.
    pub fn of_process() -> io::Result<Self> {
        let cores = std::thread::available_parallelism()
            .ok()
            .and_then(|cores| u32::try_from(cores.get()).ok())
            .and_then(NonZeroU32::new)
            .unwrap_or(NonZeroU32::MIN);
        Ok(Self {
            directory: std::env::current_dir()?,
            variables: std::env::vars_os().collect(),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            cores,
        })
    }

    /// Whether standard output is a terminal whose lines can be erased and drawn again.
    pub fn redraws(&self) -> bool {
        let is_able = |terminal: &OsStr| !terminal.is_empty() && terminal != "dumb";
        self.stdout_is_terminal && self.variable("TERM").is_some_and(is_able)
    }

    /// The value of a variable.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        self.variables
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
    }
}
