//! Runs with hooks, attachments, retries, expected failures and parameter types.

use std::sync::Arc;

use bdd::event::*;

use super::stream::*;

pub fn all() -> Vec<(&'static str, Vec<Event>)> {
    vec![
        ("hooks", hooks()),
        ("hooks-outside", hooks_outside()),
        ("attachments", attachments()),
        ("attempts", attempts()),
        ("expected-failure", expected_failure()),
        ("parameter-types", parameter_types()),
    ]
}

const BEFORE_ALL: u32 = 0;
const BEFORE_FEATURE: u32 = 1;
const BEFORE: u32 = 2;
const NAMED: u32 = 3;
const BEFORE_STEP: u32 = 4;
const AFTER_STEP: u32 = 5;
const AFTER: u32 = 6;
const AFTER_ALL: u32 = 7;

/// The hooks of all runs here.
pub fn defined() -> Event {
    let hook = |kind, line, function: &str| Hook {
        kind,
        name: None,
        tags: None,
        location: SourceLocation {
            column: 1,
            ..source("features/steps/src/hooks.rs", line)
        },
        function: function.into(),
    };
    let named = Hook {
        name: Some("open the shop".into()),
        tags: Some("@shop".into()),
        ..hook(HookKind::BeforeScenario, 30, "open_shop")
    };
    let hooks = [
        hook(HookKind::BeforeAll, 3, "start_server"),
        hook(HookKind::BeforeFeature, 10, "make_tables"),
        hook(HookKind::BeforeScenario, 20, "seed"),
        named,
        hook(HookKind::BeforeStep, 40, "look"),
        hook(HookKind::AfterStep, 50, "screenshot"),
        hook(HookKind::AfterScenario, 60, "clean_up"),
        hook(HookKind::AfterAll, 70, "stop_server"),
    ];
    Event::Hooks {
        hooks: hooks.into(),
    }
}

fn good(number: u32) -> HookRun {
    hook(number, Status::Passed, 2, None)
}

fn bad(number: u32, message: &str) -> HookRun {
    let error = StepError {
        trace: "   0: hooks::open\n".into(),
        location: Some(source("features/steps/src/hooks.rs", 33)),
        ..error("Error", message)
    };
    hook(number, Status::Failed, 4, Some(error))
}

fn with(hook: HookRun, attached: &[Attached]) -> HookRun {
    HookRun {
        attached: attached.to_vec(),
        ..hook
    }
}

fn printing(mut hook: HookRun, text: &str) -> HookRun {
    hook.result.output = CapturedOutput::from_bytes(text.as_bytes().to_vec());
    hook
}

const STEPS: [&str; 2] = ["Given I have entered 1", "Then the result is 2"];

