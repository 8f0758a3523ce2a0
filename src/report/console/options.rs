//! What the console reports show, apart from colours.

/// Switches for the reports for people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConsoleOptions {
    /// Whether the places of scenarios and definitions are left out.
    pub no_source: bool,
    /// Whether tables and docstrings are left out.
    pub no_multiline: bool,
    /// Whether every step and scenario has its time.
    pub show_timings: bool,
    /// Whether skipped scenarios and steps are left out.
    pub no_skipped: bool,
    /// How many of the slowest scenarios, steps and hooks are listed at the end.
    pub durations: usize,
}

impl ConsoleOptions {
    /// These switches, and those of another source that are on.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            no_source: self.no_source || other.no_source,
            no_multiline: self.no_multiline || other.no_multiline,
            show_timings: self.show_timings || other.show_timings,
            no_skipped: self.no_skipped || other.no_skipped,
            durations: self.durations.max(other.durations),
        }
    }
}
