//! Runs whose scenarios come from a source that other processes share.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::io;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bdd::config::{Config, Environment, Flags, Leaks, SnippetStyle, StateChanges};
use bdd::event::{Event, Status, Timestamp};
use bdd::plan::{
    KeywordType, Location, Plan, PlannedFeature, PlannedScenario, PlannedStep, StepWording,
};
use bdd::run::source::{Supply, WorkSource};
use bdd::run::{Channel, Options, run_from};
use bdd::worker::environment::RunEnvironment;
use bdd::worker::process::{Launcher, Streams};
use bdd::worker::registry::ProcessRegistry;

use crate::report::stream::{feed, report_context};
use crate::support::Project;

use super::with_fake;

/// Gives these answers, then nothing more. Remembers all calls.
struct Scripted {
    answers: VecDeque<Supply>,
    given_back: Vec<u32>,
    done: Vec<u32>,
}

impl WorkSource for Scripted {
    fn take(&mut self) -> Supply {
        self.answers.pop_front().unwrap_or(Supply::NothingMore)
    }

    fn give_back(&mut self, scenarios: &[u32]) {
        self.given_back.extend(scenarios);
    }

    fn done(&mut self, scenario: u32) {
        self.done.push(scenario);
    }
}

const PLACE: Location = Location { line: 1, column: 1 };

/// A feature of scenarios that have one step each.
fn plan(steps: &[&str]) -> Plan {
    let scenario = |(index, text): (u32, &&str)| PlannedScenario {
        index,
        id: index.to_string().into(),
        keyword: "Scenario".into(),
        name: index.to_string().into(),
        description: "".into(),
        row: None,
        location: PLACE,
        tags: [].into(),
        rule: None,
        steps: vec![PlannedStep::new(
            StepWording {
                keyword: "* ".into(),
                keyword_type: KeywordType::Unknown,
                text: Arc::from(*text),
                arguments: Vec::new(),
                background: false,
            },
            PLACE,
        )],
    };
    let feature = PlannedFeature {
        namesakes: bdd::plan::Namesakes::default(),
        uri: "a.feature".into(),
        language: "en".into(),
        keyword: "Feature".into(),
        name: "A".into(),
        description: "".into(),
        tags: [].into(),
        location: PLACE,
        rules: Vec::new(),
        scenarios: (0..).zip(steps).map(scenario).collect(),
    };
    Plan {
        features: vec![Arc::new(feature)],
    }
}

/// A run that is over.
struct Shared {
    source: Scripted,
    events: Vec<Event>,
}

/// Runs a plan with one worker, whose step program is `fake.py` with changes.
fn share(script: &str, steps: &[&str], answers: Vec<Supply>, stops: bool) -> Shared {
    let project = with_fake(script);
    let plan = plan(steps);
    let options = options(&project, steps.len(), stops);
    let registry = ProcessRegistry::default();
    let command = ["python3", "steps.py"].map(OsString::from).to_vec();
    let folder = project.path("");
    let environment = RunEnvironment {
        state_changes: StateChanges::Warn,
        jobs: NonZeroU32::MIN,
        run_id: "1".to_owned(),
        leaks: Leaks::default(),
        userdata: BTreeMap::new(),
        pauses: false,
        program: None,
    };
    let launcher =
        Launcher::new(command, &folder, environment, Streams::Captured, registry).unwrap();
    let channel = Channel::without_signals();
    let mut source = Scripted {
        answers: answers.into(),
        given_back: Vec::new(),
        done: Vec::new(),
    };
    let mut events = vec![Event::FeaturePlanned {
        feature: plan.features[0].clone(),
    }];
    let mut emit = |event| events.push(event);
    let ending = run_from(&mut source, &plan, &launcher, &options, &channel, &mut emit);
    assert_eq!(ending.no_step_program, None);
    Shared { source, events }
}

impl Shared {
    /// What became of each scenario: every one has one end.
    fn ends(&self) -> Vec<String> {
        let mut ends = BTreeMap::new();
        for event in &self.events {
            let (scenario, end) = match event {
                Event::ScenarioFinished {
                    scenario, status, ..
                } => (scenario, status_name(*status).to_owned()),
                Event::ScenarioNotRun { scenario, reason } => (scenario, reason.clone()),
                Event::ScenarioClaimedElsewhere { scenario } => (scenario, "elsewhere".to_owned()),
                _ => continue,
            };
            assert_eq!(ends.insert(*scenario, end), None, "{:?}", self.events);
        }
        ends.into_values().collect()
    }

