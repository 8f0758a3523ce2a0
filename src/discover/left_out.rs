//! Explains why no feature files were found in a folder.

use std::fmt;
use std::path::Path;

use ignore::WalkBuilder;

use super::walk::{ENDINGS, MARKER, is_feature, walk_of};
use super::{FileSearch, shown};
use crate::gherkin::Flavor;

/// The number of file names that are shown.
const SHOWN: usize = 3;

/// The files that were left out, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// How many `.gitignore` and other ignore files leave out.
    pub ignored: usize,
    /// How many `--exclude` leaves out.
    pub excluded: usize,
    /// Files whose names end in another case, such as `X.FEATURE`.
    pub misnamed: Vec<String>,
}

impl FileSearch<'_> {
    /// Searches a folder for feature files that were left out, and adds them to the result.
    pub(super) fn look_for_left_out(&mut self, folder: &Path) -> LeftOut {
        let mut left_out = LeftOut::default();
        if !self.problems.is_empty() {
            return left_out;
        }
        let mut everything = WalkBuilder::new(folder);
        // Only behave searches hidden folders.
        everything
            .standard_filters(false)
            .hidden(self.flavor == Flavor::Standard);
        let files = everything.build().filter_map(Result::ok);
        let files = files.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        for file in files {
            let path = file.path();
            if is_feature(path) {
                let above = path.ancestors().take_while(|part| *part != folder);
                if above.into_iter().any(|part| self.excluded.matches(part)) {
                    left_out.excluded += 1;
                } else {
                    left_out.ignored += 1;
                }
            }
        }
        // The ignore files were checked by the walk that found nothing.
        let usual = walk_of(folder)
            .filter_entry(|entry| !entry.path().join(MARKER).exists())
            .build();
        for file in usual.filter_map(Result::ok) {
            let name = file.file_name().to_string_lossy().to_lowercase();
            let is_file = file.file_type().is_some_and(|kind| kind.is_file());
            let ends = ENDINGS.iter().any(|ending| name.ends_with(ending));
            if is_file && ends && !is_feature(file.path()) {
                let name = shown(file.path(), self.project, false);
                left_out.misnamed.push(name);
            }
        }
        left_out.misnamed.sort_unstable();
        let all = &mut self.found.left_out;
        all.ignored += left_out.ignored;
        all.excluded += left_out.excluded;
        all.misnamed.extend_from_slice(&left_out.misnamed);
        left_out
    }
}

/// The end of a message that begins with "no feature files in features". Empty if nothing was left out.
impl fmt::Display for LeftOut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.ignored > 0 {
            parts.push(format!(
                "{} left out by .gitignore or other ignore files",
                self.ignored
            ));
        }
        if self.excluded > 0 {
            parts.push(format!("{} left out by --exclude", self.excluded));
        }
        for name in self.misnamed.iter().take(SHOWN) {
            parts.push(format!("{name} does not end in `.feature`"));
        }
        if self.misnamed.len() > SHOWN {
            parts.push(format!("{} more like it", self.misnamed.len() - SHOWN));
        }
        if parts.is_empty() {
            return Ok(());
        }
        write!(formatter, " ({})", parts.join(", "))
    }
}
