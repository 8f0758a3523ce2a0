//! The settings of a project: those of `bdd run` in its folder, without a selection.

use std::path::Path;

use crate::config::flags::StepsFlags;
use crate::config::{Config, Environment, Flags};

/// The settings of the project around a folder.
///
/// # Errors
/// What is wrong with them, in one text.
pub fn settings(folder: &Path, flags: &Flags, environment: &Environment) -> Result<Config, String> {
    let within = |directory: &Path| Environment {
        directory: directory.to_path_buf(),
        ..environment.clone()
    };
    let flags = Flags {
        steps: StepsFlags {
            no_build: true,
            ..flags.steps.clone()
        },
        ..flags.clone()
    };
    let found = Config::load(&flags, &within(folder)).map_err(|error| error.to_string())?;
    let root = found.project.root;
    // As in the root itself: so the same features belong to it, whichever file was opened first.
    let config = Config::load(&flags, &within(&root)).map_err(|error| error.to_string())?;
    Ok(whole(config))
}

/// The settings of a project whose own ones cannot be read.
pub fn default_settings(folder: &Path) -> Option<Config> {
    let mut config = Config::load(&Flags::default(), &Environment::default()).ok()?;
    config.project.root = folder.to_path_buf();
    config.project.directory = folder.to_path_buf();
    config.project.features = None;
    Some(whole(config))
}

/// The settings of runs select scenarios; here all of a file counts.
fn whole(mut config: Config) -> Config {
    let selection = &mut config.selection;
    selection.tags.clear();
    selection.names.clear();
    selection.strict_text = false;
    selection.failed = false;
    selection.changed = None;
    selection.allow_empty = true;
    config
}
