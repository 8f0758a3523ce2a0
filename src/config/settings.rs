//! All settings that `bdd.toml` can have, each declared once: its key, its type and its default.
//!
//! The settings of one source are a [`Layer`]. The layers of all sources and the defaults make the
//! [`Settings`] of a run. What a setting means is not known here.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

use super::command::CommandLine;
use super::declare::settings;
use super::origin::{Origin, Sourced};
use super::report_options::{self, ReportOptions};
use super::tag_rule::TagRule;
use super::value::{Setting, Tags};
use super::{
    ByteSize, ColorChoice, Debugger, Environment, ExcludeGlob, Flaky, Group, Groups, Language,
    Leaks, LintLevel, MaxFailures, Order, ParallelBy, RetryDelay, SnippetStyle, SpaceCount,
    StateChanges, StepLanguage, TimeLimit,
};
use crate::format::FormatStyle;
use crate::plan::tags::TagExpression;
use crate::report::{Format, ReportOption};

/// A row of `bdd config`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRow {
    /// The key in `bdd.toml`, with that of its table before it: `jobs`, `steps.path`.
    pub key: String,
    /// The value; null when there is none.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
}

/// A setting as it is declared, for the JSON Schema and for tests.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// The key; those of a table begin with its name, as in `steps.path`.
    pub key: &'static str,
    /// One or two sentences.
    pub description: &'static str,
    /// A value, as a variable of the environment has it.
    pub example: String,
    /// The JSON Schema of its values in the file.
    pub schema: Value,
}

