//! Step programs that do not keep to the protocol in the middle of a run.
//!
//! Whatever they do, each scenario has one result, the culprit is named and others keep theirs.

use super::*;

/// Runs `script` over scenarios `a` to `d`, of which `c` fails, with one worker.
fn play(script: &str, code: i32) -> (Results, Outcome) {
    let project = with_fake(script);
    project.file(
        "features/a.feature",
        feature(
            "A",
            &[
                "a: it works",
                "b: it works; it works",
                "c: it fails",
                "d: it works",
            ],
        ),
    );
    let outcome = run(&project, &["-j", "1"]).exits(code);
    let results = results(&project, &outcome);
    (results, outcome)
}

/// Expects that scenario `b` is the only victim, and why.
fn b_fails(script: &str, errors: &[&str]) {
    let (results, outcome) = play(script, 1);
    let statuses = results.statuses();
    if statuses != "a passed, b failed, c failed, d passed" || results.errors("b") != errors {
        outcome.fail(&format!("{statuses}, {:?}", results.errors("b")));
    }
    assert_eq!(results.run_errors(), [""; 0]);
}

/// Expects that every scenario has its usual result, and these errors of the run.
fn run_error(script: &str, errors: &[&str]) {
    let (results, outcome) = play(script, 1);
    let statuses = results.statuses();
    if statuses != "a passed, b passed, c failed, d passed" || results.run_errors() != errors {
        outcome.fail(&format!("{statuses}, {:?}", results.run_errors()));
    }
}

const VIOLATION: &str = "the step program did not keep to the protocol";

#[test]
fn a_step_program_that_behaves() {
    run_error("serve()", &[]);
}

#[test]
fn dies_once_outside_a_scenario() {
    run_error(
        "
def run(scenario, run=fake.run):
    run(scenario)
    if scenario['name'] == 'b' and once('died'):
        print('good bye', flush=True)
        os._exit(3)
serve(run=run)",
        &["the step program exited with code 3 while it ran no scenario"],
    );
}

#[test]
fn dies_outside_scenarios_twice_but_not_in_a_row() {
    run_error(
        "
def run(scenario, run=fake.run):
    run(scenario)
    if scenario['name'] in 'bc':
        os._exit(0)
serve(run=run)",
        &["the step program exited with code 0 while it ran no scenario"; 2],
    );
}

#[test]
fn dies_outside_scenarios_twice_in_a_row() {
    let script = "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        print('no more', flush=True)
        os._exit(3)
    run(scenario)
serve(run=run)";
    let (results, outcome) = play(script, 5);
    assert_eq!(
        results.statuses(),
        "a passed, b not run, c not run, d not run"
    );
    outcome.stderr_has(
        "error: the step program exited with code 3 while it ran no scenario, twice in a row\n",
    );
}

#[test]
fn leaves_out_a_step() {
    b_fails(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        scenario['steps'].pop()
    run(scenario)
serve(run=run)",
        &[&format!(
            "{VIOLATION} between its steps: it left out step 1 of scenario 1"
        )],
    );
}

#[test]
fn leaves_out_all_steps() {
    b_fails(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        scenario['steps'].clear()
    run(scenario)
serve(run=run)",
        &[&format!(
            "{VIOLATION} before its first step: it left out step 0 of scenario 1"
        )],
    );
}

#[test]
fn finishes_a_scenario_inside_a_step() {
    b_fails(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        start(scenario)
        step(scenario, 0)
        send(type='step_started', scenario=1, step=1)
        end(scenario)
        hang()
    run(scenario)
serve(run=run)",
        &[&format!(
            "step 1: {VIOLATION} while this step ran: it finished scenario 1, which it does not run"
        )],
    );
}

#[test]
fn starts_a_scenario_it_was_not_sent() {
    run_error(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b' and once('lied'):
        run({**scenario, 'scenario': 77})
    run(scenario)
serve(run=run)",
        &[&format!(
            "{VIOLATION} while it ran no scenario: it started scenario 77, which is not the next it was sent"
        )],
    );
}

#[test]
fn finishes_a_scenario_twice() {
    run_error(
        "
def run(scenario, run=fake.run):
    run(scenario)
    if scenario['name'] == 'b':
        end(scenario)
serve(run=run)",
        &[&format!(
            "{VIOLATION} while it ran no scenario: it finished scenario 1, which it does not run"
        )],
    );
}

