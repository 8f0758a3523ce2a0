//! What the flags say, as a layer of settings; and what only flags say.

use super::flags::Flags;
use super::max_failures::MaxFailures;
use super::origin::{Origin, Sourced};
use super::settings::{Layer, Row};
use super::value::{Setting, Tags};

/// The settings that flags give.
///
/// `--wip`, `--exclude` and the paths of the command line, which add to what others say, are left to
/// those who know the others.
pub(super) fn layer(flags: &Flags) -> Layer {
    let (selection, run, steps) = (&flags.selection, &flags.run, &flags.steps);
    let wip = selection.wip;
    let stop = match (run.max_failures, run.fail_fast) {
        (Some(most), _) => given(Some(most), "--max-failures"),
        (None, true) => given(Some(MaxFailures::FIRST), "--fail-fast"),
        (None, false) => switch(wip, MaxFailures::FIRST, "--wip"),
    };
    Layer {
        features: list(&selection.paths, "PATH"),
        tags: list(&selection.tags, "--tags").map(|tags| Sourced {
            value: Tags(tags.value),
            origin: tags.origin,
        }),
        language: given(selection.language, "--language"),
        jobs: given(run.jobs, "--jobs"),
        order: given(run.order, "--order"),
        history: switch(run.no_history, false, "--no-history"),
        parallel_by: given(run.parallel_by, "--parallel-by"),
        capture: switch(wip, false, "--wip")
            .or(switch(run.debugger.is_some(), false, "--debugger"))
            .or(switch(run.pause_on_failure, false, "--pause-on-failure"))
            .or(switch(run.no_capture, false, "--no-capture")),
        strict: switch(run.no_strict, false, "--no-strict"),
        strict_keywords: switch(run.strict_keywords, true, "--strict-keywords"),
        // Whoever debugs a scenario wants to see it once.
        retries: switch(run.debugger.is_some(), 0, "--debugger")
            .or(given(run.retries, "--retries")),
        retry_delay: optional(run.retry_delay, "--retry-delay"),
        retry_tags: optional(run.retry_tags.clone(), "--retry-tags"),
        flaky: given(run.flaky, "--flaky"),
        max_failures: stop.map(|stop| Sourced {
            value: Some(stop.value),
            origin: stop.origin,
        }),
        step_timeout: optional(run.step_timeout, "--step-timeout"),
        scenario_timeout: optional(run.scenario_timeout, "--scenario-timeout"),
        hook_timeout: optional(run.hook_timeout, "--hook-timeout"),
        run_timeout: optional(run.run_timeout, "--run-timeout"),
        slow_after: optional(run.slow_after, "--slow-after"),
        grace: given(run.grace, "--grace"),
        output_limit: given(run.output_limit, "--output-limit"),
        leaks: given(run.leaks, "--leaks"),
        format: list(&flags.report.format, "--format"),
        snippets: given(flags.report.snippets, "--snippets"),
        color: given(flags.color.color, "--color"),
        steps_release: switch(steps.release, true, "--release"),
        steps_profile: optional(steps.cargo_profile.clone(), "--cargo-profile"),
        steps_features: list(&steps.features, "--features"),
        userdata: (run.define.iter())
            .map(|definition| {
                let value = Sourced::flag(definition.value.clone(), "--define");
                (definition.name.clone(), value)
            })
            .collect(),
        ..Layer::default()
    }
}

fn given<T>(value: Option<T>, flag: &'static str) -> Option<Sourced<T>> {
    value.map(|value| Sourced::flag(value, flag))
}

fn optional<T>(value: Option<T>, flag: &'static str) -> Option<Sourced<Option<T>>> {
    value.map(|value| Sourced::flag(Some(value), flag))
}

/// A value that a flag stands for.
fn switch<T>(on: bool, value: T, flag: &'static str) -> Option<Sourced<T>> {
    on.then(|| Sourced::flag(value, flag))
}

fn list<T: Clone>(values: &[T], flag: &'static str) -> Option<Sourced<Vec<T>>> {
    (!values.is_empty()).then(|| Sourced::flag(values.to_vec(), flag))
}

/// What flags say that is no setting of the file, as `bdd config` shows it.
pub(super) fn others(flags: &Flags) -> Vec<Row> {
    let (selection, steps) = (&flags.selection, &flags.steps);
    let mut rows = Vec::new();
    if !selection.name.is_empty() {
        let names: Vec<String> = selection.name.iter().map(ToString::to_string).collect();
        rows.push(row("--name", names.shown()));
    }
    for (on, flag) in [
        (selection.keep_going, "--keep-going"),
        (selection.allow_empty, "--allow-empty"),
        (selection.failed, "--failed"),
        (flags.run.dry_run, "--dry-run"),
        (flags.run.pause_on_failure, "--pause-on-failure"),
        (flags.report.verbose, "--verbose"),
        (steps.no_build, "--no-build"),
        (steps.locked, "--locked"),
        (steps.offline, "--offline"),
    ] {
        if on {
            rows.push(row(flag, true.into()));
        }
    }
    let changed = selection.changed.clone();
    let debugger = flags.run.debugger.as_ref();
    let debugger = debugger.map(|debugger| debugger.command.join(" "));
    let shard = selection.shard.map(|shard| shard.to_string());
    let durations = selection.durations_from.as_ref();
    let durations = durations.map(|file| file.display().to_string());
    for (text, flag) in [
        (changed, "--changed"),
        (shard, "--shard"),
        (durations, "--durations-from"),
        (debugger, "--debugger"),
    ] {
        rows.extend(text.map(|text| row(flag, text.shown())));
    }
    if let Some(text) = &steps.steps {
        rows.push(row("--steps", text.shown()));
    }
    rows
}

fn row(flag: &'static str, value: serde_json::Value) -> Row {
    Row {
        key: flag.trim_start_matches('-').to_owned(),
        value,
        origin: Origin::Flag(flag),
    }
}
