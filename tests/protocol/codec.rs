//! The codec of the protocol against serde_json.

use bdd_protocol::{
    AttachmentBody, CodecError, Definition, DocStringArgument, Failure, FeatureInfo, FromWorker,
    Group, Hello, Hook, Match, OutlineInfo, ParameterType, RuleInfo, RunArgument, RunScenario,
    RunStep, ScenarioAdded, StepContent, StepStatus, ToWorker, Variable,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use super::schema::Schema;
use crate::support::HOOK_KINDS;

/// Texts with all that JSON treats specially.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,12}",
        "(\\\\|\"|\n|\r|\t|\u{0}|\u{1f}|\u{7f}|/|u|\u{e9}|\u{2028}|\u{1F680}|[a-z]){0,12}",
        any::<String>(),
    ]
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..3)
}

fn ids() -> impl Strategy<Value = Vec<u32>> {
    vec(any::<u32>(), 0..3)
}

/// A file, line and column; often unknown.
fn place() -> impl Strategy<Value = (String, u32, u32)> {
    (text(), prop_oneof![Just(0), any::<u32>()], 0..3_u32)
}

fn failure() -> impl Strategy<Value = Failure> {
    (text(), text(), text(), place()).prop_map(|(kind, message, trace, (file, line, column))| {
        Failure {
            kind,
            message,
            trace,
            file,
            line,
            column,
        }
    })
}

/// A text, none, or what a parameter type of the user converts.
fn argument() -> impl Strategy<Value = RunArgument> {
    let groups = vec(option::of(text()), 0..3);
    prop_oneof![
        option::of(text()).prop_map(RunArgument::text),
        (option::of(text()), text(), groups).prop_map(|(value, parameter_type, groups)| {
            RunArgument {
                value,
                parameter_type: Some(parameter_type),
                groups,
            }
        }),
    ]
}

prop_compose! {
    fn run_step()(
        definition in any::<u32>(),
        text in text(),
        keyword in text(),
        line in 1..99_u32,
        arguments in vec(argument(), 0..3),
        table in option::of(vec(vec(text(), 0..3), 0..3)),
        docstring in option::of((option::of(text()), text())),
    ) -> RunStep {
        let docstring = docstring.map(|(media_type, content)| DocStringArgument {
            media_type,
            content,
        });
        RunStep { definition, text, keyword, line, arguments, table, docstring }
    }
}

prop_compose! {
    fn rule()(
        name in text(),
        line in 1..99_u32,
        tags in texts(),
        before in ids(),
        after in ids(),
    ) -> RuleInfo {
        RuleInfo { name, line, tags, before, after }
    }
}

prop_compose! {
    fn run_scenario()(
        (scenario, attempt, retries) in (any::<u32>(), 0..3_u32, 0..3_u32),
        name in text(),
        line in 1..99_u32,
        tags in texts(),
        rule in option::of(rule()),
        continue_after_failure in any::<bool>(),
        (before, after, before_step, after_step) in (ids(), ids(), ids(), ids()),
        steps in vec(run_step(), 0..3),
        added in option::of(any::<u32>()),
    ) -> RunScenario {
        RunScenario {
            scenario,
            attempt,
            name,
            line,
            tags,
            rule,
            retries,
            continue_after_failure,
            before,
            after,
            before_step,
            after_step,
            steps,
            added,
        }
    }
}

prop_compose! {
    fn feature()(
        uri in text(),
        name in text(),
        tags in texts(),
        line in 0..99_u32,
        before in ids(),
        after in ids(),
        split in any::<bool>(),
    ) -> FeatureInfo {
        FeatureInfo { uri, name, tags, line, before, after, split }
    }
}

fn words(words: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let word = prop::sample::select(words).prop_map(str::to_owned);
    vec(word, 0..3)
}

prop_compose! {
    fn question()(
        id in any::<u32>(),
        texts in vec(text(), 0..4),
        keywords in words(&["given", "when", "then", "step"]),
        uris in texts(),
        below in words(&["none", "table", "docstring", "both"]),
    ) -> ToWorker {
        ToWorker::Match { id, texts, keywords, uris, below }
    }
}

