//! The flags of the command line as they are written, in groups that commands share.
//!
//! Nothing is decided here: [`super::Config::load`] puts flags, environment and file together.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::byte_size::ByteSize;
use super::color::ColorChoice;
use super::debugger::Debugger;
use super::exclude::ExcludeGlob;
use super::flaky::Flaky;
use super::language::Language;
use super::leaks::Leaks;
use super::max_failures::MaxFailures;
use super::name::NamePattern;
use super::order::Order;
use super::parallel_by::ParallelBy;
use super::retry_delay::RetryDelay;
use super::snippets::SnippetStyle;
use super::time_limit::TimeLimit;
use super::userdata::Definition;
use crate::plan::Shard;
use crate::plan::tags::TagExpression;
use crate::report::Format;

/// Where the settings come from.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "General")]
pub struct FileFlags {
    /// Read the settings from FILE instead of the nearest bdd.toml
    ///
    /// Without it, bdd.toml is searched in the current directory and its parents. The folder that
    /// holds it is the project's root, and paths in it count from there.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Take the settings of `[profile.NAME]` in bdd.toml
    ///
    /// They win over those at the top of the file. `default` asks for no profile, whatever the
    /// environment variable BDD_PROFILE says.
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// Which scenarios.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectionFlags {
    /// What to take: files, folders, globs, FILE:LINE[:LINE…], @LIST
    ///
    /// A folder means all `*.feature` and `*.feature.md` files in it, except what .gitignore or
    /// .bddignore leave out and folders with a .freshenignore file. A line may be any line of a
    /// scenario, a row of examples, or the heading of a feature, rule, outline or Examples block,
    /// which selects all it contains. @LIST is a text file with one of these on each line.
    ///
    /// Without any: the `features` of bdd.toml, else the folder `features` in the current directory
    /// or one of its parents.
    #[arg(value_name = "PATH", help_heading = "Arguments")]
    pub paths: Vec<String>,

    /// Take only scenarios whose tags fulfil EXPRESSION
    ///
    /// Such as `@smoke`, `not @slow`, `@db and (@read or @write)`. All must hold when given several
    /// times.
    #[arg(short, long, value_name = "EXPRESSION")]
    pub tags: Vec<TagExpression>,

    /// Take only scenarios whose name matches REGEX
    ///
    /// It may match any part of the name. One must match when given several times.
    #[arg(short, long, value_name = "REGEX")]
    pub name: Vec<NamePattern>,

    /// Leave out files and folders that match GLOB
    ///
    /// A glob without `/` matches a name anywhere (`draft_*`); one with `/` matches a path from the
    /// project's root or the current directory (`features/old/**`).
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<ExcludeGlob>,

    /// Take only scenarios that failed or did not run last time
    ///
    /// What happened last time stands in the folder .bdd of the project. As long as no run is on
    /// record there, all scenarios are taken.
    #[arg(long)]
    pub failed: bool,

    /// Take only feature files that changed in git since REV [default of REV: HEAD]
    ///
    /// What is staged, changed or new in the working tree counts, too.
    #[arg(
        long,
        value_name = "REV",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "HEAD"
    )]
    pub changed: Option<String>,

    /// Take one of N parts of what is selected: hash:I/N, slice:I/N or balanced:I/N
    ///
    /// `hash` by the names of scenarios: each stays in its shard whatever becomes of the others.
    /// `slice` in stretches of equal length. `balanced` by how long scenarios take, as FILE of
    /// --durations-from says. I is from 1 to N.
    #[arg(long, value_name = "SHARD")]
    pub shard: Option<Shard>,

    /// How long scenarios take, for --shard balanced: an `events` report or .bdd/history.jsonl
    #[arg(long, value_name = "FILE")]
    pub durations_from: Option<PathBuf>,

    /// Take only scenarios tagged @wip; one worker, output shown, stop at the first failure
    #[arg(long)]
    pub wip: bool,

    /// Read feature files without a `# language:` line in this language, such as fr
    #[arg(long, value_name = "CODE")]
    pub language: Option<Language>,

    /// Skip feature files that do not parse instead of running nothing (the exit code stays 3)
    #[arg(long)]
    pub keep_going: bool,

    /// End in success when nothing was selected (instead of exit code 4)
    #[arg(long)]
    pub allow_empty: bool,
}

