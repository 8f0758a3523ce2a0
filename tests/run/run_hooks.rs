//! Hooks around the run and around workers.

use super::hooks::{expect, noted, went, with_hooks};
use super::*;

const ALL_RUN: &str = "a passed, b passed, c failed";
const NONE_RUN: &str = "a not run, b not run, c not run";

#[test]
fn hooks_around_the_run_have_a_process_of_their_own() {
    let project = with_hooks(
        "
hook('before_run', 'starts')
hook('after_run', 'ends')
def exports():
    return [{'name': 'SERVER', 'value': 'port 7'}, {'name': 'BDD_WORKER_INDEX', 'value': 'no'}]
def run(scenario, run=fake.run):
    log('sees', os.environ.get('SERVER'), os.getpid())
    run(scenario)
def act(one, act=fake.act):
    log('hook', os.environ.get('SERVER'), os.getpid())
    return act(one)
fake.exports, fake.run, fake.act = exports, run, act
",
    );
    project.file("parallel", "");
    for jobs in ["1", "3"] {
        let _ = fs::remove_file(project.path("log"));
        expect(&project, &["-j", jobs], 1, ALL_RUN, &[]);
        let noted = noted(&project);
        let pids = |what: &str| {
            let lines = noted.iter().filter(|line| line[2..].starts_with(what));
            let mut pids: Vec<_> = lines.map(|line| line.rsplit(' ').next().unwrap()).collect();
            pids.sort_unstable();
            pids.dedup();
            pids
        };
        let of_run = pids("hook None");
        assert_eq!(of_run.len(), 1, "{noted:?}");
        assert_eq!(pids("hook"), of_run);
        let of_scenarios = pids("sees port 7");
        assert_eq!(pids("sees"), of_scenarios);
        assert!(!of_scenarios.is_empty() && !of_scenarios.contains(&of_run[0]));
        let is = |line: &String, what| line[2..].starts_with(what);
        assert!(is(&noted[1], "before_run starts"));
        assert!(is(noted.last().unwrap(), "after_run ends"));
    }
}

#[test]
fn only_hooks_after_the_run() {
    let project = with_hooks("hook('after_run', 'ends')");
    let results = expect(&project, &[], 1, ALL_RUN, &[]);
    assert_eq!(went(&results), ["ends: run passed"]);
    assert_eq!(noted(&project).last().unwrap(), "0 after_run ends");
    // The one that said hello, and the worker in its place.
    assert_eq!(project.read("pids").lines().count(), 2);
}

#[test]
fn a_failed_hook_before_the_run_stops_it() {
    for (name, went_wrong) in [
        ("fails", "failed"),
        ("pends", "is pending"),
        ("skips", "asked to skip what cannot be skipped"),
    ] {
        let project = with_hooks(&format!(
            "
hook('before_run', '{name}')
hook('before_run', 'other')
hook('after_run', 'ends')
hook('before_all', 'never')
"
        ));
        let named = format!("the before_run hook `{name}` (hooks.py:1) {went_wrong}");
        let results = expect(
            &project,
            &["-j", "3"],
            1,
            NONE_RUN,
            &[&format!("{named}: it {name}")],
        );
        assert_eq!(results.finals["a"]["reason"], named);
        let names: Vec<_> = noted(&project)
            .iter()
            .map(|line| line[2..].to_owned())
            .collect();
        let expected = [
            &format!("before_run {name}"),
            "before_run other",
            "after_run ends",
        ];
        assert_eq!(names, expected);
    }
}

#[test]
fn the_process_of_the_run_dies() {
    // In a hook before the run: nothing is run.
    let project = with_hooks(
        "hook('before_run', 'dies')\nhook('before_run', 'other')\nhook('after_run', 'ends')",
    );
    let died = "the step program exited with code 3";
    let results = expect(
        &project,
        &[],
        1,
        NONE_RUN,
        &[
            &format!("the before_run hook `dies` (hooks.py:1) crashed: {died}"),
            &format!("the after_run hook `ends` (hooks.py:3) did not run: {died}"),
        ],
    );
    assert_eq!(went(&results), ["dies: run failed"]);
    let finished = results
        .events
        .iter()
        .find(|event| event["type"] == "hook_finished");
    let result = &finished.unwrap()["result"];
    assert_eq!(result["error"]["kind"], "Crash");
    assert_eq!(
        result["error"]["message"],
        format!("{died} while the before_run hook `dies` (hooks.py:1) ran")
    );
    assert_eq!(result["output"]["text"], "last words\n");

    // In a hook after the run: the others are named.
    let project = with_hooks("hook('after_run', 'never')\nhook('after_run', 'dies')");
    expect(
        &project,
        &[],
        1,
        ALL_RUN,
        &[
            &format!("the after_run hook `dies` (hooks.py:2) crashed: {died}"),
            &format!("the after_run hook `never` (hooks.py:1) did not run: {died}"),
        ],
    );

    // Between them: the run goes on, and the report says what is missing.
    let project = with_hooks(
        "
hook('before_run', 'starts')
hook('after_run', 'ends')
def begin(message, begin=fake.begin):
    begin(message)
    os._exit(3)
fake.begin = begin
",
    );
    expect(
        &project,
        &[],
        1,
        ALL_RUN,
        &[
            &format!("{died} while it waited for the end of the run"),
            &format!("the after_run hook `ends` (hooks.py:2) did not run: {died}"),
        ],
    );
}

