//! `bdd run`: discover, parse, plan, run, report.

mod announce;
mod launcher;
mod reports;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clap::Args;

use self::announce::announce;
use self::launcher::launcher;
pub(super) use self::launcher::worker_variables;
pub(super) use self::reports::{finish, terminal_size};
use self::reports::{live_line, open_reports, recorder};
use super::event_sinks::EventSinks;
use super::parallel_gain::ParallelGain;
use super::prepare::{Prepared, prepare};
use super::readers::RunPatience;
use super::trends::Trends;
use super::{Exit, Failure};
use crate::config::{Config, Environment, Flags, Order, StepsSource};
use crate::event::{Event, RunErrorKind, Timestamp};
use crate::plan::{Plan, PlannedScenario, order};
use crate::report::LiveLine;
use crate::run::{self, Channel, Options, Problem};
use crate::system_error::reason;
use crate::worker::build::Building;
use crate::worker::process::Launcher;
use crate::worker::registry::ProcessRegistry;

/// The arguments of `bdd run`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    #[command(flatten)]
    pub(super) flags: Flags,
}

const EXAMPLES: &str = "\
Examples:
  bdd run                                   all features
  bdd run features/calculator.feature:12    the scenario at line 12
  bdd run --tags '@smoke and not @slow'     by tags
  bdd run --name Divide -j 1 -v             by name, one worker, a line per scenario
  bdd run -f progress -f junit:report.xml   progress here, JUnit in a file
  bdd run --wip                             scenarios in progress
  bdd run --failed                          what failed or did not run last time
  bdd run --step-timeout 30s --retries 2    with a time limit per step; retry failures";

/// The line that is printed at the first Ctrl-C.
const INTERRUPTED: &str =
    "interrupted: running closing hooks and writing reports; press Ctrl-C again to stop at once";

/// Runs scenarios: the whole of a run, from top to bottom.
///
/// # Errors
/// When the run cannot begin.
pub fn run(
    arguments: &RunArgs,
    environment: &Environment,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let config = Config::load(&arguments.flags, environment)?;
    run_with(config, Followed::ByNobody, environment, err)
}

/// Who follows the run beside the reports.
pub(super) enum Followed {
    /// Nobody.
    ByNobody,
    /// The process of `bdd behave` that prints; through this stream.
    By(Box<dyn Write + Send>),
}

/// Runs scenarios with these settings.
///
/// # Errors
/// When the run cannot begin.
pub(super) fn run_with(
    mut config: Config,
    followed: Followed,
    environment: &Environment,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    if config.run.order == Order::Random(None) {
        config.run.order = Order::Random(Some(seed()));
    }
    let mut prepared = prepare(&config, environment)?;
    let sources = std::mem::take(&mut prepared.sources);
    if prepared.can_run() {
        only_one_to_debug(&config, &prepared.plan)?;
    }

    let building = Building::default();
    let stop_building = building.clone();
    let registry = ProcessRegistry::default();
    let debugged = config.run.debugger.is_some();
    let watched = environment.stderr_is_terminal;
    let live = live_line(&config);
    let stop = {
        let live = live.clone();
        move || {
            stop_building.stop();
            // Closing hooks can take long, and the user waits.
            if watched && !live.as_ref().is_some_and(|live| live.notice(INTERRUPTED)) {
                // The terminal has written ^C on this line.
                let _ = writeln!(io::stderr(), "\n{INTERRUPTED}");
            }
        }
    };
    let end = {
        let (registry, live) = (registry.clone(), live.clone());
        move || {
            registry.end_all();
            live.iter().for_each(LiveLine::close);
        }
    };
    let (channel, deaf) = match Channel::new(debugged, stop, end) {
        Ok(channel) => (channel, None),
        // Workers would be refused the same. The reports show why nothing ran.
        Err(error) => (Channel::without_signals(), Some(cannot_hear(&error))),
    };
    let trends = Trends::find(&config, &prepared, live.as_ref());
    let mut reports = open_reports(&config, &prepared, (live, followed))?;
    reports.write_files_apart();
    registry.remove_unfinished(reports.temporary_files().iter().cloned());
    let warnings = reports.warnings().iter().chain(&trends.warning);
    let warnings: Vec<String> = warnings.cloned().collect();
    let gain = gain(&config, environment);
    let mut sinks = EventSinks::new(reports, recorder(&config, &prepared), gain);
    let launcher = prepared.can_run().then(|| match deaf {
        Some(failure) => Err(failure),
        None => launcher(&config, environment, &building, registry),
    });
    let began = Instant::now();
    announce(&mut sinks, &config, (&prepared, sources), &warnings);
    trends.emit(&mut |event| sinks.event(event));
    let ending = execute(&config, &prepared, launcher, &channel, &mut sinks);
    sinks.end_record();
    sinks.event(Event::RunFinished {
        at: now(),
        nanos: nanos(began),
    });
    let is_interrupted = |failure: &Failure| failure.exit().is_signal();
    let limit = config.run.run_timeout.filter(|_| !config.run.is_attended());
    let mut readers = RunPatience::new(
        &channel,
        ending.as_ref().err().is_some_and(is_interrupted),
        limit.map(|limit| began + limit.duration()),
        watched,
    );
    let gain = sinks.gain().filter(|_| ending.is_ok());
    let results = finish(sinks.into_reports(), &mut || readers.now(), err);
    if let Some(gain) = gain {
        // A closed standard error cannot be reported anywhere.
        let _ = writeln!(err, "note: {gain}");
    }
    let ending = match readers.signal().map(interrupted) {
        Some(failure) if ending.is_ok() => Err(failure),
        _ => ending,
    };
    // The process ends with this command. To give a large plan back piece by piece would only take
    // time.
    std::mem::forget(prepared);
    Ok(match ending {
        Ok(()) => results,
        Err(failure) => {
            failure.print(err);
            failure.exit().or(results)
        }
    })
}

