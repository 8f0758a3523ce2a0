//! The file that a worker's descriptors 1 and 2 are: what steps printed, by byte range.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use crate::event::Output;

/// Of what one attempt printed, this much is kept from its beginning and from its end each.
const KEPT: u64 = 1024 * 1024;

/// What a worker prints goes here; nothing it prints can touch the protocol.
#[derive(Debug)]
pub struct Capture {
    file: File,
}

impl Capture {
    /// Makes an empty file without a name: it is gone when runner and worker are.
    ///
    /// # Errors
    /// When the temporary directory cannot be written.
    pub fn new() -> io::Result<Self> {
        let named = tempfile::Builder::new()
            .prefix("bdd-output-")
            .append(true)
            .tempfile()?;
        Ok(Self {
            file: named.into_file(),
        })
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
    pub fn between(&self, start: u64, end: u64) -> Option<Output> {
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
        Output::from_bytes(bytes)
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
        assert_eq!(capture.between(7, 13), Some(Output::Text("during".into())));
        assert_eq!(capture.between(7, 7), None);
        assert_eq!(capture.length(), 19);
    }

    #[test]
    fn bytes_that_are_not_text_are_kept() {
        let capture = Capture::new().unwrap();
        capture
            .descriptor()
            .unwrap()
            .write_all(b"\xff\x00a")
            .unwrap();
        assert_eq!(capture.between(0, 3), Some(Output::Base64("/wBh".into())));
    }

    #[test]
    fn the_middle_of_much_output_is_left_out_in_plain_words() {
        let capture = Capture::new().unwrap();
        let mut file = capture.descriptor().unwrap();
        file.write_all(&vec![b'a'; 1024 * 1024]).unwrap();
        file.write_all(b"middle").unwrap();
        file.write_all(&vec![b'z'; 1024 * 1024]).unwrap();
        let Some(Output::Text(text)) = capture.between(0, capture.length()) else {
            panic!("no text");
        };
        assert!(text.contains("a\n[bdd: 6 bytes of output are left out here]\nz"));
    }
}
