//! Hosts that depart from the plan: what they do is in every report, and after `bdd merge` too.

use super::*;

/// The reports that are looked at, with the files that they are written to.
const REPORTS: [(&str, &str); 3] = [
    ("pretty", "pretty.txt"),
    ("junit", "junit.xml"),
    ("messages", "messages.ndjson"),
];

/// A run of two scenarios of one host, and its reports as they are after `bdd merge`.
struct Departed {
    project: Project,
    results: Results,
}

/// Runs the scenarios `a` and `b` of two steps each with a host that runs `a` as `script` says: the body
/// of a function of `scenario`.
fn depart(script: &str, code: i32) -> Departed {
    let body = script.trim().replace('\n', "\n    ");
    let script = format!(
        "
def departs(scenario):
    {body}
def extra_started(number, text, **more):
    send(type='extra_step_started', scenario=0, extra=number, step={{'keyword': 'Given', 'text': text, **more.pop('step', {{}})}}, **more)
def extra_finished(number, status='passed', **more):
    send(type='extra_step_finished', scenario=0, extra=number, nanos=1000, status=status, **more)
def step_started(position, **more):
    send(type='step_started', scenario=0, step=position, **more)
def step_finished(position, status='passed', **more):
    send(type='step_finished', scenario=0, step=position, nanos=1000, status=status, **more)
def run_or_depart(scenario, usual=run):
    departs(scenario) if scenario['name'] == 'a' else usual(scenario)
serve(run=run_or_depart)"
    );
    let project = with_fake(&script);
    let text = feature("A", &["a: it works; it works", "b: it works; it works"]);
    project.file("features/a.feature", text);
    let formats = REPORTS.map(|(name, file)| format!("{name}:{file}"));
    let mut reports: Vec<&str> = formats.iter().map(String::as_str).collect();
    reports.push("events:events.jsonl");
    let outcome = run_with_reports(&project, &reports)
        .with(&["-j", "1"])
        .exits(code);
    let results = results(&project, &outcome);
    let direct = REPORTS.map(|(_, file)| project.read(file));
    let mut merge = vec!["merge", "events.jsonl"];
    merge.extend(formats.iter().flat_map(|format| ["-f", format]));
    project.bdd(&merge).exits(code);
    for ((name, file), direct) in REPORTS.iter().zip(direct) {
        let merged = project.read(file);
        if *name == "pretty" {
            assert_eq!(merged, direct, "the report of the run and of the merge");
        }
    }
    Departed { project, results }
}

impl Departed {
    /// Expects a text in every report.
    fn everywhere(&self, text: &str) {
        for (name, file) in REPORTS {
            let report = self.project.read(file);
            assert!(report.contains(text), "{name} lacks {text:?}:\n{report}");
        }
    }
}

#[test]
fn a_step_that_the_host_adds_counts() {
    let script = "
start(scenario)
step(scenario, 0)
extra_started(0, 'a step of the host', step={'line': 7, 'file': 'hosts.feature'})
extra_finished(0, 'failed', error={'kind': 'Error', 'message': 'no such thing'})
end(scenario)";
    let departed = depart(script, 1);
    assert_eq!(departed.results.statuses(), "a failed, b passed");
    departed.everywhere("a step of the host");
    departed.everywhere("no such thing");
}

#[test]
fn an_added_step_that_passes_is_shown_and_the_others_run() {
    let script = "
start(scenario)
extra_started(0, 'a step of the host')
extra_finished(0)
step(scenario, 0)
step(scenario, 1)
end(scenario)";
    let departed = depart(script, 0);
    departed.everywhere("a step of the host");
    let pretty = departed.project.read("pretty.txt");
    assert!(pretty.contains("5 steps passed"), "{pretty}");
}

const NESTED: &str = "
start(scenario)
step_started(0)
extra_started(0, 'an inner step', parent=0, depth=1, step={'matched': {'definition': 7, 'arguments': []}})
extra_finished(0, 'failed', error={'kind': 'Error', 'message': 'no such thing'})
step_finished(0, handled=HANDLED)
step(scenario, 1)
end(scenario)";

#[test]
fn an_inner_step_that_fails_counts_unless_the_step_around_it_accounts_for_it() {
    for (handled, code, statuses) in [
        ("False", 1, "a failed, b passed"),
        ("True", 0, "a passed, b passed"),
    ] {
        let departed = depart(&NESTED.replace("HANDLED", handled), code);
        assert_eq!(departed.results.statuses(), statuses);
        departed.everywhere("an inner step");
        departed.everywhere("no such thing");
    }
}

#[test]
fn a_step_runs_in_another_form() {
    let script = "
start(scenario)
step_started(0, actual={'keyword': 'When', 'text': 'it works otherwise', 'table': [['a cell']]})
step_finished(0)
step(scenario, 1)
end(scenario)";
    let departed = depart(script, 0);
    departed.everywhere("it works otherwise");
    assert!(departed.project.read("pretty.txt").contains("| a cell |"));
}

