//! Settings of a suite of behave from behave's own files, which lie below those of bdd.
//!
//! behave itself reads the files too, in each worker. So what only concerns steps, such as logging, is left to it.

mod apply;
mod formats;
mod ini;
mod read;
mod values;

use std::path::{Path, PathBuf};

pub(super) use apply::BehaveSettings;
use read::BehaveFiles;

use super::{ConfigError, Environment, Project};

/// behave's files of a project.
#[derive(Debug)]
pub(super) struct OfBehave(Result<BehaveFiles, ConfigError>);

impl OfBehave {
    /// Reads the files of a project, and those of the user's home.
    pub(super) fn read(project: &Project, environment: &Environment) -> Self {
        let home = environment.variable("HOME").filter(|home| !home.is_empty());
        let home = home.map(Path::new).filter(|home| *home != project.root);
        Self(read::read(&project.root, home, &project.directory))
    }

    /// The first of the paths to run, if they name one.
    pub(super) fn first_path(&self) -> Option<PathBuf> {
        let entry = self.0.as_ref().ok()?.settings.get("paths")?;
        let first = entry.value.list().into_iter().next()?;
        Some(entry.folder.join(first))
    }

    /// The stage, if they name one.
    pub(super) fn stage(&self) -> Option<String> {
        let entry = self.0.as_ref().ok()?.settings.get("stage")?;
        Some(entry.value.text())
    }

    /// The settings.
    ///
    /// # Errors
    /// When a file cannot be read, or a value makes no sense.
    pub(super) fn settings(self, project: &Project) -> Result<BehaveSettings, ConfigError> {
        BehaveSettings::new(&self.0?, project)
    }
}