fn to_worker() -> impl Strategy<Value = ToWorker> {
    prop_oneof![
        question(),
        (feature(), vec(run_scenario(), 0..3))
            .prop_map(|(feature, scenarios)| ToWorker::Run { feature, scenarios }),
        ids().prop_map(|hooks| ToWorker::Begin { hooks }),
        (vec(run_step(), 0..3), option::of(text()))
            .prop_map(|(steps, error)| ToWorker::Steps { steps, error }),
        Just(ToWorker::Cancel),
        (any::<u64>(), text(), text(), any::<bool>()).prop_map(
            |(call, kind, message, cancelled)| ToWorker::BreakOff {
                call: call.max(1),
                kind,
                message,
                cancelled,
            }
        ),
        text().prop_map(|uri| ToWorker::FeatureDone { uri }),
        ids().prop_map(|hooks| ToWorker::Finish { hooks }),
    ]
}

fn group() -> impl Strategy<Value = Group> {
    let leaf =
        (option::of(text()), any::<u32>(), any::<u32>()).prop_map(|(value, start, end)| Group {
            value,
            start,
            end,
            children: Vec::new(),
        });
    leaf.prop_recursive(3, 8, 3, |inner| {
        (option::of(text()), 0..9_u32, 0..9_u32, vec(inner, 0..3)).prop_map(
            |(value, start, end, children)| Group {
                value,
                start,
                end,
                children,
            },
        )
    })
}

prop_compose! {
    fn definition()(
        id in any::<u32>(),
        keyword in prop::sample::select(&["given", "when", "then", "step"][..]),
        (kind, pattern) in (text(), text()),
        (file, line, column) in place(),
        (function, doc) in (text(), text()),
        whole_feature in any::<bool>(),
    ) -> Definition {
        let keyword = keyword.to_owned();
        Definition {
            id,
            keyword,
            kind,
            pattern,
            file,
            line,
            column,
            function,
            doc,
            whole_feature,
        }
    }
}

prop_compose! {
    fn hook()(
        id in any::<u32>(),
        kind in prop::sample::select(&HOOK_KINDS[..]),
        (name, tags) in (text(), text()),
        order in prop_oneof![Just(0), any::<i32>(), Just(i32::MIN), Just(i32::MAX)],
        (file, line, column) in place(),
        function in text(),
        whole_feature in any::<bool>(),
    ) -> Hook {
        let kind = kind.to_owned();
        Hook { id, kind, name, tags, order, file, line, column, function, whole_feature }
    }
}

prop_compose! {
    fn parameter_type()(
        name in text(),
        regexps in vec(text(), 1..3),
        use_for_snippets in any::<bool>(),
        prefer_for_regexp in any::<bool>(),
        type_name in text(),
        (file, line, column) in place(),
    ) -> ParameterType {
        ParameterType {
            name,
            regexps,
            use_for_snippets,
            prefer_for_regexp,
            type_name,
            file,
            line,
            column,
        }
    }
}

prop_compose! {
    fn hello()(
        protocol in 1..9_u32,
        language in text(),
        hash in text(),
        definitions in vec(definition(), 0..3),
        hooks in vec(hook(), 0..3),
        parameter_types in vec(parameter_type(), 0..3),
        (says_closed, breaks_off, adopts_orphans) in any::<(bool, bool, bool)>(),
        match_by in words(&["keyword", "uri", "below"]),
    ) -> Hello {
        Hello {
            protocol,
            language,
            hash,
            definitions,
            hooks,
            parameter_types,
            says_closed,
            breaks_off,
            adopts_orphans,
            match_by,
        }
    }
}

fn status() -> impl Strategy<Value = StepStatus> {
    prop_oneof![
        Just(StepStatus::Passed),
        Just(StepStatus::Failed),
        Just(StepStatus::Pending),
        Just(StepStatus::Skipped)
    ]
}

