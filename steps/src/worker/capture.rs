//! The file that descriptors 1 and 2 write to.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;

use rustix::fs::fstat;

/// The capture file, or whatever descriptor 1 was when the worker started.
pub(super) struct Capture {
    file: Option<File>,
}

impl Capture {
    /// Takes a second handle of descriptor 1: a step may close or redirect the first.
    pub(super) fn new() -> Self {
        Self {
            file: io::stdout()
                .as_fd()
                .try_clone_to_owned()
                .ok()
                .map(File::from),
        }
    }

    /// The file.
    pub(super) fn file(&self) -> Option<&File> {
        self.file.as_ref()
    }

    /// How long the file is; 0 if it is a terminal, a pipe or closed.
    pub(super) fn length(&self) -> u64 {
        match &self.file {
            // Asked for at each scenario: `File::metadata` asks for times as well, which takes longer.
            Some(file) => fstat(file).map_or(0, |stat| u64::try_from(stat.st_size).unwrap_or(0)),
            None => 0,
        }
    }

    /// Flushes Rust's buffer of standard output.
    pub(super) fn flush(&self) {
        // The step program's output may be closed; that is no fault of the scenario.
        let _ = io::stdout().flush();
    }
}
