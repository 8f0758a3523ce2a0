//! Step programs that never get to run a step. Each ends in 5 and one clear message.

use super::*;

/// Expects that the run with this `steps.py` ends in 5 with this on standard error.
fn refused(script: &str, stderr: &str) {
    let project = with_fake(script);
    refused_in(&project, &["-j", "2"], stderr);
}

fn write_feature(project: &Project) {
    let scenarios = ["a: it works", "b: it works", "c: it works"];
    project.file("features/a.feature", feature("A", &scenarios));
}

fn refused_in(project: &Project, arguments: &[&str], stderr: &str) {
    write_feature(project);
    refusal(project, arguments).stderr(stderr);
}

fn refusal(project: &Project, arguments: &[&str]) -> Outcome {
    let outcome = run(project, arguments).exits(5);
    let results = results(project, &outcome);
    assert_eq!(results.statuses(), "a not run, b not run, c not run");
    assert_eq!(results.run_errors().len(), 1);
    outcome
}

#[test]
fn prints_junk_and_exits() {
    refused(
        "print('usage: steps [OPTIONS]', flush=True)\nprint('try --help', file=sys.stderr)",
        "error: the step program python3 steps.py exited with code 0 before it said hello
hint: a step program calls `bdd_steps::worker()` in its main function; it printed:
usage: steps [OPTIONS]
try --help
",
    );
}

#[test]
fn exits_at_once() {
    for (code, script) in [(0, ""), (1, "sys.exit(1)")] {
        refused(
            script,
            &format!(
                "error: the step program python3 steps.py exited with code {code} before it said hello
hint: a step program calls `bdd_steps::worker()` in its main function
"
            ),
        );
    }
}

/// The runner waits for a connection, and the path by which it could be woken is gone.
#[test]
fn deletes_its_socket_and_exits() {
    // Two of them delete the folder at once: what the other has deleted is no error.
    refused(
        "import shutil\nshutil.rmtree(os.path.dirname(os.environ['BDD_SOCKET']), ignore_errors=True)\nsys.exit(1)",
        "error: the step program python3 steps.py exited with code 1 before it said hello
hint: a step program calls `bdd_steps::worker()` in its main function
",
    );
}

#[test]
fn dies_of_a_signal_at_once() {
    refused(
        "os.kill(os.getpid(), 9)",
        "error: the step program python3 steps.py was killed by signal 9 (SIGKILL) before it said hello
hint: a step program calls `bdd_steps::worker()` in its main function
",
    );
}

/// Runs a step program that makes the file `there` and hangs, with a limit that passes only after it has.
fn hangs_at_the_start(script: &str, jobs: &str, stderr: &str) {
    let project = with_fake(script);
    write_feature(&project);
    with_longer_times(|_, time| {
        let steps = "[steps]\ncommand = ['python3', 'steps.py']";
        project.file("bdd.toml", format!("{steps}\nstart-timeout = '{time}'\n"));
        let there = || fs::read_to_string(project.path("there")).unwrap_or_default();
        let _ = fs::remove_file(project.path("there"));
        let outcome = refusal(&project, &["-j", jobs]);
        (there().lines().count().to_string() == jobs).then(|| outcome.stderr(stderr))
    });
}

#[test]
fn never_connects() {
    hangs_at_the_start(
        "print('waiting', flush=True)\nprint('there', file=open('there', 'a'), flush=True)\nhang()",
        "1",
        "error: the step program python3 steps.py did not say hello within [TIME]
hint: a step program calls `bdd_steps::worker()` in its main function; it printed:
waiting
",
    );
}

#[test]
fn connects_and_says_nothing() {
    hangs_at_the_start(
        "connect()\nprint('there', file=open('there', 'a'), flush=True)\nhang()",
        "2",
        "error: the step program python3 steps.py did not say hello within [TIME]
hint: a step program calls `bdd_steps::worker()` in its main function
",
    );
}

#[test]
fn connects_and_sends_junk() {
    refused(
        "connect()\nraw(b'HTTP/1.1 200 OK\\r\\n')\nhang()",
        "error: python3 steps.py is no step program: it sent a line that is not a message (expected an object at byte 0): HTTP/1.1 200 OK
hint: a step program calls `bdd_steps::worker()` in its main function
",
    );
}

#[test]
fn begins_in_the_middle() {
    refused(
        "connect()\nsend(type='scenario_started', scenario=0, attempt=0, at=0, output=0)\nhang()",
        "error: python3 steps.py is no step program: it started scenario 0, which is not the next it was sent
hint: a step program calls `bdd_steps::worker()` in its main function
",
    );
}

#[test]
fn speaks_another_version() {
    refused(
        "serve(hello=lambda hello=fake.hello: hello(protocol=2))",
        "error: the step program python3 steps.py speaks version 2 of the protocol, this bdd speaks version 1
hint: use the bdd-steps and the bdd of one release
",
    );
}

