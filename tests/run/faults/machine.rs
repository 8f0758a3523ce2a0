//! Lines of the table for faults that are around the step program, on its machine.

use super::*;

/// A feature of three scenarios: one before the guilty one, which runs this step, and one after it.
fn write_feature(project: &Project, step: &str) {
    let guilty = format!("guilty: {step}");
    let scenarios = ["a: a step that passes", &guilty, "z: a step that passes"];
    project.file("root/features/a.feature", feature("A", &scenarios));
}

/// A system that has no thread left for the second of two workers.
pub(super) fn no_thread() -> String {
    // No address space has room for such a stack: the system refuses the thread.
    let first = "[ $BDD_WORKER_INDEX = 0 ] || export RUST_MIN_STACK=200000000000000";
    let project = with_faults(first);
    write_feature(&project, "a step that passes");
    let outcome = run_beside(&project, &["-j", "2"]).exits(0);
    let results = results(&project, &outcome);
    once_in_messages(&project, &results);
    assert_eq!(results.statuses(), "a passed, guilty passed, z passed");
    let warnings = results.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    // On a busy machine the other may be done before this one is refused.
    let warning = warnings[0].replace(
        "the others have run everything",
        "the run continues with 1 worker",
    );
    format!(
        "| no thread or process left for a worker | passed | warning: {} | is not started; the others run everything |  |",
        warning
    )
}

/// Names, tags and paths of a feature, and the arguments, hold what a terminal would act on.
pub(super) fn escape_sequences() -> String {
    let project = with_faults("");
    let odd = "\x1b[2J\u{9b}31m";
    let text = format!(
        "@tag{odd}\nFeature: A{odd}\nScenario: a{odd}\n* a step that passes\nScenario: b\n* a step {odd}\n"
    );
    project.file(&format!("root/features/a{odd}.feature"), text);
    let not_odd = format!("not @{odd}");
    let commands: [&[&str]; 5] = [
        &["run", "-f", "progress", "-f", "pretty:pretty.txt"],
        &["run", "--tags", &not_odd, "--dry-run"],
        &["list"],
        &["list", odd],
        &["run", odd],
    ];
    for arguments in commands {
        let outcome = project.bdd(arguments).within("root").run();
        let shown = [&outcome.stdout, &outcome.stderr];
        if shown.iter().any(|text| text.contains(['\x1b', '\u{9b}'])) {
            outcome.fail("an escape reaches the terminal");
        }
    }
    let pretty = project.read("root/pretty.txt");
    assert!(pretty.contains("\\x1b[2J\\x9b31m"), "{pretty}");
    "| escape sequences in names, tags, steps, paths and arguments | as the steps |  | continues; all text shows them as `\\x1b[2J` |  |".to_owned()
}

/// A step that deletes what is in the temporary directory, and then crashes.
pub(super) fn no_temporary_files() -> String {
    let project = with_faults("");
    write_feature(
        &project,
        "a step that deletes all temporary files; a step that aborts",
    );
    let outcome = run_beside(&project, &["-j", "1"]).exits(1);
    let results = results(&project, &outcome);
    once_in_messages(&project, &results);
    assert_eq!(results.statuses(), "a passed, guilty failed, z passed");
    let warnings = results.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let folder = regex::Regex::new(r"/\S+/bdd-\w+ ").unwrap();
    let warning = folder.replace(warnings[0], "…/bdd-… ");
    format!(
        "| all temporary files deleted, and `abort()` | failed, crashed | warning: {warning} | has ended; another replaces it |  |"
    )
}