fn cannot_hear(error: &io::Error) -> Failure {
    let message = format!("cannot catch signals: {}", reason(error));
    Failure::new(Exit::StepProgram, message)
        .hint("raise the limits of threads and memory: `ulimit -a` shows them")
}

/// Runs the plan if there is one to run. Every planned scenario gets its final event.
fn execute(
    config: &Config,
    prepared: &Prepared,
    launcher: Option<Result<Launcher, Failure>>,
    channel: &Channel,
    sinks: &mut EventSinks,
) -> Result<(), Failure> {
    let plan = &prepared.plan;
    if prepared.stopped {
        run_nothing(plan, sinks, "a feature file does not parse");
    }
    let Some(launcher) = launcher else {
        return prepared.ending();
    };
    let launcher = launcher.map_err(|failure| {
        let interrupted = channel.early_signal().map(interrupted);
        let missing = match is_python(config) {
            true => "behave cannot be started",
            false => "there is no step program",
        };
        let reason = interrupted.as_ref().map_or(missing, Failure::message);
        run_nothing(plan, sinks, reason);
        report_problem(sinks, failure.message(), "");
        interrupted.unwrap_or(failure)
    })?;
    let history = prepared.history.as_ref();
    let failed =
        |scenario: &PlannedScenario| history.is_some_and(|history| history.failed(&scenario.id));
    let options = Options {
        run: config.run.clone(),
        order: order(plan, config.run.order, &failed),
        snippets: config.reporting.snippets,
        report_prepared: config.reporting.needs_preparation(),
        start_timeout: config.steps.start_timeout.duration(),
        finish_timeout: config.steps.finish_timeout.duration(),
        root: config.project.root.clone(),
        clock: now,
    };
    let ending = run::run(plan, &launcher, &options, channel, &mut |event| {
        sinks.event(event);
    });
    if let Some(signal) = ending.interrupted {
        return Err(interrupted(signal));
    }
    if let Some(problem) = ending.no_step_program {
        report_problem(sinks, &problem.message, &problem.detail);
        return Err(step_program_failure(problem));
    }
    // The reports show this already: every step is undefined.
    if let Some(problem) = ending.no_definitions {
        return Err(step_program_failure(problem));
    }
    prepared.ending()
}

/// A debugger runs one scenario: it would be impossible to follow several.
fn only_one_to_debug(config: &Config, plan: &Plan) -> Result<(), Failure> {
    let mut scenarios = plan
        .features
        .iter()
        .flat_map(|feature| feature.scenarios.iter().map(move |one| (feature, one)));
    let (first, count) = (scenarios.next(), 1 + scenarios.count());
    match first {
        Some((feature, scenario)) if config.run.debugger.is_some() && count > 1 => {
            let (uri, line) = (&feature.uri, scenario.location.line);
            let message = format!("--debugger runs one scenario, but {count} are selected");
            Err(Failure::usage(message).hint(format!("name one by its line, such as {uri}:{line}")))
        }
        _ => Ok(()),
    }
}

fn step_program_failure(problem: Problem) -> Failure {
    let failure = Failure::new(Exit::StepProgram, problem.message);
    match problem.detail {
        detail if detail.is_empty() => failure,
        detail => failure.hint(detail),
    }
}

/// A seed that is easy to type.
fn seed() -> u64 {
    const SEEDS: u64 = 1_000_000;
    RandomState::new().build_hasher().finish() % SEEDS
}

/// Looks at what more workers would bring, where one runs only because nobody has asked for more.
fn gain(config: &Config, environment: &Environment) -> Option<ParallelGain> {
    // Scripts read what `bdd behave` prints.
    let is_read = config.is_behave_command() && !environment.stderr_is_terminal;
    let may_gain = is_python(config) && config.jobs_are_default && !config.run.dry_run && !is_read;
    may_gain.then(|| ParallelGain::new(environment.cores))
}

/// Whether the steps are a suite of behave.
fn is_python(config: &Config) -> bool {
    matches!(config.steps.source(), Ok(StepsSource::Python(_)))
}

fn run_nothing(plan: &Plan, sinks: &mut EventSinks, reason: &str) {
    for scenario in plan.features.iter().flat_map(|feature| &feature.scenarios) {
        sinks.event(Event::ScenarioNotRun {
            scenario: scenario.index,
            reason: reason.to_owned(),
        });
    }
}

fn report_problem(sinks: &mut EventSinks, message: &str, detail: &str) {
    sinks.event(Event::RunError {
        kind: RunErrorKind::StepProgram,
        message: message.to_owned(),
        detail: detail.to_owned(),
    });
}

fn interrupted(signal: i32) -> Failure {
    Failure::new(Exit::of_signal(signal), "the run was interrupted")
}

fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
}

fn nanos(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
