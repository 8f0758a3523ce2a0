//! The temporary directory: `TMPDIR`, or the system's where that is not set.

use std::env;
use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::system_error::reason;

/// A path longer than this leaves no room for the name of a socket: systems allow about a hundred bytes.
const LONGEST: usize = 69;

/// Where folders with sockets are made.
const SHORT: &str = "/tmp";

/// Makes a folder for sockets with `make`, in the temporary directory or in a shorter one.
///
/// # Errors
/// When that is not possible. The message names `TMPDIR` and says what is wrong with it.
pub(super) fn in_directory<R>(make: impl Fn(&Path) -> io::Result<R>) -> io::Result<R> {
    let set = env::var_os("TMPDIR").filter(|value| !value.is_empty());
    let directory = env::temp_dir();
    if set.is_some() && directory.is_relative() {
        return Err(unusable(
            &set,
            "it is a relative path, and steps run elsewhere",
        ));
    }
    // Also where the sockets are not: the output of workers is.
    match fs::metadata(&directory) {
        Ok(found) if !found.is_dir() => return Err(unusable(&set, "it is not a folder")),
        Ok(_) => {}
        Err(error) => return Err(unusable(&set, &reason(&error))),
    }
    let is_long = directory.as_os_str().len() > LONGEST;
    let place = if is_long {
        Path::new(SHORT)
    } else {
        &directory
    };
    make(place).map_err(|error| {
        let why = match is_long {
            true => format!(
                "it is too long for sockets (more than {LONGEST} bytes), and {SHORT} cannot be used: {}",
                reason(&error)
            ),
            false => reason(&error),
        };
        unusable(&set, &why)
    })
}

/// The message for a temporary directory that cannot be used.
fn unusable(set: &Option<OsString>, why: &str) -> io::Error {
    let text = match set {
        Some(value) => format!(
            "TMPDIR is {}: {why}; set it to the absolute path of a folder that can be written",
            Path::new(value).display()
        ),
        None => format!(
            "the temporary folder is {}: {why}; set TMPDIR to the absolute path of another",
            env::temp_dir().display()
        ),
    };
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

/// Makes folders again that a step has deleted, and the temporary directory around them. The result is the first
/// that was missing.
///
/// # Errors
/// When one cannot be made.
pub(super) fn restore(folders: &[&Path]) -> io::Result<Option<PathBuf>> {
    let directory = env::temp_dir();
    let mut missing = None;
    for folder in [&*directory].iter().chain(folders) {
        if !folder.is_dir() {
            // Any program that connects is taken for a worker, so no other user may enter it.
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)?;
            missing.get_or_insert_with(|| folder.to_path_buf());
        }
    }
    Ok(missing)
}
