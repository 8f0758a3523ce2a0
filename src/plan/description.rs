//! The lines of a description.

/// A line of a description that is not blank.
pub(super) struct DescriptionLine<'d> {
    pub(super) text: &'d str,
    /// The number of characters before the text.
    pub(super) indent: usize,
    /// Whether it is the first line or stands below a blank one.
    pub(super) begins: bool,
}

/// Those that are not blank.
pub(super) fn lines(description: &str) -> Vec<DescriptionLine<'_>> {
    let mut begins = true;
    let mut lines = Vec::new();
    for line in description.lines() {
        let text = line.trim();
        if !text.is_empty() {
            let indent = line
                .chars()
                .take_while(|space| space.is_whitespace())
                .count();
            lines.push(DescriptionLine {
                text,
                indent,
                begins,
            });
        }
        begins = text.is_empty();
    }
    lines
}

/// Whether a line ends as a part of a sentence does.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.ends_with(['.', ',', ';', '?', '!', '。', '，', '、'])
}
