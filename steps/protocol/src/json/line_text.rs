//! Texts that stay in the line of their message.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A text in the line of a message. It keeps the whole line and copies nothing.
///
/// A scenario has about forty texts. As strings they were allocated by the thread that listens and freed by the one
/// that runs scenarios: that was a tenth of the processor time of a run.
#[derive(Clone, Default)]
pub struct LineText {
    line: Arc<str>,
    start: usize,
    end: usize,
}

impl LineText {
    /// A part of a line, in bytes. Both ends are at the boundaries of characters.
    pub(super) fn part(line: &Arc<str>, start: usize, end: usize) -> Self {
        let line = line.clone();
        Self { line, start, end }
    }

    /// Copies of texts that outlive their line.
    pub fn copies(texts: &[Self]) -> Vec<String> {
        texts.iter().map(|text| text.to_string()).collect()
    }
}

impl Deref for LineText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.line[self.start..self.end]
    }
}

impl From<String> for LineText {
    fn from(text: String) -> Self {
        let end = text.len();
        Self {
            line: Arc::from(text),
            start: 0,
            end,
        }
    }
}

impl PartialEq for LineText {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for LineText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