#[test]
fn a_step_is_left_out_and_the_scenario_goes_on() {
    let script = "
start(scenario)
send(type='step_left_out', scenario=0, step=0, reason='read-only mode')
step(scenario, 1)
end(scenario)";
    let departed = depart(script, 0);
    assert_eq!(departed.results.statuses(), "a passed, b passed");
    departed.everywhere("read-only mode");
}

#[test]
fn a_scenario_of_which_no_step_runs_is_skipped() {
    let script = "
start(scenario)
for position in range(2):
    send(type='step_left_out', scenario=0, step=position, reason='read-only mode')
end(scenario)";
    let departed = depart(script, 0);
    assert_eq!(departed.results.statuses(), "a skipped, b passed");
    departed.everywhere("read-only mode");
}

const WITH_HOOK: &str = "
send(type='hook_added', hook={'id': 40, 'kind': 'before_scenario', 'name': 'before_tag @slow', 'file': 'hooks.py', 'line': 3})
start(scenario)
send(type='hook_started', hook=40, output=0)
send(type='hook_finished', hook=40, output=0, nanos=1000, status=STATUS, error={'kind': 'Error', 'message': 'it is slow'})
if STATUS == 'passed':
    step(scenario, 0)
    step(scenario, 1)
end(scenario)";

#[test]
fn a_hook_that_was_not_declared_counts() {
    let departed = depart(&WITH_HOOK.replace("STATUS", "'failed'"), 1);
    assert_eq!(departed.results.statuses(), "a failed, b passed");
    departed.everywhere("before_tag @slow");
    departed.everywhere("it is slow");
    let departed = depart(&WITH_HOOK.replace("STATUS", "'passed'"), 0);
    assert_eq!(departed.results.statuses(), "a passed, b passed");
}

/// A hook of a tag of the feature is known only when it runs.
#[test]
fn a_hook_of_the_feature_that_was_not_declared_stops_its_scenarios() {
    let script = "
send(type='hook_added', hook={'id': 41, 'kind': 'before_feature', 'name': 'before_tag @db', 'file': 'hooks.py', 'line': 3})
send(type='hook_started', hook=41, output=0)
send(type='hook_finished', hook=41, output=0, nanos=1000, status='failed', error={'kind': 'Error', 'message': 'no database'})
send(type='scenario_skipped', scenario=0, hook=41)
run_or_depart.__defaults__ = (lambda _: send(type='scenario_skipped', scenario=1, hook=41),)";
    let departed = depart(script, 1);
    assert_eq!(departed.results.statuses(), "a not run, b not run");
    departed.everywhere("before_tag @db");
    departed.everywhere("no database");
}

#[test]
fn a_host_skips_without_a_hook() {
    let skip = |scope: &str| {
        let script =
            format!("send(type='scenario_skipped', scenario=0, reason='needs a database'{scope})");
        let departed = depart(&script, 0);
        assert_eq!(departed.results.statuses(), "a skipped, b passed");
        departed
    };
    skip("").everywhere("needs a database");
    skip(", scope='feature'").everywhere("the feature was skipped: needs a database");
}

#[test]
fn a_host_aborts_the_run() {
    let script = "
start(scenario)
step(scenario, 0)
step(scenario, 1)
send(type='abort', reason='the database is gone')
end(scenario)
# What was sent ahead is recalled: the runner asks for it.
for line in fake.lines:
    message = json.loads(line)
    if message['type'] == 'cancel':
        send(type='cancelled', scenarios=[1])
        break
sys.exit(0) if False else None
for line in fake.lines:
    serve_message(json.loads(line))";
    let departed = depart(script, 1);
    assert_eq!(departed.results.statuses(), "a passed, b not run");
    departed.everywhere("the step program aborted the run: the database is gone");
}

#[test]
fn the_suite_retries_by_itself() {
    let script = "
again = {'will_be_retried': True, 'own_retry': True}
for attempt in range(3):
    send(type='scenario_started', scenario=0, attempt=attempt, at=0, output=0)
    step_started(0)
    step_finished(0, 'passed' if attempt == 2 else 'failed')
    if attempt == 2:
        step(scenario, 1)
    send(type='scenario_finished', scenario=0, attempt=attempt, nanos=1000, output=0, **(again if attempt < 2 else {}))";
    let departed = depart(script, 0);
    assert_eq!(departed.results.statuses(), "a passed, b passed");
    // Without `own_retry` a worker must not do that.
    let departed = depart(&script.replace(", 'own_retry': True", ""), 1);
    departed.everywhere("more often than it may");
}