fn body() -> impl Strategy<Value = AttachmentBody> {
    prop_oneof![
        text().prop_map(AttachmentBody::Text),
        "([A-Za-z0-9+/]{4}){0,4}".prop_map(AttachmentBody::Base64),
        text().prop_map(AttachmentBody::File),
    ]
}

fn found() -> impl Strategy<Value = Match> {
    (any::<u32>(), vec(group(), 0..3)).prop_map(|(definition, arguments)| Match {
        definition,
        arguments,
    })
}

prop_compose! {
    fn content()(
        keyword in text(),
        text in text(),
        table in option::of(vec(vec(text(), 0..3), 0..3)),
        docstring in option::of((option::of(text()), text())),
        matched in option::of(found()),
        (file, line, column) in place(),
    ) -> StepContent {
        let docstring = docstring.map(|(media_type, content)| DocStringArgument {
            media_type,
            content,
        });
        StepContent { keyword, text, table, docstring, matched, file, line, column }
    }
}

/// A step that ran otherwise than planned; usually none.
fn actual() -> impl Strategy<Value = Option<Box<StepContent>>> {
    option::weighted(0.2, content().prop_map(Box::new))
}

prop_compose! {
    fn added()(
        (key, feature, rule, name) in (any::<u32>(), text(), 0..9_u32, text()),
        outline in option::of((text(), 1..99_u32, text(), texts())),
        row in texts(),
        line in 0..99_u32,
        tags in texts(),
        steps in vec(content(), 0..3),
    ) -> FromWorker {
        let outline = outline.map(|(name, line, examples, header)| OutlineInfo {
            name,
            line,
            examples,
            header,
        });
        FromWorker::ScenarioAdded(Box::new(ScenarioAdded {
 key, feature, rule, outline, row, name, line, tags, steps }))
    }
}

/// What departs from the plan.
fn departure() -> impl Strategy<Value = FromWorker> {
    let two = || (any::<u32>(), any::<u32>());
    prop_oneof![
        (
            any::<u32>(),
            text(),
            prop::sample::select(&["", "rule", "feature"][..])
        )
            .prop_map(|(scenario, reason, scope)| FromWorker::ScenarioSkipped {
                scenario,
                hook: None,
                scope: scope.to_owned(),
                reason,
            }),
        hook().prop_map(|hook| FromWorker::HookAdded {
            hook: Box::new(hook)
        }),
        (two(), text()).prop_map(|((scenario, step), reason)| FromWorker::StepLeftOut {
            scenario,
            step,
            reason,
        }),
        (two(), option::of(any::<u32>()), 0..4_u32, content()).prop_map(
            |((scenario, extra), parent, depth, step)| FromWorker::ExtraStepStarted {
                scenario,
                extra,
                parent,
                depth,
                step: Box::new(step),
            }
        ),
        (two(), status(), any::<u64>(), option::of(failure())).prop_map(
            |((scenario, extra), status, nanos, error)| FromWorker::ExtraStepFinished {
                scenario,
                extra,
                status,
                nanos,
                error: error.map(Box::new),
            }
        ),
        added(),
        text().prop_map(|reason| FromWorker::Abort { reason }),
    ]
}

/// The answers and what is said of the worker itself.
fn answer() -> impl Strategy<Value = FromWorker> {
    let variable = (text(), text()).prop_map(|(name, value)| Variable { name, value });
    prop_oneof![
        hello().prop_map(|hello| FromWorker::Hello(Box::new(hello))),
        (any::<u32>(), vec(vec(found(), 0..3), 0..3))
            .prop_map(|(id, matches)| FromWorker::Matched { id, matches }),
        vec(variable, 0..3).prop_map(|environment| FromWorker::Begun { environment }),
        (text(), vec(failure(), 0..3))
            .prop_map(|(scope, errors)| FromWorker::ClosingFailed { scope, errors }),
        Just(FromWorker::Closed {}),
        vec(any::<u32>(), 0..4).prop_map(|scenarios| FromWorker::Cancelled { scenarios }),
        (1..u64::MAX, any::<bool>()).prop_map(|(call, can)| FromWorker::BreakingOff { call, can }),
        text().prop_map(|reason| FromWorker::Retiring { reason }),
        (text(), text()).prop_map(|(message, detail)| FromWorker::Error { message, detail }),
    ]
}

