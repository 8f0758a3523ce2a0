//! Writes attached bytes and files into a directory that the runner has named.

use bdd_protocol::variables::ATTACHMENTS;
use std::cell::Cell;
use std::env;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process;

/// The directory for what is attached as a file.
pub(crate) struct Attachments {
    /// An absolute path: steps may change the working directory.
    directory: Option<PathBuf>,
    /// How many files this process has put there.
    written: Cell<u64>,
}

impl Attachments {
    /// The directory that the runner has named.
    pub(crate) fn from_environment() -> Self {
        let named = env::var_os(ATTACHMENTS).filter(|directory| !directory.is_empty());
        Self {
            directory: named.map(|named| {
                let named = PathBuf::from(named);
                std::path::absolute(&named).unwrap_or(named)
            }),
            written: Cell::new(0),
        }
    }

    /// Writes bytes into a new file; its path.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<String> {
        self.fill(|file| file.write_all(bytes))
    }

    /// Copies a file into a new one, in pieces; the path of the copy.
    pub(crate) fn copy(&self, path: &Path) -> io::Result<String> {
        // Reading a pipe could block the step, and a device may have no end.
        if !fs::metadata(path)?.is_file() {
            let message = "it is not a regular file";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let mut source = File::open(path)?;
        self.fill(|file| io::copy(&mut source, file).map(drop))
    }

    /// Creates a file with a name of its own among all workers, and fills it by `write`; its path.
    fn fill(&self, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<String> {
        let Some(directory) = &self.directory else {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                format!(
                    "{ATTACHMENTS} names no directory for it; this bdd is older than its step program"
                ),
            ));
        };
        let (mut file, path) = self.create(directory).map_err(|error| {
            explained(&format!("cannot write in {}", directory.display()), &error)
        })?;
        let written = write(&mut file);
        if written.is_err() {
            let _ = fs::remove_file(&path);
        }
        written.map(|()| path)
    }

    fn create(&self, directory: &Path) -> io::Result<(File, String)> {
        loop {
            let number = self.written.get();
            self.written.set(number + 1);
            let path = directory.join(format!("{}-{number}", process::id()));
            // The file can exist: a process that a step forks counts with the same numbers, and a process of
            // a container may have the same id.
            let created = File::create_new(&path).or_else(|error| match error.kind() {
                // A step has deleted what is in the temporary directory.
                io::ErrorKind::NotFound => {
                    let mut folders = DirBuilder::new();
                    folders.recursive(true).mode(0o700).create(directory)?;
                    File::create_new(&path)
                }
                _ => Err(error),
            });
            match created {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => {
                    let path = path.into_os_string().into_string();
                    let path = path.map_err(|_| io::Error::other("its name is not UTF-8"))?;
                    return Ok((file, path));
                }
            }
        }
    }
}

/// The same kind of error, with `what` before its text.
pub(crate) fn explained(what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}
