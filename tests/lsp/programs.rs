//! Step programs that are missing, old, slow or dead: the editor goes on, and nothing is called undefined without knowledge.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::client::{EditorClient, codes};
use crate::support::waiting::until;
use crate::support::{Project, needs};

const FEATURE: &str = "\
Feature: f
  Scenario: s
    When it works
    Then it falls over
";

/// A project whose step program is this script.
fn project_with(host: &str) -> Project {
    needs::python3();
    let project = Project::new();
    let fake = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run/fake.py");
    project.file("fake.py", fs::read(fake).unwrap());
    project.file("host.py", host);
    project.file("bdd.toml", "[steps]\ncommand = ['python3', 'host.py']\n");
    project
}

fn is_undefined(all: &[Value]) -> bool {
    codes(all).contains(&"undefined-step")
}

#[test]
fn without_a_step_program_nothing_is_undefined() {
    let project = Project::new();
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    client.open(&path, FEATURE);
    assert!(client.diagnostics(&path, 1).is_empty());
    client.wait_for_note("steps are not checked: there is no step program");
    client.replace(&path, 2, &FEATURE.replace("Then", "Then it"));
    assert!(client.diagnostics(&path, 2).is_empty());
    let list = client.request_at("completion", &path, 3, 9);
    assert_eq!(list["items"], serde_json::json!([]));
    client.shut_down();
}

#[test]
fn a_program_that_hangs_or_dies_disturbs_nothing() {
    for (host, why) in [
        ("import time\ntime.sleep(600)\n", None),
        ("import os\nos._exit(3)\n", Some("ended")),
        ("print('x' * 100)\nraise SystemExit\n", Some("ended")),
    ] {
        let project = project_with(host);
        let path = project.path("features/a.feature");
        let mut client = EditorClient::start(&project);
        client.open(&path, FEATURE);
        let found = client.diagnostics(&path, 1);
        assert!(found.is_empty(), "{found:?}");
        if let Some(why) = why {
            client.wait_for_note(why);
        }
        let folds = client.request_for("foldingRange", &path);
        assert_eq!(folds.as_array().unwrap().len(), 2);
        // The program is mended: it is asked again without a word of the client.
        project.file("host.py", "import fake\nfake.serve()\n");
        client.diagnostics_when(&path, 1, is_undefined);
        client.shut_down();
    }
}

#[test]
fn a_program_that_hangs_ends_with_the_server() {
    let project = project_with(
        "import fake, os, time\nopen('started', 'w').write(str(os.getpid()))\nos.rename('started', 'pid')\ntime.sleep(600)\n",
    );
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    client.open(&path, FEATURE);
    let pid = project.path("pid");
    until("the program has started", || pid.exists());
    let process = project.read("pid");
    client.shut_down();
    // It is killed, and the system takes a moment to remove it.
    until("the program has ended", || {
        let asked = Command::new("kill").args(["-0", &process]).output();
        !asked.unwrap().status.success()
    });
}

/// Answers questions about its own patterns once, and then hangs or dies.
const ONCE: &str = "\
import fake, os
fake.DEFINITIONS = [{'id': 1, 'keyword': 'step', 'kind': 'own', 'pattern': 'it works'}]


def answer(message):
    if not fake.once('asked'):
        MISDEED
    fake.send(type='matched', id=message['id'],
              matches=[[{'definition': 1, 'arguments': []}] if text == 'it works' else [] for text in message['texts']])


fake.serve(match=answer)
";

#[test]
fn a_program_that_is_killed_later_is_started_again() {
    let project = project_with(&ONCE.replace("MISDEED", "fake.once('died') and os._exit(9)"));
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    client.open(&path, FEATURE);
    client.diagnostics_when(&path, 1, is_undefined);
    client.replace(&path, 2, &FEATURE.replace("falls over", "works"));
    assert!(
        client
            .diagnostics_when(&path, 2, |all| !is_undefined(all))
            .is_empty()
    );
    // This text is new: the program dies, and its successor answers.
    client.replace(&path, 3, &FEATURE.replace("falls over", "stands up"));
    client.diagnostics_when(&path, 3, is_undefined);
    assert!(project.path("died").exists());
    client.shut_down();
}

