//! Colours, and how lines end.

use std::fmt::Write;

use super::fold;
use super::options::ConsoleOptions;
use super::room::Room;
use crate::event::Status;
use crate::report::assertion::Mark;
use crate::report::text;
use crate::report::trouble::Explanation;

/// The colours and the room of a console report.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Style {
    pub(in crate::report) color: bool,
    pub(in crate::report) room: Room,
    pub(in crate::report) verbose: bool,
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
        if let Some(columns) = self.room.fold() {
            fold::line(out, start, columns.into());
        }
        fold::with_spaces(out, start);
        out.push('\n');
    }

    /// Adds a place and what follows it to a line that [`Self::end_line`] ends, made safe. The place is not broken: a path
    /// may have spaces.
    pub(super) fn place(self, out: &mut String, ink: Ink, place: &str, rest: &str) {
        let place = fold::whole(&text::line(place));
        self.raw(out, ink, &format!("{place}{}", text::line(rest)));
    }

    /// Adds a comment to a line that [`Self::end_line`] ends: a place, and what follows it.
    pub(super) fn comment(self, out: &mut String, place: &str, rest: &str) {
        let place = fold::whole(&text::line(place));
        self.raw(out, Ink::Comment, &format!("# {place}{}", text::line(rest)));
    }

    /// As [`Self::prose`], with a place before the first line.
    pub(super) fn prose_at(
        self,
        out: &mut String,
        ink: Ink,
        indent: usize,
        (place, prose): (&str, &str),
    ) {
        let (first, rest) = prose.split_once('\n').unwrap_or((prose, ""));
        let start = out.len();
        text::pad(out, indent);
        let place = fold::whole(&text::line(place));
        self.raw(out, ink, &format!("{place}{}", text::block(first)));
        self.end_line(out, start);
        self.prose(out, ink, indent, rest);
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
                Mark::Plain | Mark::Place | Mark::Signs => ink,
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
                let text = text::block(text);
                match line.mark {
                    Mark::Place => self.raw(out, ink, &fold::whole(&text)),
                    _ => self.raw(out, ink, &text),
                }
            }
            match line.mark {
                // In a comparison every space counts.
                Mark::Plain | Mark::Place => self.end_line(out, start),
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
