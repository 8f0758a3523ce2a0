//! What switches change in the reports for people, and what they show once.

use std::fs;

use bdd::event::{Event, Fault, Status, StepError, StepResult};
use bdd::report::{ConsoleOptions, Reports, TerminalSize};

use super::extras;
use super::stream::*;
use super::streams;
use crate::support::waiting::until;

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
fn the_reason_of_a_step_hook_that_skips_is_shown_once() {
    let mut feature = feature("features/a.feature", "A");
    feature.scenarios = vec![
        scenario("before", 3, &["Given x"]),
        scenario("after", 6, &["Given x"]),
    ];
    let mut stream = Stream::new().start(vec![feature]).event(extras::defined());
    // Those before and after a step.
    for (number, kind) in [(4, "before_step"), (5, "after_step")] {
        let reason = format!("the {kind} hook skips");
        let of_step = format!("{kind} hook `hook` (src/hooks.rs:{number}0:1): {reason}");
        let step = StepResult {
            error: Some(error("", &of_step)),
            ..skipped(0)
        };
        let skips = hook(number, Status::Skipped, 2, Some(error("", &reason)));
        let parts = vec![Part::Step(step, vec![Inner::Hook(skips)])];
        stream = stream.attempt_of(number - 4, 0, parts, End::default());
    }
    let events = stream.finish();
    for format in ["pretty", "html"] {
        let text = report(&events, format, |_| ());
        for kind in ["before_step", "after_step"] {
            let reason = format!("the {kind} hook skips");
            assert_eq!(text.matches(&reason).count(), 1, "{format}: {text}");
        }
    }
}

#[test]
fn rules_are_as_wide_as_the_terminal() {
    let width = |columns: Option<u16>| {
        let text = report(&run("failing"), "progress", |context| {
            context.terminal = columns.and_then(terminal)
        });
        let rule = text.lines().find(|line| line.starts_with("==")).unwrap();
        rule.len()
    };
    assert_eq!(
        (width(None), width(Some(60)), width(Some(100))),
        (70, 60, 100)
    );
}

#[test]
fn no_line_is_broken_inside_a_path_with_spaces() {
    let path = "features/math v1.0/a folder/long division.feature";
    let source_of = |line| source("steps of math/src/division of numbers.rs", line);
    let mut division = feature(path, "Division");
    division.scenarios = (1..=3)
        .map(|line| scenario(&format!("Divide {line}"), 10 * line, &["Given I press on"]))
        .collect();
    let broken = || StepError {
        location: Some(source_of(7)),
        ..error("Error", "it is off, and nobody knows why")
    };
    let mut stream = Stream::new().start(vec![division]);
    for number in 0..3 {
        let result = failed(0, 2_000_000, broken());
        stream = stream.attempt(number, 0, vec![result], End::default());
    }
    let events = stream
        .event(Event::Warning {
            message: "the tag `@Serial` has no effect; did you mean `@serial`?".into(),
            place: Some(source(path, 3)),
            rule: Some("near-tag".into()),
        })
        .finish();
    for format in ["pretty", "progress"] {
        let text = report(&events, format, |context| {
            context.terminal = terminal(60);
            context.console.durations = 3;
        });
        for part in ["features/math", "steps of"] {
            for line in text.lines().filter(|line| line.contains(part)) {
                let whole = [path, "steps of math/src/division of numbers.rs"];
                assert!(
                    whole.iter().any(|path| line.contains(path)),
                    "{line}\n{text}"
                );
            }
        }
        assert!(!text.contains('\u{1}'), "{text}");
        assert!(text.matches(path).count() >= 5, "{text}");
    }
}

