//! `bdd init`.

use crate::support::{Outcome, Project};

const NEXT: &str = "\
created features/calculator.feature
created features/steps/Cargo.toml
created features/steps/src/main.rs
created features/steps/.gitignore
created bdd.toml

Next:
  bdd run     build the steps and run the feature
  bdd list    show the scenarios
";

#[test]
fn it_makes_a_project() {
    let project = Project::new();
    let git = "git=https://example.org/\"bdd\"";
    project
        .bdd(["init", "--steps-source", git])
        .exits(0)
        .stdout(NEXT)
        .stderr("");
    assert_eq!(
        project.read("features/steps/Cargo.toml"),
        "[package]
name = \"steps\"
version = \"0.1.0\"
edition = \"2024\"
publish = false

[dependencies]
bdd-steps = { git = 'https://example.org/\"bdd\"' }

# A workspace of its own: it builds wherever the features are.
[workspace]

# What runs the steps is optimized a little in builds for development, too: quick steps then take half the time.
[profile.dev.package]
bdd-steps.opt-level = 1
bdd-protocol.opt-level = 1
"
    );
    project
        .bdd(["list"])
        .exits(0)
        .stderr("")
        .stdout_has("1 feature, 3 scenarios, 15 steps\n");
}

#[test]
fn inside_another_project_it_makes_one_of_its_own() {
    let project = Project::new();
    project
        .file("bdd.toml", "features = ['elsewhere']\n")
        .bdd(["init", "shop"])
        .exits(0)
        .stdout_has("created bdd.toml\n");
    project
        .bdd(["list"])
        .within("shop")
        .exits(0)
        .stderr("")
        .stdout_has("1 feature, 3 scenarios, 15 steps\n");
}

#[test]
fn by_default_a_checkout_uses_itself() {
    let project = Project::new();
    project
        .bdd(["init", "new/shop"])
        .exits(0)
        .stdout_has("\n  cd new/shop\n  bdd run ");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("steps");
    let manifest = project.read("new/shop/features/steps/Cargo.toml");
    let expected = format!("bdd-steps = {{ path = \"{}\" }}", path.display());
    assert!(manifest.contains(&expected), "{manifest}");
}

#[test]
fn it_overwrites_nothing_and_then_writes_nothing() {
    let project = Project::new();
    project.file("features/steps/Cargo.toml", "mine");
    project.bdd(["init"]).exits(2).stdout("").stderr(
        "error: nothing was written: these files exist:
  features/steps/Cargo.toml
hint: `bdd init DIR` makes a new folder
",
    );
    assert_eq!(project.read("features/steps/Cargo.toml"), "mine");
    assert!(!project.path("features/calculator.feature").exists());
}

#[test]
fn what_cannot_be_written_leaves_no_files() {
    let project = Project::new();
    project.file("features/steps", "a file where a folder must be");
    project
        .bdd(["init"])
        .exits(2)
        .stdout("")
        .stderr_has("error: cannot write features/steps/Cargo.toml: ");
    assert!(!project.path("features/calculator.feature").exists());
}

#[test]
fn a_source_must_be_one() {
    let project = Project::new();
    project
        .bdd(["init", "--steps-source", "path=lib"])
        .exits(2)
        .stdout("")
        .stderr(
            "error: --steps-source: no crate bdd-steps in lib\n\
         hint: name the folder of the crate bdd-steps\n",
        );
    project.bdd(["init", "--steps-source", "svn=x"]).exits(2).stdout("").stderr(
        "error: invalid value 'svn=x' for '--steps-source <SOURCE>': expected path=FOLDER or git=URL, got `svn=x`\n\n\
         For more information, try '--help'.\n",
    );
}

/// The promise of the first five minutes. Cargo builds the project from crates that the build of
/// these tests has fetched already.
#[test]
fn what_it_makes_runs_and_a_pasted_snippet_is_pending() {
    let project = Project::new();
    project.bdd(["init"]).exits(0);
    let run = |code: i32| {
        let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/init");
        project
            .bdd(["run", "--offline", "-f", "progress"])
            .env("CARGO_TARGET_DIR", target)
            .exits(code)
    };
    run(0).stdout_has("3 scenarios passed, 0 failed, 0 skipped\n");

    let feature = project.read("features/calculator.feature");
    let misspelt = feature.replace(
        "And I have entered 70",
        "And I have enterd 70\n    And I say (loudly) {4} is \"so/so\":\n      | a |\n    \
         And 7 \\ 12345678901234567890 costs 5$\n    And I have entered 70",
    );
    project.file("features/calculator.feature", misspelt);
    let outcome = run(1).stdout_has("2 scenarios passed, 0 failed, 0 skipped, 1 undefined\n");
    let steps = project.read("features/steps/src/main.rs");
    let paste = |outcome: Outcome| {
        let lines = outcome.stdout.lines();
        let code = lines
            .skip_while(|line| !line.starts_with("#["))
            .take_while(|line| line.is_empty() || line.starts_with(['#', 'f', ' ', '}', '/']))
            .fold(String::from("\n"), |text, line| text + line + "\n");
        assert_eq!(code.matches("\nfn ").count(), 3, "{code}");
        project.file("features/steps/src/main.rs", steps.clone() + &code);
        run(1).stdout_has("2 scenarios passed, 0 failed, 0 skipped, 1 pending\n");
        project.file("features/steps/src/main.rs", &*steps);
    };
    paste(outcome);
    let project = &project;
    let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/init");
    let regex = ["run", "--offline", "-f", "progress", "--snippets", "regex"];
    paste(project.bdd(regex).env("CARGO_TARGET_DIR", target).exits(1));
}

#[test]
fn with_python_it_makes_a_suite_of_behave() {
    let project = Project::new();
    project
        .bdd(["init", "--python"])
        .exits(0)
        .stderr("")
        .stdout(
            "\
created features/calculator.feature
created features/steps/calculator_steps.py
created requirements.txt
created .gitignore
created bdd.toml

Next:
  python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
  bdd run     run the feature
  bdd list    show the scenarios
",
        );
    assert_eq!(project.read("requirements.txt"), "behave>=1.2.6\n");
    project
        .bdd(["list"])
        .exits(0)
        .stderr("")
        .stdout_has("1 feature, 3 scenarios, 15 steps\n");
    let config = project.bdd(["config"]).exits(0);
    config.stdout_has("steps.language               python");
    project
        .bdd(["init", "--python", "--steps-source", "git=x"])
        .exits(2);
}
