//! From the settings to the command that starts a worker.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::build::{BuildError, Building, CargoTarget};
use crate::config::{BuildOptions, Project, StepsSource};
use crate::paths::normalized;

/// The command that starts a worker; cargo builds the step program first if necessary.
///
/// # Errors
/// Returned when cargo fails, or does not name a program.
pub fn find(
    source: &StepsSource,
    options: &BuildOptions,
    project: &Project,
    cargo: Option<&OsStr>,
    building: &Building,
) -> Result<Vec<OsString>, BuildError> {
    match source {
        StepsSource::Program(program) => Ok(vec![normalized(program).into()]),
        StepsSource::Command(command) => Ok(command_from(&project.root, command)),
        StepsSource::Cargo {
            manifest,
            package,
            target,
        } => {
            let profile = options
                .profile
                .clone()
                .or_else(|| options.release.then(|| "release".to_owned()));
            let target = CargoTarget {
                cargo: cargo.map_or_else(|| "cargo".into(), OsStr::to_os_string),
                folder: project.root.clone(),
                manifest: manifest.clone(),
                package: package.clone(),
                target: target.clone(),
                profile,
                features: options.features.clone(),
                locked: options.locked,
                offline: options.offline,
            };
            let program = if options.no_build {
                target.find()?
            } else {
                target.build(building)?
            };
            Ok(vec![program.into()])
        }
    }
}

/// A program named by a path counts from the project's root, one named by a word is searched
/// for as a shell would.
fn command_from(root: &Path, command: &[String]) -> Vec<OsString> {
    let mut command: Vec<OsString> = command.iter().map(OsString::from).collect();
    if let Some(program) = command.first_mut()
        && Path::new(program).components().count() > 1
    {
        *program = root.join(&*program).into();
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_count_from_the_root_and_words_are_searched_for() {
        let from =
            |program: &str| command_from(Path::new("/p"), &[program.to_owned(), "a/b".to_owned()]);
        assert_eq!(from("steps/run.py"), ["/p/steps/run.py", "a/b"]);
        assert_eq!(from("/x/y"), ["/x/y", "a/b"]);
        assert_eq!(from("python3"), ["python3", "a/b"]);
    }
}
