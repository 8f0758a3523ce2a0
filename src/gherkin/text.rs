//! Puts lines together again: descriptions and the content of docstrings.

use std::borrow::Cow;

use super::space::trim;

/// Lines of one text, as ranges of the source. It is used again for the next text.
#[derive(Debug, Default)]
pub(super) struct Text {
    lines: Vec<(usize, usize)>,
}

impl Text {
    /// Adds a line.
    pub fn push(&mut self, range: (usize, usize)) {
        self.lines.push(range);
    }

    /// Whether the text has no line.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines as a description: without blank lines at the end, those of spaces included.
    pub fn take_description<'s>(&mut self, source: &'s str) -> Cow<'s, str> {
        let blank = |(start, end): &(usize, usize)| trim(&source[*start..*end]).is_empty();
        while self.lines.last().is_some_and(blank) {
            self.lines.pop();
        }
        self.take(source)
    }

    /// The lines as the content of a docstring, in which `escaped` stands for the delimiter.
    pub fn take_content<'s>(
        &mut self,
        source: &'s str,
        escape: Option<(&str, &str)>,
    ) -> Cow<'s, str> {
        let content = self.take(source);
        match escape {
            Some((escaped, delimiter)) if content.contains(escaped) => {
                Cow::Owned(content.replace(escaped, delimiter))
            }
            _ => content,
        }
    }

    fn take<'s>(&mut self, source: &'s str) -> Cow<'s, str> {
        let (Some(first), Some(last)) = (self.lines.first(), self.lines.last()) else {
            return Cow::Borrowed("");
        };
        let adjoining = |pair: &[(usize, usize)]| pair[0].1 + 1 == pair[1].0;
        let text = if self.lines.windows(2).all(adjoining) {
            Cow::Borrowed(&source[first.0..last.1])
        } else {
            let mut text = String::with_capacity(last.1 - first.0);
            for (index, (start, end)) in self.lines.iter().enumerate() {
                if index > 0 {
                    text.push('\n');
                }
                text.push_str(&source[*start..*end]);
            }
            Cow::Owned(text)
        };
        self.lines.clear();
        text
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::gherkin::{ParseOptions, parse};

    #[test]
    fn a_description_ends_with_the_last_line_that_says_something() {
        let description = |source: &str| {
            let document = parse(source, &ParseOptions::default()).unwrap();
            document.feature.unwrap().description.into_owned()
        };
        let end = "\n  Scenario: s\n    * a\n";
        assert_eq!(
            description(&format!("Feature: f\n  \n  a\n  \n b{end}")),
            "  a\n  \n b"
        );
        assert_eq!(
            description(&format!("Feature: f\n  a\n\n  \n\t{end}")),
            "  a"
        );
        assert_eq!(description(&format!("Feature: f\n  a  \n  {end}")), "  a  ");
    }
}
