//! Step crates that cargo builds, or does not.

use super::*;

/// A project whose step crate has this `src/main.rs`; it has no dependencies.
fn with_crate(main: &str) -> Project {
    let project = Project::new();
    project
        .file("features/a.feature", feature("A", &["a: it works"]))
        .file(
            "features/steps/Cargo.toml",
            "[package]\nname = \"my-steps\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n",
        )
        .file("features/steps/src/main.rs", main);
    project
}

/// Prepares a run that cannot reach a registry and does not know what cargo runs the tests.
fn build(project: &Project, arguments: &[&str]) -> Bdd {
    run(project, &["--offline"])
        .without("CARGO_TARGET_DIR")
        .without("RUSTFLAGS")
        .with(arguments)
}

fn refused(project: &Project, arguments: &[&str], last: &str) -> Outcome {
    let outcome = build(project, arguments).exits(5);
    if !outcome
        .stderr
        .replace(&*project.path("").to_string_lossy(), "[DIR]/")
        .ends_with(last)
    {
        outcome.fail(&format!("expected standard error to end with {last:?}"));
    }
    let results = results(project, &outcome);
    assert_eq!(results.statuses(), "a not run");
    assert_eq!(results.run_errors().len(), 1);
    outcome
}

#[test]
fn a_crate_that_does_not_compile() {
    let project = with_crate("fn main() { missing() }\n");
    refused(
        &project,
        &[],
        "\nerror: the step crate [DIR]/features/steps/Cargo.toml does not build (see cargo's messages above)\n",
    )
    .stderr_has("cannot find function `missing` in this scope");
}

#[test]
fn a_crate_that_is_not_a_step_program() {
    let project = with_crate("fn main() { println!(\"hello\") }\n");
    refused(
        &project,
        &[],
        "error: the step program features/steps/target/debug/my-steps exited with code 0 before it said hello
hint: a step program calls `bdd_steps::worker()` in its main function; it printed:
hello
",
    );
    // Now it is built.
    refused(&project, &["--no-build"], "it printed:\nhello\n");
}

#[test]
fn a_manifest_that_is_broken() {
    let project = with_crate("fn main() {}\n");
    project.file("features/steps/Cargo.toml", "[package\n");
    refused(
        &project,
        &[],
        "\nerror: the step crate [DIR]/features/steps/Cargo.toml does not build (see cargo's messages above)\n",
    );
}

#[test]
fn no_build_without_a_build() {
    let project = with_crate("fn main() {}\n");
    refused(
        &project,
        &["--no-build"],
        "error: --no-build: there is no [DIR]/features/steps/target/debug/my-steps yet; run once without --no-build\n",
    );
}

#[test]
fn several_programs() {
    let project = with_crate("fn main() {}\n");
    project.file("features/steps/src/bin/other.rs", "fn main() {}\n");
    for no_build in [&[][..], &["--no-build"]] {
        refused(
            &project,
            no_build,
            "error: [DIR]/features/steps/Cargo.toml has several programs (my-steps, other); choose one with --steps PACKAGE:TARGET or `target` in bdd.toml\n",
        );
    }
    refused(
        &project,
        &["--steps", "features/steps:other"],
        "error: the step program features/steps/target/debug/other exited with code 0 before it said hello
hint: a step program calls `bdd_steps::worker()` in its main function
",
    );
}

#[test]
fn a_crate_without_a_program() {
    let project = with_crate("");
    fs::rename(
        project.path("features/steps/src/main.rs"),
        project.path("features/steps/src/lib.rs"),
    )
    .unwrap();
    for no_build in [&[][..], &["--no-build"]] {
        refused(
            &project,
            no_build,
            "error: [DIR]/features/steps/Cargo.toml has no program; a step crate needs a src/main.rs with `fn main() { bdd_steps::worker() }`\n",
        );
    }
}

#[test]
fn a_package_that_is_not_there() {
    let project = with_crate("fn main() {}\n");
    let hint = "hint: name an executable, a folder with a Cargo.toml, a Cargo.toml, or a package of this workspace\n";
    let root = project.path(".").canonicalize().unwrap();
    let no_workspace = format!(
        "there is no package `nothing`: neither {} nor a folder above it has a Cargo.toml",
        root.display()
    );
    let refused = |package: &str, why: &str| {
        for no_build in [&[][..], &["--no-build"]] {
            refused(
                &project,
                &[&["--steps", package], no_build].concat(),
                &format!("error: {why}\n{hint}"),
            );
        }
    };
    refused("nothing", &no_workspace);
    project
        .file("Cargo.toml", "[workspace]\nmembers = ['features/steps']\n")
        .file(
            "features/steps/Cargo.toml",
            "[package]\nname = \"my-steps\"\nversion = \"0.0.0\"\nedition = \"2021\"\n",
        );
    refused("nothing", "the workspace has no package `nothing`");
    refused(
        "my_steps",
        "the workspace has no package `my_steps`; did you mean `my-steps`?",
    );
}

#[test]
fn cargo_is_missing() {
    let project = with_crate("fn main() {}\n");
    project.folder("empty");
    let outcome = build(&project, &[])
        .without("CARGO")
        .env("PATH", &project.path("empty").to_string_lossy())
        .exits(5)
        .stderr(
            "error: cargo cannot be started: no such file or folder; install Rust, or name a built step program with --steps PROGRAM\n",
        );
    assert_eq!(results(&project, &outcome).statuses(), "a not run");
}

/// Features are read first: a build that would fail does not hide what is wrong with them.
#[test]
fn features_are_read_before_cargo_is_called() {
    let project = with_crate("fn main() { missing() }\n");
    project.file("features/b.feature", "nonsense\n");
    let outcome = build(&project, &[]).exits(3);
    assert!(!outcome.stderr.contains("missing"), "{}", outcome.stderr);
    let outcome = build(&project, &["--tags", "@none"]).exits(3);
    assert!(!outcome.stderr.contains("missing"), "{}", outcome.stderr);
    fs::remove_file(project.path("features/b.feature")).unwrap();
    let outcome = build(&project, &["--tags", "@none"]).exits(4);
    assert!(!outcome.stderr.contains("missing"), "{}", outcome.stderr);
}
