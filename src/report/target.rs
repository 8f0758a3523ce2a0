//! Compares paths: whether two are the same file, and whether a report would replace a file that the run
//! reads.

use std::fs;
use std::path::{Path, PathBuf};

use crate::paths::normalized;

/// Whether two paths name one file or folder, which need not exist. Devices and pipes may be named twice.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    let is_stream = fs::metadata(one).is_ok_and(|found| !found.is_file() && !found.is_dir());
    if is_stream {
        return false;
    }
    resolved(one) == resolved(other) || is_hard_link(one, other)
}

/// The input that a report at `path` would replace. A feature file is always one, read in this run or not.
pub(super) fn replaced_input<'i>(path: &'i Path, inputs: &'i [PathBuf]) -> Option<&'i Path> {
    let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let input = inputs.iter().find(|input| is_file(path, &found, input));
    let feature = || {
        let name = path.to_string_lossy();
        let is_feature = name.ends_with(".feature") || name.ends_with(".feature.md");
        is_feature.then_some(path)
    };
    input.map(PathBuf::as_path).or_else(feature)
}

/// Whether a path names the existing file `one`, of which this is known. There may be thousands of inputs, and to resolve their
/// links takes ten times as long.
#[cfg(unix)]
fn is_file(_: &Path, known: &fs::Metadata, path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| number(&found) == number(known))
}

#[cfg(not(unix))]
fn is_file(one: &Path, _: &fs::Metadata, path: &Path) -> bool {
    is_same(one, path)
}

/// The path without links; those of a missing file are those of its nearest folder that exists.
fn resolved(path: &Path) -> PathBuf {
    let path = normalized(path);
    for folder in path.ancestors() {
        if let Ok(real) = fs::canonicalize(folder) {
            let rest = path.strip_prefix(folder).unwrap_or(Path::new(""));
            return if rest.as_os_str().is_empty() {
                real
            } else {
                real.join(rest)
            };
        }
    }
    path
}

#[cfg(unix)]
fn is_hard_link(one: &Path, other: &Path) -> bool {
    let number = |path: &Path| fs::metadata(path).ok().map(|found| number(&found));
    number(one).is_some_and(|one| number(other) == Some(one))
}

/// What no two files of the system have in common.
#[cfg(unix)]
fn number(found: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (found.dev(), found.ino())
}

#[cfg(not(unix))]
fn is_hard_link(_: &Path, _: &Path) -> bool {
    false
}
