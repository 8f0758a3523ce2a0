//! Colours, and the room there is.

use std::fmt::Write;

use super::fold;
use super::options::ConsoleOptions;
use crate::event::Status;
use crate::report::assertion::Mark;
use crate::report::text;
use crate::report::trouble::Explanation;

/// The colours and the width of a console report.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Style {
    pub(in crate::report) color: bool,
    pub(in crate::report) columns: u16,
    pub(in crate::report) verbose: bool,
    /// The length of rules: as wide as the terminal.
    pub(in crate::report) rule: u16,
    /// Where lines are broken between words; none without a terminal.
    pub(in crate::report) fold: Option<u16>,
    /// How many lines a reader sees at once.
    pub(in crate::report) page: u16,
    pub(in crate::report) options: ConsoleOptions,
}

/// The meaning of a piece of text. It determines the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Status(Status),
    /// It failed, as a tag says that it does.
    Expected,
    Keyword,
    Tag,
    Comment,
    Trouble,
    /// What only the left side of a comparison has, and only the right one.
    Left,
    Right,
    /// The part of a line in which it differs from the other side.
    Differs(Mark),
    Plain,
}

impl Ink {
    fn style(self) -> console::Style {
        let style = console::Style::new();
        match self {
            Ink::Status(status) => match status {
                Status::Passed => style.green(),
                Status::Failed => style.red(),
                Status::Skipped => style.cyan(),
                Status::Undefined | Status::Pending => style.yellow(),
                Status::Ambiguous => style.magenta(),
            },
            Ink::Expected => style.red().dim(),
            Ink::Keyword => style.bold(),
            Ink::Tag => style.cyan(),
            Ink::Comment => style.black().bright(),
            Ink::Trouble | Ink::Left => style.red(),
            Ink::Right => style.green(),
            Ink::Differs(Mark::Right) => style.green().reverse(),
            Ink::Differs(_) => style.red().reverse(),
            Ink::Plain => style,
        }
    }
}

/// How much a piece of text stands out among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Usual,
    /// What a pattern's group matched.
    Argument,
    /// What a group inside a group matched.
    Inner,
}

impl Style {
    /// The ink of a step or hook of this status, in an attempt that failed `expected`ly or not.
    pub(super) fn of(self, status: Status, expected: bool) -> Ink {
        if expected && status == Status::Failed {
            Ink::Expected
        } else {
            Ink::Status(status)
        }
    }

    /// The ink of the explanation.
    pub(super) fn of_trouble(self, status: Status, expected: bool) -> Ink {
        match status {
            Status::Failed if expected => Ink::Comment,
            Status::Failed => Ink::Trouble,
            status => Ink::Status(status),
        }
    }

    /// Adds a piece of a line, made safe.
    pub(super) fn piece(self, out: &mut String, ink: Ink, weight: Weight, piece: &str) {
        let style = match weight {
            Weight::Usual => ink.style(),
            Weight::Argument => ink.style().bold(),
            Weight::Inner => ink.style().bold().underlined(),
        };
        self.styled(out, style, &text::line(piece));
    }

    /// Adds a whole line, made safe and indented.
    pub(super) fn line_at(self, out: &mut String, ink: Ink, indent: usize, line: &str) {
        text::pad(out, indent);
        self.line(out, ink, line);
        out.push('\n');
    }

    /// Adds one line of text, made safe.
    pub(super) fn line(self, out: &mut String, ink: Ink, line: &str) {
        self.raw(out, ink, &text::line(line));
    }

    /// Adds every line of a text, made safe and indented.
    pub(super) fn block(self, out: &mut String, ink: Ink, indent: usize, block: &str) {
        for line in text::block(block).lines() {
            if !line.is_empty() {
                text::pad(out, indent);
                self.raw(out, ink, line);
            }
            out.push('\n');
        }
    }

    /// Ends the line that begins at `start`: it is broken between words if the terminal is narrower.
    pub(super) fn end_line(self, out: &mut String, start: usize) {
        if let Some(columns) = self.fold {
            fold::line(out, start, columns.into());
        }
        out.push('\n');
    }

    /// As [`Self::block`], for text whose lines may be broken.
    pub(super) fn prose(self, out: &mut String, ink: Ink, indent: usize, prose: &str) {
        for line in text::block(prose).lines() {
            let start = out.len();
            if !line.is_empty() {
                text::pad(out, indent);
                self.raw(out, ink, line);
            }
            self.end_line(out, start);
        }
    }

    /// Adds the lines of an explanation; what differs in a comparison stands out.
    pub(super) fn explanation(
        self,
        out: &mut String,
        ink: Ink,
        indent: usize,
        explanation: &Explanation,
    ) {
        for line in &explanation.lines {
            let ink = match line.mark {
                // The colours say it.
                Mark::Signs if self.color => continue,
                Mark::Plain | Mark::Signs => ink,
                Mark::Same => Ink::Plain,
                Mark::Left => Ink::Left,
                Mark::Right => Ink::Right,
            };
            let start = out.len();
            let full = line.texts.iter().any(|(text, _)| !text.is_empty());
            text::pad(out, if full { indent } else { 0 });
            for (text, differs) in &line.texts {
                let ink = if *differs {
                    Ink::Differs(line.mark)
                } else {
                    ink
                };
                self.raw(out, ink, &text::block(text));
            }
            match line.mark {
                // In a comparison every space counts.
                Mark::Plain => self.end_line(out, start),
                _ => out.push('\n'),
            }
        }
    }

    fn raw(self, out: &mut String, ink: Ink, text: &str) {
        if ink == Ink::Plain {
            out.push_str(text);
        } else {
            self.styled(out, ink.style(), text);
        }
    }

    fn styled(self, out: &mut String, style: console::Style, text: &str) {
        if !self.color || text.is_empty() {
            out.push_str(text);
        } else {
            let _ = write!(out, "{}", style.force_styling(true).apply_to(text));
        }
    }
}
