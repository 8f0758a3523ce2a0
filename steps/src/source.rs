//! The path of a source file, from the path that the compiler gives it.

use std::path::Path;

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