#[test]
fn runs_a_scenario_twice() {
    run_error(
        "
def run(scenario, run=fake.run):
    run(scenario)
    if scenario['name'] == 'b':
        run(scenario)
serve(run=run)",
        &[&format!(
            "{VIOLATION} while it ran no scenario: it started scenario 1, which is not the next it was sent"
        )],
    );
}

#[test]
fn skips_a_step_number() {
    b_fails(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        start(scenario)
        step(scenario, 1)
        hang()
    run(scenario)
serve(run=run)",
        &[&format!(
            "{VIOLATION} before its first step: it spoke of step 1 of scenario 1, where it is not"
        )],
    );
}

#[test]
fn runs_a_step_that_is_not_there() {
    b_fails(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        scenario['steps'].append(scenario['steps'][0])
    run(scenario)
serve(run=run)",
        &[&format!(
            "{VIOLATION} after its last step: scenario 1 has no step 2"
        )],
    );
}

#[test]
fn gives_back_what_it_does_not_have() {
    run_error(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b' and once('lied'):
        send(type='cancelled', scenarios=[3, 2])
        hang()
    run(scenario)
serve(run=run)",
        &[&format!(
            "{VIOLATION} while it ran no scenario: it gave back scenarios that it does not have"
        )],
    );
}

#[test]
fn gives_back_what_it_runs() {
    b_fails(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        start(scenario)
        send(type='step_started', scenario=1, step=0)
        send(type='cancelled', scenarios=[1])
        hang()
    run(scenario)
serve(run=run)",
        &[&format!(
            "step 0: {VIOLATION} while this step ran: it gave back scenarios that it does not have"
        )],
    );
}

#[test]
fn sends_garbage_in_a_step() {
    b_fails(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        start(scenario)
        send(type='step_started', scenario=1, step=0)
        raw(b'Traceback\\xff (most recent call last):\\n')
        hang()
    run(scenario)
serve(run=run)",
        &[&format!(
            "step 0: {VIOLATION} while this step ran: it sent a line that is not a message (not UTF-8 at byte 9): Traceback\u{fffd} (most recent call last):"
        )],
    );
}

#[test]
fn sends_a_huge_line() {
    let (results, outcome) = play(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        start(scenario)
        send(type='step_started', scenario=1, step=0)
        raw(b'[' * 20_000_000 + b'\\n')
        hang()
    run(scenario)
serve(run=run)",
        1,
    );
    assert_eq!(results.statuses(), "a passed, b failed, c failed, d passed");
    assert!(
        outcome
            .stdout
            .contains("it sent a line that is not a message")
    );
    assert!(outcome.stdout.len() < 10_000, "the line is shown shortened");
}

#[test]
fn long_messages_are_no_fault() {
    run_error(
        "
def start(scenario, start=fake.start):
    start(scenario)
    send(type='cancelled', scenarios=[], note='x' * 20_000_000)
serve(start=start)",
        &[],
    );
}

#[test]
fn closes_its_connection_and_lives_on() {
    b_fails(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        start(scenario)
        send(type='step_started', scenario=1, step=0)
        fake.lines.close()
        fake.connection.close()
        hang()
    run(scenario)
serve(run=run)",
        &[&format!(
            "step 0: {VIOLATION} while this step ran: it closed its connection and lived on"
        )],
    );
}

#[test]
fn says_that_it_cannot_begin_beside_one_that_can() {
    let project = with_fake(
        "
def processes():
    with open('pids') as pids:
        return len(pids.readlines())
def run(scenario, run=fake.run):
    open('hello', 'w').close()
    while processes() < 3:  # Until another worker has taken the place of the one that cannot begin.
        time.sleep(0.01)
    run(scenario)
if os.environ['BDD_WORKER_INDEX'] == '1' and once('refused'):
    while not os.path.exists('hello'):
        time.sleep(0.01)
    connect()
    send(type='error', message='no licence', detail='buy one')
    sys.exit('no licence')
serve(run=run)",
    );
    project.file("features/a.feature", feature("A", &["a: it works"]));
    project.file("features/b.feature", feature("B", &["b: it works"]));
    let outcome = run(&project, &["-j", "2"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b passed");
    assert_eq!(
        results.run_errors(),
        ["the step program exited with code 1 while it ran no scenario"]
    );
}

#[test]
fn says_that_it_cannot_go_on() {
    let (results, outcome) = play(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        start(scenario)
        send(type='step_started', scenario=1, step=0)
        send(type='error', message='there is no step definition 7', detail='so there')
        hang()
    run(scenario)
serve(run=run)",
        5,
    );
    assert_eq!(
        results.statuses(),
        "a passed, b skipped, c not run, d not run"
    );
    outcome.stderr("error: the step program says: there is no step definition 7\nhint: so there\n");
}

#[test]
fn does_not_end_when_it_is_asked_to() {
    let project = with_fake("serve(finish=hang)");
    project
        .file(
            "bdd.toml",
            "[steps]\ncommand = ['python3', 'steps.py']\nfinish-timeout = '300ms'\n",
        )
        .file("a.feature", feature("A", &["a: it works", "b: it works"]));
    for jobs in ["1", "2"] {
        let outcome = run(&project, &["-j", jobs, "a.feature"]).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), "a passed, b passed");
        let late = "the step program was killed after its last scenario: it did not end within 0.3 s (`finish-timeout`)";
        let expected = vec![late; jobs.parse().unwrap()];
        assert_eq!(results.run_errors(), expected);
    }
}

