//! Ignore files that the walk cannot read.
//!
//! The library that reads them overflows the stack when braces are nested some ten thousand deep, and does not name
//! the file when they are nested less deeply. So the ignore files of each folder are checked before the walk enters it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::DirEntry;

use crate::input;
use crate::path_glob::{DEEPEST, depth_of_braces};

/// The ignore files of a folder.
const NAMES: [&str; 3] = [".gitignore", ".bddignore", ".git/info/exclude"];

/// A line of an ignore file whose braces are nested too deeply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeepIgnoreRule {
    pub(super) file: PathBuf,
    /// Counted from 1.
    pub(super) line: usize,
}

impl DeepIgnoreRule {
    fn of_folder(folder: &Path) -> Option<Self> {
        NAMES.iter().find_map(|name| {
            let file = folder.join(name);
            let bytes = input::read(&file).ok()?;
            let deep = |line: &[u8]| depth_of_braces(line) > DEEPEST;
            let line = bytes.split(|byte| *byte == b'\n').position(deep)? + 1;
            Some(Self { file, line })
        })
    }

    /// What is wrong with the line.
    pub(super) fn reason(&self) -> String {
        format!(
            "line {}: braces are nested more than {DEEPEST} deep",
            self.line
        )
    }
}

/// Checks the folders of a walk. The filter of a walk and its caller share it.
#[derive(Debug, Clone, Default)]
pub(super) struct IgnoreFileCheck {
    found: Arc<Mutex<Vec<DeepIgnoreRule>>>,
}

impl IgnoreFileCheck {
    /// Whether a walk may begin in this folder: ignore files of the folders above it count too.
    pub(super) fn may_begin_in(&self, folder: &Path) -> bool {
        let folder = folder
            .canonicalize()
            .unwrap_or_else(|_| folder.to_path_buf());
        folder.ancestors().all(|folder| self.allows(folder))
    }

    /// Whether a walk may enter what it has found.
    pub(super) fn may_enter(&self, entry: &DirEntry) -> bool {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        !is_folder || self.allows(entry.path())
    }

    fn allows(&self, folder: &Path) -> bool {
        let Some(rule) = DeepIgnoreRule::of_folder(folder) else {
            return true;
        };
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.push(rule);
        false
    }

    /// The lines that were found.
    pub(super) fn take(&self) -> Vec<DeepIgnoreRule> {
        std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
