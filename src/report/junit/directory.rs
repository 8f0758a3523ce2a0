//! A file per suite in a directory: what an earlier run left there, and several runs at once.
//!
//! The files of a directory cannot appear all at once. Until all are there, one more with a failing test case says
//! so, whatever becomes of the process. Where several runs write into one directory, each replaces all files of the
//! one before it, under a lock: there is never a mix.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use quick_junit::Report;

use super::attachment_folder;
use super::links::ATTACHMENTS;
use super::lock::{self, DirectoryLock};
use super::names::FileNames;
use super::suites::{ERRORS, error_case};
use super::xml::{self, RenderedSuite, Suite};
use crate::durable::sync;
use crate::report::output;

/// The first line of the files. The next run removes only files that have it.
const MARK: &str = "<!-- written by bdd run; the next run removes it -->";

/// The name of the file that says that the others are not all there. It is found where the others are, by readers of
/// `TEST-*.xml` too.
const INCOMPLETE: &str = "TEST-bdd.incomplete";

pub(super) struct Directory {
    path: PathBuf,
    /// The file that says that the others are not all there. It is locked as long as its run lives.
    incomplete: Option<(PathBuf, File)>,
}

impl Directory {
    pub(super) fn new(path: PathBuf) -> Self {
        Directory {
            path,
            incomplete: None,
        }
    }

    /// Whether another run, which lives, is to write into this directory.
    pub(super) fn has_other_run(path: &Path) -> bool {
        let files = names().map(|name| path.join(name));
        let mut files = files.take_while(|file| fs::symlink_metadata(file).is_ok());
        files.any(|file| is_ours(&file) && lock::is_held(&file))
    }

    /// Removes the reports of an earlier run, so that none of a feature that is gone is taken for new. From now on the
    /// directory says that it is not complete.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        let _lock = DirectoryLock::wait(&self.path)?;
        self.restart()
    }

    /// Writes all files. Another run may have written its own since this one began: they are replaced.
    pub(super) fn replace(
        &mut self,
        write: impl FnOnce(&mut Files<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        // A scenario may have deleted it.
        fs::create_dir_all(&self.path)?;
        let _lock = DirectoryLock::wait(&self.path)?;
        self.restart()?;
        let mut files = Files {
            directory: &self.path,
            names: FileNames::default(),
            written: Vec::new(),
        };
        write(&mut files)?;
        files.sync()?;
        match self.incomplete.take() {
            Some((path, _)) => fs::remove_file(path),
            None => Ok(()),
        }
    }

    /// First says that the directory is not complete, then removes what is in it. Files without the mark are not
    /// touched.
    fn restart(&mut self) -> io::Result<()> {
        let mut paths = names().map(|name| self.path.join(name));
        let is_free = |path: &PathBuf| fs::symlink_metadata(path).is_err() || is_ours(path);
        let path = paths.find(is_free).unwrap_or_default();
        output::write_whole(&path, write_incomplete)?;
        let file = File::open(&path)?;
        sync(&file)?;
        lock::hold(&file);
        self.incomplete = Some((path.clone(), file));
        for entry in fs::read_dir(&self.path)? {
            let old = entry?.path();
            let is_xml = old.extension().is_some_and(|extension| extension == "xml");
            if is_xml && old != path && is_ours(&old) {
                fs::remove_file(&old)?;
            }
        }
        attachment_folder::clear(&self.path.join(ATTACHMENTS))?;
        Ok(())
    }
}

/// The names for the file that says that the others are not all there. Somebody else may have taken the first.
fn names() -> impl Iterator<Item = String> {
    let more = (2..).map(|number: u32| format!("{INCOMPLETE}-{number}.xml"));
    std::iter::once(format!("{INCOMPLETE}.xml")).chain(more)
}

fn write_incomplete(output: &mut dyn Write) -> io::Result<()> {
    const MESSAGE: &str =
        "bdd has not written all reports into this folder: its run goes on, or it was killed";
    let mut suite = Suite::new(xml::attribute("bdd"));
    let case = error_case(
        &mut suite.texts,
        (ERRORS, "the reports are not complete"),
        "Incomplete",
        MESSAGE,
        "",
    );
    suite.model.add_test_case(case);
    write_file(output, &suite.render()?)
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
    written: Vec<PathBuf>,
}

impl Files<'_> {
    pub(super) fn write(&mut self, uri: &str, suite: &RenderedSuite) -> io::Result<()> {
        let mut path = self.directory.join(self.names.unique(uri));
        while fs::symlink_metadata(&path).is_ok() {
            // Somebody else's file has this name.
            path = self.directory.join(self.names.unique(uri));
        }
        output::write_whole(&path, |output| write_file(output, suite))?;
        self.written.push(path);
        Ok(())
    }

    /// Waits until all of them are on the disk. One after the other, as they are written, this takes three times as long:
    /// 1.3 s for 300 files.
    fn sync(&self) -> io::Result<()> {
        let mut written = self.written.iter();
        written.try_for_each(|path| sync(&File::open(path)?))
    }
}

fn write_file(output: &mut dyn Write, suite: &RenderedSuite) -> io::Result<()> {
    let mut report = Report::new("bdd");
    report.tests = suite.tests;
    report.failures = suite.failures;
    report.errors = suite.errors;
    report.skipped = suite.skipped;
    let frame = xml::frame(&report, MARK)?;
    output.write_all(frame.head.as_bytes())?;
    output.write_all(&suite.xml)?;
    output.write_all(frame.tail.as_bytes())
}