settings! {
    environment;

    /// The settings that select scenarios.
    pub(super) selection: SelectionSettings {
        /// Files, folders, globs, FILE:LINE and @LIST with the scenarios, if the command line names none;
        /// relative to the folder of bdd.toml. Default: the folder features.
        features "features": Vec<String> = Vec::new();
        /// Globs of files and folders to leave out. A glob without `/` matches a name anywhere, one with
        /// `/` matches a path from the folder of bdd.toml. --exclude adds to them.
        exclude "exclude": Vec<ExcludeGlob> = Vec::new();
        /// Select only scenarios whose tags match this expression.
        tags "tags": Tags = Tags::default();
        /// The code of the language of feature files without a `# language:` line; `bdd languages`
        /// lists them.
        language "language": Language = Language::default();
        /// Whether text that is ignored although it looks like a step, a heading or a cell is an error. Otherwise it is
        /// a warning.
        strict_text "strict-text": bool = false;
    }

    /// How scenarios are run.
    pub run: RunSettings {
        /// The number of workers that run scenarios. Default: the number of cores.
        jobs "jobs": NonZeroU32 = environment.cores;
        /// The order in which scenarios run: as they are found, the last first, shuffled
        /// (`random:SEED` repeats a run), or scenarios that failed last time first.
        order "order": Order = Order::default();
        /// Whether results and durations are kept in .bdd, for --failed and --order failed-first.
        history "history": bool = true;
        /// How scenarios are distributed to the workers.
        parallel_by "parallel-by": ParallelBy = ParallelBy::default();
        /// Whether the output of steps is captured and shown only on failure. Without it, one worker
        /// runs.
        capture "capture": bool = true;
        /// Whether undefined and pending steps fail the run.
        strict "strict": bool = true;
        /// Whether a `given` definition matches only Given steps, and so on.
        strict_keywords "strict-keywords": bool = false;
        /// How many times a failed scenario is run again.
        retries "retries": u32 = 0;
        /// How long a scenario waits before it is run again: a fixed time, or one that doubles up to a
        /// maximum.
        retry_delay "retry-delay": Option<RetryDelay> = None;
        /// The tags of scenarios that are retried. Default: all scenarios.
        retry_tags "retry-tags": Option<TagExpression> = None;
        /// Whether a scenario that failed and then passed fails the run.
        flaky "flaky": Flaky = Flaky::default();
        /// The number of failures after which nothing more starts; with `:immediate`, running
        /// scenarios are cancelled too.
        max_failures "max-failures": Option<MaxFailures> = None;
        /// How long a step may take.
        step_timeout "step-timeout": Option<TimeLimit> = None;
        /// How long an attempt of a scenario may take, including its hooks.
        scenario_timeout "scenario-timeout": Option<TimeLimit> = None;
        /// How long a hook may take.
        hook_timeout "hook-timeout": Option<TimeLimit> = None;
        /// How long the whole run may take.
        run_timeout "run-timeout": Option<TimeLimit> = None;
        /// The time after which a step or hook is reported as slow. Default: half of its time limit,
        /// at most a minute.
        slow_after "slow-after": Option<TimeLimit> = None;
        /// How long a process has to end between SIGTERM and SIGKILL.
        grace "grace": TimeLimit = TimeLimit::seconds(2);
        // A step that prints without end must not fill the disk.
        /// How much an attempt may print.
        output_limit "output-limit": ByteSize = ByteSize::mebibytes(1024);
        /// What happens to processes that outlive their scenario.
        leaks "leaks": Leaks = Leaks::default();
        /// What happens when a scenario changes the umask, signals, limits or environment of its process.
        state_changes "state-changes": StateChanges = StateChanges::default();
        /// The tags of scenarios that are expected to fail; empty for none.
        expected_failure_tags "expected-failure-tags": TagRule = TagRule::tag("@expected_failure");
        /// The tags of scenarios in which steps after a failed step still run; empty for none.
        continue_after_failure_tags "continue-after-failure-tags": TagRule =
            TagRule::tag("@continue_after_failure");
        with {
            /// Groups of scenarios of which only a limited number run at once.
            groups: Groups,
            /// Whether steps are only matched.
            dry_run: bool,
            /// The debugger of the step program.
            debugger: Option<Debugger>,
            /// Whether a failed step waits for a key.
            pause_on_failure: bool,
        }
    }

    /// The settings of reports.
    pub(super) report: ReportSettings {
        /// The reports, NAME or NAME:FILE. Default: pretty on a terminal, else progress.
        format "format": Vec<Format> = Vec::new();
        /// How code for undefined steps is written.
        snippets "snippets": SnippetStyle = SnippetStyle::default();
        /// When to use colours.
        color "color": ColorChoice = ColorChoice::default();
    }

    /// The settings of the step program.
    pub(super) steps: StepsSettings {
        /// A folder with a Cargo.toml, a Cargo.toml, or an executable file; relative to the folder of
        /// bdd.toml.
        steps_path "steps.path": Option<PathBuf> = None;
        /// A package of the cargo workspace.
        steps_package "steps.package": Option<String> = None;
        /// The program of a package that has several.
        steps_target "steps.target": Option<String> = None;
        /// A program that speaks the worker protocol, and its arguments.
        steps_command "steps.command": Option<CommandLine> = None;
        /// The language of the steps beside the features, if there are several: `rust` for the crate in the folder steps,
        /// `python` for a suite of behave. Default: what is there.
        steps_language "steps.language": Option<StepLanguage> = None;
        /// The Python of a suite of behave. Default: that of the activated virtual environment, else that in which bdd is
        /// installed, else .venv/bin/python, else python3.
        steps_python "steps.python": Option<PathBuf> = None;
        /// Formatters of other packages that behave runs in each worker: `module:Class`, or `module:Class:FILE`.
        steps_formatters "steps.formatters": Vec<String> = Vec::new();
        /// Whether cargo builds with optimizations.
        steps_release "steps.release": bool = false;
        /// The cargo profile of the build.
        steps_profile "steps.profile": Option<String> = None;
        /// The cargo features of the build.
        steps_features "steps.features": Vec<String> = Vec::new();
        /// How long a worker may take from its start to its `hello`.
        steps_start_timeout "steps.start-timeout": TimeLimit = TimeLimit::seconds(30);
        /// How long a worker may take from its last scenario to its end.
        steps_finish_timeout "steps.finish-timeout": TimeLimit = TimeLimit::seconds(10);
    }

    /// How `bdd fmt` formats feature files.
    pub fmt: FmtSettings {
        /// The spaces by which each level is indented.
        indent "fmt.indent": SpaceCount = SpaceCount::new(2);
        /// The spaces on both sides of a cell.
        table_padding "fmt.table-padding": SpaceCount = SpaceCount::new(1);
    }
}

impl FmtSettings {
    /// How formatted files look.
    pub fn style(&self) -> FormatStyle {
        FormatStyle {
            indent: self.indent.get(),
            table_padding: self.table_padding.get(),
        }
    }
}

impl RunSettings {
    /// Whether the run is interactive: the step program uses the terminal. Then nothing has a time limit, and
    /// nothing is retried.
    pub fn is_attended(&self) -> bool {
        self.debugger.is_some() || self.pause_on_failure
    }
}