/// What is said of scenarios, steps and hooks.
fn progress() -> impl Strategy<Value = FromWorker> {
    let two = || (any::<u32>(), any::<u32>());
    let times = || (any::<u64>(), any::<u64>());
    prop_oneof![
        (any::<u32>(), any::<u64>())
            .prop_map(|(hook, output)| FromWorker::HookStarted { hook, output }),
        (any::<u32>(), status(), times(), option::of(failure())).prop_map(
            |(hook, status, (nanos, output), error)| FromWorker::HookFinished {
                hook,
                status,
                nanos,
                output,
                error: error.map(Box::new),
            }
        ),
        two().prop_map(|(scenario, hook)| FromWorker::ScenarioSkipped {
            scenario,
            hook: Some(hook),
            scope: String::new(),
            reason: String::new(),
        }),
        (text(), option::of(text()), body()).prop_map(|(media_type, file_name, body)| {
            FromWorker::Attachment {
                media_type,
                file_name,
                body,
            }
        }),
        text().prop_map(|text| FromWorker::RunSteps { text }),
        (two(), times()).prop_map(|((scenario, attempt), (at, output))| {
            FromWorker::ScenarioStarted {
                scenario,
                attempt,
                at,
                output,
            }
        }),
        (two(), actual()).prop_map(|((scenario, step), actual)| FromWorker::StepStarted {
            scenario,
            step,
            actual,
        }),
        (
            two(),
            status(),
            any::<u64>(),
            option::of(failure()),
            (actual(), any::<bool>())
        )
            .prop_map(
                |((scenario, step), status, nanos, error, (actual, handled))| {
                    FromWorker::StepFinished {
                        scenario,
                        step,
                        status,
                        nanos,
                        error: error.map(Box::new),
                        actual,
                        handled,
                    }
                }
            ),
        (
            two(),
            times(),
            vec(failure(), 0..3),
            (texts(), texts()),
            any::<(bool, bool)>()
        )
            .prop_map(
                |(
                    (scenario, attempt),
                    (nanos, output),
                    errors,
                    (remarks, run_errors),
                    (will_be_retried, own_retry),
                )| {
                    FromWorker::ScenarioFinished {
                        scenario,
                        attempt,
                        nanos,
                        output,
                        errors,
                        remarks,
                        run_errors,
                        will_be_retried,
                        own_retry,
                    }
                }
            ),
    ]
}

fn from_worker() -> impl Strategy<Value = FromWorker> {
    // Boxed, since values of all messages side by side are too large for the stack of a test.
    prop_oneof![answer().boxed(), progress().boxed(), departure().boxed()]
}

/// The same JSON with every character that is not ASCII as an escape.
fn ascii(json: &str) -> String {
    let mut escaped = String::new();
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04X}"));
            }
        }
    }
    escaped
}

/// Adds a member that nobody knows to every object.
fn with_unknown_members(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(with_unknown_members);
            members.insert(
                "\u{1}unknown".to_owned(),
                serde_json::json!([{"type": 1}, -0.5e-7, true, null, "\\\""]),
            );
        }
        Value::Array(elements) => elements.iter_mut().for_each(with_unknown_members),
        _ => {}
    }
}

/// What must hold for every message of a direction.
macro_rules! check_message {
    ($type:ident, $schema:literal, $message:expr) => {
        let line = $message.to_line();
        prop_assert_eq!(line.iter().filter(|&&byte| byte == b'\n').count(), 1);
        prop_assert_eq!($type::parse(&line), Ok($message.clone()));

        let mut value: Value = serde_json::from_slice(&line).unwrap();
        prop_assert_eq!(Schema::read().problem($schema, &value), None);
        // serde_json sorts the members by name: `type` is no longer the first.
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!($type::parse(pretty.as_bytes()), Ok($message.clone()));
        prop_assert_eq!(
            $type::parse(ascii(&pretty).as_bytes()),
            Ok($message.clone())
        );
        with_unknown_members(&mut value);
        prop_assert_eq!(
            $type::parse(value.to_string().as_bytes()),
            Ok($message.clone())
        );
    };
}

