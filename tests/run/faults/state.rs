//! The state of a process that scenarios change, and a machine that is slow.

use super::*;

/// What became of a scenario that changes the state of its process.
struct Changed {
    /// The warnings that name it.
    warnings: Vec<String>,
    /// How many step programs were started.
    processes: usize,
}

/// Runs a scenario that does `step`, twice, and then one that does `check`. All pass.
fn change(step: &str, check: &str, flags: &[&str]) -> Changed {
    let project = with_faults("");
    let guilty = format!("guilty: {step}");
    let after = format!("after: {check}");
    let scenarios = ["before: a step that passes", &guilty, &after];
    let again = [guilty.as_str(), &after];
    project
        .file("root/features/a.feature", feature("A", &scenarios))
        .file(
            "root/features/b.feature",
            feature("B", &again)
                .replace("guilty", "again")
                .replace("after", "end"),
        );
    let outcome = run_beside(&project, &[&["-j", "1"], flags].concat()).exits(0);
    let results = results(&project, &outcome);
    let warnings = results.events.iter();
    let warnings = warnings.filter(|event| event["type"] == "warning");
    let of_guilty = warnings.filter(|event| {
        let place = &event["place"];
        place.is_object() && {
            assert_eq!(place["file"], "features/a.feature", "{event}");
            assert_eq!(place["line"], 4, "{event}");
            true
        }
    });
    Changed {
        warnings: of_guilty
            .map(|event| event["message"].as_str().unwrap().to_owned())
            .collect(),
        processes: project.read("pids").lines().count(),
    }
}

/// A line of the table.
fn row_of(fault: &str, step: &str, check: &str) -> String {
    let changed = change(step, check, &[]);
    let [warning] = &changed.warnings[..] else {
        panic!("{:?}", changed.warnings)
    };
    let worker = match changed.processes {
        1 => "continues",
        _ => "is replaced",
    };
    let ignored = change(step, "a step that passes", &["--state-changes", "ignore"]);
    assert_eq!(ignored.warnings, [""; 0]);
    assert_eq!(ignored.processes, 1);
    // What they were before, and the hard limit, differ between machines.
    let hard = regex::Regex::new(r" \(at most \S+\)").unwrap();
    let before = regex::Regex::new(r"from \S+ to").unwrap();
    let warning = hard.replace_all(warning, "");
    let warning = before.replace(&warning, "from … to");
    format!("| {fault} | passed | warning: {warning} | {worker} | `--state-changes` |")
}

const PASSES: &str = "a step that passes";

/// The lines of the table.
pub(super) fn rows() -> Vec<String> {
    vec![
        row_of(
            "another umask",
            "a step that sets the umask to 0077",
            "a step that checks that the umask is not 0077",
        ),
        row_of(
            "an ignored signal",
            "a step that ignores SIGTERM",
            "a step that checks that SIGTERM ends programs",
        ),
        row_of(
            "a lower limit of resources",
            "a step that limits open files to 100",
            "a step that checks that more than 100 files can be open",
        ),
        row_of(
            "a changed environment",
            "a step that sets the variable \"CHANGED\" to \"secret\"",
            PASSES,
        ),
    ]
}

#[test]
fn changes_of_each_kind_are_reported_once() {
    let variables =
        "a step that sets the variable \"ONE\" to \"1\"; a step that removes the variable \"HOME\"";
    let changed = change(variables, PASSES, &[]);
    assert_eq!(
        changed.warnings,
        [
            "it removed the environment variable HOME; later scenarios see that",
            "it set the environment variable ONE; later scenarios see that",
        ]
    );
    assert_eq!(changed.processes, 1);
    // What is not as before is a change, even if each step is harmless.
    let twice = "a step that sets the umask to 0070; a step that sets the umask to 0022";
    let project_umask = change("a step that sets the umask to 0022", PASSES, &[]);
    let changed = change(twice, PASSES, &[]);
    assert_eq!(changed.warnings, project_umask.warnings);
}

#[test]
fn a_limit_that_cannot_be_raised_again_is_said_to_stay() {
    let changed = change("a step that limits open files to 90 for good", PASSES, &[]);
    let [warning] = &changed.warnings[..] else {
        panic!("{:?}", changed.warnings)
    };
    // The superuser may raise it.
    let ends = [
        "; it was restored",
        "; it cannot be restored, and later scenarios have it too",
    ];
    assert!(ends.iter().any(|end| warning.ends_with(end)), "{warning}");
    assert!(warning.starts_with("it changed the limit RLIMIT_NOFILE (`ulimit -n`) from "));
}

