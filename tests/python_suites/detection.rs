//! Which projects have a suite of behave.

use serde_json::json;

use super::*;

#[test]
fn a_suite_runs_without_any_settings() {
    let project = suite(&["features/steps/steps.py"]);
    run(&project, &["-D", "browser=firefox"])
        .exits(0)
        .stdout_has("1 scenario passed");
    let told = told(&project);
    assert_eq!(told["base"], json!(project.path("features")));
    assert_eq!(told["paths"], json!(["features"]));
    assert_eq!(told["userdata"], json!({ "browser": "firefox" }));
    assert_eq!(told["formatters"], json!([]));
    assert_eq!(told["arguments"], json!([]));
    let host = project.read("host");
    assert!(host.trim_end().ends_with("/host/bdd_behave"), "{host}");
    assert!(project.read("files").contains("__main__.py"));
    // The folder of the run is gone, and with it the host.
    assert!(!std::path::Path::new(host.trim_end()).exists());
}

#[test]
fn environment_py_alone_makes_a_suite() {
    let project = suite(&["features/environment.py"]);
    run(&project, &[]).exits(0);
    assert_eq!(base(&project), "features");
}

#[test]
fn the_search_goes_from_the_first_path_upwards() {
    let project = suite(&["tests/steps/steps.py", "features/steps/Cargo.toml"]);
    project.file("tests/features/sub/b.feature", FEATURE);
    for path in [
        "tests/features",
        "tests/features/sub/b.feature:2",
        "tests/features/**/*.feature",
    ] {
        run(&project, &[path]).exits(0);
        assert_eq!(base(&project), "tests", "{path}");
        assert_eq!(told(&project)["paths"], json!([path]));
    }
    // From a folder in the project, paths count from there. Workers run in the root.
    project.file("bdd.toml", "features = ['tests/features']\n");
    run(&project, &[]).within("tests").exits(0);
    assert_eq!(told(&project)["paths"], json!(["tests/features"]));
    run(&project, &["features"]).within("tests").exits(0);
    assert_eq!(told(&project)["paths"], json!(["tests/features"]));
}

#[test]
fn a_stage_of_behave_has_its_own_steps() {
    let project = suite(&["features/steps/a.py", "product_steps/a.py"]);
    let staged = run(&project, &[]).env("BEHAVE_STAGE", "product");
    staged.exits(0);
    assert_eq!(base(&project), "");
}

const BOTH: &str =
    "error: features: the steps are in two languages: features/steps/Cargo.toml is Rust, \
                    and features/environment.py is Python
hint: choose one in bdd.toml: `language = \"python\"` or `language = \"rust\"` in [steps]
";

#[test]
fn a_crate_and_a_suite_need_a_choice() {
    let project = suite(&["features/environment.py", "features/steps/Cargo.toml"]);
    run(&project, &[]).exits(2).stdout("").stderr(BOTH);
    project.bdd(["list"]).exits(2).stderr(BOTH);
    project.file("bdd.toml", "[steps]\nlanguage = 'python'\n");
    run(&project, &[]).exits(0);
    assert_eq!(base(&project), "features");
    project.file("bdd.toml", "[steps]\nlanguage = 'rust'\n");
    let config = project.bdd(["config"]).exits(0);
    config.stdout_has("steps.language               rust");
    // A program that is named needs no choice.
    project.file("bdd.toml", "[steps]\ncommand = ['python3', 'worker.py']\n");
    run(&project, &[]).exits(0);
    project.file("bdd.toml", "");
    run(&project, &["--steps", "worker.py"]).exits(5);
}

#[test]
fn python_without_a_suite_is_no_step_program() {
    let project = suite(&["features/steps/notes.txt"]);
    project.file("bdd.toml", "[steps]\nlanguage = 'python'\n");
    run(&project, &[])
        .exits(5)
        .stderr_has("neither features nor a folder above it has steps/*.py or environment.py");
    let contradiction = "[steps]\nlanguage = 'python'\npath = 'x'\n";
    project.file("bdd.toml", contradiction);
    run(&project, &[]).exits(2).stderr_has("leave out either");
}

#[test]
fn one_worker_unless_somebody_asks_for_more_and_then_whole_features() {
    let project = suite(&["features/steps/steps.py"]);
    let shown = |arguments: &[&str], keys: &[&str]| {
        let config = project.bdd(["config"]).with(arguments).exits(0);
        let line = |key: &&str| {
            let mut lines = config.stdout.lines();
            let line = lines
                .find(|line| line.starts_with(*key))
                .unwrap_or_default();
            line.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        keys.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&[], &["jobs ", "parallel-by", "steps.language", "steps "]),
        [
            "jobs 1 default",
            "parallel-by feature default",
            "steps.language python default",
            "steps features default",
        ]
    );
    let asked = ["-j", "3", "--parallel-by", "scenario"];
    assert_eq!(
        shown(&asked, &["jobs ", "parallel-by"]),
        [
            "jobs 3 flag --jobs",
            "parallel-by scenario flag --parallel-by"
        ]
    );
    project.file("bdd.toml", "jobs = 2\n");
    assert_eq!(shown(&[], &["jobs "]), ["jobs 2 bdd.toml:1"]);
}

#[test]
fn what_more_workers_bring_is_said_only_where_nobody_has_decided() {
    let project = suite(&["features/steps/steps.py"]);
    project.file("features/b.feature", FEATURE);
    for arguments in [&["-j", "1"][..], &["-j", "2"], &["--dry-run"]] {
        let outcome = run(&project, arguments).exits(0);
        assert!(!outcome.stderr.contains("-j"), "{}", outcome.stderr);
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let outcome = run(&project, &[]).exits(0);
    assert_eq!(
        outcome.stderr.contains("with `-j 2`"),
        cores > 1,
        "{}",
        outcome.stderr
    );
}

#[test]
fn listing_needs_no_python() {
    let project = suite(&["features/steps/steps.py"]);
    script(&project, ".venv/bin/python", "#!/bin/sh\nexit 9\n");
    project
        .bdd(["list"])
        .exits(0)
        .stdout_has("features/a.feature:2  S");
    run(&project, &[]).exits(5);
}

#[test]
fn a_dry_run_matches_with_the_host() {
    let project = suite(&["features/steps/steps.py"]);
    run(&project, &["--dry-run"]).exits(0);
    project.file("features/a.feature", format!("{FEATURE}    And a riddle\n"));
    run(&project, &["--dry-run"])
        .exits(1)
        .stdout_has("undefined");
}

#[test]
fn the_project_of_init_stays_rust() {
    let project = Project::new();
    project.bdd(["init"]).exits(0);
    let config = project.bdd(["config"]).exits(0);
    config
        .stdout_has("features/steps ")
        .stdout_has("parallel-by                  auto");
}