#[test]
fn a_step_is_not_finished_before_those_in_it() {
    for (script, said) in [
        (
            "
start(scenario)
step_started(0)
extra_started(0, 'an inner step', parent=0, depth=1)
step_finished(0)",
            "it finished a step before extra step 0 in it",
        ),
        (
            "
start(scenario)
extra_started(1, 'an inner step')",
            "it started extra step 1, where 0 comes next",
        ),
        (
            "
start(scenario)
extra_started(0, 'an inner step', parent=1, depth=1)",
            "it started extra step 0 in step 1, which does not run",
        ),
        (
            "
start(scenario)
send(type='step_left_out', scenario=0, step=1, reason='why')",
            "it spoke of step 1 of scenario 0, where it is not",
        ),
    ] {
        let departed = depart(&format!("{script}\nhang()"), 1);
        assert_eq!(departed.results.status("a"), "failed");
        departed.everywhere(said);
    }
}

#[test]
fn an_extra_step_during_which_the_host_dies_is_shown() {
    let script = "
start(scenario)
step_started(0)
extra_started(0, 'an inner step', parent=0, depth=1)
os._exit(3)";
    let departed = depart(script, 1);
    assert_eq!(departed.results.statuses(), "a failed, b passed");
    departed.everywhere("an inner step");
}

/// Runs a feature with the worker in plain Python, and gives what `pretty` says.
fn with_python(feature: &str, code: i32) -> (Results, String) {
    needs::python3();
    let project = Project::new();
    let worker = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workers/worker.py");
    project
        .file(
            "bdd.toml",
            format!("[steps]\ncommand = ['python3', '{worker}']\n"),
        )
        .file("features/a.feature", feature);
    let reports = [
        "pretty:pretty.txt",
        "junit:junit.xml",
        "events:events.jsonl",
    ];
    let outcome = run_with_reports(&project, &reports)
        .with(&["-j", "1"])
        .exits(code);
    let results = results(&project, &outcome);
    (results, project.read("pretty.txt"))
}

#[test]
fn the_worker_in_python_departs_from_the_plan() {
    let (results, pretty) = with_python(
        "Feature: A
  @prepared @slow
  Scenario: a
    Given a step that is CALM
    And a step that the host leaves out
    And a step that runs these steps
      \"\"\"
      Given a step that passes
      \"\"\"
  @not_here
  Scenario: b
    Given a step that passes
  @broken
  Scenario: c
    Given a step that passes
  Scenario: d
    Given a step that aborts the run since \"the database is gone\"
",
        1,
    );
    assert_eq!(
        results.statuses(),
        "a passed, b skipped, c failed, d passed"
    );
    for line in [
        "what the host prepares",
        "a step that is calm",
        "the text says so",
        "      Given a step that passes",
        "@not_here is skipped here",
        "before_tag @broken",
        "the step program aborted the run: the database is gone",
    ] {
        assert!(pretty.contains(line), "{line}:\n{pretty}");
    }
}

const ADDED: &str = "
row = {'feature': 'features/a.feature', 'outline': {'name': 'Row <n>', 'line': 2, 'header': ['n']}}
send(type='scenario_added', key=5, name='Row 7', row=['7'], line=2, tags=['@added'],
     steps=[{'keyword': 'Given', 'text': 'it works'}, {'keyword': 'Then', 'text': 'it fails'}], **row)
send(type='scenario_added', key=6, name='Row 8', row=['8'], line=2,
     steps=[{'keyword': 'Given', 'text': 'it works'}], **row)
start(scenario)
step(scenario, 0)
step(scenario, 1)
end(scenario)";

#[test]
fn rows_that_a_host_adds_run_and_are_reported() {
    let departed = depart(ADDED, 1);
    let results = &departed.results;
    assert_eq!(
        results.statuses(),
        "Row 7 failed, Row 8 passed, a passed, b passed"
    );
    departed.everywhere("Row 7");
    departed.everywhere("it fails");
    let added = results.events.iter();
    let added = added.filter(|event| event["type"] == "scenario_added");
    let ids: Vec<&str> = added
        .map(|event| event["planned"]["id"].as_str().unwrap())
        .collect();
    assert!(
        ids.len() == 2
            && ids
                .iter()
                .all(|id| id.starts_with("features/a.feature::Row <n>::::")),
        "{ids:?}"
    );
    let rerun = departed.project.read("junit.xml");
    assert!(rerun.contains("Row 7 [n: 7]"), "{rerun}");
}

#[test]
fn a_scenario_is_not_added_to_a_feature_that_does_not_run() {
    let script = "
start(scenario)
send(type='scenario_added', key=0, feature='other.feature', name='c', steps=[])
hang()";
    let departed = depart(script, 1);
    assert_eq!(departed.results.status("a"), "failed");
    departed.everywhere("it added a scenario to other.feature");
}

#[test]
fn the_worker_in_python_adds_rows_that_it_matches_itself() {
    let (results, pretty) = with_python(
        "Feature: A
  Scenario: a
    Given a step that adds a row with 7
    And a step that adds a row with 8
",
        1,
    );
    assert_eq!(results.statuses(), "Row 7 passed, Row 8 failed, a passed");
    assert!(pretty.contains("the counter is 8, not 7"), "{pretty}");
}
