//! Which Python runs a suite.

use super::*;

fn python(project: &Project) -> String {
    let path = project.read("python");
    let root = project.path("").display().to_string();
    path.trim_end().replace(root.as_str(), "")
}

#[test]
fn the_setting_wins_over_the_environment_and_that_over_the_project() {
    let project = suite(&["features/steps/steps.py"]);
    run(&project, &[]).exits(0);
    assert_eq!(python(&project), ".venv/bin/python");
    script(&project, "active/bin/python", PYTHON);
    let active = project.path("active").display().to_string();
    run(&project, &[]).env("VIRTUAL_ENV", &active).exits(0);
    assert_eq!(python(&project), "active/bin/python");
    script(&project, "tools/python", PYTHON);
    project.file("bdd.toml", "[steps]\npython = 'tools/python'\n");
    // The path counts from the root, wherever bdd is called.
    let below = run(&project, &[]).env("VIRTUAL_ENV", &active);
    below.within("features").exits(0);
    assert_eq!(python(&project), "tools/python");
    script(&project, "features/python", PYTHON);
    let variable = run(&project, &[]).env("BDD_STEPS_PYTHON", "./python");
    variable.within("features").exits(0);
    assert_eq!(python(&project), "features/./python");
}

#[test]
fn formatters_are_passed_on() {
    let project = suite(&["features/steps/steps.py"]);
    let formatters = "['allure_behave.formatter:AllureFormatter:results']";
    project.file("bdd.toml", format!("[steps]\nformatters = {formatters}\n"));
    run(&project, &[]).exits(0);
    assert_eq!(
        told(&project)["formatters"],
        serde_json::json!(["allure_behave.formatter:AllureFormatter:results"])
    );
}

/// Formatters get what tags leave out, too, and hooks may look at the expression.
#[test]
fn the_host_knows_the_tags() {
    let project = suite(&["features/steps/steps.py"]);
    run(&project, &["--tags", "~@slow", "--tags", "~@wip"]).exits(0);
    assert_eq!(
        told(&project)["tags"],
        serde_json::json!(["not ( @slow )", "not ( @wip )"])
    );
}

#[test]
fn a_python_without_behave_says_how_to_install_it() {
    let project = suite(&["features/steps/steps.py"]);
    script(&project, ".venv/bin/python", "#!/bin/sh\necho 3.12 -\n");
    let refused = run(&project, &["-f", "junit:out.xml"]).exits(5);
    assert!(
        (refused.stdout).starts_with("1 scenario not run: behave cannot be started\n"),
        "{}",
        refused.stdout
    );
    refused.stderr(
        "error: the Python [DIR]/.venv/bin/python (the folder .venv of the project) has no behave\n\
         hint: install it: `[DIR]/.venv/bin/python -m pip install behave`; or choose another Python with \
         `python = \"…\"` in [steps] of bdd.toml, or activate a virtual environment\n",
    );
    assert!(project.read("out.xml").contains("has no behave"));
}

#[test]
fn a_python_that_cannot_run_the_suite_is_named() {
    let project = suite(&["features/steps/steps.py"]);
    for (content, problem) in [
        (
            "#!/bin/sh\necho 3.8 1.2.6\n",
            "is Python 3.8; bdd needs Python 3.9 or newer",
        ),
        ("#!/bin/sh\necho bad >&2\nexit 3\n", "does not work: bad"),
        ("#!/bin/sh\nexit 3\n", "does not work (exit status: 3)"),
        ("#!/none\n", "cannot be started"),
    ] {
        script(&project, ".venv/bin/python", content);
        run(&project, &[]).exits(5).stderr_has(problem);
    }
    let gone = project.path("gone").display().to_string();
    run(&project, &[])
        .env("VIRTUAL_ENV", &gone)
        .exits(5)
        .stderr_has("(the environment variable VIRTUAL_ENV) cannot be started");
}