    /// The numbers of scenarios not run and run elsewhere, and whether the run is green.
    fn summary(&self) -> (usize, usize, bool) {
        let context = report_context(io::sink(), Path::new("."));
        let summary = feed(&self.events, &["progress"], context).summary;
        let counts = (summary.scenarios.not_run, summary.elsewhere.len());
        (counts.0, counts.1, summary.succeeded())
    }
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Failed => "failed",
        _ => "neither",
    }
}

#[test]
fn work_comes_late_and_some_is_claimed_elsewhere() {
    let shared = share(
        "serve()",
        &["it works"; 5],
        vec![
            Supply::Scenarios(vec![3]),
            Supply::NothingNow(Duration::from_millis(300)),
            Supply::ClaimedElsewhere(vec![1, 2, 4]),
            Supply::NothingNow(Duration::from_millis(20)),
            // The other process was lost.
            Supply::Scenarios(vec![2, 0]),
        ],
        false,
    );
    let ends = ["passed", "elsewhere", "passed", "passed", "elsewhere"];
    assert_eq!(shared.ends(), ends);
    assert_eq!(shared.source.done, [3, 2, 0]);
    assert_eq!(shared.source.given_back, [0; 0]);
    assert_eq!(shared.summary(), (0, 2, true));
}

#[test]
fn a_source_that_ends_unexpectedly_leaves_nothing_unreported() {
    let ends_with = |last: Vec<Supply>| {
        let mut answers = vec![
            Supply::Scenarios(vec![0]),
            Supply::ClaimedElsewhere(vec![1]),
        ];
        answers.extend(last);
        let shared = share("serve()", &["it works"; 3], answers, false);
        assert_eq!(shared.summary(), (1, 1, false));
        shared.ends()
    };
    let reason = "the queue cannot be reached";
    assert_eq!(
        ends_with(vec![Supply::Failed(reason.to_owned())]),
        ["passed", "elsewhere", reason]
    );
    assert_eq!(
        ends_with(Vec::new()),
        [
            "passed",
            "elsewhere",
            "the source of work ended before it gave it out"
        ]
    );
}

#[test]
fn a_run_that_stops_gives_back_what_it_has_not_started() {
    let shared = share(
        "serve()",
        &["it fails", "it works", "it works", "it works"],
        vec![
            Supply::Scenarios(vec![0, 1]),
            Supply::ClaimedElsewhere(vec![2]),
        ],
        true,
    );
    let reason = "the run was stopped after the first failure";
    // Nobody was asked yet whose the others are.
    assert_eq!(shared.ends(), ["failed", reason, reason, reason]);
    assert_eq!(shared.source.done, [0]);
    assert_eq!(shared.source.given_back, [1]);
}

#[test]
fn a_worker_that_dies_while_a_source_has_nothing_is_replaced() {
    let shared = share(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == '0':
        start(scenario)
        os._exit(3)
    run(scenario)
serve(run=run)",
        &["it works"; 2],
        vec![
            Supply::Scenarios(vec![0]),
            Supply::NothingNow(Duration::from_secs(2)),
            Supply::Scenarios(vec![1]),
        ],
        false,
    );
    assert_eq!(shared.ends(), ["failed", "passed"]);
}

fn options(project: &Project, scenarios: usize, stops: bool) -> Options {
    let environment = Environment {
        directory: project.path(""),
        ..Environment::default()
    };
    let mut settings = Config::load(&Flags::default(), &environment).unwrap().run;
    settings.max_failures = stops.then(|| "1".parse().unwrap());
    Options {
        run: settings,
        order: (0..).take(scenarios).collect(),
        snippets: SnippetStyle::default(),
        report_prepared: false,
        start_timeout: Duration::from_secs(60),
        finish_timeout: Duration::from_secs(60),
        root: project.path(""),
        clock: || Timestamp(0),
    }
}
