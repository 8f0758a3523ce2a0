//! The file that a worker's descriptors 1 and 2 are: what steps printed, by byte range.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use crate::event::CapturedOutput;

/// Of what one attempt printed, this much is kept from its beginning and from its end each.
const KEPT: u64 = 1024 * 1024;

/// Space is given back in pieces of at least this size: a system call for each scenario would cost more than the
/// space of a few lines is worth.
const PIECE: u64 = 1024 * 1024;

/// File systems free whole blocks only. Their blocks are this large or a part of it.
const BLOCK: u64 = 64 * 1024;

/// A file that never has a name: a run that is killed leaves nothing. Not all file systems can make one.
#[cfg(target_os = "linux")]
fn unnamed() -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::APPEND | OFlags::CLOEXEC;
    let opened = open(std::env::temp_dir(), flags, Mode::RUSR | Mode::WUSR)?;
    Ok(opened.into())
}

#[cfg(not(target_os = "linux"))]
fn unnamed() -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A file that has its name for a moment only. What a killed run leaves of it, another run removes.
fn named() -> io::Result<File> {
    let named = tempfile::Builder::new()
        .prefix("bdd-output-")
        .append(true)
        .tempfile()?;
    Ok(named.into_file())
}

/// What a worker prints goes here; nothing it prints can touch the protocol.
#[derive(Debug)]
pub struct Capture {
    file: File,
    /// The space before this position was given back, or cannot be.
    done: u64,
    /// How many of the bytes before that position still take space.
    kept: u64,
    /// Makes a hole in the file: its position and its length.
    make_hole: fn(&File, u64, u64) -> io::Result<()>,
}

impl Capture {
    /// Makes an empty file without a name: it is gone when runner and worker are.
    ///
    /// # Errors
    /// When the temporary directory cannot be written.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            file: unnamed().or_else(|_| named())?,
            done: 0,
            kept: 0,
            make_hole,
        })
    }

    /// Gives back the space of what was printed before `end`, which is not read again. The length stays: the worker
    /// appends to the file, and all positions are those from its beginning.
    pub fn give_back(&mut self, end: u64) {
        let end = end - end % BLOCK;
        let Some(length) = end.checked_sub(self.done).filter(|length| *length >= PIECE) else {
            return;
        };
        if self.kept > 0 || (self.make_hole)(&self.file, self.done, length).is_err() {
            self.kept += length;
        }
        self.done = end;
    }

    /// How many bytes take space though they will not be read again: the file system cannot give it back.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// A descriptor for the worker.
    ///
    /// # Errors
    /// When the process has no descriptor left.
    pub fn descriptor(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// How much was printed so far, in bytes.
    pub fn length(&self) -> u64 {
        self.file.metadata().map_or(0, |metadata| metadata.len())
    }

    /// What was printed between two lengths; none when nothing was. Of much output the
    /// middle is left out, and a line in its place says how much.
    pub fn between(&self, start: u64, end: u64) -> Option<CapturedOutput> {
        let length = end.saturating_sub(start);
        if length == 0 {
            return None;
        }
        let bytes = if length <= 2 * KEPT {
            self.read(start, length)
        } else {
            let mut bytes = self.read(start, KEPT);
            let left_out = length - 2 * KEPT;
            bytes
                .extend(format!("\n[bdd: {left_out} bytes of output are left out here]\n").bytes());
            bytes.extend(self.read(end - KEPT, KEPT));
            bytes
        };
        CapturedOutput::from_bytes(bytes)
    }

    fn read(&self, start: u64, length: u64) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        let mut read = 0;
        while read < bytes.len() {
            match self.file.read_at(&mut bytes[read..], start + read as u64) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    bytes.truncate(read);
                    bytes.extend(
                        format!("\n[bdd: the rest of the output cannot be read: {error}]\n")
                            .bytes(),
                    );
                    return bytes;
                }
            }
        }
        bytes.truncate(read);
        bytes
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn make_hole(file: &File, position: u64, length: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    Ok(fallocate(file, flags, position, length)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn make_hole(_: &File, _: u64, _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;

    use super::*;

    #[test]
    fn a_range_is_read_back() {
        let capture = Capture::new().unwrap();
        capture
            .descriptor()
            .unwrap()
            .write_all(b"before|during|after")
            .unwrap();
        assert_eq!(
            capture.between(7, 13),
            Some(CapturedOutput::Text("during".into()))
        );
        assert_eq!(capture.between(7, 7), None);
        assert_eq!(capture.length(), 19);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_space_of_what_was_taken_is_given_back() {
        use std::os::unix::fs::MetadataExt;

        let mut capture = Capture::new().unwrap();
        let mut file = capture.descriptor().unwrap();
        file.write_all(&vec![b'a'; 8 * 1024 * 1024]).unwrap();
        file.write_all(b"after").unwrap();
        file.sync_all().unwrap();
        let end = capture.length();
        capture.give_back(end - 5);
        let space = file.metadata().unwrap().blocks() * 512;
        // On a file system that makes no holes, another test says what follows.
        assert!(space < 1024 * 1024 || capture.kept() == 8 * 1024 * 1024);
        assert_eq!(capture.length(), end);
        let after = capture.between(end - 5, end);
        assert_eq!(after, Some(CapturedOutput::Text("after".into())));
    }

    #[test]
    fn space_that_cannot_be_given_back_is_counted() {
        let mut capture = Capture::new().unwrap();
        capture.make_hole = |_, _, _| Err(io::ErrorKind::Unsupported.into());
        capture.give_back(PIECE - 1);
        assert_eq!(capture.kept(), 0);
        capture.give_back(PIECE + 1);
        assert_eq!(capture.kept(), PIECE);
        capture.give_back(3 * PIECE);
        assert_eq!(capture.kept(), 3 * PIECE);
        capture.give_back(PIECE);
        assert_eq!(capture.kept(), 3 * PIECE);
    }

    #[test]
    fn bytes_that_are_not_text_are_kept() {
        let capture = Capture::new().unwrap();
        capture
            .descriptor()
            .unwrap()
            .write_all(b"\xff\x00a")
            .unwrap();
        assert_eq!(
            capture.between(0, 3),
            Some(CapturedOutput::Base64("/wBh".into()))
        );
    }

    #[test]
    fn the_middle_of_much_output_is_left_out_in_plain_words() {
        let capture = Capture::new().unwrap();
        let mut file = capture.descriptor().unwrap();
        file.write_all(&vec![b'a'; 1024 * 1024]).unwrap();
        file.write_all(b"middle").unwrap();
        file.write_all(&vec![b'z'; 1024 * 1024]).unwrap();
        let Some(CapturedOutput::Text(text)) = capture.between(0, capture.length()) else {
            panic!("no text");
        };
        assert!(text.contains("a\n[bdd: 6 bytes of output are left out here]\nz"));
    }
}
