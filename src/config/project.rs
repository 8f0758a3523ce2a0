//! The project: the directories to which paths are relative, and the folder of its features.

use std::path::{Path, PathBuf};

use crate::input::dangling_link;
use crate::paths::{from_directory, normalized};

/// The directories to which paths are relative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The folder of `bdd.toml`, else the nearest folder that contains `features/`, else the current
    /// directory; absolute. Paths are shown from here.
    pub root: PathBuf,
    /// The current directory, absolute. Paths on the command line are relative to it.
    pub directory: PathBuf,
    /// The settings file, if there is one.
    pub file: Option<PathBuf>,
    /// The folder `features` of the current directory or its nearest parent, but not outside of the root;
    /// `None` if there is none. It may be a link to a folder that no longer exists.
    pub features: Option<PathBuf>,
}

impl Project {
    /// The project around `directory`; `file` is its settings file.
    pub(super) fn around(directory: &Path, file: Option<PathBuf>) -> Self {
        let file_folder = file
            .as_deref()
            .and_then(|file| normalized(file).parent().map(Path::to_path_buf));
        let top = file_folder.clone().unwrap_or_default();
        let features = directory
            .ancestors()
            .take_while(|folder| folder.starts_with(&top))
            .chain(file_folder.as_deref())
            .map(|folder| folder.join("features"))
            // A link to nothing was a folder once. To go on to another folder would run other features in silence.
            .find(|features| features.is_dir() || dangling_link(features).is_some());
        let features_parent = features.as_deref().and_then(Path::parent);
        let root = file_folder
            .as_deref()
            .or(features_parent)
            .unwrap_or(directory)
            .to_path_buf();
        Self {
            root,
            directory: directory.to_path_buf(),
            file,
            features,
        }
    }

    /// The settings file as a person in the current directory would name it.
    pub fn shown_file(&self) -> Option<String> {
        let file = self.file.as_ref()?;
        Some(from_directory(file, &self.directory))
    }
}
