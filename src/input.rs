//! Reads the files that a user names.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How much is read of what is not a regular file. A device such as `/dev/zero` never ends, and would take all memory.
const MOST_OF_A_STREAM: u64 = 256 * 1024 * 1024;

/// The content of a file. Pipes (`<(…)`) and devices work too, up to 256 MiB.
///
/// # Errors
/// When the file cannot be read, or is a stream that does not end in time.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path).map_err(|error| match dangling_link(path) {
        Some(link) => io::Error::other(link.to_string()),
        None => error,
    })?;
    let mut bytes = Vec::new();
    if file.metadata()?.is_file() {
        file.read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    file.take(MOST_OF_A_STREAM + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_OF_A_STREAM {
        return Err(io::Error::other(
            "it is not a regular file, and has more than 256 MiB",
        ));
    }
    Ok(bytes)
}

/// A symbolic link whose target does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DanglingLink {
    pub(crate) link: PathBuf,
    target: PathBuf,
}

/// The link that is the reason why a path does not exist: the path itself, or a folder above it.
pub(crate) fn dangling_link(path: &Path) -> Option<DanglingLink> {
    let missing = |path: &Path| {
        let error = path.metadata().err();
        error.is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
    };
    let link = (path.ancestors()).find(|path| path.is_symlink() && missing(path))?;
    Some(DanglingLink {
        link: link.to_path_buf(),
        target: link.read_link().ok()?,
    })
}

/// Names the target only: messages name the link in their own way.
impl fmt::Display for DanglingLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = self.target.display();
        write!(
            formatter,
            "it is a symbolic link to {target}, which does not exist"
        )
    }
}
