//! The names of the reports, and what each needs of a run.

use std::fmt;

/// All kinds of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormatName {
    /// Features, scenarios and steps as Behave shows them.
    Pretty,
    /// A character per scenario as nose shows them.
    Progress,
    /// XML for Jenkins and similar tools.
    Junit,
    /// One page for a browser.
    Html,
    /// The run as Cucumber Messages.
    Messages,
    /// The events as JSON Lines.
    Events,
    /// The scenarios that failed or did not run, as a list to run again.
    Rerun,
    /// The JSON of Cucumber, for the Cucumber Reports plugin of Jenkins and similar tools.
    Json,
    /// Annotations for GitHub Actions.
    Github,
    /// Markdown for the summary of a step of GitHub Actions.
    GithubSummary,
    /// The Test Anything Protocol.
    Tap,
    /// Step definitions with their uses and durations.
    Usage,
    /// Only lists and counts.
    Summary,
}

impl FormatName {
    /// All of them, in the order in which help lists them.
    pub const ALL: [FormatName; 13] = [
        Self::Pretty,
        Self::Progress,
        Self::Junit,
        Self::Html,
        Self::Messages,
        Self::Events,
        Self::Rerun,
        Self::Json,
        Self::Github,
        Self::GithubSummary,
        Self::Tap,
        Self::Usage,
        Self::Summary,
    ];

    /// What it is, in one line of help.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            FormatName::Pretty => "every scenario with its steps, for people",
            FormatName::Progress => "a character for each scenario, then all failures",
            FormatName::Junit => {
                "XML for Jenkins and similar tools; junit:DIR/ writes a file for each feature"
            }
            FormatName::Html => "one page for a browser, with everything, for people",
            FormatName::Messages => "Cucumber Messages, for other tools",
            FormatName::Events => "everything that happened, for `bdd report` and programs",
            FormatName::Rerun => "the locations of what failed or did not run, for `bdd run @FILE`",
            FormatName::Json => {
                "Cucumber JSON, for the Cucumber Reports plugin of Jenkins and similar tools"
            }
            FormatName::Github => {
                "annotations of GitHub Actions, a line for each failure and warning"
            }
            FormatName::GithubSummary => "Markdown for the step summary of GitHub Actions",
            FormatName::Tap => "the Test Anything Protocol, version 14",
            FormatName::Usage => {
                "step definitions with uses and durations, and those that are not used"
            }
            FormatName::Summary => "only lists and counts, as at the end of pretty and progress",
        }
    }

    /// Whether it needs the texts of feature files: [`Event::FeatureSource`].
    ///
    /// [`Event::FeatureSource`]: crate::event::Event::FeatureSource
    #[must_use]
    pub fn needs_sources(self) -> bool {
        matches!(self, FormatName::Messages | FormatName::Events)
    }

    /// Whether it names features by their titles, or keeps what another report needs for that.
    #[must_use]
    pub fn needs_equal_titles(self) -> bool {
        matches!(self, FormatName::Junit | FormatName::Events)
    }

    /// Whether it shows what the record of earlier runs says, or keeps it for another report: [`Event::Trend`].
    ///
    /// [`Event::Trend`]: crate::event::Event::Trend
    #[must_use]
    pub fn needs_trends(self) -> bool {
        matches!(self, FormatName::Html | FormatName::Events)
    }

    /// Whether it needs [`Event::ScenarioPrepared`]: then all steps are matched before the first runs.
    ///
    /// [`Event::ScenarioPrepared`]: crate::event::Event::ScenarioPrepared
    #[must_use]
    pub fn needs_preparation(self) -> bool {
        matches!(self, FormatName::Messages | FormatName::Events)
    }

    /// The name that selects it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            FormatName::Pretty => "pretty",
            FormatName::Progress => "progress",
            FormatName::Junit => "junit",
            FormatName::Html => "html",
            FormatName::Messages => "messages",
            FormatName::Events => "events",
            FormatName::Rerun => "rerun",
            FormatName::Json => "json",
            FormatName::Github => "github",
            FormatName::GithubSummary => "github-summary",
            FormatName::Tap => "tap",
            FormatName::Usage => "usage",
            FormatName::Summary => "summary",
        }
    }
}

impl fmt::Display for FormatName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
