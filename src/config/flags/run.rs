//! The flags that say how scenarios are run.

use std::num::NonZeroU32;

use clap::Args;

use super::super::settings::{Layer, RunSettings, SettingRow};
use super::super::value::{FROM_ONE, Setting as _};
use super::super::{
    ByteSize, Debugger, Definition, Flaky, Leaks, MaxFailures, Order, ParallelBy, RetryDelay,
    Sourced, StateChanges, TimeLimit,
};
use super::{given, number, optional, row, switch, switched};
use crate::plan::tags::TagExpression;

/// The N of `--jobs`.
fn jobs(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| format!("expected {FROM_ONE}"))
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
    /// `random` prints its SEED at the end. The same SEED gives the same order, with any number of
    /// workers.
    #[arg(long, value_name = "ORDER")]
    pub order: Option<Order>,

    /// How scenarios are distributed to the workers [default: auto]
    #[arg(long, value_name = "WHAT", value_enum)]
    pub parallel_by: Option<ParallelBy>,

    /// Start nothing more after the first failure
    #[arg(short = 'x', long, conflicts_with = "max_failures")]
    pub fail_fast: bool,

    /// Start nothing more after N failures; N:immediate also cancels running scenarios
    #[arg(long, value_name = "N[:immediate]")]
    pub max_failures: Option<MaxFailures>,

    /// Match steps with their definitions and report them, but run nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Do not fail the run for undefined and pending steps
    #[arg(long)]
    pub no_strict: bool,

    /// Match a `given` definition only with Given steps, and so on
    #[arg(long)]
    pub strict_keywords: bool,

    /// Pass a value to the steps, or `true` without VALUE; may be given several times
    ///
    /// For example `-D browser=firefox`. It wins over `[userdata]` in bdd.toml.
    #[arg(short = 'D', long, value_name = "NAME[=VALUE]")]
    pub define: Vec<Definition>,

    /// Keep no record of this run in the folder .bdd
    #[arg(long)]
    pub no_history: bool,

    /// Run a failed scenario again, up to N times [default: 0]
    ///
    /// Every attempt starts with new fixtures. A scenario that passes then is reported as flaky. Only
    /// failures are retried, except expected ones. The tag @retry(N) sets N for a scenario.
    #[arg(long, help_heading = RETRIES, visible_alias = "retry", value_name = "N", value_parser = number)]
    pub retries: Option<u32>,

    /// Wait before a scenario is run again: TIME, or exponential:TIME[..TIME]
    ///
    /// For example `1s`, or `exponential:100ms..5s`, which doubles up to 5 s. Other scenarios run in
    /// the meantime.
    #[arg(long, help_heading = RETRIES, value_name = "DELAY")]
    pub retry_delay: Option<RetryDelay>,

    /// Retry only scenarios whose tags match EXPRESSION
    #[arg(long, help_heading = RETRIES, value_name = "EXPRESSION", visible_alias = "retry-tag-filter")]
    pub retry_tags: Option<TagExpression>,

    /// Whether a scenario that failed and then passed fails the run [default: pass]
    #[arg(long, help_heading = RETRIES, value_name = "RESULT", value_enum)]
    pub flaky: Option<Flaky>,

    /// How long a step may take, such as 30s
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub step_timeout: Option<TimeLimit>,

    /// How long an attempt of a scenario may take, including its hooks
    ///
    /// The tag @timeout(TIME) sets it for a scenario; --step-timeout does not apply there.
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub scenario_timeout: Option<TimeLimit>,

    /// How long a hook may take
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub hook_timeout: Option<TimeLimit>,

    /// How long the whole run may take, not counting the build
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub run_timeout: Option<TimeLimit>,

    /// Warn about a step or hook that takes longer [default: half of its time limit, at most 1m]
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub slow_after: Option<TimeLimit>,

    /// How long a process has to end between SIGTERM and SIGKILL [default: 2s]
    #[arg(long, help_heading = LIMITS, value_name = "TIME")]
    pub grace: Option<TimeLimit>,

    /// How much an attempt may print, such as 10MB [default: 1 GiB]
    #[arg(long, help_heading = LIMITS, value_name = "SIZE")]
    pub output_limit: Option<ByteSize>,

    /// What happens to processes that outlive their scenario [default: fail]
    #[arg(long, help_heading = LIMITS, value_name = "WHAT", value_enum)]
    pub leaks: Option<Leaks>,

    /// What happens when a scenario changes the umask, signals, limits or environment of its process
    /// [default: warn]
    #[arg(long, help_heading = LIMITS, value_name = "WHAT", value_enum)]
    pub state_changes: Option<StateChanges>,

    /// Print the output of steps as they run, with one worker
    #[arg(long, help_heading = DEBUGGING)]
    pub no_capture: bool,

    /// Wait for Enter when a step or hook fails, with its fixtures alive; one worker
    ///
    /// Nothing has a time limit, and the output of steps is printed as they run.
    #[arg(long, help_heading = DEBUGGING, conflicts_with_all = ["dry_run", "debugger"])]
    pub pause_on_failure: bool,

    /// Run one scenario under a debugger, such as 'rust-gdb --args', at the terminal
    ///
    /// COMMAND is split into words as in a shell. The step program and its arguments are added to it.
    /// Nothing has a time limit, nothing is retried, and Ctrl-C goes to the debugger.
    #[arg(long, help_heading = DEBUGGING, value_name = "COMMAND", conflicts_with = "dry_run")]
    pub debugger: Option<Debugger>,
}

