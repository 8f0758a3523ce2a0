//! The texts of feature files, for the reports that need them: from when they are read until they are in the events. The
//! first ones are in memory, and those for which there is no room in a temporary file.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, PoisonError};

/// The bytes that are kept in memory: a run of a few thousand scenarios writes no file.
const ROOM: usize = 16 << 20;

/// The text of a file.
#[derive(Debug, Clone)]
pub struct SourceText(KeptText);

#[derive(Debug, Clone)]
enum KeptText {
    InMemory(Arc<str>),
    InFile {
        file: Arc<File>,
        start: u64,
        length: usize,
    },
}

/// Keeps texts. Threads share it.
#[derive(Debug)]
pub(super) struct SourceTexts(Mutex<TextStore>);

#[derive(Debug)]
struct TextStore {
    room: usize,
    /// With its length. It is made when there is something to write.
    file: Option<(Arc<File>, u64)>,
}

impl SourceText {
    /// The text.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub fn read(&self) -> io::Result<Arc<str>> {
        match &self.0 {
            KeptText::InMemory(text) => Ok(Arc::clone(text)),
            KeptText::InFile {
                file,
                start,
                length,
            } => {
                let mut bytes = vec![0; *length];
                file.read_exact_at(&mut bytes, *start)?;
                let text = String::from_utf8(bytes);
                text.map(Into::into).map_err(io::Error::other)
            }
        }
    }
}

impl SourceTexts {
    pub(super) fn new() -> Self {
        Self::with_room(ROOM)
    }

    fn with_room(room: usize) -> Self {
        Self(Mutex::new(TextStore { room, file: None }))
    }

    /// Keeps a text. If it cannot be written, it stays in memory.
    pub(super) fn keep(&self, text: &str) -> SourceText {
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = store.room.checked_sub(text.len());
        let written = match left {
            Some(left) => {
                store.room = left;
                None
            }
            None => store.write(text).ok(),
        };
        SourceText(written.unwrap_or_else(|| KeptText::InMemory(text.into())))
    }
}

impl TextStore {
    fn write(&mut self, text: &str) -> io::Result<KeptText> {
        let (file, end) = match &mut self.file {
            Some(file) => file,
            none => none.insert((Arc::new(tempfile::tempfile()?), 0)),
        };
        let start = *end;
        file.write_all_at(text.as_bytes(), start)?;
        *end += text.len() as u64;
        Ok(KeptText::InFile {
            file: Arc::clone(file),
            start,
            length: text.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_what_they_were() {
        let texts = SourceTexts::with_room(10);
        let all = ["Ünï 1", "too long for the room", "", "2", "also too long"];
        let kept = all.map(|text| texts.keep(text));
        let in_file = |text: &SourceText| matches!(text.0, KeptText::InFile { .. });
        assert_eq!(
            kept.each_ref().map(in_file),
            [false, true, false, false, true]
        );
        let read = kept.map(|text| text.read().unwrap().to_string());
        assert_eq!(read, all);
    }
}