fn hooks() -> Vec<Event> {
    use Part::Hook as H;
    let mut shop = feature("features/shop.feature", "Shop");
    shop.scenarios = vec![
        scenario("All pass", 3, &STEPS),
        scenario("One before fails", 7, &STEPS),
        scenario("One after fails", 11, &STEPS),
        scenario("Those at a step fail", 15, &STEPS),
        scenario("One asks to skip", 19, &STEPS),
        scenario("One is pending", 23, &STEPS),
        scenario("One kills the step program", 27, &STEPS),
        scenario("A step and one after fail", 31, &STEPS),
        scenario("One that ends with the step program", 35, &STEPS),
    ];
    let both = || vec![passed(0, 0).into(), passed(2, 0).into()];
    let none = || vec![skipped(0).into(), skipped(2).into()];
    let around = |before: Vec<HookRun>, steps: Vec<Part>, after: Vec<HookRun>| -> Vec<Part> {
        let before = before.into_iter().map(H);
        before
            .chain(steps)
            .chain(after.into_iter().map(H))
            .collect()
    };
    let at_step = |hook: &str, said: &str| {
        error(
            "Error",
            &format!("the {hook} (features/steps/src/hooks.rs:40) failed: {said}"),
        )
    };
    let watched = vec![
        Part::Step(
            failed(0, 0, at_step("before_step hook `look`", "no screen")),
            vec![Inner::Hook(bad(BEFORE_STEP, "no screen"))],
        ),
        Part::Step(
            failed(2, 0, error("AssertionError", "1 is not 2")),
            vec![
                Inner::Hook(good(BEFORE_STEP)),
                Inner::Hook(bad(AFTER_STEP, "no disk")),
            ],
        ),
    ];
    let skip = hook(
        BEFORE,
        Status::Skipped,
        1,
        Some(error("Skipped", "only on Sundays")),
    );
    let pending = hook(
        BEFORE,
        Status::Pending,
        1,
        Some(error("Pending", "not written yet")),
    );
    let killed = HookRun {
        ends: false,
        ..good(BEFORE)
    };
    let died = End {
        fault: Some(Fault::Crashed {
            exit_code: None,
            signal: Some(9),
        }),
        ..printed("about to go\n")
    };
    let wrong = vec![
        passed(0, 0).into(),
        failed(2, 1, error("AssertionError", "1 is not 2")).into(),
    ];
    let said = error(
        "Crash",
        "the step program exited with code 3 while the hook ran",
    );
    let exits = hook(BEFORE, Status::Failed, 1, Some(said));
    let exited = End {
        fault: Some(Fault::Crashed {
            exit_code: Some(3),
            signal: None,
        }),
        ..End::default()
    };
    let torn = End {
        errors: vec![error(
            "Error",
            "the fixture `Till` could not be closed: it is open",
        )],
        ..End::default()
    };
    Stream::new()
        .start(vec![shop])
        .event(defined())
        .attempt_of(
            0,
            0,
            around(vec![good(BEFORE), good(NAMED)], both(), vec![good(AFTER)]),
            End::default(),
        )
        .attempt_of(
            1,
            0,
            around(
                vec![good(BEFORE), bad(NAMED, "no key\nlook under the mat")],
                none(),
                vec![good(AFTER)],
            ),
            printed("rattle\n"),
        )
        .attempt_of(
            2,
            0,
            around(vec![], both(), vec![bad(AFTER, "cannot lock")]),
            End::default(),
        )
        .attempt_of(3, 0, watched, End::default())
        .attempt_of(
            4,
            0,
            around(vec![skip, good(NAMED)], none(), vec![]),
            End::default(),
        )
        .attempt_of(5, 0, around(vec![pending], none(), vec![]), End::default())
        .attempt_of(6, 0, around(vec![killed], none(), vec![]), died)
        .attempt_of(
            7,
            0,
            around(
                vec![],
                wrong,
                vec![bad(AFTER, "cannot lock"), bad(99, "unknown")],
            ),
            torn,
        )
        .attempt_of(8, 0, around(vec![exits], none(), vec![]), exited)
        .finish()
}

fn hooks_outside() -> Vec<Event> {
    let mut shop = feature("features/shop.feature", "Shop");
    shop.scenarios = vec![scenario("Runs", 3, &STEPS)];
    let mut broken = feature("features/broken.feature", "Broken");
    broken.scenarios = vec![scenario("Does not run", 3, &STEPS)];
    let mut closed = feature("features/closed.feature", "Closed");
    closed.scenarios = vec![scenario("Is skipped", 3, &STEPS)];
    let at = |uri: &str| HookPlace::Feature {
        uri: uri.into(),
        worker: 0,
    };
    let failed = |message: &str, detail: &str| Event::RunError {
        kind: RunErrorKind::Hook,
        message: message.into(),
        detail: detail.into(),
    };
    let skip = hook(
        BEFORE_FEATURE,
        Status::Skipped,
        0,
        Some(error("Skipped", "closed on Mondays")),
    );
    let skipped_by_it = End {
        skipped_because: Some("closed on Mondays".into()),
        ..End::default()
    };
    let torn = printing(
        with(
            bad(BEFORE_FEATURE, "no tables"),
            &[log("asked the \x1b[1mdatabase")],
        ),
        "psql: no\n",
    );
    Stream::new()
        .start(vec![shop, broken, closed])
        .event(defined())
        .outside(with(good(BEFORE_ALL), &[log("server on port 8080\n")]), HookPlace::Worker(0))
        .outside(printing(good(BEFORE_ALL), "nobody asked\n"), HookPlace::Worker(1))
        .outside(good(BEFORE_FEATURE), at("features/shop.feature"))
        .run(0, vec![passed(0, 0), passed(2, 0)])
        .outside(torn, at("features/broken.feature"))
        .event(failed(
            "the before_feature hook `make_tables` (features/steps/src/hooks.rs:10) failed: Error: no tables",
            "at features/steps/src/hooks.rs:33\nit printed:\npsql: no",
        ))
        .event(Event::ScenarioNotRun {
            scenario: 1,
            reason: "the before_feature hook `make_tables` (features/steps/src/hooks.rs:10) failed".into(),
        })
        .outside(skip, at("features/closed.feature"))
        .attempt(2, 0, vec![skipped(0), skipped(2)], skipped_by_it)
        .outside(printing(bad(AFTER_ALL, "it hangs"), "kill: no such process\n"), HookPlace::Worker(0))
        .event(failed("the after_all hook `stop_server` failed: Error: it hangs", ""))
        // Nobody says this one.
        .outside(printing(bad(AFTER_ALL, "it hangs"), "kill: timeout\n"), HookPlace::Worker(1))
        .finish()
}

