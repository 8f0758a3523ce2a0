//! The settings of a run: flags over environment over profile over `bdd.toml` over defaults, checked,
//! in one [`Config`].
//!
//! No later stage reads a flag, a variable of the environment or the current directory.

mod behave_files;
pub mod byte_size;
pub mod color;
mod command;
pub mod debugger;
mod declare;
pub mod environment;
mod error;
pub mod exclude;
pub mod file;
mod file_patterns;
pub mod flags;
pub mod flaky;
pub mod groups;
pub mod language;
pub mod leaks;
pub mod lint;
pub mod max_failures;
mod mistake;
pub mod name;
pub mod order;
pub mod origin;
pub mod parallel_by;
mod profile;
mod project;
mod python;
mod report_options;
pub mod retry_delay;
mod schema;
mod settings;
pub mod snippets;
mod sources;
pub mod space_count;
pub mod state_changes;
mod step_language;
pub mod steps;
pub mod tag_rule;
pub mod tags_flag;
pub mod time_limit;
pub mod userdata;
mod value;
mod variables;
mod wrong_type;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use byte_size::ByteSize;
pub use color::ColorChoice;
pub use debugger::Debugger;
pub use environment::Environment;
pub use error::{ConfigError, FileError};
pub use exclude::ExcludeGlob;
pub use file_patterns::FilePatterns;
pub use flags::Flags;
pub use flaky::Flaky;
pub use groups::{Group, Groups};
pub use language::{Language, UnknownLanguage};
pub use leaks::Leaks;
pub use lint::LintLevel;
pub use max_failures::MaxFailures;
pub use mistake::Mistake;
pub use name::NamePattern;
pub use order::Order;
pub use origin::{Origin, Sourced};
pub use parallel_by::ParallelBy;
pub use profile::UnknownProfileError;
pub use project::Project;
pub use retry_delay::RetryDelay;
pub use schema::schema;
pub use settings::{Declaration, FmtSettings, RunSettings, SettingRow, declarations};
pub use snippets::SnippetStyle;
pub use sources::Sources;
pub use space_count::SpaceCount;
pub use state_changes::StateChanges;
pub use step_language::StepLanguage;
pub use steps::{BuildOptions, MissingStepsError, PythonSteps, Steps, StepsError, StepsSource};
pub use tag_rule::TagRule;
pub use tags_flag::TagsFlag;
pub use time_limit::TimeLimit;
pub use userdata::Definition;
pub use variables::WrongVariable;

use crate::gherkin::{Flavor, ParseOptions};
use crate::plan::Shard;
use crate::plan::tags::TagExpression;
use crate::report::{ConsoleOptions, Format, OptionSettings};

/// All settings of a run.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the project is.
    pub project: Project,
    /// The scenarios to run.
    pub selection: Selection,
    /// The step program.
    pub steps: Steps,
    /// How scenarios are run.
    pub run: RunSettings,
    /// What is shown and written.
    pub reporting: Reporting,
    /// How feature files are formatted.
    pub fmt: FmtSettings,
    /// The levels of rules that settings change, by the rule's name.
    pub lint: BTreeMap<String, LintLevel>,
    /// The user data for steps, by name.
    pub userdata: BTreeMap<String, String>,
    /// Whether nobody has set the number of workers.
    pub jobs_are_default: bool,
    /// Warnings about the settings, one line each.
    pub warnings: Vec<String>,
}

/// The settings that select scenarios.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The paths, globs and lists to search.
    pub paths: Paths,
    /// Where a setting names the paths, for messages; `None` if the command line or nothing does.
    pub paths_place: Option<String>,
    /// Globs of the files to leave out.
    pub exclude: Vec<ExcludeGlob>,
    /// Conditions on the tags. A scenario must match all of them.
    pub tags: Vec<TagExpression>,
    /// Patterns for the name; one must match, if there are any.
    pub names: Vec<NamePattern>,
    /// Patterns for the paths of feature files.
    pub files: FilePatterns,
    /// Whether only scenarios that failed or did not run last time are selected.
    pub failed: bool,
    /// The revision since which feature files must have changed, if they must.
    pub changed: Option<String>,
    /// The shard to run; `None` for the whole selection.
    pub shard: Option<Shard>,
    /// The file with the times for [`crate::plan::ShardKind::Balanced`], relative to the current
    /// directory.
    pub durations_from: Option<PathBuf>,
    /// The language of files without a `# language:` line.
    pub language: Language,
    /// Whose Gherkin feature files are written in.
    pub flavor: Flavor,
    /// Whether text that looks like a step, a heading or a cell but is ignored is an error.
    pub strict_text: bool,
    /// Whether the features that parse are selected when others do not parse.
    pub keep_going: bool,
    /// Whether an empty selection is allowed.
    pub allow_empty: bool,
}

impl Selection {
    /// How feature files are read.
    pub fn parse_options(&self) -> ParseOptions {
        ParseOptions {
            dialect: self.language.dialect(),
            flavor: self.flavor,
            ..ParseOptions::default()
        }
    }
}

/// Where to look for features, and where this setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paths {
    /// The command line, or a variable of the environment; from the current directory.
    Given(Vec<String>),
    /// `features` of `bdd.toml`; from the project's root.
    Configured(Vec<String>),
    /// No setting: [`Project::features`].
    Convention,
}

