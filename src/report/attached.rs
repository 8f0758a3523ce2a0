//! Writes an attached file in Base64. It is never in memory as a whole.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::output::Output;

/// How much of a file is in memory at once. It is a multiple of three, so that only the last piece needs
/// padding in Base64.
const PIECE: usize = 3 << 14;

/// A file that was opened for reading. A caller that writes a line around it learns of an unreadable
/// file before it begins the line.
pub(crate) struct AttachedFile<'a> {
    path: &'a Path,
    file: File,
}

impl<'a> AttachedFile<'a> {
    pub(crate) fn open(path: &'a Path) -> io::Result<Self> {
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        Ok(AttachedFile { path, file })
    }

    /// Writes its bytes in Base64.
    pub(crate) fn write(mut self, output: &mut Output) -> io::Result<()> {
        let mut piece = Vec::with_capacity(PIECE);
        let mut code = String::new();
        loop {
            piece.clear();
            let read = Read::by_ref(&mut self.file)
                .take(PIECE as u64)
                .read_to_end(&mut piece)
                .map_err(|error| unreadable(self.path, &error))?;
            code.clear();
            STANDARD.encode_string(&piece, &mut code);
            output.write_all(code.as_bytes())?;
            if read < PIECE {
                return Ok(());
            }
            output.pass_on_all()?;
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> io::Error {
    let message = format!("an attachment cannot be read: {}: {error}", path.display());
    io::Error::new(error.kind(), message)
}