#[test]
fn an_export_that_is_not_a_variable() {
    let project = with_hooks(
        "
hook('before_run', 'starts')
def exports():
    return [{'name': 'A=B', 'value': 'c'}]
fake.exports = exports
",
    );
    expect(
        &project,
        &[],
        1,
        NONE_RUN,
        &[
            "the step program did not keep to the protocol while it waited for the end of the run: it exported \"c\" as \"A=B\", which cannot be in an environment",
        ],
    );
}

#[test]
fn hooks_of_a_worker_run_in_each() {
    let project = with_hooks(
        "
hook('before_all', 'opens')
hook('after_all', 'closes')
def run(scenario, run=fake.run):
    late = time.time() + 30
    while open('log').read().count('opens') < 2 and time.time() < late:
        time.sleep(0.01)
    run(scenario)
fake.run = run
",
    );
    project.file("parallel", "");
    expect(&project, &["-j", "3"], 1, ALL_RUN, &[]);
    let noted = noted(&project);
    let by_worker = |worker: char| {
        let own = noted.iter().filter(|line| line.starts_with(worker));
        own.map(|line| line[2..].to_owned()).collect::<Vec<_>>()
    };
    for worker in ['0', '1', '2'] {
        let own = by_worker(worker);
        if !own.is_empty() {
            assert_eq!(own[0], "before_all opens");
            assert_eq!(own[own.len() - 1], "after_all closes");
            assert_eq!(own.iter().filter(|line| line.contains("_all")).count(), 2);
        }
    }
    assert!(noted.iter().filter(|line| line.contains("opens")).count() >= 2);
}

#[test]
fn a_replacement_has_them_too() {
    let project = with_hooks(
        "
hook('before_all', 'opens')
hook('after_all', 'closes')
hook('before_scenario', 'dies', tags='@f and not @s')
",
    );
    let died = "the step program exited with code 3";
    let results = expect(
        &project,
        &[],
        1,
        "a failed, b passed, c failed",
        &[&format!(
            "the after_all hook `closes` (hooks.py:2) did not run: {died}"
        )],
    );
    assert_eq!(
        noted(&project),
        [
            "0 before_all opens",
            "0 scenario a",
            "0 before_scenario dies",
            "0 before_all opens",
            "0 scenario b",
            "0 scenario c",
            "0 after_all closes",
        ]
    );
    assert_eq!(results.errors("a"), [""; 0]);
}

#[test]
fn no_scenario_starts_before_a_worker_has_begun() {
    let project = with_hooks(
        "
hook('before_all', 'opens')
def act(one, act=fake.act):
    time.sleep(0.2)
    return act(one)
fake.act = act
",
    );
    project.file("parallel", "");
    let results = expect(&project, &["-j", "2"], 1, ALL_RUN, &[]);
    let position = |kind| {
        results
            .events
            .iter()
            .position(|event| event["type"] == kind)
    };
    assert!(position("hook_finished") < position("scenario_started"));
}

#[test]
fn a_failed_hook_before_a_workers_work() {
    let died = "the step program exited with code 3";
    for (name, wrong, more) in [
        ("fails", "failed in worker 0: it fails", None),
        (
            "dies",
            &*format!("crashed in worker 0: {died}"),
            Some(format!(
                "the after_all hook `closes` (hooks.py:3) did not run: {died}"
            )),
        ),
    ] {
        let project = with_hooks(&format!(
            "hook('before_all', '{name}')\nhook('before_all', 'other')\nhook('after_all', 'closes')"
        ));
        let first = format!("the before_all hook `{name}` (hooks.py:1) {wrong}");
        let errors: Vec<&str> = [Some(first.as_str()), more.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        let results = expect(&project, &[], 1, NONE_RUN, &errors);
        let word = wrong.split(' ').next().unwrap();
        assert_eq!(
            results.finals["a"]["reason"],
            format!("the before_all hook `{name}` (hooks.py:1) {word}")
        );
        let ran = noted(&project);
        assert_eq!(ran.len(), if name == "fails" { 3 } else { 1 }, "{ran:?}");
    }
}
