//! What `bdd fmt` and `bdd lint` share: they read whole files, whatever runs would select.

use clap::Args;

use super::Failure;
use crate::config::flags::{FileFlags, SelectionFlags, StepsFlags};
use crate::config::{ExcludeGlob, Flags, Language};
use crate::discover::FoundFiles;

/// The flags that choose files and say how to read them.
#[derive(Debug, Args)]
pub struct WholeFileArgs {
    /// Leave out files and folders that match GLOB
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<ExcludeGlob>,

    /// Read feature files without a `# language:` line in this language, such as fr
    #[arg(long, value_name = "CODE")]
    language: Option<Language>,

    #[command(flatten)]
    pub(super) file: FileFlags,
}

impl WholeFileArgs {
    /// Whether all features of the project are taken.
    pub(super) fn takes_all(&self, paths: &[String]) -> bool {
        paths.is_empty() && self.exclude.is_empty()
    }

    /// These flags, for the files at `paths`. Files that do not parse do not keep the others from being read.
    pub(super) fn flags(&self, paths: &[String]) -> Flags {
        Flags {
            file: self.file.clone(),
            selection: SelectionFlags {
                paths: paths.to_vec(),
                exclude: self.exclude.clone(),
                language: self.language,
                keep_going: true,
                ..SelectionFlags::default()
            },
            // Rules about steps ask the program of the last build.
            steps: StepsFlags {
                no_build: true,
                ..StepsFlags::default()
            },
            ..Flags::default()
        }
    }
}

/// Refuses lines of files. `what` is what the command does, such as `` `bdd fmt` formats ``.
pub(super) fn refuse_parts(found: &FoundFiles, what: &str) -> Result<(), Failure> {
    match found.files.iter().find(|file| file.lines.is_some()) {
        Some(part) => Err(Failure::usage(format!(
            "{what} whole files: name {} without a line",
            part.uri
        ))),
        None => Ok(()),
    }
}