#[test]
fn what_a_longer_lived_fixture_changes_stays_without_a_warning() {
    let step = "a step with settings for all scenarios";
    let changed = change(step, "a step that checks that the umask is not 0022", &[]);
    assert_eq!(changed.warnings, [""; 0]);
}

#[test]
fn what_a_feature_closes_is_no_change_of_the_next_one() {
    let step = "a step with a fixture of its feature that sets a variable at its end";
    let project = with_faults("");
    for name in ["a", "b", "c"] {
        let scenario = format!("in {name}: {step}");
        project.file(
            &format!("root/features/{name}.feature"),
            feature(name, &[&scenario]),
        );
    }
    let outcome = run_beside(&project, &["-j", "1"]).exits(0);
    let results = results(&project, &outcome);
    let warnings = results.events.iter();
    let warnings = warnings.filter(|event| event["type"] == "warning");
    assert_eq!(warnings.collect::<Vec<_>>(), [&Value::Null; 0]);
}

/// Runs many quick features with one scenario each; one of them does `step` and changes a variable. Returns how many
/// scenarios later the warning came, and how many earlier ones the warning names, too.
fn lateness(step: &str) -> (usize, usize) {
    const COUNT: usize = 200;
    const GUILTY: usize = 150;
    let project = with_faults("");
    for number in 0..COUNT {
        let scenario = match number {
            GUILTY => {
                format!("guilty: {step}; a step that sets the variable \"CHANGED\" to \"secret\"")
            }
            _ => format!("{number}: a step that passes"),
        };
        project.file(
            &format!("root/features/f{number:03}.feature"),
            feature("F", &[&scenario]),
        );
    }
    let outcome = run_beside(&project, &["-j", "1"]).exits(0);
    let results = results(&project, &outcome);
    let warnings = results.events.iter();
    let warnings = warnings.filter(|event| event["type"] == "warning");
    let [warning] = warnings.collect::<Vec<_>>()[..] else {
        panic!("{:?}", outcome.stderr)
    };
    let file = warning["place"]["file"].as_str().unwrap();
    let number = file.trim_matches(|letter: char| !letter.is_ascii_digit());
    let number: usize = number.parse().unwrap();
    let message = warning["message"].as_str().unwrap();
    let told = "it set the environment variable CHANGED; later scenarios see that";
    let rest = message.strip_prefix(told).expect(message);
    let named = match rest.strip_prefix(" (or ") {
        None => 0,
        Some("the scenario before it did that)") => 1,
        Some(several) => {
            let count = several.strip_prefix("one of the ").expect(message);
            count.split(' ').next().unwrap().parse().unwrap()
        }
    };
    (number - GUILTY, named)
}

/// After quick scenarios there are fewer looks, and a look may come in a later feature.
#[test]
fn a_change_among_many_quick_features_is_found() {
    let (later, named) = lateness("a step that passes");
    assert!(later <= named, "{later} {named}");
}

/// The look is not left to a later feature: what the feature closes may change the state too.
#[test]
fn a_change_in_a_feature_with_a_fixture_is_found_at_once() {
    let lateness = lateness("a step with a fixture of its feature that sets a variable at its end");
    assert_eq!(lateness.0, 0, "{lateness:?}");
}

/// The line of the table for an `async` step that is left on a slow machine.
#[cfg(target_os = "linux")]
pub(super) fn slow_row() -> String {
    needs::taskset();
    let step =
        "guilty: an async step that makes the machine slow, makes the file \"slow\" and hangs";
    let (statuses, output, error) = with_longer_times(|_, time| {
        let project = with_faults("");
        let text = feature("A", &[step, "after: a step that passes"]);
        let text = text.replace(
            "  Scenario: guilty",
            &format!("  @hooked @timeout({time})\n  Scenario: guilty"),
        );
        project.file("root/features/a.feature", text);
        let outcome = run_beside(&project, &["-j", "1"]).exits(1);
        let results = results(&project, &outcome);
        // Otherwise the limit has come before the machine was slow.
        if !project.path("root/slow").exists() {
            return None;
        }
        assert_eq!(
            project.read("pids").lines().count(),
            1,
            "the worker was killed"
        );
        let fault = results.finals["guilty"]["fault"].clone();
        Some((
            results.statuses(),
            results.output("guilty").to_owned(),
            fault,
        ))
    });
    assert_eq!(statuses, "after passed, guilty failed");
    assert!(
        output.ends_with("after\n"),
        "its after hook did not run: {output}"
    );
    let fault = error
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .replace('_', " ");
    format!(
        "| an `async` step that waits, on a machine that is very slow | failed, {fault} | the scenario took longer than its limit; its after hooks run | continues | `@timeout` |"
    )
}