/// What is shown and written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reporting {
    /// The reports, `NAME[:FILE]`; empty when none was asked for.
    pub formats: Vec<Format>,
    /// The options of `[reports.NAME]`, which `formats` have already.
    pub options: OptionSettings,
    /// The folder to which the FILE of a report is relative: the current directory, or the project's root for
    /// reports that `bdd.toml` sets.
    pub folder: PathBuf,
    /// Whether standard output gets colours.
    pub stdout_colors: bool,
    /// Whether reports in files get colours.
    pub file_colors: bool,
    /// Whether standard output is a terminal.
    pub terminal: bool,
    /// Whether it is one whose lines can be drawn again.
    pub redraws: bool,
    /// Whether there is a line for each scenario.
    pub verbose: bool,
    /// What the reports for people show.
    pub console: ConsoleOptions,
    /// How the code for undefined steps is written.
    pub snippets: SnippetStyle,
}

impl Reporting {
    /// Whether a report needs the texts of feature files.
    pub fn needs_sources(&self) -> bool {
        self.formats
            .iter()
            .any(|format| format.name.needs_sources())
    }

    /// Whether a report needs to know which features have equal titles.
    pub fn needs_equal_titles(&self) -> bool {
        let mut formats = self.formats.iter();
        formats.any(|format| format.name.needs_equal_titles())
    }

    /// Whether a report needs to know what is on record of the scenarios.
    pub fn needs_trends(&self) -> bool {
        self.formats.iter().any(|format| format.name.needs_trends())
    }

    /// Whether a report needs to know what each scenario will run before any of them starts.
    pub fn needs_preparation(&self) -> bool {
        let mut formats = self.formats.iter();
        formats.any(|format| format.name.needs_preparation())
    }
}

impl Config {
    /// Loads the settings from flags, environment and `bdd.toml`.
    ///
    /// # Errors
    /// When one of them cannot be read or understood, and when settings contradict each other.
    pub fn load(flags: &Flags, environment: &Environment) -> Result<Self, ConfigError> {
        Sources::read(flags, environment)?.config(flags, environment)
    }

    /// Whether `bdd behave` is the command.
    pub fn is_behave_command(&self) -> bool {
        match self.steps.source() {
            Ok(StepsSource::Python(steps)) => steps.command.is_some(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::path::Path;

    use super::*;
    use std::fs;

    fn flags(change: impl FnOnce(&mut Flags)) -> Flags {
        let mut flags = Flags::default();
        change(&mut flags);
        flags
    }

    fn within(directory: &Path) -> Environment {
        Environment {
            directory: directory.to_path_buf(),
            cores: NonZeroU32::new(6).unwrap(),
            ..Environment::default()
        }
    }

    #[test]
    fn the_root_is_where_the_file_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("sub/features")).unwrap();
        let within = within(&folder.path().join("sub/features"));
        let config = Config::load(&Flags::default(), &within).unwrap();
        assert_eq!(config.project.root, folder.path().join("sub"));
        fs::write(folder.path().join("bdd.toml"), "jobs = 3\n").unwrap();
        let config = Config::load(&Flags::default(), &within).unwrap();
        assert_eq!(config.project.root, folder.path());
        assert_eq!(config.run.jobs.get(), 3);
    }

    #[test]
    fn flags_win_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("bdd.toml"),
            "jobs = 3\nformat = ['junit:a.xml']\ntags = '@a'\nfeatures = ['x']\nstrict = false\n",
        )
        .unwrap();
        let flags = flags(|flags| {
            flags.run.jobs = NonZeroU32::new(2);
            flags.report.format = vec!["pretty".parse().unwrap()];
            flags.selection.tags = vec!["@b".parse().unwrap()];
        });
        let config = Config::load(&flags, &within(folder.path())).unwrap();
        assert_eq!(config.run.jobs.get(), 2);
        assert!(!config.run.strict);
        assert_eq!(config.reporting.formats, ["pretty".parse().unwrap()]);
        assert_eq!(config.selection.tags, ["@b".parse().unwrap()]);
        assert_eq!(config.selection.paths, Paths::Configured(vec!["x".into()]));
    }

    #[test]
    fn retries_and_the_tags_of_failures() {
        let folder = tempfile::tempdir().unwrap();
        let within = within(folder.path());
        let config = Config::load(&Flags::default(), &within).unwrap().run;
        let tag = |tag: &str| Some(tag.parse().unwrap());
        assert_eq!(config.retries, 0);
        assert_eq!(
            config.expected_failure_tags.expression(),
            tag("@expected_failure").as_ref()
        );
        assert_eq!(
            config.continue_after_failure_tags.expression(),
            tag("@continue_after_failure").as_ref()
        );
        fs::write(
            folder.path().join("bdd.toml"),
            "retries = 3\nexpected-failure-tags = '@xfail'\ncontinue-after-failure-tags = ''\n",
        )
        .unwrap();
        let config = Config::load(&Flags::default(), &within).unwrap().run;
        assert_eq!(config.retries, 3);
        assert_eq!(
            config.expected_failure_tags.expression(),
            tag("@xfail").as_ref()
        );
        assert_eq!(config.continue_after_failure_tags.expression(), None);
        let flags = flags(|flags| flags.run.retries = Some(0));
        assert_eq!(Config::load(&flags, &within).unwrap().run.retries, 0);
    }

    #[test]
    fn wip_means_one_worker_that_stops() {
        let folder = tempfile::tempdir().unwrap();
        let mut flags = flags(|flags| flags.selection.wip = true);
        let config = Config::load(&flags, &within(folder.path())).unwrap();
        assert_eq!(config.run.jobs.get(), 1);
        assert!(!config.run.capture);
        assert_eq!(config.run.max_failures, Some(MaxFailures::FIRST));
        assert_eq!(config.selection.tags, ["@wip".parse().unwrap()]);
        flags.run.jobs = NonZeroU32::new(2);
        assert!(Config::load(&flags, &within(folder.path())).is_err());
    }
}
