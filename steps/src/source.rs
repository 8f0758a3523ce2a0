//! The path of a source file, from the path that the compiler gives it.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The directory in which the program was started: that of a worker is the project's root. Steps may leave it.
static START: OnceLock<PathBuf> = OnceLock::new();

/// The program starts in the present directory. If that is unknown, [`shown`] gives absolute paths.
pub(crate) fn starts_here() {
    if let Ok(directory) = env::current_dir() {
        START.get_or_init(|| directory);
    }
}

/// The absolute path of `file`, which the compiler names relative to the cargo workspace. It is searched for
/// in the package's directory `root` and in its parents. If it is not found, because the sources are not on
/// this machine, the path stays as it is.
pub(crate) fn absolute(root: &str, file: &str) -> String {
    for directory in Path::new(root).ancestors() {
        let path = directory.join(file);
        if path.is_file() {
            return path.display().to_string();
        }
    }
    file.to_owned()
}

/// The path of `file` in messages: from the project's root if the file is inside, as the runner shows it.
pub(crate) fn shown(root: &str, file: &str) -> String {
    let absolute = absolute(root, file);
    let start = START.get();
    match start.and_then(|start| Path::new(&absolute).strip_prefix(start).ok()) {
        Some(inside) => inside.display().to_string(),
        None => absolute,
    }
}
