//! The fenced blocks of a chapter. It knows nothing of what they are for.

/// A fenced block.
#[derive(Debug)]
pub struct Fence<'a> {
    /// The words after the opening fence: the language and its options.
    pub words: Vec<&'a str>,
    /// The lines between the fences, each with its line feed.
    pub content: &'a str,
    /// Where the content begins in the chapter, in bytes.
    pub at: usize,
    /// The line of the opening fence, from 1.
    pub line: usize,
}

impl Fence<'_> {
    /// The language.
    pub fn language(&self) -> &str {
        self.words.first().copied().unwrap_or_default()
    }
}

/// All fenced blocks of a chapter that begin at the margin, in order.
///
/// # Panics
/// When a block is not closed.
pub fn fences(chapter: &str) -> Vec<Fence<'_>> {
    let mut found = Vec::new();
    let mut open: Option<(Vec<&str>, &str, usize, usize)> = None;
    let mut at = 0;
    for (index, line) in chapter.split_inclusive('\n').enumerate() {
        let text = line.trim_end();
        let ticks = &text[..text.len() - text.trim_start_matches('`').len()];
        match &open {
            None if ticks.len() >= 3 => {
                let words = text[ticks.len()..].split_whitespace().collect();
                open = Some((words, ticks, at + line.len(), index + 1));
            }
            Some((_, opening, start, opened)) if text == *opening => {
                let (start, opened) = (*start, *opened);
                let words = open.take().map(|open| open.0).unwrap_or_default();
                found.push(Fence {
                    words,
                    content: &chapter[start..at],
                    at: start,
                    line: opened,
                });
            }
            _ => {}
        }
        at += line.len();
    }
    assert!(open.is_none(), "a block is not closed: {open:?}");
    found
}
