//! Colours, and the room there is.

use std::fmt::Write;

use crate::event::Status;
use crate::report::assertion::Mark;
use crate::report::text;
use crate::report::trouble::Explanation;

/// How a console report shall look.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Style {
    pub(in crate::report) color: bool,
    pub(in crate::report) columns: u16,
    pub(in crate::report) verbose: bool,
}

/// What a piece of text is; a colour follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Status(Status),
    /// What a pattern's group matched in a step of this status.
    Argument(Status),
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
            Ink::Argument(status) => Ink::Status(status).style().bold(),
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

impl Style {
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
            out.push('\n');
        }
    }

    fn raw(self, out: &mut String, ink: Ink, text: &str) {
        if !self.color || ink == Ink::Plain || text.is_empty() {
            out.push_str(text);
        } else {
            let _ = write!(out, "{}", ink.style().force_styling(true).apply_to(text));
        }
    }
}