#[test]
fn a_program_that_hangs_later_costs_only_its_answers() {
    let project = project_with(&ONCE.replace("MISDEED", "fake.hang()"));
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    client.open(&path, FEATURE);
    client.diagnostics_when(&path, 1, is_undefined);
    client.replace(&path, 2, &FEATURE.replace("falls over", "stands up"));
    let found = client.diagnostics(&path, 2);
    assert!(found.is_empty(), "{found:?}");
    let hover = client.request_at("hover", &path, 2, 10);
    assert!(
        hover["contents"]["value"]
            .as_str()
            .unwrap()
            .contains("step it works")
    );
    client.shut_down();
}

#[test]
fn a_program_older_than_its_sources_is_not_asked() {
    let project = project_with("import fake\nfake.serve()\n");
    // A program as cargo leaves it: beside it is the list of its sources.
    let script = "#!/bin/sh\nexec python3 host.py\n";
    project.file("target/steps", script);
    project.file("target/steps.d", "steps: src/main.rs\n");
    project.file("src/main.rs", "");
    project.file("bdd.toml", "[steps]\npath = 'target/steps'\n");
    executable(&project.path("target/steps"));
    let past = SystemTime::now() - Duration::from_secs(1000);
    set_time(&project.path("target/steps"), past);
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    client.open(&path, FEATURE);
    assert!(client.diagnostics(&path, 1).is_empty());
    client.wait_for_note("the step program is older than src/main.rs");
    assert!(!project.path("pids").exists(), "it was started");
    // A build makes it current.
    set_time(&project.path("target/steps"), SystemTime::now());
    set_time(&project.path("src/main.rs"), past);
    client.diagnostics_when(&path, 1, is_undefined);
    // A change of a source makes it old again.
    set_time(
        &project.path("src/main.rs"),
        SystemTime::now() + Duration::from_secs(1000),
    );
    assert!(
        client
            .diagnostics_when(&path, 1, |all| !is_undefined(all))
            .is_empty()
    );
    client.shut_down();
}

fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn set_time(path: &Path, time: SystemTime) {
    let file = fs::File::options().append(true).open(path).unwrap();
    file.set_modified(time).unwrap();
}

#[test]
fn steps_that_several_definitions_match_are_shown_with_them() {
    let project = project_with(
        "\
import fake, os
source = os.path.abspath('steps.py')
fake.DEFINITIONS = [
    {'id': 1, 'keyword': 'step', 'kind': 'regex', 'pattern': '^it (.*)$', 'file': source, 'line': 3},
    {'id': 2, 'keyword': 'step', 'kind': 'regex', 'pattern': '^it works$', 'file': source, 'line': 9},
]
fake.serve()
",
    );
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    client.open(&path, FEATURE);
    let found = client.diagnostics_when(&path, 1, |all| !all.is_empty());
    assert_eq!(codes(&found), ["ambiguous-step"]);
    assert_eq!(found[0]["message"], "2 step definitions match this step");
    let related = found[0]["relatedInformation"].as_array().unwrap();
    assert_eq!(related[0]["message"], "`^it (.*)$`");
    assert_eq!(related[1]["location"]["range"]["start"]["line"], 8);
    let all = client.request_at("definition", &path, 2, 10);
    assert_eq!(all.as_array().unwrap().len(), 2);
    client.shut_down();
}

#[test]
fn settings_are_read_again_when_they_change() {
    let project = Project::new();
    project.file("bdd.toml", "");
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    let text = "Feature: f\n  Scenario: s\n    Given a\n";
    client.open(&path, text);
    let found = client.diagnostics(&path, 1);
    assert_eq!(codes(&found), ["missing-when", "missing-then"]);
    project.file(
        "bdd.toml",
        "[lint]\nmissing-when = 'off'\nmissing-then = 'error'\n",
    );
    client.files_changed(&[&project.path("bdd.toml")]);
    let found = client.diagnostics_when(&path, 1, |all| all.len() == 1);
    assert_eq!(codes(&found), ["missing-then"]);
    assert_eq!(found[0]["severity"], 1);
    // Settings that are wrong are shown, and the old ones stay.
    project.file("bdd.toml", "[lint]\nmissing-wen = 'off'\n");
    client.files_changed(&[&project.path("bdd.toml")]);
    client.wait_for_note("missing-wen");
    client.replace(&path, 2, text);
    assert_eq!(codes(&client.diagnostics(&path, 2)), ["missing-then"]);
    client.shut_down();
}
