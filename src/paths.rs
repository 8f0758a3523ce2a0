//! Functions on the text of paths, for reading and showing them.

use std::path::{Component, Path, PathBuf};

/// A path without `.` and `..`, by its text alone.
pub(crate) fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if result.file_name().is_some() => {
                result.pop();
            }
            Component::ParentDir if result.has_root() => {}
            other => result.push(other),
        }
    }
    result
}

/// A path relative to `directory`; absolute if they share only the root of the file system.
pub(crate) fn from_directory(path: &Path, directory: &Path) -> String {
    let path = normalized(path);
    let mut up = String::new();
    for folder in directory.ancestors() {
        // A path that starts at the root of the file system reads best as it is.
        if folder.parent().is_none() && !up.is_empty() {
            break;
        }
        if let Ok(rest) = path.strip_prefix(folder) {
            let rest = with_slashes(rest);
            return match (up.is_empty(), rest.is_empty()) {
                (true, true) => ".".to_owned(),
                (false, true) => up.trim_end_matches('/').to_owned(),
                _ => format!("{up}{rest}"),
            };
        }
        up.push_str("../");
    }
    path.display().to_string()
}

/// The path of a source file as it is shown: from the project's root if the file is inside.
pub(crate) fn from_root(file: &str, root: &Path) -> String {
    let inside = Path::new(file).strip_prefix(root);
    inside.map_or_else(|_| file.to_owned(), |inside| inside.display().to_string())
}

/// The components of a relative path, joined by `/`.
pub(crate) fn with_slashes(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_a_directory() {
        let directory = Path::new("/home/me/project/sub");
        let shown = |path: &str| from_directory(Path::new(path), directory);
        assert_eq!(shown("/home/me/project/sub"), ".");
        assert_eq!(shown("/home/me/project/sub/./a/../b"), "b");
        assert_eq!(shown("/home/me/project/bdd.toml"), "../bdd.toml");
        assert_eq!(shown("/home/me"), "../..");
        assert_eq!(shown("/etc/x"), "/etc/x");
    }
}
