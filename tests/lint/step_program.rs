//! Rules that ask the step program.

use super::rules::host;
use super::*;

/// A project with a step program that defines these expressions, and a scenario with this step.
fn with_program(patterns: &[&str], step: &str) -> Project {
    let project = Project::new();
    for (path, content) in host(patterns) {
        project.file(path, content);
    }
    project.file(
        "features/a.feature",
        format!("Feature: f\n  Scenario Outline: s <n>\n    When {step}\n    Then b\n\n    Examples:\n      | n |\n      | 1 |\n      | 2 |\n"),
    );
    project
}

#[test]
fn a_step_program_says_more() {
    let project = with_program(
        &[
            "I add {int} pear(s)",
            "b",
            "I eat {int} {word}",
            "I eat {int} pears",
        ],
        "I add <n> pear.",
    );
    let near = "features/a.feature:3:5: warning: no definition matches this step; did you mean `I add {int} pear(s)`? [near-step]\n";
    let unused = |line: u32, pattern: &str| {
        format!(
            "steps.py:{line}:1: warning: no step uses the definition `{pattern}`: remove it [unused-definition]\n"
        )
    };
    let twice = "steps.py:4:1: warning: the definitions `I eat {int} pears` and `I eat {int} {word}` (steps.py:3) both \
                 match `I eat -1 pears`: a step with this text is ambiguous [duplicate-definition]\n";
    project.bdd(["lint"]).exits(0).stdout(
        &[
            near,
            &unused(1, "I add {int} pear(s)"),
            &unused(3, "I eat {int} {word}"),
            &unused(4, "I eat {int} pears"),
            twice,
        ]
        .concat(),
    );
    // Of a part of the features, nobody knows what the others use.
    project
        .bdd(["lint", "features/a.feature"])
        .exits(0)
        .stdout(&[near, twice].concat());
    project
        .bdd(["lint", "--no-steps"])
        .exits(0)
        .stdout("")
        .stderr("nothing found\n");
    // A comment turns the rule off, and is not reported when the program is not asked.
    let feature = project.read("features/a.feature");
    let feature = feature.replace("    When", "    # bdd-lint: ignore near-step\n    When");
    project.file("features/a.feature", feature);
    let linted = project.bdd(["lint"]).exits(0).stdout;
    assert!(!linted.contains("near-step"), "{linted}");
    project.bdd(["lint", "--no-steps"]).exits(0).stdout("");
    // A file that does not parse may use everything.
    project.file(
        "features/b.feature",
        "Feature: f\n  oops:\n  no\n  Scenario: s\n    oops\n* a\nb\n",
    );
    let linted = project.bdd(["lint"]).exits(3).stdout;
    assert!(!linted.contains("unused-definition"), "{linted}");
}

#[test]
fn a_step_program_that_cannot_be_asked_is_a_note() {
    let not_checked = "note: step definitions are not checked: ";
    let project = with_program(&["b"], "b");
    project.file("host.py", "import sys\nsys.exit(3)\n");
    project
        .bdd(["lint"])
        .exits(0)
        .stderr_has(&format!("{not_checked}the step program ended"));
    project
        .bdd(["lint", "--no-steps"])
        .exits(0)
        .stderr("nothing found\n");
    let off = "near-step = 'off'\nunused-definition = 'off'\nduplicate-definition = 'off'\n";
    let settings = format!("{}[lint]\n{off}", project.read("bdd.toml"));
    project.file("bdd.toml", settings);
    project.bdd(["lint"]).exits(0).stderr("nothing found\n");
}

#[test]
fn a_step_program_that_is_older_than_its_sources_is_not_asked() {
    let project = with_program(&["b", "c"], "b");
    let host = project.read("host.py");
    // What cargo writes: a program, and the list of its sources.
    project.file(
        "bin/steps",
        format!("#!/usr/bin/env python3\nimport sys\nsys.path.insert(0, '.')\n{host}"),
    );
    make_executable(&project.path("bin/steps"));
    let source = project.path("src/with a space.rs");
    let listed = source.display().to_string().replace(' ', "\\ ");
    let program = project.path("bin/steps").display().to_string();
    project
        .file("src/with a space.rs", "")
        .file("bin/steps.d", format!("{program}: {listed}\n"))
        .file("bdd.toml", "[steps]\npath = 'bin/steps'\n");
    let changed_at = |seconds: u64| {
        let built = std::fs::metadata(project.path("bin/steps")).unwrap();
        let built = built.modified().unwrap();
        let file = std::fs::File::options().write(true).open(&source).unwrap();
        let time = built + std::time::Duration::from_secs(seconds);
        file.set_modified(time).unwrap();
    };
    changed_at(0);
    let unused =
        "steps.py:2:1: warning: no step uses the definition `c`: remove it [unused-definition]\n";
    project.bdd(["lint"]).exits(0).stdout(unused);
    project.bdd(["steps"]).exits(0).stderr("");
    changed_at(60);
    let older = "the step program is older than src/with a space.rs";
    project
        .bdd(["lint"])
        .exits(0)
        .stdout("")
        .stderr_has(&format!(
            "note: step definitions are not checked: {older}\n"
        ));
    project.bdd(["steps"]).exits(0).stderr(&format!(
        "warning: {older}, so it may not have every definition: build it again\n"
    ));
    project.bdd(["docs", "site"]).exits(0).stderr_has(&format!(
        "warning: {older}, so the catalogue may not have every definition: build it again\n"
    ));
}

fn make_executable(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
