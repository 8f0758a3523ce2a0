//! Reads the files that a user names.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustix::buffer::spare_capacity;
use rustix::io::{Errno, retry_on_intr};

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
    let metadata = file.metadata()?;
    if metadata.is_file() {
        return read_regular(&mut file, metadata.len());
    }
    let mut bytes = Vec::new();
    file.take(MOST_OF_A_STREAM + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_OF_A_STREAM {
        return Err(io::Error::other(
            "it is not a regular file, and has more than 256 MiB",
        ));
    }
    Ok(bytes)
}

/// The content of a regular file, whose length is known and may change. `File::read_to_end` asks for length and
/// position again, which took a third of the time for a small file.
fn read_regular(file: &mut File, length: u64) -> io::Result<Vec<u8>> {
    // Files of `/proc` say that they are empty.
    let room = usize::try_from(length)
        .unwrap_or_default()
        .saturating_add(1);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(room)?;
    let first = retry_on_intr(|| rustix::io::read(&*file, spare_capacity(&mut bytes)))?;
    // There was room for more, so this is the end.
    if first as u64 != length {
        file.take(u64::MAX).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// A symbolic link whose target does not exist, or that leads to itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DanglingLink {
    pub(crate) link: PathBuf,
    target: PathBuf,
    circular: bool,
}

/// The link that is the reason why a path does not exist: the path itself, or a folder above it.
pub(crate) fn dangling_link(path: &Path) -> Option<DanglingLink> {
    // A path that ends with a slash means the target of the link. Its components have no slash at the end.
    let path = path.components().as_path();
    path.ancestors().find_map(|path| {
        let error = path.metadata().err().filter(|_| path.is_symlink())?;
        let circular = error.raw_os_error() == Some(Errno::LOOP.raw_os_error());
        let missing = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
        (circular || missing.contains(&error.kind())).then_some(())?;
        Some(DanglingLink {
            link: path.to_path_buf(),
            target: path.read_link().ok()?,
            circular,
        })
    })
}

/// Names the target only: messages name the link in their own way.
impl fmt::Display for DanglingLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = self.target.display();
        write!(formatter, "it is a symbolic link to {target}, which ")?;
        formatter.write_str(match self.circular {
            true => "leads back to the link",
            false => "does not exist",
        })
    }
}
