//! Where a report goes: standard output, a file that appears whole, or a stream.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::live::LiveScreen;
use super::spool::{Spool, SpoolWriter};
use crate::durable::{begin_sync, sync};
use crate::owned_file::{abandoned, make_owned};

/// Text is passed on in pieces of about this size.
const BUFFER: usize = 32 * 1024;

/// Writing to the disk begins after so many bytes of a file.
const SYNCED: u64 = 4 << 20;

/// A place for a report. It keeps what is written until there is enough or it is flushed, and
/// passes on whole lines, so that nothing of another writer gets between.
pub(crate) struct Output {
    target: Target,
    buffer: Vec<u8>,
    /// The reader has closed the pipe, which is not an error.
    closed: bool,
}

enum Target {
    /// Standard output, a pipe, a device: written in place.
    Stream(SpoolWriter),
    /// A regular file: written beside it and renamed at the end.
    File {
        temporary: NamedTempFile,
        path: PathBuf,
        /// How many bytes are in it.
        written: u64,
        /// The system was asked to write so many of them to the disk.
        asked: u64,
    },
}

impl Target {
    fn file(temporary: NamedTempFile, path: PathBuf) -> Self {
        Self::File {
            temporary,
            path,
            written: 0,
            asked: 0,
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stream(stream) => stream.write_all(bytes),
            Self::File {
                temporary,
                written,
                asked,
                ..
            } => {
                temporary.write_all(bytes)?;
                *written += bytes.len() as u64;
                if *written - *asked >= SYNCED {
                    begin_sync(temporary.as_file(), *asked..*written);
                    *asked = *written;
                }
                Ok(())
            }
        }
    }
}

impl Output {
    /// A report on a stream that is already open.
    pub(crate) fn stream(stream: Box<dyn Write + Send>) -> Self {
        Self::new(Target::Stream(Spool::of_stream(stream)))
    }

    /// A report on a terminal with a live line.
    pub(super) fn screen(screen: LiveScreen) -> Self {
        Self::new(Target::Stream(Spool::of(Box::new(screen))))
    }

    /// A report in the file `path`. Missing directories are made.
    ///
    /// # Errors
    /// When the file could not be written; this is found out now and not after the run.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        remove_abandoned(path);
        Self::open_new(path)
    }

    /// The same, when nothing of an earlier run can be left.
    fn open_new(path: &Path) -> io::Result<Self> {
        if path.as_os_str().to_string_lossy().ends_with('/') {
            return Err(io::Error::new(
                ErrorKind::IsADirectory,
                "it names a directory",
            ));
        }
        // A link stays a link: what it points to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => {
                Err(io::Error::new(ErrorKind::IsADirectory, "it is a directory"))
            }
            Ok(found) if is_named_pipe(&found) => {
                Ok(Self::new(Target::Stream(open_named_pipe(path)?)))
            }
            Ok(found) if !found.is_file() || is_descriptor(&path) => {
                let stream = OpenOptions::new().append(true).open(&path)?;
                Ok(Self::stream(Box::new(stream)))
            }
            Ok(found) => {
                // Replacing needs no right to write to the file, but its owner may not want it.
                OpenOptions::new().append(true).open(&path)?;
                let temporary = temporary(&path, Some(found.permissions()))?;
                Ok(Self::new(Target::file(temporary, path)))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent)?;
                }
                let temporary = temporary(&path, None)?;
                Ok(Self::new(Target::file(temporary, path)))
            }
            Err(error) => Err(error),
        }
    }

    fn new(target: Target) -> Self {
        Output {
            target,
            buffer: Vec::new(),
            closed: false,
        }
    }

    /// Whether the report may be read while the run lasts.
    pub(crate) fn is_live(&self) -> bool {
        matches!(self.target, Target::Stream(_))
    }

    /// What is on its way to a reader, if the report is a stream.
    pub(super) fn spool(&self) -> Option<Spool> {
        match &self.target {
            Target::Stream(stream) => Some(stream.spool()),
            Target::File { .. } => None,
        }
    }

    /// The temporary file that is to become the report, if there is one.
    pub(crate) fn temporary(&self) -> Option<&Path> {
        match &self.target {
            Target::Stream(_) => None,
            Target::File { temporary, .. } => Some(temporary.path()),
        }
    }

    /// Writes the rest; a file gets its name now, when it is on the disk.
    pub(crate) fn commit(&mut self) -> io::Result<()> {
        self.flush()?;
        if let Target::File { temporary, .. } = &self.target {
            sync(temporary.as_file())?;
        }
        self.name()
    }

    fn name(&mut self) -> io::Result<()> {
        if let Target::File {
            temporary, path, ..
        } = &mut self.target
        {
            // After the renaming, nobody writes to the open file any more.
            match fs::rename(temporary.path(), &*path) {
                Err(error) if error.kind() == ErrorKind::NotFound => restore(temporary, path)?,
                renamed => renamed?,
            }
        }
        Ok(())
    }

    /// Adds the whole lines that `fill` appends to a buffer, without a copy of them. An error leaves nothing of them.
    ///
    /// # Errors
    /// Those of `fill`, and when the report cannot be written.
    pub(crate) fn add_lines(
        &mut self,
        fill: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        let before = self.buffer.len();
        let filled = fill(&mut self.buffer);
        if filled.is_err() || self.closed {
            self.buffer.truncate(before);
        }
        if self.buffer.len() >= BUFFER {
            self.pass_on(self.buffer.len())?;
        }
        filled
    }

    /// Passes on all there is, in the middle of a line too: for lines that do not fit into memory.
    pub(crate) fn pass_on_all(&mut self) -> io::Result<()> {
        self.flush()
    }

    fn pass_on(&mut self, length: usize) -> io::Result<()> {
        let result = self.target.write(&self.buffer[..length]);
        self.buffer.drain(..length);
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            result => result,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let before = self.buffer.len();
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER
            && let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n')
        {
            self.pass_on(before + end + 1)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed || self.buffer.is_empty() {
            return Ok(());
        }
        self.pass_on(self.buffer.len())
    }
}

