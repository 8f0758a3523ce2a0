//! What switches change in the reports for people, and what they show once.

use std::fs;

use bdd::event::Event;
use bdd::report::ConsoleOptions;

use super::stream::*;
use super::streams;

fn run(name: &str) -> Vec<Event> {
    let mut all = streams::all().into_iter();
    all.find(|(run, _)| *run == name).unwrap().1
}

fn shown(events: &[Event], format: &str, change: impl FnOnce(&mut ConsoleOptions)) -> String {
    report(events, format, |context| change(&mut context.console))
}

/// Scenarios that fail in one step with these messages, one after the other.
fn failing(messages: &[&str]) -> Vec<Event> {
    let mut feature = feature("features/a.feature", "A");
    for (line, _) in (1..).zip(messages) {
        let name = format!("s{line}");
        feature
            .scenarios
            .push(scenario(&name, 10 * line, &["Given x"]));
    }
    let mut stream = Stream::new().start(vec![feature]);
    for (number, message) in (0..).zip(messages) {
        stream = stream.run(number, vec![failed(0, 5, error("E", message))]);
    }
    stream.finish()
}

#[test]
fn places_tables_times_and_skipped_steps_can_be_left_out() {
    let arguments = run("arguments");
    assert!(shown(&arguments, "pretty", |_| ()).contains("# features/"));
    let bare = shown(&arguments, "pretty", |options| options.no_source = true);
    assert!(!bare.contains("# features/"), "{bare}");
    let flat = shown(&arguments, "pretty", |options| options.no_multiline = true);
    assert!(
        !flat.contains("\"\"\"") && !flat.lines().any(|line| line.trim().starts_with('|')),
        "{flat}"
    );
    let timed = shown(&run("failing"), "pretty", |options| {
        options.show_timings = true
    });
    assert!(
        timed.contains("(0ms)") && timed.contains("failed, "),
        "{timed}"
    );
    let statuses = run("undefined");
    assert!(shown(&statuses, "pretty", |_| ()).contains("skipped"));
    let done = shown(&statuses, "pretty", |options| options.no_skipped = true);
    assert!(
        !done.contains("Scenario: Skipped") && !done.contains("(skipped)"),
        "{done}"
    );
}

#[test]
fn the_slowest_are_listed() {
    for format in ["pretty", "progress"] {
        let none = shown(&run("failing"), format, |_| ());
        assert!(!none.contains("Slowest"));
        let text = shown(&run("failing"), format, |options| options.durations = 1);
        let after = |heading: &str| text.split(heading).nth(1).unwrap().lines().nth(1).unwrap();
        let slowest = after("Slowest scenarios:");
        let expected = "ms  features/math v1.0/division.feature:10  Divide by zero";
        assert!(slowest.ends_with(expected), "{slowest}\n{text}");
        assert!(after("Slowest steps:").ends_with("press add"), "{text}");
        assert_eq!(text.matches("Slowest").count(), 2, "{text}");
    }
}

#[test]
fn failures_with_one_cause_are_shown_once_and_files_keep_each() {
    let same = failing(&["gone"; 6]);
    let text = report(&same, "progress", |_| ());
    assert_eq!(text.matches("E: gone").count(), 1, "{text}");
    assert!(
        text.contains("The same failure in 5 other scenarios:\n  features/a.feature:20  s2\n"),
        "{text}"
    );
    let here = tempfile::tempdir().unwrap();
    feed(
        &same,
        &["progress:all.txt"],
        report_context(Shared::default(), here.path()),
    );
    let file = fs::read_to_string(here.path().join("all.txt")).unwrap();
    assert_eq!(file.matches("E: gone").count(), 6);

    let few = failing(&["gone"; 4]);
    assert_eq!(
        report(&few, "progress", |_| ()).matches("E: gone").count(),
        4
    );
    let other = failing(&["a", "b", "c", "d", "e", "f"]);
    assert_eq!(
        report(&other, "progress", |_| ()).matches("FAIL: ").count(),
        6
    );
}

#[test]
fn rules_are_as_wide_as_the_terminal() {
    let width = |terminal: Option<u16>| {
        let text = report(&run("failing"), "progress", |context| {
            context.terminal = terminal
        });
        let rule = text.lines().find(|line| line.starts_with("==")).unwrap();
        rule.len()
    };
    assert_eq!(
        (width(None), width(Some(60)), width(Some(100))),
        (70, 60, 100)
    );
}

/// A report for programs does not depend on what people want to see.
#[test]
fn switches_change_no_other_report() {
    for (run, events) in streams::all() {
        for format in ["junit", "json", "tap", "github", "usage", "events", "rerun"] {
            let usual = report(&events, format, |_| ());
            let changed = report(&events, format, |context| {
                context.verbose = true;
                context.console = ConsoleOptions {
                    no_source: true,
                    no_multiline: true,
                    show_timings: true,
                    no_skipped: true,
                    durations: 3,
                };
            });
            assert_eq!(usual, changed, "{run}.{format}");
        }
    }
}