/// A line with something in place of some characters.
fn damaged(line: &[u8], at: prop::sample::Index, remove: usize, insert: &str) -> String {
    let mut line = String::from_utf8(line.to_vec()).unwrap();
    let places: Vec<usize> = line.char_indices().map(|(place, _)| place).collect();
    let start = *at.get(&places);
    let end = places
        .iter()
        .copied()
        .find(|&place| place >= start + remove)
        .unwrap_or(line.len());
    line.replace_range(start..end, insert);
    line
}

/// A message is read exactly when serde_json reads it and the schema allows it.
fn judged_alike(schema: &str, line: &str, error: Option<CodecError>) -> Result<(), TestCaseError> {
    match (&error, serde_json::from_str::<Value>(line)) {
        (None, Err(error)) => prop_assert!(false, "{line}: {error}"),
        // Members that may be absent may be null for this codec, but not in the schema.
        (Some(error), Ok(value)) if !error.problem.contains("too large") => {
            prop_assert!(
                Schema::read().problem(schema, &value).is_some(),
                "{line}: {error}"
            );
        }
        _ => {}
    }
    Ok(())
}

proptest! {
    #[test]
    fn messages_to_workers_are_read_as_they_were_written(message in to_worker()) {
        check_message!(ToWorker, "to_worker", message);
    }

    #[test]
    fn scenarios_are_written_as_their_message(feature in feature(), scenarios in vec(run_scenario(), 0..3)) {
        let mut line = bdd_protocol::RunLine::new(&feature, scenarios.len());
        for scenario in &scenarios {
            line.add(scenario);
        }
        let line = line.into_bytes();
        prop_assert_eq!(line, ToWorker::Run { feature, scenarios }.to_line());
    }

    #[test]
    fn texts_that_stay_in_their_line_are_the_same(
        message in to_worker(),
        at in any::<prop::sample::Index>(),
        remove in 0..3_usize,
        insert in "[]\\[{}:,\"\\\\0-9.eEnu a-]{0,2}",
    ) {
        let whole = String::from_utf8(message.to_line()).unwrap();
        let damaged = damaged(whole.as_bytes(), at, remove, &insert);
        for line in [whole, damaged] {
            let copied = ToWorker::parse(line.as_bytes());
            let kept = ToWorker::parse_line(&line.into());
            // They have no type in common, but the same form.
            prop_assert_eq!(format!("{kept:?}"), format!("{copied:?}"));
        }
    }

    #[test]
    fn messages_from_workers_are_read_as_they_were_written(message in from_worker()) {
        check_message!(FromWorker, "from_worker", message);
    }

    #[test]
    fn damaged_messages_to_workers_are_judged_as_by_serde_json(
        message in to_worker(),
        at in any::<prop::sample::Index>(),
        remove in 0..3_usize,
        insert in "[]\\[{}:,\"\\\\0-9.eEnu a-]{0,2}",
    ) {
        let line = damaged(&message.to_line(), at, remove, &insert);
        judged_alike("to_worker", &line, ToWorker::parse(line.as_bytes()).err())?;
    }

    #[test]
    fn damaged_messages_from_workers_are_judged_as_by_serde_json(
        message in from_worker(),
        at in any::<prop::sample::Index>(),
        remove in 0..3_usize,
        insert in "[]\\[{}:,\"\\\\0-9.eEnu a-]{0,2}",
    ) {
        let line = damaged(&message.to_line(), at, remove, &insert);
        judged_alike("from_worker", &line, FromWorker::parse(line.as_bytes()).err())?;
    }

    #[test]
    fn nothing_makes_the_reader_panic(bytes in vec(any::<u8>(), 0..64), text in "[\\[\\]{}:,\"\\\\a-f0-9u.eE\u{e9} -]{0,64}") {
        let _ = ToWorker::parse(&bytes);
        let _ = FromWorker::parse(text.as_bytes());
    }
}