/// The options of reports, as `bdd config` shows them.
fn report_rows(given: &ReportOptions) -> impl Iterator<Item = SettingRow> {
    ReportOption::all().iter().map(|option| {
        let given = given.get(&(option.report, option.key));
        let value = given.map_or(option.values[0], |given| given.value);
        SettingRow {
            key: report_options::full_key(option),
            value: report_options::shown(option, value),
            origin: given.map_or(Origin::Default, |given| given.origin.clone()),
        }
    })
}

/// The keys of `[steps]` that name a program.
pub(super) const PROGRAM_KEYS: [&str; 5] = [
    "steps.path",
    "steps.package",
    "steps.target",
    "steps.command",
    "steps.language",
];

impl Layer {
    /// A lower layer without the keys that belong to keys of this layer: several keys together name a
    /// program, and several say how it is built.
    fn hiding(&self, mut lower: Self) -> Self {
        let names_program = self.steps_path.is_some()
            || self.steps_package.is_some()
            || self.steps_target.is_some()
            || self.steps_command.is_some();
        let is_python = self
            .steps_language
            .as_ref()
            .is_some_and(|language| language.value == Some(StepLanguage::Python));
        if names_program {
            lower.steps_language = None;
        }
        if names_program || is_python {
            lower.steps_path = None;
            lower.steps_package = None;
            lower.steps_target = None;
            lower.steps_command = None;
        }
        if self.steps_release.is_some() || self.steps_profile.is_some() {
            lower.steps_release = None;
            lower.steps_profile = None;
        }
        lower
    }
}

/// Groups on top of others. A group that has only a limit keeps the tags of the lower one.
fn groups_over(
    upper: BTreeMap<String, Sourced<Group>>,
    mut lower: BTreeMap<String, Sourced<Group>>,
) -> BTreeMap<String, Sourced<Group>> {
    for (name, mut group) in upper {
        if group.value.tags.is_none()
            && let Some(below) = lower.remove(&name)
        {
            group.value.tags = below.value.tags;
        }
        lower.insert(name, group);
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(keys: &[(&str, &str)], flag: &'static str) -> Layer {
        let mut layer = Layer::default();
        for (key, text) in keys {
            assert!(KEYS.contains(key));
            layer.read_text(key, text, Origin::Flag(flag)).unwrap();
        }
        layer
    }

    #[test]
    fn the_upper_layer_wins_key_by_key() {
        let upper = layer(&[("jobs", "2")], "--upper");
        let lower = layer(&[("jobs", "3"), ("retries", "1")], "--lower");
        let settings = Settings::new(upper.over(lower), &Environment::default());
        assert_eq!(settings.run.jobs.get(), 2);
        assert_eq!(settings.origins.jobs, Origin::Flag("--upper"));
        assert_eq!(settings.origins.retries, Origin::Flag("--lower"));
        assert_eq!(settings.origins.grace, Origin::Default);
    }

    #[test]
    fn a_program_is_named_by_one_layer() {
        let lower = &[
            ("steps.path", "x"),
            ("steps.target", "y"),
            ("steps.release", "true"),
        ];
        let upper = layer(&[("steps.command", "z")], "--upper").over(layer(lower, "--lower"));
        assert!(upper.steps_path.is_none() && upper.steps_target.is_none());
        assert!(upper.steps_release.is_some());
        let python = &[("steps.language", "python")];
        let upper = layer(python, "--upper").over(layer(lower, "--lower"));
        assert!(upper.steps_path.is_none() && upper.steps_target.is_none());
        let upper = layer(&[("steps.path", "z")], "--upper").over(layer(python, "--lower"));
        assert!(upper.steps_language.is_none());
        let rust = layer(&[("steps.language", "rust")], "--upper");
        assert!(rust.over(layer(lower, "--lower")).steps_path.is_some());
        let upper = layer(&[("steps.profile", "z")], "--upper").over(layer(lower, "--lower"));
        assert!(upper.steps_path.is_some() && upper.steps_target.is_some());
        assert!(upper.steps_release.is_none());
    }

    #[test]
    fn a_bare_limit_keeps_the_tags_of_the_group_below() {
        let group = |limit, tags: Option<&str>| {
            let limit = NonZeroU32::new(limit).unwrap();
            let tags = tags.map(|tags| tags.parse().unwrap());
            let group = Sourced::flag(Group { limit, tags }, "--flag");
            BTreeMap::from([("db".to_owned(), group)])
        };
        let lower = group(2, Some("@db"));
        assert_eq!(
            groups_over(group(1, None), lower.clone()),
            group(1, Some("@db"))
        );
        assert_eq!(
            groups_over(group(1, Some("@sql")), lower),
            group(1, Some("@sql"))
        );
    }
}
