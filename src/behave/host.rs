//! The host for behave: a Python package that is a part of this program.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use serde::Serialize;

use crate::worker::step_program::{Host, HostFile};

/// The files of the package, by their paths in it.
const FILES: &[HostFile] = include!(concat!(env!("OUT_DIR"), "/bdd_behave.rs"));

/// The folder of the package, which Python runs.
const PACKAGE: &str = "bdd_behave";

/// The variable with the [`HostSettings`], as JSON.
const VARIABLE: &str = "BDD_BEHAVE";

/// What the host must know beside the protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostSettings {
    /// The folder with `steps/` and `environment.py`; absolute.
    pub base: PathBuf,
    /// The paths that were named, for `context.config.paths`.
    pub paths: Vec<String>,
    /// The values for steps, by name.
    pub userdata: BTreeMap<String, String>,
    /// The tag expressions that select scenarios, in the standard form.
    pub tags: Vec<String>,
    /// Formatters of other packages: `module:Class`, or `module:Class:FILE`.
    pub formatters: Vec<String>,
    /// More arguments for behave's configuration.
    pub arguments: Vec<String>,
    /// The folder in which workers note what behave's formatters show, for `bdd behave`.
    pub notes: Option<PathBuf>,
}

/// The host, run by this Python.
pub fn host(interpreter: OsString, settings: &HostSettings) -> Host {
    package(interpreter, VARIABLE, &serde_json::json!(settings))
}

/// The package with the variable that says what it is to do.
pub(super) fn package(
    interpreter: OsString,
    variable: &'static str,
    value: &serde_json::Value,
) -> Host {
    Host {
        interpreter,
        package: PACKAGE,
        files: FILES,
        variable: (variable, value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_can_be_run() {
        assert!(FILES.iter().any(|(name, _)| *name == "__main__.py"));
    }
}
