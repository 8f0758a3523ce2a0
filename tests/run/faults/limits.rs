//! Limits of the system, and inputs that a library could not take.

use super::*;

/// A run whose events are larger than files may be. Returns the outcome and its results.
fn beyond_the_file_size() -> (Outcome, String) {
    // Events need about 1 kB for a scenario, and the other reports less.
    let project = with_faults("grep SigIgn /proc/$$/status > ../ignored 2>&1");
    let scenarios: Vec<_> = (0..200)
        .map(|number| format!("s{number}: a step that passes"))
        .collect();
    let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    project.file("root/features/a.feature", feature("A", &scenarios));
    let bdd = run_with_reports(
        &project,
        &[
            "messages:../lost.ndjson",
            "junit:../junit.xml",
            "rerun:../rerun.txt",
        ],
    );
    let bdd = bdd.with(&["-j", "1", "--no-history"]).within("root");
    // The unit is 512 bytes, in some shells 1024.
    let outcome = bdd.after_shell("ulimit -f 200").exits(6);
    assert_eq!(cases(&project.read("junit.xml")).len(), 200);
    assert!(
        project
            .read("rerun.txt")
            .ends_with("nothing was left out\n")
    );
    let left = fs::read_dir(project.path("")).unwrap();
    let left = left.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().contains("lost.ndjson")
    });
    assert_eq!(left.count(), 0, "part of the report is left");
    nothing_left(&project);
    let ignored = project.read("ignored");
    (outcome, ignored)
}

#[cfg(target_os = "linux")]
#[test]
fn programs_that_a_run_starts_have_the_usual_signals() {
    const SIGXFSZ: u32 = 25;
    let (_, ignored) = beyond_the_file_size();
    let set = ignored.strip_prefix("SigIgn:").unwrap().trim();
    let set = u64::from_str_radix(set, 16).unwrap();
    assert_eq!(set & (1 << (SIGXFSZ - 1)), 0, "{ignored}");
}

/// The line of the table for a limit of file sizes.
pub(super) fn file_size_row() -> String {
    let (outcome, _) = beyond_the_file_size();
    let told = outcome.stderr.trim().strip_prefix("error: ").unwrap();
    let (before, after) = told.split_once(" to ").unwrap();
    let (_, reason) = after.rsplit_once(": ").unwrap();
    format!(
        "| a report larger than files may be (`ulimit -f`) | passed; exit code {} | {before} to FILE: {reason} | continues |  |",
        outcome.code.unwrap()
    )
}

/// The line of the table for inputs that some library panics at.
pub(super) fn input_row() -> String {
    let project = with_fake(
        "fake.DEFINITIONS.append({'id': 10, 'keyword': 'step', 'kind': 'cucumber_expression', 'pattern': 'a {twice}'})
serve(hello=lambda hello=fake.hello: hello(parameter_types=[
    {'name': 'twice', 'regexps': ['x', 'y', 'x'], 'file': 'steps.py', 'line': 1}]))",
    );
    project.file("features/a.feature", feature("A", &["guilty: a x; a y"]));
    let outcome = run(&project, &["-j", "1"]).exits(0);
    let results = results(&project, &outcome);
    let glob = format!("{}a{}", "{".repeat(260), "}".repeat(260));
    let refused = project.bdd(["run", "--exclude", &glob]).exits(2);
    let reason = "braces are nested more than 100 deep";
    refused.stderr_has(reason);
    format!(
        "| two equal regular expressions of a parameter type; a glob with 260 nested braces | {}; exit code 2 | {reason} | continues |  |",
        results.status("guilty")
    )
}
