//! A directory with a file per suite, and the files of an earlier run in it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use quick_junit::Report;

use super::names::FileNames;
use super::xml::{self, Suite};
use crate::report::output;

/// The first line of the files. The next run removes only files that have it.
const MARK: &str = "<!-- written by bdd run; the next run removes it -->";

pub(super) struct Directory {
    path: PathBuf,
}

impl Directory {
    pub(super) fn new(path: PathBuf) -> Self {
        Directory { path }
    }

    /// Removes the reports of an earlier run, so that the report of a removed feature is not taken for a new
    /// one. Files without the mark are not touched.
    pub(super) fn remove_old(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "xml") && is_ours(&path) {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    pub(super) fn files(&self) -> Files<'_> {
        Files {
            directory: &self.path,
            names: FileNames::default(),
        }
    }
}

/// A file that cannot be read has no mark.
fn is_ours(path: &Path) -> bool {
    let mut head = Vec::new();
    let is_file = fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
    is_file
        && File::open(path)
            .and_then(|file| file.take(256).read_to_end(&mut head))
            .is_ok()
        && head.split(|byte| *byte == b'\n').nth(1) == Some(MARK.as_bytes())
}

/// The files of one run.
pub(super) struct Files<'a> {
    directory: &'a Path,
    names: FileNames,
}

impl Files<'_> {
    pub(super) fn write(&mut self, uri: &str, suite: Suite) -> io::Result<()> {
        let mut path = self.directory.join(self.names.unique(uri));
        while fs::symlink_metadata(&path).is_ok() {
            // Somebody else's file has this name.
            path = self.directory.join(self.names.unique(uri));
        }
        let mut report = Report::new("bdd");
        report.tests = suite.model.tests;
        report.failures = suite.model.failures;
        report.errors = suite.model.errors;
        report.skipped = suite.model.skipped;
        let frame = xml::frame(&report, MARK)?;
        output::write_whole(&path, |output| {
            output.write_all(frame.head.as_bytes())?;
            suite.write(output)?;
            output.write_all(frame.tail.as_bytes())
        })
    }
}