fn attachments() -> Vec<Event> {
    let mut gallery = feature("features/gallery.feature", "Gallery");
    gallery.scenarios = vec![scenario("Passes", 3, &STEPS), scenario("Fails", 7, &STEPS)];
    let attached = |media_type, file_name, body| Attached {
        media_type,
        file_name,
        body,
    };
    let text = |text: &str| AttachmentBody::Text(text.into());
    let png = AttachmentBody::Base64(format!("{}AA==", "AAAA".repeat(4200)));
    let pieces = [
        log("first line\n  second line\n"),
        attached(
            "text/uri-list",
            None,
            text("https://example.org/build?a=1&b=2"),
        ),
        attached(
            "text/uri-list",
            Some("the build"),
            text("https://example.org/\u{202e}evil"),
        ),
        attached("image/png", Some("screen shot.png"), png),
        attached("application/json", None, text("{\"a\": [1]}")),
        attached(
            "text/x.cucumber.log+plain",
            None,
            AttachmentBody::Base64("aGVsbG8gZnJvbSDDqQ==".into()),
        ),
    ];
    let step = |result| {
        Part::Step(
            result,
            pieces.iter().cloned().map(Inner::Attached).collect(),
        )
    };
    let in_hook = Inner::Hook(with(good(AFTER_STEP), &pieces[3..4]));
    Stream::new()
        .start(vec![gallery])
        .event(defined())
        .attempt_of(
            0,
            0,
            vec![step(passed(0, 0)), Part::Step(passed(2, 0), vec![in_hook])],
            End::default(),
        )
        .attempt_of(
            1,
            0,
            vec![
                Part::Hook(with(good(BEFORE), &[log("seeded")])),
                step(failed(0, 0, error("Error", "no"))),
                skipped(2).into(),
                Part::Hook(with(bad(AFTER, "not clean"), &pieces[3..4])),
            ],
            End::default(),
        )
        .finish()
}

fn attempts() -> Vec<Event> {
    let mut flaky = feature("features/flaky.feature", "Flaky");
    flaky.scenarios = vec![
        scenario("Passes the third time", 3, &STEPS),
        scenario("Never passes", 7, &STEPS),
        scenario("Passes at once", 11, &STEPS),
    ];
    let wrong = |message| {
        vec![
            Part::from(passed(0, 0)),
            Part::Step(
                failed(2, 4, error("AssertionError", message)),
                vec![Inner::Attached(log(message))],
            ),
        ]
    };
    let right = || vec![passed(0, 0), passed(2, 0)];
    let again = || End {
        will_be_retried: true,
        ..printed("printed\n")
    };
    let hooked = vec![
        Part::Hook(bad(BEFORE, "no key")),
        skipped(0).into(),
        skipped(2).into(),
    ];
    Stream::new()
        .retries(2)
        .start(vec![flaky])
        .event(defined())
        .attempt_of(0, 0, wrong("first"), again())
        .attempt_of(0, 1, hooked, again())
        .attempt(0, 2, right(), End::default())
        .run(2, right())
        .attempt_of(1, 0, wrong("first"), again())
        .attempt_of(1, 1, wrong("second"), again())
        .attempt_of(1, 2, wrong("third"), printed("printed\n"))
        .finish()
}

