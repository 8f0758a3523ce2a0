//! The lines of a file with their levels and the blank lines between them.
//!
//! A line belongs to what stands above it: steps to a scenario, rows to a step. Tags belong to the heading below them,
//! and a comment to the line that it touches.

use crate::gherkin::{ReadLine, TokenKind};

/// How deep a line is indented.
type Level = usize;

/// A line to write.
#[derive(Debug)]
pub(super) struct ArrangedLine<'l, 's> {
    /// The line; never a blank one.
    pub(super) line: &'l ReadLine<'s>,
    pub(super) level: Level,
    /// The blank lines before it.
    pub(super) blanks: usize,
}

/// All lines to write, in order.
#[derive(Debug)]
pub(super) struct Arrangement<'l, 's>(pub(super) Vec<ArrangedLine<'l, 's>>);

/// What may stand between two lines that are no comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separation {
    /// Nothing.
    Tight,
    /// At most one blank line.
    Loose,
    /// One blank line, before the comments that touch the second line.
    Section,
    /// As many as there are: text of a description.
    Prose,
}

impl<'l, 's> Arrangement<'l, 's> {
    /// Arranges the lines of a file.
    pub(super) fn of(lines: &'l [ReadLine<'s>]) -> Self {
        let mut blocks = Self(Vec::new());
        let mut blanks = 0;
        for line in lines {
            if matches!(line, ReadLine::Blank) {
                blanks += 1;
                continue;
            }
            blocks.0.push(ArrangedLine {
                line,
                level: 0,
                blanks: std::mem::take(&mut blanks),
            });
        }
        blocks.separate();
        blocks.indent();
        blocks.indent_tags();
        blocks.indent_comments();
        blocks
    }

    /// Sets the blank lines between all lines.
    fn separate(&mut self) {
        let mut previous: Option<usize> = None;
        for at in 0..self.0.len() {
            if is_comment(self.0[at].line) {
                continue;
            }
            let before = previous.map(|previous| self.0[previous].line);
            let separation = separation(before, self.0[at].line);
            self.separate_group(previous.map_or(0, |previous| previous + 1), at, separation);
            previous = Some(at);
        }
        // Comments at the end.
        for block in &mut self.0[previous.map_or(0, |previous| previous + 1)..] {
            block.blanks = block.blanks.min(1);
        }
        if let Some(first) = self.0.first_mut() {
            first.blanks = 0;
        }
    }

    /// Sets the blank lines before a line and the comments before it, which begin at `first`.
    fn separate_group(&mut self, first: usize, at: usize, separation: Separation) {
        let touching = (first..at)
            .rev()
            .take_while(|comment| self.0[comment + 1].blanks == 0);
        let group = touching.last().unwrap_or(at);
        for block in &mut self.0[first..=at] {
            block.blanks = match separation {
                Separation::Tight => 0,
                Separation::Loose | Separation::Section => block.blanks.min(1),
                Separation::Prose => block.blanks,
            };
        }
        if separation == Separation::Section {
            self.0[group].blanks = 1;
        }
    }

    /// Sets the levels of all lines but tags and comments.
    fn indent(&mut self) {
        let mut in_rule = false;
        // The level of what the heading above contains, and of the arguments of a step or the rows of examples.
        let (mut content, mut argument) = (0, 0);
        for block in &mut self.0 {
            block.level = match block.line {
                ReadLine::Heading { kind, .. } => {
                    in_rule |= *kind == TokenKind::RuleLine;
                    let level = match kind {
                        TokenKind::FeatureLine => 0,
                        TokenKind::RuleLine => 1,
                        TokenKind::ExamplesLine => 2 + usize::from(in_rule),
                        _ => 1 + usize::from(in_rule),
                    };
                    content = level + 1;
                    argument = content;
                    level
                }
                ReadLine::Step { .. } => {
                    // A step never stands below examples, so this is the level of the scenario's content.
                    argument = content + 1;
                    content
                }
                ReadLine::Text(_) => content,
                ReadLine::Row { .. }
                | ReadLine::Open(_)
                | ReadLine::Content(_)
                | ReadLine::Close(_) => argument,
                _ => 0,
            };
        }
    }

    /// Tags are indented as the heading below them.
    fn indent_tags(&mut self) {
        let mut heading = 0;
        for block in self.0.iter_mut().rev() {
            match block.line {
                ReadLine::Heading { .. } => heading = block.level,
                ReadLine::Tags { .. } => block.level = heading,
                _ => {}
            }
        }
    }

    /// A comment is indented as the line below, if it touches that, else as what it follows, if it touches that.
    fn indent_comments(&mut self) {
        let mut section = 0;
        let mut start = 0;
        while start < self.0.len() {
            if !is_comment(self.0[start].line) {
                if let ReadLine::Heading { kind, .. } = self.0[start].line {
                    let examples = usize::from(*kind == TokenKind::ExamplesLine);
                    section = self.0[start].level - examples;
                }
                start += 1;
                continue;
            }
            let rest = self.0[start + 1..].iter();
            let more = rest.take_while(|block| is_comment(block.line) && block.blanks == 0);
            let end = start + 1 + more.count();
            let above = start.checked_sub(1).map(|at| &self.0[at]);
            let next = self.0[end..].iter().find(|block| !is_comment(block.line));
            let touches_next = (self.0.get(end)).is_some_and(|block| block.blanks == 0);
            let level = match (above, next) {
                (_, Some(next)) if touches_next => Some(next.level),
                (Some(above), _) if self.0[start].blanks == 0 => Some(level_after(above)),
                (_, Some(next)) => Some(next.level),
                // At the end of the file: what was a scenario, or a line for an editor.
                (_, None) => None,
            };
            for block in &mut self.0[start..end] {
                block.level = level.unwrap_or(match block.line {
                    ReadLine::Comment { indented: true, .. } => section,
                    _ => 0,
                });
            }
            start = end;
        }
    }
}

fn is_comment(line: &ReadLine<'_>) -> bool {
    matches!(line, ReadLine::Comment { .. })
}

/// The level of a comment right below a line.
fn level_after(block: &ArrangedLine<'_, '_>) -> Level {
    match block.line {
        ReadLine::Heading { .. } => block.level + 1,
        ReadLine::Close(_) => block.level - 1,
        _ => block.level,
    }
}

fn separation(before: Option<&ReadLine<'_>>, line: &ReadLine<'_>) -> Separation {
    let Some(before) = before else {
        return Separation::Loose;
    };
    match (before, line) {
        (ReadLine::Open(_) | ReadLine::Content(_), _)
        | (_, ReadLine::Content(_) | ReadLine::Close(_))
        | (ReadLine::Tags { .. }, _)
        | (ReadLine::Step { .. }, ReadLine::Row { .. } | ReadLine::Open(_))
        | (ReadLine::Row { .. }, ReadLine::Open(_))
        | (ReadLine::Close(_), ReadLine::Row { .. })
        | (ReadLine::Heading { .. }, ReadLine::Step { .. } | ReadLine::Row { .. }) => {
            Separation::Tight
        }
        (ReadLine::Text(_), ReadLine::Text(_)) => Separation::Prose,
        (ReadLine::Language(_), _) => Separation::Loose,
        (_, ReadLine::Tags { .. } | ReadLine::Heading { .. }) => Separation::Section,
        _ => Separation::Loose,
    }
}
