//! The kinds of lines that Gherkin's grammar knows, and sets of them.

use std::fmt;

/// What a line is to the grammar. The names are those of the official error messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum TokenKind {
    /// The end of the file.
    Eof = 1,
    /// A blank line.
    Empty = 1 << 1,
    /// A line that starts with `#`.
    Comment = 1 << 2,
    /// A line of tags.
    TagLine = 1 << 3,
    /// `Feature:`
    FeatureLine = 1 << 4,
    /// `Rule:`
    RuleLine = 1 << 5,
    /// `Background:`
    BackgroundLine = 1 << 6,
    /// `Scenario:` or `Scenario Outline:`
    ScenarioLine = 1 << 7,
    /// `Examples:`
    ExamplesLine = 1 << 8,
    /// A step.
    StepLine = 1 << 9,
    /// The line that opens or closes a docstring.
    DocStringSeparator = 1 << 10,
    /// A row of a table.
    TableRow = 1 << 11,
    /// `# language: …`
    Language = 1 << 12,
    /// Any other text.
    Other = 1 << 13,
}

impl fmt::Display for TokenKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            TokenKind::Eof => "#EOF",
            TokenKind::Empty => "#Empty",
            TokenKind::Comment => "#Comment",
            TokenKind::TagLine => "#TagLine",
            TokenKind::FeatureLine => "#FeatureLine",
            TokenKind::RuleLine => "#RuleLine",
            TokenKind::BackgroundLine => "#BackgroundLine",
            TokenKind::ScenarioLine => "#ScenarioLine",
            TokenKind::ExamplesLine => "#ExamplesLine",
            TokenKind::StepLine => "#StepLine",
            TokenKind::DocStringSeparator => "#DocStringSeparator",
            TokenKind::TableRow => "#TableRow",
            TokenKind::Language => "#Language",
            TokenKind::Other => "#Other",
        })
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KindSet(u16);

impl KindSet {
    pub const fn of(kinds: &[TokenKind]) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < kinds.len() {
            bits |= kinds[index] as u16;
            index += 1;
        }
        Self(bits)
    }

    pub const fn contains(self, kind: TokenKind) -> bool {
        self.0 & kind as u16 != 0
    }

    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}