/// `/dev/stderr` may be a regular file that the shell has open: renaming would replace the path, and the
/// shell would keep the old file.
fn is_descriptor(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

fn is_named_pipe(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    found.file_type().is_fifo()
}

/// Opens a pipe that has a name. Until somebody reads it this would block, so it is then left to the thread that writes.
fn open_named_pipe(path: PathBuf) -> io::Result<SpoolWriter> {
    use rustix::fs::{OFlags, fcntl_setfl};
    use std::os::unix::fs::OpenOptionsExt;

    let no_waiting = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let opened = OpenOptions::new()
        .write(true)
        .custom_flags(no_waiting)
        .open(&path);
    match opened {
        Ok(pipe) => {
            fcntl_setfl(&pipe, OFlags::empty())?;
            Ok(Spool::of_stream(Box::new(pipe)))
        }
        // Nobody reads it yet.
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) => {
            Spool::start(move || {
                let pipe = OpenOptions::new().write(true).open(&path)?;
                Ok(Spool::plain(Box::new(pipe)))
            })
        }
        Err(error) => Err(error),
    }
}

/// Writes a report again whose folder was deleted while the run lasted: what was written can still be
/// read.
fn restore(deleted: &mut NamedTempFile, path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let permissions = deleted.as_file().metadata()?.permissions();
    let mut again = temporary(path, Some(permissions))?;
    deleted.rewind()?;
    io::copy(deleted, &mut again)?;
    sync(again.as_file())?;
    fs::rename(again.path(), path)
}

fn temporary(path: &Path, permissions: Option<fs::Permissions>) -> io::Result<NamedTempFile> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it names no file"))?;
    let prefix = prefix_of(name);
    let folder = folder_of(path);
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(SUFFIX);
    if let Some(permissions) = permissions.or_else(usual_permissions) {
        builder.permissions(permissions);
    }
    make_owned(
        || builder.tempfile_in(folder),
        |temporary| (temporary.as_file(), temporary.path()),
    )
}

/// How the name of a temporary file ends.
const SUFFIX: &str = ".tmp";
/// How many random letters are before that.
const LETTERS: usize = 6;

fn prefix_of(name: &OsStr) -> String {
    let name: String = name.to_string_lossy().chars().take(40).collect();
    format!(".{name}.")
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Removes the temporary files of a report that killed runs have left beside it.
fn remove_abandoned(path: &Path) {
    // A link stays a link: what it points to is written beside its target.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Some(prefix) = path.file_name().map(prefix_of) {
        remove_abandoned_in(folder_of(&path), |name| name == prefix);
    }
}

/// Removes the temporary files in a folder whose owners are gone and whose names begin in a certain way.
fn remove_abandoned_in(folder: &Path, is_prefix: impl Fn(&str) -> bool) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let rest = name.to_str().and_then(|name| name.strip_suffix(SUFFIX));
        let at = rest.and_then(|rest| rest.len().checked_sub(LETTERS));
        let prefix = rest.zip(at).and_then(|(rest, at)| rest.get(..at));
        let is_ours = prefix.is_some_and(|prefix| prefix.starts_with('.') && is_prefix(prefix));
        if is_ours && abandoned(&entry.path(), fs::Metadata::is_file).is_some() {
            // One that stays does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// What a new file gets; temporary files are otherwise for their owner only. The umask applies.
#[cfg(unix)]
fn usual_permissions() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual_permissions() -> Option<fs::Permissions> {
    None
}

/// Writes a small file at once, under a temporary name first. It need not be on the disk already.
pub(crate) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // Looking for what is left, once for each of many files of a folder, would take the square of the time.
    let mut output = Output::open_new(path)?;
    write(&mut output)?;
    output.flush()?;
    output.name()
}

/// Makes a directory for reports and finds out whether files can be written there.
pub(crate) fn open_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    remove_abandoned_in(path, |name| name.ends_with(".xml."));
    Builder::new().prefix(".bdd.").tempfile_in(path).map(drop)
}