/// Features of so many scenarios, run by four workers that take the next one in the order of the plan.
fn parallel(features: u32, scenarios: u32, outcome: impl Fn(u32) -> StepResult) -> Vec<Event> {
    let planned = (0..features).map(|number| {
        let mut feature = feature(&format!("features/{number}.feature"), &format!("F{number}"));
        for line in 1..=scenarios {
            let name = format!("f{number}s{line}");
            feature
                .scenarios
                .push(scenario(&name, 10 * line, &["Given x"]));
        }
        feature
    });
    let mut stream = Stream::new().start(planned.collect());
    // Of each worker, what it does in turn. The second and third take longer, so they end what began before others.
    let alone = (0..features * scenarios).map(|index| {
        let mut of_one = Stream::new().run(index, vec![outcome(index)]).events;
        if let Event::ScenarioStarted { worker, at, .. } = &mut of_one[0] {
            *worker = Some(index % 4);
            at.0 += u64::from(index) * 1000;
        }
        of_one
    });
    let mut all: Vec<Vec<Event>> = alone.collect();
    all.reverse();
    let mut running: Vec<Vec<Event>> = Vec::new();
    let mut turn = 0;
    while !all.is_empty() || !running.is_empty() {
        while let Some(next) = all.pop_if(|_| running.len() < 4) {
            let mut next = next.into_iter();
            stream.events.extend(next.next());
            running.push(next.collect());
        }
        // The one that began last ends next, except each third time.
        turn += 1;
        let ends = if turn % 3 == 0 { 0 } else { running.len() - 1 };
        stream.events.extend(running.remove(ends));
    }
    stream.finish()
}

/// The numbers of headings of features and of scenarios.
fn headings(text: &str) -> (usize, usize) {
    let begin = |word: &str| text.lines().filter(|line| line.starts_with(word)).count();
    (begin("Feature: "), begin("  Scenario: "))
}

#[test]
fn scenarios_of_a_feature_are_under_one_heading_with_parallel_workers() {
    let events = parallel(5, 7, |_| passed(0, 1));
    let text = report(&events, "pretty", |_| ());
    assert_eq!(headings(&text), (5, 35), "{text}");
    // Without waiting, there are more. This shows that the order of the events is one that needs it.
    let mut in_order_of_events = 0;
    let mut last = None;
    for event in &events {
        if let Event::ScenarioFinished { scenario, .. } = event {
            in_order_of_events += usize::from(last.replace(scenario / 7) != Some(scenario / 7));
        }
    }
    assert!(in_order_of_events > 8, "{in_order_of_events}");
}

#[test]
fn what_is_held_back_is_shown_when_the_run_is_stopped() {
    let mut shop = feature("features/shop.feature", "Shop");
    shop.scenarios = vec![
        scenario("a", 3, &["Given x"]),
        scenario("b", 6, &["Given x"]),
    ];
    let mut bank = feature("features/bank.feature", "Bank");
    bank.scenarios = vec![
        scenario("c", 3, &["Given x"]),
        scenario("d", 6, &["Given x"]),
    ];
    let stopped = End {
        fault: Some(Fault::Cancelled),
        ..End::default()
    };
    let all = Stream::new()
        .start(vec![shop, bank])
        .run(0, vec![passed(0, 1)])
        .attempt(1, 0, vec![skipped(0)], stopped)
        .run(2, vec![failed(0, 1, error("E", "gone"))])
        .event(Event::ScenarioNotRun {
            scenario: 3,
            reason: "the run was interrupted".into(),
        })
        .finish();
    // `b` has begun and goes on while `c` ends, so `c` waits.
    let started = |number: u32| {
        let is_it = move |event: &Event| matches!(event, Event::ScenarioStarted { scenario, .. } if *scenario == number);
        all.iter().position(is_it).unwrap()
    };
    let (b, c, end) = (started(1), started(2), all.len() - 1);
    let not_run = end - 1;
    let mut order = all[..=b].to_vec();
    order.extend_from_slice(&all[c..not_run]);
    let stdout = Shared::default();
    let context = report_context(stdout.clone(), std::path::Path::new("."));
    let mut reports = Reports::open(&["pretty".parse().unwrap()], context).unwrap();
    order.iter().for_each(|event| reports.event(event));
    // Another thread writes it, in this order.
    until("the first scenario is shown", || {
        stdout.text().contains("Scenario: a")
    });
    assert!(!stdout.text().contains("Scenario: c"), "{}", stdout.text());
    reports.event(&all[not_run]);
    until("what waits is shown", || stdout.text().contains("E: gone"));
    all[b + 1..c].iter().for_each(|event| reports.event(event));
    reports.event(&all[end]);
    assert!(reports.finish(&mut || None).errors.is_empty());
    assert!(stdout.text().contains("Scenario: b"), "{}", stdout.text());
}

