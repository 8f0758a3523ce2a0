//! Messages, names and texts of steps that are very long: reports say how much of them is left out.

use super::*;

const LENGTH: usize = 5_000_000;

/// Each report in files is far smaller than the text.
fn are_small(project: &Project, outcome: &Outcome, names: &[&str]) {
    for name in names {
        let length = project.read(name).len();
        assert!(length < LENGTH / 10, "{name} has {length} bytes");
    }
    assert!(
        outcome.stdout.len() < LENGTH / 10,
        "{}",
        outcome.stdout.len()
    );
}

fn says_so(text: &str) -> bool {
    text.contains("[bdd: ") && text.contains(" bytes are left out here]")
}

#[test]
fn a_long_message_is_cut_in_all_reports() {
    let project = with_fake(&format!(
        "
def step_(scenario, position):
    at = dict(scenario=scenario['scenario'], step=position)
    send(type='step_started', **at)
    error = {{'kind': 'Error', 'message': 'begins ' + 'x' * {LENGTH} + ' ends', 'trace': 'y\\n' * {LENGTH}}}
    send(type='step_finished', nanos=1000, status='failed', error=error, **at)
    return False
serve(step=step_)"
    ));
    project.file(
        "features/a.feature",
        feature("A", &["a: it works", "b: it works"]),
    );
    let reports = [
        "events:events.jsonl",
        "junit:junit.xml",
        "messages:m.ndjson",
    ];
    let outcome = run_with_reports(&project, &reports)
        .with(&["-j", "1"])
        .exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed, b failed");
    let errors = results.errors("a");
    let [error] = &errors[..] else {
        panic!("{}", errors.len());
    };
    assert!(error.starts_with("step 0: begins x") && error.ends_with("x ends"));
    assert!(error.contains(&format!(
        "[bdd: {} bytes are left out here]",
        LENGTH + 12 - 65536
    )));
    assert!(says_so(&outcome.stdout));
    let mut most = 0;
    for name in ["events.jsonl", "junit.xml", "m.ndjson"] {
        let text = project.read(name);
        assert!(says_so(&text), "{name}");
        most = most.max(text.len());
    }
    // Two messages and traces, and each of them escaped.
    assert!(most < 2_000_000, "{most}");
}

/// Of what the step library makes of a panic, too.
#[test]
fn a_long_message_does_not_leave_the_step_program() {
    let project = with_steps();
    let text = "x".repeat(LENGTH);
    project.file(
        "features/a.feature",
        feature("A", &[&format!("a: a step that fails with \"{text}\"")]),
    );
    let outcome = run(&project, &["-j", "1"]).exits(1);
    let results = results(&project, &outcome);
    assert!(says_so(&results.errors("a").concat()));
}

#[test]
fn long_names_and_steps_are_cut_where_people_read_them() {
    let project = with_fake("serve()");
    let long = "x".repeat(LENGTH);
    let scenarios = ["1", "2"].map(|end| format!("{long} {end} {long}: it fails {long}"));
    let text = feature(&long, &scenarios.each_ref().map(String::as_str));
    let doc_string = format!("    \"\"\"\n    {long}\n    \"\"\"\n    | {long} |\n");
    project.file(
        "features/a.feature",
        text + &doc_string.replace("    |", "    * it fails\n    |"),
    );
    for console in ["progress", "pretty"] {
        let formats = ["-f", console, "-f", "junit:junit.xml"];
        let outcome = project
            .bdd(["run", "-j", "1"].iter().chain(&formats))
            .exits(1);
        are_small(&project, &outcome, &["junit.xml"]);
        assert!(says_so(&outcome.stdout));
        // Names differ where the texts do.
        let cases = cases(&project.read("junit.xml"));
        let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), 2);
        assert!(
            names
                .iter()
                .all(|name| says_so(name) && !name.contains('#')),
            "{names:?}"
        );
    }
}

#[test]
fn what_a_program_printed_before_it_died_is_cut() {
    let project = with_fake(&format!("print('x' * {LENGTH}, flush=True)\nos._exit(3)"));
    project.file("features/a.feature", feature("A", &["a: it works"]));
    let outcome = run(&project, &["-j", "1"]).exits(5);
    assert!(
        outcome.stderr.len() < LENGTH / 10,
        "{}",
        outcome.stderr.len()
    );
    assert!(says_so(&outcome.stderr));
    are_small(&project, &outcome, &["junit.xml", "events.jsonl"]);
}
