//! `--changed`.

use std::fs;
use std::process::Command;

use super::*;
use crate::support::needs;

/// A project in a folder of a git repository with one commit.
fn repository() -> Project {
    needs::git();
    let project = Project::new();
    for name in ["a", "b", "c", "d e"] {
        project.file(
            &format!("sub/features/{name}.feature"),
            feature(name, &[(name, PASSES)]),
        );
    }
    project.file("sub/bdd.toml", "").file(
        "features/above.feature",
        feature("Above", &[("above", PASSES)]),
    );
    git(&project, &["init", "--quiet"]);
    commit(&project);
    project
}

fn git(project: &Project, arguments: &[&str]) {
    let nobody = ["-c", "user.name=N", "-c", "user.email=n@example.org"];
    let output = Command::new("git")
        .args(nobody.iter().chain(arguments))
        .current_dir(project.path("."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn commit(project: &Project) {
    git(project, &["add", "-A"]);
    git(project, &["commit", "--quiet", "--allow-empty", "-m", "x"]);
}

/// The files that are listed.
fn listed(project: &Project, arguments: &[&str]) -> Vec<String> {
    let all = ["list"].iter().chain(arguments);
    let outcome = project.bdd(all).within("sub").exits(0);
    let lines = outcome
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("  "));
    lines
        .filter_map(|line| Some(line.split_once(".feature:")?.0.to_owned()))
        .collect()
}

#[test]
fn what_differs_from_the_last_commit_is_taken() {
    let project = repository();
    project
        .bdd(["list", "--changed"])
        .within("sub")
        .exits(0)
        .stdout("")
        .stderr("note: nothing to run: no feature file has changed since HEAD\n");

    let more = |name: &str| feature(name, &[(name, PASSES), ("more", PASSES)]);
    project.file("sub/features/a.feature", more("a"));
    project.file("sub/features/b.feature", more("b"));
    git(&project, &["add", "sub/features/b.feature"]);
    project.file("sub/features/new é\n.feature", more("new"));
    project.file("sub/features/ignored.feature", more("ignored"));
    project.file(".git/info/exclude", "ignored.feature\n");
    fs::rename(
        project.path("sub/features/d e.feature"),
        project.path("sub/features/renamed.feature"),
    )
    .unwrap();
    fs::remove_file(project.path("sub/features/c.feature")).unwrap();
    let found = listed(&project, &["--changed"]);
    assert_eq!(
        found,
        [
            "features/a",
            "features/a",
            "features/b",
            "features/b",
            "features/new é\\n",
            "features/new é\\n",
            "features/renamed"
        ],
        "a line break in a name is shown as `\\n`"
    );
    project
        .bdd(["list", "--changed"])
        .within("sub/features")
        .exits(0)
        .stdout_has("4 features, 7 scenarios");
    // What else is asked for must hold, too; that nothing is left is no mistake.
    assert_eq!(
        listed(&project, &["--changed", "features/a.feature:2"]),
        ["features/a"]
    );
    project
        .bdd(["list", "--changed", "--tags", "@smoke"])
        .within("sub")
        .exits(0)
        .stderr_has("nothing selected");
}

#[test]
fn a_revision_counts_what_was_committed_since() {
    let project = repository();
    let more = |name: &str| feature(name, &[("more", PASSES)]);
    project.file("sub/features/a.feature", more("a"));
    project.file("features/above.feature", more("above"));
    commit(&project);
    project.file("sub/features/b.feature", more("b"));
    assert_eq!(listed(&project, &["--changed"]), ["features/b"]);
    assert_eq!(
        listed(&project, &["--changed=HEAD~1"]),
        ["features/a", "features/b"]
    );
    assert_eq!(
        listed(&project, &["--changed=HEAD~1", "../features"]),
        ["../features/above"]
    );
    // Settings of the user change nothing.
    git(&project, &["config", "diff.relative", "true"]);
    git(&project, &["config", "diff.external", "false"]);
    assert_eq!(
        listed(&project, &["--changed=HEAD~1"]),
        ["features/a", "features/b"]
    );
}

#[test]
fn in_a_hook_of_git_and_in_repositories_inside() {
    let project = repository();
    project.file("sub/features/a.feature", feature("A", &[("new", PASSES)]));
    // As git runs its hooks, but for the folder.
    let hook = project
        .bdd(["list", "--changed"])
        .within("sub")
        .env("GIT_DIR", ".git");
    hook.exits(0)
        .stdout_has("features/a.feature:2  new\n\n1 feature,");
    project.file(
        "sub/features/inner/i.feature",
        feature("I", &[("inner", PASSES)]),
    );
    let inner = Command::new("git")
        .args(["init", "--quiet"])
        .current_dir(project.path("sub/features/inner"))
        .status();
    assert!(inner.unwrap().success());
    let found = listed(&project, &["--changed"]);
    assert_eq!(found, ["features/a", "features/inner/i"]);
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let project = repository();
    fs::remove_dir_all(project.path(".git")).unwrap();
    git(&project, &["init", "--quiet"]);
    git(&project, &["add", "sub/features/a.feature"]);
    project
        .bdd(["list", "--changed"])
        .within("sub")
        .exits(0)
        .stdout_has("4 features");
}

#[test]
fn without_git_repository_or_revision_nobody_knows() {
    let project = repository();
    for revision in ["nowhere", "--output=x", "HEAD:sub"] {
        project
            .bdd(["list", &format!("--changed={revision}")])
            .within("sub")
            .exits(2)
            .stderr(&format!(
                "error: --changed: git knows no revision `{revision}`\n"
            ));
    }
    project
        .bdd(["list", "--changed"])
        .within("sub")
        .env("PATH", "/nowhere")
        .exits(2)
        .stderr("error: --changed: git cannot be started: no such file or folder\n");
    let project = Project::new();
    project.file("features/a.feature", feature("A", &[("One", PASSES)]));
    project
        .bdd(["list", "--changed"])
        .env("GIT_CEILING_DIRECTORIES", "/")
        .exits(2)
        .stderr("error: --changed: [DIR] is in no git repository\n");
}

#[test]
fn a_revision_is_not_a_path() {
    let project = repository();
    project.bdd(["run", "--changed", "HEAD"]).exits(2).stderr(
        "error: no such file or folder: HEAD\n\
         hint: write the revision after `=`: --changed=REV\n",
    );
}