#[test]
fn errors_say_what_and_where() {
    let deep = format!("{{\"type\":\"cancel\",\"x\":{}", "[".repeat(100_000));
    for (line, problem) in [
        ("", "expected an object at byte 0"),
        ("[]", "expected an object at byte 0"),
        ("{}", "`type` is missing at byte 2"),
        ("{\"type\":7}", "expected a string at byte 8"),
        ("{\"type\":\"fly\"}", "unknown message `fly` at byte 0"),
        (
            "{\"type\":\"cancel\"} x",
            "expected the end of the line at byte 18",
        ),
        ("{\"type\":\"cancel\",}", "expected a string at byte 17"),
        (
            "{\"type\":\"cancel\" \"a\":1}",
            "expected `,` or `}` at byte 17",
        ),
        ("{\"type\":\"feature_done\"}", "`uri` is missing at byte 23"),
        (
            "{\"type\":\"feature_done\",\"uri\":\"\\ud800x\"}",
            "half of a surrogate pair at byte 36",
        ),
        (
            "{\"type\":\"feature_done\",\"uri\":\"\\x\"}",
            "unknown escape at byte 31",
        ),
        (
            "{\"type\":\"feature_done\",\"uri\":\"a",
            "the string has no end at byte 30",
        ),
        (
            "{\"type\":\"match\",\"id\":-1,\"texts\":[]}",
            "expected an integer from 0 at byte 21",
        ),
        (
            "{\"type\":\"match\",\"id\":4294967296,\"texts\":[]}",
            "the number is too large at byte 31",
        ),
        (
            "{\"type\":\"match\",\"id\":99999999999999999999,\"texts\":[]}",
            "the number is too large at byte 40",
        ),
        (
            "{\"type\":\"match\",\"id\":007,\"texts\":[]}",
            "a number does not begin with 0 at byte 24",
        ),
        (&deep, "nested too deeply at byte 148"),
    ] {
        let error = ToWorker::parse(line.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), problem, "{line:.60}");
    }
    assert_eq!(
        ToWorker::parse(b"{\"\xff\"}").unwrap_err().to_string(),
        "not UTF-8 at byte 2"
    );
}

#[test]
fn an_order_is_a_whole_number_within_its_limits() {
    let hello = |order: &str| {
        let hook = format!("{{\"id\":0,\"kind\":\"before_all\",\"order\":{order}}}");
        let line = format!(
            "{{\"type\":\"hello\",\"protocol\":1,\"language\":\"\",\"hash\":\"\",\"definitions\":[],\"hooks\":[{hook}]}}"
        );
        match FromWorker::parse(line.as_bytes()) {
            Ok(FromWorker::Hello(hello)) => Ok(hello.hooks[0].order),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.problem),
        }
    };
    assert_eq!(hello("-2147483648"), Ok(i32::MIN));
    assert_eq!(hello("2147483647"), Ok(i32::MAX));
    assert_eq!(hello(" -7 "), Ok(-7));
    for (order, problem) in [
        ("2147483648", "the number is too large"),
        ("-2147483649", "the number is too large"),
        ("- 5", "expected a digit after `-`"),
        ("--5", "expected a digit after `-`"),
        ("-", "expected a digit after `-`"),
        ("1.5", "expected an integer from 0"),
    ] {
        assert_eq!(hello(order), Err(problem.to_owned()), "{order}");
    }
}

/// Searching for the closing quote again after each escape would take minutes here.
#[test]
fn a_string_of_escapes_is_read_in_linear_time() {
    let uri = "\\\"\u{e9}".repeat(200_000);
    let message = ToWorker::FeatureDone { uri };
    assert_eq!(ToWorker::parse(&message.to_line()), Ok(message));
}
