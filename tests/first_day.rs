//! The mistakes of a first day, in a project that `bdd init` made: none is a green run, and each message says what to
//! do.

use crate::support::{Outcome, Project};

const FEATURE: &str = "features/calculator.feature";
const STEPS: &str = "features/steps/src/main.rs";

fn run(project: &Project, arguments: &[&str]) -> Outcome {
    project.run_building().with(arguments).run()
}

fn replaced(project: &Project, path: &str, from: &str, to: &str) {
    let text = project.read(path);
    assert!(text.contains(from), "{from}");
    project.file(path, text.replacen(from, to, 1));
}

#[test]
fn slips_in_a_feature_do_not_parse() {
    for (from, to, hint) in [
        (
            "When I press add",
            "Whne I press add",
            "did you mean `When`?",
        ),
        ("Given a cleared", "Givn a cleared", "did you mean `Given`?"),
        ("Given a cleared", "given a cleared", "`Given`"),
        (
            "Scenario: Add two",
            "Scenario Add two",
            "a colon is missing: did you mean `Scenario:`?",
        ),
        ("Background:", "Background", "`Background:`"),
        (
            "Given I have entered 50",
            "Given\u{a0}I have entered 50",
            "a no-break space (U+00A0); type `Given` and a plain space anew",
        ),
    ] {
        let project = Project::initialized();
        replaced(&project, FEATURE, from, to);
        let outcome = run(&project, &[]).code(3);
        let all = outcome.stdout.clone() + &outcome.stderr;
        assert!(all.contains(hint), "{to}: {all}");
        outcome.stderr_has("nothing was run");
    }
}

#[test]
fn a_tag_without_its_sign_selects_nothing() {
    run(&Project::initialized(), &["--tags", "not slow"])
        .code(2)
        .stderr_has("write `@slow`");
}

#[test]
fn an_undefined_step_fails_and_so_does_its_pasted_code() {
    let project = Project::initialized();
    replaced(&project, FEATURE, "I press add", "I press ad");
    let outcome = run(&project, &[])
        .code(1)
        .stdout_has("did you mean `I press add`?")
        .stdout_has("1 undefined\n");
    let code = outcome.stdout.lines();
    let code = code.skip_while(|line| !line.starts_with("#[bdd_steps"));
    let code: Vec<&str> = code.take_while(|line| !line.is_empty()).collect();
    let steps = project.read(STEPS) + "\n" + &code.join("\n") + "\n";
    project.file(STEPS, steps);
    run(&project, &[])
        .code(1)
        .stdout_has("1 pending\n")
        .stdout_has("this step is not written yet");
}

#[test]
fn a_crate_that_does_not_compile_or_is_missing_runs_nothing() {
    let project = Project::initialized();
    replaced(&project, STEPS, "calculator.entered", "calculatr.entered");
    run(&project, &[])
        .code(5)
        .stdout_has("3 scenarios not run")
        .stderr_has("cannot find value `calculatr`")
        .stderr_has("does not build (see cargo's messages above)");
    std::fs::remove_dir_all(project.path("features/steps")).unwrap();
    run(&project, &[])
        .code(5)
        .stderr_has("there is no step program")
        .stderr_has("`bdd init` makes one");
}

#[test]
fn the_steps_beside_a_file_are_found_from_anywhere() {
    let project = Project::new();
    let shop = project.path("shop");
    std::fs::create_dir_all(shop.join("features/steps")).unwrap();
    std::fs::create_dir_all(shop.join("features/more")).unwrap();
    project.file("shop/features/steps/Cargo.toml", "no manifest");
    let feature = "Feature: f\n  Scenario: s\n    Given pass\n";
    project.file("shop/features/a.feature", feature);
    project.file("shop/features/more/b.feature", feature);
    project.file("c.feature", feature);
    for path in [
        "shop/features",
        "shop/features/a.feature",
        "shop/features/a.feature:2",
        "shop/features/*.feature",
        "shop/features/more/b.feature",
    ] {
        run(&project, &[path])
            .code(5)
            .stderr_has("shop/features/steps/Cargo.toml");
    }
    run(&project, &["c.feature"])
        .code(5)
        .stderr_has("there is no step program");
}

#[test]
fn a_wrong_folder_is_named() {
    let project = Project::initialized();
    run(&project, &["feature/"])
        .code(2)
        .stderr_has("no such file or folder: feature/\nhint: did you mean `features`?");
    let empty = Project::new();
    run(&empty, &[])
        .code(4)
        .stderr_has("make a project with `bdd init`");
}