/// All steps are undefined then; a run that has none does without.
#[test]
fn has_no_definitions() {
    let project = with_fake("serve(hello=lambda hello=fake.hello: hello(definitions=[]))");
    project.file(
        "features/a.feature",
        feature("A", &["a: it works", "b: it works"]),
    );
    let outcome = run(&project, &["-j", "2"]).exits(5).stderr(
        "error: the step program python3 steps.py has no step definitions
hint: steps that live in another crate are linked only when the program uses that crate: `use that_crate as _;`
",
    );
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a undefined, b undefined");
    assert_eq!(results.run_errors().len(), 0);
    project.file(
        "features/a.feature",
        "Feature: A\n  Scenario: a\n  Scenario: b\n",
    );
    run(&project, &[]).exits(0).stderr("");
}

#[test]
fn has_patterns_that_cannot_be_used() {
    refused(
        "
for number, pattern in enumerate(['^a (b$', 'fine', '(?<=x)y']):
    DEFINITIONS.append({'id': number, 'keyword': 'given', 'kind': 'regex', 'pattern': pattern,
                        'file': os.getcwd() + '/steps.py', 'line': 10 + number})
serve()",
        "error: the step program python3 steps.py has patterns that cannot be used
hint: steps.py:10: regex parse error:
    ^a (b$
       ^
error: unclosed group
steps.py:12: regex parse error:
    (?<=x)y
    ^^^^
error: look-around, including look-ahead and look-behind, is not supported
",
    );
}

#[test]
fn workers_that_differ() {
    refused(
        "
def run(scenario):
    hang()
serve(hello=lambda hello=fake.hello: hello(hash=os.environ['BDD_WORKER_INDEX']), run=run)",
        "error: the workers of python3 steps.py do not have the same step definitions
hint: was the step program rebuilt during the run, or does it register steps by chance?
",
    );
}

#[test]
fn says_that_it_cannot_start() {
    refused(
        "connect()\nsend(type='error', message='no licence', detail='buy one')\nhang()",
        "error: the step program says: no licence\nhint: buy one\n",
    );
}

#[test]
fn is_not_there() {
    let project = Project::new();
    project.file("bdd.toml", "[steps]\ncommand = ['./none', 'x']\n");
    refused_in(
        &project,
        &[],
        "error: the step program none x cannot be started: no such file or folder\n",
    );
    project.file("bdd.toml", "[steps]\ncommand = ['bdd-no-such-program']\n");
    refused_in(
        &project,
        &[],
        "error: the step program bdd-no-such-program cannot be started: no such file or folder\n",
    );
}

#[test]
fn cannot_be_executed() {
    let project = Project::new();
    project
        .file("bdd.toml", "[steps]\ncommand = ['./plain']\n")
        .file("plain", "text");
    refused_in(
        &project,
        &[],
        "error: the step program plain cannot be started: permission denied\n",
    );
    project.file("bdd.toml", "[steps]\npath = 'broken'\n");
    project.file("broken", "no program at all");
    fs::set_permissions(project.path("broken"), fs::Permissions::from_mode(0o755)).unwrap();
    refused_in(
        &project,
        &[],
        "error: the step program broken cannot be started: exec format error\n",
    );
}

#[test]
fn answers_match_requests_wrongly() {
    let own = "
DEFINITIONS.append({'id': 9, 'keyword': 'step', 'kind': 'mine', 'pattern': 'mine'})
";
    let cases = [
        (
            "send(type='matched', id=0, matches=[])",
            "its answer to match request 0 does not fit the request",
        ),
        (
            "send(type='matched', id=5, matches=[[]])",
            "its answer to match request 5 does not fit the request",
        ),
        (
            "send(type='matched', id=0, matches=[[{'definition': 99, 'arguments': []}]])",
            "it matched a step with definition 99, which it did not declare",
        ),
        (
            "send(type='matched', id=0, matches=[[{'definition': 7, 'arguments': []}]])",
            "it matched a step with definition 7, whose pattern the runner matches",
        ),
    ];
    for (answer, why) in cases {
        refused(
            &format!("{own}\nserve(match=lambda message: {answer})"),
            &format!(
                "error: the step program did not keep to the protocol while it was asked to match steps: {why}\n"
            ),
        );
    }
}

#[test]
fn dies_when_it_is_asked_to_match() {
    refused(
        "
DEFINITIONS.append({'id': 9, 'keyword': 'step', 'kind': 'mine', 'pattern': 'mine'})
def match(message):
    print('out of memory', flush=True)
    sys.exit(7)
serve(match=match)",
        "error: the step program exited with code 7 while it was asked to match steps
hint: it printed:
out of memory
",
    );
}