#[test]
fn fails_when_it_is_asked_to_end() {
    let script = "
def finish(message):
    print('the database is still open', flush=True)
    sys.exit(9)
serve(finish=finish)";
    let project = with_fake(script);
    project.file("a.feature", feature("A", &["a: it works", "b: it works"]));
    for jobs in ["1", "2"] {
        let outcome = run(&project, &["-j", jobs, "a.feature"]).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), "a passed, b passed");
        let expected = vec![
            "the step program exited with code 9 after its last scenario";
            jobs.parse().unwrap()
        ];
        assert_eq!(results.run_errors(), expected);
        outcome.stdout_has("the database is still open");
    }
}

/// A step program that says when all is closed; `finish` is what it does to end.
fn says_closed(finish: &str) -> String {
    format!(
        "
def hello(hello=fake.hello):
    hello(says_closed=True)
def finish(message):
    {finish}
    sys.exit(0)
serve(hello=hello, finish=finish)"
    )
}

#[test]
fn ends_before_everything_is_closed() {
    // As user code does that calls `exit` while something is closed.
    let early = "the step program exited with code 0 before it had closed everything";
    for (finish, code, errors) in [("pass", 1, vec![early]), ("send(type='closed')", 0, vec![])] {
        let project = with_fake(&says_closed(finish));
        project.file("a.feature", feature("A", &["a: it works", "b: it works"]));
        let outcome = run(&project, &["-j", "1", "a.feature"]).exits(code);
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), "a passed, b passed");
        assert_eq!(results.run_errors(), errors, "{finish}");
    }
}

#[test]
fn has_closed_everything_before_it_is_asked_to() {
    let error =
        format!("{VIOLATION} before its first step: it closed everything before it had finished");
    b_fails(
        "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        start(scenario)
        send(type='closed')
        hang()
    run(scenario)
serve(run=run)",
        &[&error],
    );
}

#[test]
fn dies_between_steps_and_after_them() {
    for (dies, place) in [
        ("start(scenario); os._exit(4)", "before its first step"),
        (
            "start(scenario); step(scenario, 0); os._exit(4)",
            "between its steps",
        ),
        (
            "start(scenario); step(scenario, 0); step(scenario, 1); os._exit(4)",
            "after its last step",
        ),
    ] {
        b_fails(
            &format!(
                "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        {dies}
    run(scenario)
serve(run=run)"
            ),
            &[&format!("the step program exited with code 4 {place}")],
        );
    }
}

#[test]
fn says_hello_twice() {
    run_error(
        "serve(hello=lambda hello=fake.hello: (hello(), hello()))",
        &[],
    );
}

#[test]
fn numbers_beyond_all_measure() {
    // The reports must stand them, whatever they show.
    let script = "
MOST = 2 ** 64 - 1
def send(send=fake.send, **message):
    for member in ('nanos', 'at', 'output'):
        if member in message and message.get('scenario') != 3:
            message[member] = MOST
    send(**message)
serve(send=send)";
    let (results, _) = play(script, 1);
    assert_eq!(results.statuses(), "a passed, b passed, c failed, d passed");
}

#[test]
fn answers_cancel_before_what_it_has_started_is_known() {
    // Two workers: the one without work makes the runner ask the other one to share.
    let script = "
def run(scenario, run=fake.run):
    if scenario['name'] == 'slow':
        time.sleep(0.3)
    run(scenario)
serve(run=run)";
    let project = with_fake(script);
    let mut scenarios: Vec<String> = (0..60).map(|n| format!("s{n}: it works")).collect();
    scenarios.insert(20, "slow: it works".into());
    let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    project.file("a.feature", feature("A", &scenarios));
    let outcome = run(&project, &["-j", "2", "a.feature"]).exits(0);
    results(&project, &outcome);
}
