//! How much room there is: on a terminal, which may be resized while a run lasts, or in a file.

/// The length of rules where there is no terminal.
const RULE: u16 = 70;

/// The marks in a line where there is no terminal.
const MARKS: u16 = 80;

/// On a terminal with fewer columns, breaking lines between words makes them no better to read.
const NARROWEST: u16 = 40;

/// How many lines of a log a reader is taken to see at once.
const PAGE: u16 = 50;

/// How large a terminal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct TerminalSize {
    pub columns: u16,
    pub lines: u16,
}

/// The room that a console report has now.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Room {
    /// None in a file or a pipe.
    terminal: Option<TerminalSize>,
    /// Asks the terminal for its size, where it can change.
    resized: Option<fn() -> TerminalSize>,
}

impl Room {
    pub(in crate::report) fn new(
        terminal: Option<TerminalSize>,
        resized: Option<fn() -> TerminalSize>,
    ) -> Self {
        Self { terminal, resized }
    }

    fn size(self) -> Option<TerminalSize> {
        let size = self.terminal?;
        Some(self.resized.map_or(size, |now| now()))
    }

    fn columns(self) -> Option<u16> {
        self.size().map(|size| size.columns.max(1))
    }

    /// How many marks a line has.
    pub(super) fn marks(self) -> u16 {
        self.columns().unwrap_or(MARKS)
    }

    /// The length of rules: as wide as the terminal.
    pub(super) fn rule(self) -> u16 {
        self.columns().unwrap_or(RULE)
    }

    /// Where lines are broken between words; none without a terminal.
    pub(super) fn fold(self) -> Option<u16> {
        self.columns().filter(|columns| *columns >= NARROWEST)
    }

    /// How many lines a reader sees at once.
    pub(super) fn page(self) -> u16 {
        self.size().map_or(PAGE, |size| size.lines)
    }
}
