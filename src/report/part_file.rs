//! The parts of the report that are ready before their place in it is: in a temporary file, so that a run of 100,000
//! scenarios does not hold them in memory.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// How much is copied at once.
const PIECE: u64 = 64 * 1024;

/// A file without a name: the system removes it however bdd ends.
pub(super) struct PartFile {
    file: BufWriter<File>,
    length: u64,
}

/// A file in `folder`; without it in the usual folder for temporary files. The system removes it however bdd ends.
pub(super) fn temporary_file(folder: Option<&Path>) -> io::Result<BufWriter<File>> {
    let file = match folder {
        Some(folder) => tempfile::tempfile_in(folder)?,
        None => tempfile::tempfile()?,
    };
    Ok(BufWriter::new(file))
}

/// A part in the file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Part {
    start: u64,
    length: u64,
}

impl Part {
    pub(super) fn length(self) -> u64 {
        self.length
    }
}

impl PartFile {
    /// A file in `folder`, where the report goes too; without it in the usual folder for temporary files.
    pub(super) fn new(folder: Option<&Path>) -> io::Result<Self> {
        Ok(Self {
            file: temporary_file(folder)?,
            length: 0,
        })
    }

    /// A file in a folder, or in the usual one for temporary files: a scenario may have deleted the folder.
    pub(super) fn beside(folder: &Path) -> io::Result<Self> {
        Self::new(Some(folder)).or_else(|_| Self::new(None))
    }

    /// Adds a part.
    pub(super) fn add(&mut self, text: &str) -> io::Result<Part> {
        self.file.write_all(text.as_bytes())?;
        let (start, length) = (self.length, text.len() as u64);
        self.length += length;
        Ok(Part { start, length })
    }

    /// Adds all that can be read from `source` as a part.
    pub(super) fn add_from(&mut self, source: &mut impl Read) -> io::Result<Part> {
        let start = self.length;
        let length = io::copy(source, &mut self.file)?;
        self.length += length;
        Ok(Part { start, length })
    }

    /// Ends the writing. Only then parts can be read.
    pub(super) fn into_reader(self) -> io::Result<PartReader> {
        let file = self.file.into_inner().map_err(|error| error.into_error())?;
        Ok(PartReader { file, at: None })
    }
}

/// Reads the parts back.
pub(super) struct PartReader {
    file: File,
    /// Where the file is read next, if that is known.
    at: Option<u64>,
}

impl PartReader {
    /// Writes a part to `output`.
    pub(super) fn copy(&mut self, part: Part, output: &mut impl Write) -> io::Result<()> {
        // Most parts follow each other, as scenarios end nearly in the order of the plan.
        if self.at != Some(part.start) {
            self.file.seek(SeekFrom::Start(part.start))?;
        }
        self.at = None;
        let mut buffer = Vec::new();
        let mut left = part.length;
        while left > 0 {
            let piece = left.min(PIECE);
            buffer.resize(usize::try_from(piece).unwrap_or(0), 0);
            self.file.read_exact(&mut buffer)?;
            output.write_all(&buffer)?;
            left -= piece;
        }
        self.at = Some(part.start + part.length);
        Ok(())
    }
}