impl RunFlags {
    /// Adds the settings that the flags give to a layer; `wip` is whether `--wip` is given too.
    pub(super) fn add_to(&self, wip: bool, layer: &mut Layer) {
        let debugged = self.debugger.is_some();
        layer.jobs = given(self.jobs, "--jobs");
        layer.order = given(self.order, "--order");
        layer.history = switch(self.no_history, false, "--no-history");
        layer.parallel_by = given(self.parallel_by, "--parallel-by");
        layer.capture = switch(wip, false, "--wip")
            .or(switch(debugged, false, "--debugger"))
            .or(switch(self.pause_on_failure, false, "--pause-on-failure"))
            .or(switch(self.no_capture, false, "--no-capture"));
        layer.strict = switch(self.no_strict, false, "--no-strict");
        layer.strict_keywords = switch(self.strict_keywords, true, "--strict-keywords");
        // A second attempt would start a second debugger session.
        layer.retries = switch(debugged, 0, "--debugger").or(given(self.retries, "--retries"));
        layer.retry_delay = optional(self.retry_delay, "--retry-delay");
        layer.retry_tags = optional(self.retry_tags.clone(), "--retry-tags");
        layer.flaky = given(self.flaky, "--flaky");
        layer.max_failures = optional(self.max_failures, "--max-failures")
            .or(switch(
                self.fail_fast,
                Some(MaxFailures::FIRST),
                "--fail-fast",
            ))
            .or(switch(wip, Some(MaxFailures::FIRST), "--wip"));
        layer.step_timeout = optional(self.step_timeout, "--step-timeout");
        layer.scenario_timeout = optional(self.scenario_timeout, "--scenario-timeout");
        layer.hook_timeout = optional(self.hook_timeout, "--hook-timeout");
        layer.run_timeout = optional(self.run_timeout, "--run-timeout");
        layer.slow_after = optional(self.slow_after, "--slow-after");
        layer.grace = given(self.grace, "--grace");
        layer.output_limit = given(self.output_limit, "--output-limit");
        layer.leaks = given(self.leaks, "--leaks");
        layer.state_changes = given(self.state_changes, "--state-changes");
        let defined = self.define.iter().map(|definition| {
            let value = Sourced::flag(definition.value.clone(), "--define");
            (definition.name.clone(), value)
        });
        layer.userdata = defined.collect();
    }

    /// Sets the fields that have no key in the file.
    pub(in super::super) fn complete(&self, settings: &mut RunSettings) {
        settings.dry_run = self.dry_run;
        settings.debugger.clone_from(&self.debugger);
        settings.pause_on_failure = self.pause_on_failure;
    }

    /// What these flags give that has no key in the file.
    pub(super) fn rows(&self) -> Vec<SettingRow> {
        let debugger = self.debugger.as_ref();
        let debugger =
            debugger.map(|debugger| row("--debugger", debugger.command.join(" ").shown()));
        switched([
            (self.dry_run, "--dry-run"),
            (self.pause_on_failure, "--pause-on-failure"),
        ])
        .chain(debugger)
        .collect()
    }
}