#[test]
fn failures_that_have_scrolled_away_are_repeated() {
    // Scenario 2 fails, and so do two of the last.
    let outcome = |index| match index {
        2 | 28 | 29 => failed(0, 1, error("E", &format!("gone {index}"))),
        _ => passed(0, 1),
    };
    let events = parallel(1, 30, outcome);
    for terminal in [terminal(80), None] {
        let text = report(&events, "pretty", |context| context.terminal = terminal);
        let times = |number: u32| text.matches(&format!("E: gone {number}\n")).count();
        assert_eq!((times(2), times(28), times(29)), (2, 1, 1), "{text}");
        let (_, again) = text.split_once("\nFailures:\n\n").unwrap();
        assert!(again.contains("FAIL: F0: f0s3\n"), "{text}");
    }
    let high = TerminalSize {
        columns: 80,
        lines: 500,
    };
    let text = report(&events, "pretty", |context| context.terminal = Some(high));
    assert!(!text.contains("Failures:\n"), "{text}");
    // Equal ones are shown once.
    let events = parallel(1, 40, |index| match index {
        0..10 => failed(0, 1, error("E", "gone")),
        _ => passed(0, 1),
    });
    let text = report(&events, "pretty", |_| ());
    assert_eq!(text.matches("E: gone\n").count(), 11, "{text}");
    assert!(
        text.contains("The same failure in 9 other scenarios:\n"),
        "{text}"
    );
}

/// Lines are broken between words only, so no path is; and where they need not be wider, they are not.
#[test]
fn at_60_columns_words_stay_whole() {
    // What a step printed, tables, docstrings and code stand as they are.
    let literal = [
        "arguments",
        "control-bytes",
        "undefined",
        "undefined-not-strict",
        "parse-error",
        "run-error",
    ];
    for (run, events) in streams::all() {
        for format in ["pretty", "progress"] {
            let usual = report(&events, format, |context| {
                context.terminal = terminal(2_000)
            });
            let narrow = report(&events, format, |context| context.terminal = terminal(60));
            let words = |text: &str| {
                let is_rule = |word: &&str| {
                    word.chars().all(|sign| sign == '=') || word.chars().all(|sign| sign == '-')
                };
                let words = text.split_whitespace().filter(|word| !is_rule(word));
                words.map(str::to_owned).collect::<Vec<_>>()
            };
            // The failures that have scrolled away are others.
            let first = |text: &str| text.split("\nFailures:\n").next().unwrap().to_owned();
            let (usual, shown) = (first(&usual), first(&narrow));
            let common = words(&shown).len().min(words(&usual).len());
            if shown.len() == narrow.len() {
                assert_eq!(words(&usual), words(&shown), "{run}.{format}");
            } else {
                assert_eq!(
                    words(&usual)[..common],
                    words(&shown)[..common],
                    "{run}.{format}"
                );
            }
            if literal.contains(&run) {
                continue;
            }
            for line in shown.lines() {
                let width = console::measure_text_width(line);
                let is_one_word = line.trim_start_matches(['#', ' ']).split(' ').count() == 1;
                assert!(
                    width <= 60 || is_one_word,
                    "{run}.{format}: {width}: {line}"
                );
            }
        }
    }
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