fn expected_failure() -> Vec<Event> {
    let mut known = feature("features/known.feature", "Known bugs");
    known.scenarios = vec![
        scenario("Fails as it should", 4, &STEPS),
        scenario("Passes all at once", 9, &STEPS),
        scenario("Passes with another tag", 14, &STEPS),
        scenario("Crashes as it should", 19, &STEPS),
        scenario("Is undefined", 24, &["Given I dance"]),
    ];
    for (scenario, tag) in known.scenarios.iter_mut().zip([
        "@expected_failure",
        "@expected_failure",
        "@bug",
        "@expected_failure",
        "@expected_failure",
    ]) {
        scenario.tags = [tag.into()].into();
    }
    let mut only = feature("features/only.feature", "Only known bugs");
    only.scenarios = vec![scenario("Fails in a hook", 4, &STEPS)];
    let expected = |end| End {
        expected_failure: true,
        ..end
    };
    let dies = End {
        fault: Some(Fault::Crashed {
            exit_code: Some(3),
            signal: None,
        }),
        ..End::default()
    };
    let right = || vec![passed(0, 0), passed(2, 0)];
    let wrong = || {
        vec![
            passed(0, 0),
            failed(2, 3, error("AssertionError", "1 is not 2")),
        ]
    };
    let died = vec![
        failed(
            0,
            0,
            error("Crashed", "the step program exited with code 3"),
        ),
        skipped(2),
    ];
    let unknown = vec![undefined(
        "#[given(\"I dance\")]\nfn i_dance() {\n    todo!()\n}",
    )];
    let hooked = vec![
        Part::Hook(bad(BEFORE, "no key")),
        skipped(0).into(),
        skipped(2).into(),
    ];
    Stream::new()
        .start(vec![known, only])
        .event(defined())
        .attempt(0, 0, wrong(), expected(printed("printed\n")))
        .attempt(1, 0, right(), expected(printed("printed\n")))
        .attempt(2, 0, right(), expected(End::default()))
        .attempt(3, 0, died, expected(dies))
        .attempt(4, 0, unknown, expected(End::default()))
        .attempt_of(5, 0, hooked, expected(End::default()))
        .finish()
}

fn group(value: &str, start: u32, children: Vec<ArgumentGroup>) -> ArgumentGroup {
    ArgumentGroup {
        value: Some(value.into()),
        start,
        end: start + value.encode_utf16().count() as u32,
        children,
        parameter_type: None,
    }
}

fn parameter_types() -> Vec<Event> {
    let mut flights = feature("features/flights.feature", "Flights");
    flights.scenarios = vec![scenario(
        "Groups in groups",
        3,
        &["Given 𝄞 LHR-CDG is late by 5 h", "Given I press (a)"],
    )];
    let late = group(
        "LHR-CDG",
        3,
        vec![
            group("LHR", 3, vec![]),
            group("CDG", 7, vec![group("C", 7, vec![])]),
        ],
    );
    let mut first = passed(0, 0);
    first.step_match = Some(Arc::new(StepMatch {
        definition: 0,
        arguments: vec![late, group("5 h", 22, vec![group("h", 24, vec![])])],
    }));
    let mut odd = passed(1, 0);
    odd.step_match = Some(Arc::new(StepMatch {
        definition: 1,
        arguments: vec![group(
            "(a)",
            8,
            vec![group("x", 0, vec![]), group("a", 9, vec![])],
        )],
    }));
    let missing = |name: &str, expression: &str, line| Event::UndefinedParameterType {
        name: name.into(),
        expression: expression.into(),
        location: source("features/steps/src/main.rs", line),
    };
    Stream::new()
        .start(vec![flights])
        .event(missing("airport", "{airport} is closed", 14))
        .event(missing("airport", "{airport} is closed\x1b", 19))
        .event(missing("airport", "{airport} is closed", 14))
        .run(0, vec![first, odd])
        .finish()
}
