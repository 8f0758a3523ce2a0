//! `bdd behave` before and around behave's own command, which `hosts/python/tests/test_command.py` tests.

use super::*;

/// Prepares `bdd behave`, with no other Python environment than that of the project.
fn behave(project: &Project, arguments: &[&str]) -> Bdd {
    let run = project.bdd(["behave"]);
    run.without("VIRTUAL_ENV")
        .without("BEHAVE_STAGE")
        .with(arguments)
}

/// A Python whose command of behave ends with an exit code, after it has written down what it got.
fn ending(code: u8) -> String {
    format!(
        "#!/bin/sh\n\
         if [ \"$1\" = -c ]; then echo '3.12 1.3.3'; exit; fi\n\
         printf '%s' \"$BDD_BEHAVE_COMMAND\" >@ROOT@/command.json\n\
         echo said by behave\n\
         exit {code}\n"
    )
}

#[test]
fn the_whole_line_is_behaves_and_so_is_the_exit_code() {
    let project = suite(&["features/steps/steps.py"]);
    project.file("bdd.toml", "[userdata]\nport = 1\n");
    let line = ["-t", "~@x", "--format=json", "-Dname=a b", "--", "-x", "f"];
    for (code, exit) in [(0, 0), (1, 1), (2, 2), (77, 1)] {
        script(&project, ".venv/bin/python", &ending(code));
        let done = behave(&project, &line).exits(exit);
        done.stdout("said by behave\n").stderr("");
    }
    let told: Value = serde_json::from_str(&project.read("command.json")).expect("JSON");
    assert_eq!(told["arguments"], serde_json::json!(line));
    assert_eq!(told["userdata"], serde_json::json!({ "port": "1" }));
    assert!(!project.path(".bdd").exists());
}

#[test]
fn without_behave_nothing_runs() {
    let project = suite(&["features/steps/steps.py"]);
    script(&project, ".venv/bin/python", "#!/bin/sh\necho 3.12 -\n");
    behave(&project, &["features"])
        .exits(5)
        .stderr_has("has no behave\nhint: install it: `");
}

#[test]
fn settings_above_the_current_directory_do_not_count() {
    let project = suite(&["sub/features/steps/steps.py"]);
    project.file("bdd.toml", "no = 'such key'\n");
    script(&project, "sub/.venv/bin/python", &ending(0));
    behave(&project, &[]).within("sub").exits(0).stderr("");
    project.file("sub/bdd.toml", "no = 'such key'\n");
    behave(&project, &[])
        .within("sub")
        .exits(2)
        .stderr_has("no = 'such key'");
}

#[test]
fn a_command_that_answers_nonsense_is_an_error() {
    let project = suite(&["features/steps/steps.py"]);
    let answers = "#!/bin/sh\n\
        if [ \"$1\" = -c ]; then echo '3.12 1.3.3'; exit; fi\n\
        exec python3 -c 'import json, os, socket\n\
        path = json.loads(os.environ[\"BDD_BEHAVE_COMMAND\"])[\"socket\"]\n\
        one = socket.socket(socket.AF_UNIX)\n\
        one.connect(path)\n\
        one.sendall(b\"hello\\n\")\n\
        one.recv(1)'\n";
    script(&project, ".venv/bin/python", answers);
    behave(&project, &[])
        .exits(5)
        .stderr_has("behave's command does not work in its own process: ");
}
