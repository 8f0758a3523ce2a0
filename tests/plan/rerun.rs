//! `-f rerun:FILE` and `bdd run @FILE`.

use super::*;

fn shop(project: &Project, broken: &str) {
    project
        .file(
            "features/a.feature",
            format!(
                "Feature: A
  Scenario: One
    * a step that passes
  Scenario Outline: <step>
    * a step that <step>
    Examples:
      | step   |
      | passes |
      | {broken} |
  Rule: R
    Scenario: Three
      * a step that {broken}
"
            ),
        )
        .file("features/b.feature", feature("B", &[("Four", PASSES)]));
}

const BROKEN: &str = r#"fails with "it""#;

#[test]
fn what_failed_runs_again_until_nothing_is_left() {
    for (format, list) in [
        ("rerun:rerun.txt", "@rerun.txt"),
        // As Cucumber has it: the name of the file begins with @.
        ("rerun:@rerun.txt", "@rerun.txt"),
        ("rerun:target/failed", "@target/failed"),
    ] {
        let project = project();
        shop(&project, BROKEN);
        run(&project, &["-f", format]).exits(1);
        let file = format.strip_prefix("rerun:").unwrap();
        assert_eq!(
            project.read(file),
            "# what failed or did not run; bdd run @FILE runs it\nfeatures/a.feature:9:11\n"
        );
        run(&project, &[list, "-f", format]).exits(1);
        assert_eq!(started(&project), ["fails with \"it\"", "Three"]);
        shop(&project, "passes");
        run(&project, &[list, "-f", format]).exits(0);
        assert_eq!(started(&project).len(), 2);
        assert_eq!(
            project.read(file),
            "# nothing failed, and nothing was left out\n"
        );
        run(&project, &[list])
            .exits(0)
            .stderr(&format!("note: nothing to run: no entries in {list}\n"));
    }
}

#[test]
fn what_was_not_reached_and_what_does_not_parse_is_on_the_list() {
    let project = project();
    shop(&project, BROKEN);
    project.file("features/bad.feature", NO_GHERKIN);
    run(
        &project,
        &[
            "-f",
            "rerun:list",
            "-x",
            "--keep-going",
            "--order",
            "reverse",
        ],
    )
    .exits(3);
    assert_eq!(
        project.read("list").lines().skip(1).collect::<Vec<_>>(),
        ["features/a.feature:2:8:9:11", "features/bad.feature"]
    );
    // In a folder of the project the list means the same.
    project.bdd(["run", "@list"]).within("features").exits(3);
}

#[test]
fn names_that_a_list_would_take_for_something_else() {
    let project = project();
    for name in ["#a.feature", "@b.feature", " c.feature"] {
        project.file(name, feature(name, &[(name, FAILS)]));
    }
    run(&project, &["-f", "rerun:list", "."]).exits(1);
    run(&project, &["@list"]).exits(1);
    let mut found = started(&project);
    found.sort();
    assert_eq!(found, ["#a.feature", "@b.feature", "c.feature"]);
}