/// The N of `--jobs`.
fn jobs(text: &str) -> Result<NonZeroU32, &'static str> {
    text.parse().map_err(|_| "expected a number from 1")
}

/// The N of `--retries`.
fn retries(text: &str) -> Result<u32, &'static str> {
    text.parse().map_err(|_| "expected a number from 0")
}

const RETRIES: &str = "Retries";
const LIMITS: &str = "Limits";
const DEBUGGING: &str = "Debugging";

/// How scenarios are run.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Running")]
pub struct RunFlags {
    /// Run scenarios in N workers [default: the number of cores]
    #[arg(short, long, value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroU32>,

    /// The order: defined, reverse, random, random:SEED or failed-first [default: defined]
    ///
    /// `random` shows its SEED at the end; the same SEED means the same order again, with any number
    /// of workers.
    #[arg(long, value_name = "ORDER")]
    pub order: Option<Order>,

    /// What workers share out among them [default: auto]
    #[arg(long, value_name = "WHAT", value_enum)]
    pub parallel_by: Option<ParallelBy>,

    /// Start nothing more after the first failure
    #[arg(short = 'x', long, conflicts_with = "max_failures")]
    pub fail_fast: bool,

    /// Start nothing more after N failures; N:immediate also cancels what runs
    #[arg(long, value_name = "N[:immediate]")]
    pub max_failures: Option<MaxFailures>,

    /// Match steps with their definitions and report, but run none
    #[arg(long)]
    pub dry_run: bool,

    /// Let undefined and pending steps pass
    #[arg(long)]
    pub no_strict: bool,

    /// Let a `given` definition match only Given steps, and so on
    #[arg(long)]
    pub strict_keywords: bool,

    /// Tell the steps that NAME is VALUE, or `true`; may be given several times
    ///
    /// Such as `-D browser=firefox`. It wins over `[userdata]` in bdd.toml.
    #[arg(short = 'D', long, value_name = "NAME[=VALUE]")]
    pub define: Vec<Definition>,

    /// Keep no record of this run in the folder .bdd
    #[arg(long)]
    pub no_history: bool,

    /// Run a scenario that fails again, up to N times [default: 0]
    ///
    /// With nothing left of the attempt before. One that passes then is told as flaky. Only failures
    /// are retried, and none that a tag expects. The tag @retry(N) says it for a scenario.
    #[arg(long, help_heading = RETRIES, visible_alias = "retry", value_name = "N", value_parser = retries)]
    pub retries: Option<u32>,

    /// Wait before a scenario is run again: TIME, or exponential:TIME[..TIME]
    ///
    /// Such as `1s`, or `exponential:100ms..5s`, which doubles up to 5 s. Other scenarios run in the
    /// meantime.
    #[arg(long, help_heading = RETRIES, value_name = "DELAY")]
    pub retry_delay: Option<RetryDelay>,

    /// Retry only scenarios whose tags fulfil EXPRESSION
    #[arg(long, help_heading = RETRIES, value_name = "EXPRESSION", visible_alias = "retry-tag-filter")]
    pub retry_tags: Option<TagExpression>,

    /// What a scenario means for the run that failed and then passed [default: pass]
    #[arg(long, help_heading = RETRIES, value_name = "RESULT", value_enum)]
    pub flaky: Option<Flaky>,

    /// How long a step may take, such as 30s
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub step_timeout: Option<TimeLimit>,

    /// How long an attempt at a scenario may take, its hooks included
    ///
    /// The tag @timeout(TIME) says it for a scenario; --step-timeout does not apply there.
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub scenario_timeout: Option<TimeLimit>,

    /// How long a hook may take
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub hook_timeout: Option<TimeLimit>,

    /// How long the whole run may take, without the build
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub run_timeout: Option<TimeLimit>,

    /// Warn of a step or hook that takes longer [default: half of its time limit, at most 1m]
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub slow_after: Option<TimeLimit>,

    /// How long a process has to end between SIGTERM and SIGKILL [default: 2s]
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub grace: Option<TimeLimit>,

    /// How much an attempt may print, such as 10MB [default: 1 GiB]
    #[arg(long, help_heading = LIMITS, value_name = "SIZE")]
    pub output_limit: Option<ByteSize>,

    /// What becomes of processes that outlive their scenario [default: fail]
    #[arg(long, help_heading = LIMITS, value_name = "WHAT", value_enum)]
    pub leaks: Option<Leaks>,

    /// Let through what steps print, as they print it; one worker
    #[arg(long, help_heading = DEBUGGING)]
    pub no_capture: bool,

    /// Wait for Enter when a step or hook fails, with its fixtures alive; one worker
    ///
    /// Nothing has a time limit, and what steps print is let through.
    #[arg(long, help_heading = DEBUGGING, conflicts_with_all = ["dry_run", "debugger"])]
    pub pause_on_failure: bool,

    /// Run one scenario under a debugger, such as 'rust-gdb --args', at the terminal
    ///
    /// COMMAND is split as a shell does, and started with the step program and its arguments behind
    /// it. Nothing has a time limit, nothing is retried, and Ctrl-C is the debugger's.
    #[arg(long, help_heading = DEBUGGING, value_name = "COMMAND", conflicts_with = "dry_run")]
    pub debugger: Option<Debugger>,
}

/// Which step program, and how cargo builds it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Step program")]
pub struct StepsFlags {
    /// The step program, or the crate that it is built from
    ///
    /// An executable file is run as it is. Otherwise: a folder with a Cargo.toml, a Cargo.toml, or
    /// the name of a package of this workspace, each with `:TARGET` if the package has several
    /// programs.
    ///
    /// Without it: `[steps]` of bdd.toml, else the crate in features/steps.
    #[arg(long, value_name = "STEPS")]
    pub steps: Option<String>,

    /// Use the step program as it was built last
    #[arg(long)]
    pub no_build: bool,

    /// Build the steps with optimizations
    #[arg(long, conflicts_with = "cargo_profile")]
    pub release: bool,

    /// Build the steps with this cargo profile
    #[arg(long, value_name = "NAME")]
    pub cargo_profile: Option<String>,

    /// Build the steps with these cargo features
    #[arg(long, value_name = "FEATURES", value_delimiter = ',')]
    pub features: Vec<String>,

    /// Have cargo insist on Cargo.lock as it is
    #[arg(long)]
    pub locked: bool,

    /// Have cargo build without the network
    #[arg(long)]
    pub offline: bool,
}

/// What is shown and written.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Reports")]
pub struct ReportFlags {
    /// Write a report, to standard output or to a file; may be given several times
    ///
    /// NAME is pretty, progress, junit, messages, events or rerun. `junit:DIR/` writes a file for
    /// each feature.
    ///
    /// [default: pretty on a terminal, else progress]
    #[arg(short, long, value_name = "NAME[:FILE]")]
    pub format: Vec<Format>,

    /// Say more: a line for each scenario
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub verbose: bool,

    /// Suggest code for undefined steps in this style [default: expression]
    #[arg(long, value_name = "STYLE", value_enum)]
    pub snippets: Option<SnippetStyle>,
}

/// Colours.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "General")]
pub struct ColorFlags {
    /// When to use colours [default: auto, that is on a terminal unless NO_COLOR is set]
    #[arg(long, value_name = "WHEN", value_enum)]
    pub color: Option<ColorChoice>,
}

/// All flags that settings are made of. A command that lacks some leaves them at their default.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// Where the settings come from.
    pub file: FileFlags,
    /// Which scenarios.
    pub selection: SelectionFlags,
    /// How they are run.
    pub run: RunFlags,
    /// Which step program.
    pub steps: StepsFlags,
    /// What is shown and written.
    pub report: ReportFlags,
    /// Colours.
    pub color: ColorFlags,
}
