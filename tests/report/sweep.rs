//! Every byte in the output of a scenario, and every control and non-character in every text, in JUnit as an XML parser
//! reads it: each scenario is there once, with its result.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bdd::event::*;
use bdd::plan::{PlannedFeature, StepArgument};
use serde_json::Value;

use super::stream::*;
use crate::support::step_program::{naming, step_program};
use crate::support::{Project, needs};

/// A test case as the parser reads it.
struct ReadCase {
    class: String,
    name: String,
    status: String,
    output: String,
    text: String,
}

/// Reads JUnit files with a parser that is not ours.
fn read(paths: &[PathBuf]) -> Vec<ReadCase> {
    needs::python3();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/read_junit.py");
    let output = Command::new("python3")
        .arg(script)
        .args(paths)
        .output()
        .unwrap();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{problem}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let case = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        ReadCase {
            class: text("class"),
            name: text("name"),
            status: text("status"),
            output: text("output"),
            text: text("text"),
        }
    };
    lines.lines().map(case).collect()
}

fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// All controls, all that Unicode calls no characters, and what changes the direction or the lines of a text.
fn odd_characters() -> Vec<char> {
    let ranges = [
        0..=0x1f,
        0x7f..=0x9f,
        0xad..=0xad,
        0x61c..=0x61c,
        0x200b..=0x200f,
        0x2028..=0x202e,
        0x2060..=0x206f,
        0xe000..=0xe000,
        0xfdd0..=0xfdef,
        0xfeff..=0xfeff,
        0xfff9..=0xfffd,
    ];
    let planes = (0..=16).flat_map(|plane: u32| [plane << 16 | 0xfffe, plane << 16 | 0xffff]);
    let all = ranges.into_iter().flatten().chain(planes);
    all.filter_map(char::from_u32).collect()
}

/// The texts of the sweep: each odd character between two letters, and what means something to XML.
fn odd_texts() -> Vec<String> {
    let characters = odd_characters().into_iter();
    let mut texts: Vec<String> = characters.map(|c| format!("<{c}>")).collect();
    for text in [
        "]]>",
        "<![CDATA[ ]]> ]]",
        "]]&gt;",
        "&#0;&#xFFFE;&nope;",
        "<!-- -- -->",
        "<?xml version='1.0'?>",
        "\"'\"'",
        "\u{fffe}t\u{fffe}0;",
        "[[ATTACHMENT|/etc/passwd]]",
        "",
        " ",
    ] {
        texts.push(text.to_owned());
    }
    texts
}

/// What stands in the events where the odd text is to be.
fn token(feature: usize) -> String {
    format!("ODD{feature:04}TEXT")
}

/// A feature that has the token wherever a text may be.
fn odd_feature(number: usize) -> PlannedFeature {
    let odd = token(number);
    let mut planned = feature(&format!("features/{number}{odd}.feature"), &odd);
    planned.description = odd.as_str().into();
    planned.tags = vec![format!("@{odd}").into()];
    planned.rules = vec![rule(&odd, 2)];
    let step = format!("Given {odd}");
    planned.scenarios = (0..5)
        .map(|line| {
            let mut one = row(
                &format!("{odd} {line}"),
                &odd,
                line + 3,
                &[(odd.as_str(), odd.as_str())],
                &[&step, &step],
            );
            one.id = format!("{number}:{line}").into();
            one.description = odd.as_str().into();
            one.tags = planned.tags.clone().into();
            one.rule = Some(0);
            one.steps[0].arguments = vec![
                StepArgument::Table([[&odd, &odd]].iter().collect()),
                StepArgument::DocString {
                    media_type: Some(odd.as_str().into()),
                    content: odd.as_str().into(),
                },
            ];
            one
        })
        .collect();
    planned
}

/// The scenarios of an odd feature: passed, failed, skipped, flaky, crashed.
const RESULTS: [&str; 5] = ["passed", "failed", "skipped", "passed", "failed"];

fn runs(mut stream: Stream, number: usize) -> Stream {
    let odd = token(number);
    let leaked: &'static str = Box::leak(odd.clone().into_boxed_str());
    let first = 5 * u32::try_from(number).unwrap();
    let broken = || StepError {
        trace: odd.clone(),
        location: Some(source(&odd, 3)),
        ..error(&odd, &odd)
    };
    let attached = || {
        let bodies = [
            (leaked, AttachmentBody::Text(odd.clone())),
            (
                "text/x.cucumber.log+plain",
                AttachmentBody::Text(odd.clone()),
            ),
            ("text/uri-list", AttachmentBody::Text(odd.clone())),
        ];
        bodies.map(|(media_type, body)| Attached {
            media_type,
            file_name: Some(leaked),
            body,
        })
    };
    let step = |result| Part::Step(result, attached().map(Inner::Attached).into());
    let hook = |status, error| {
        let attached = attached().into();
        Part::Hook(HookRun {
            attached,
            ..hook(0, status, 1, error)
        })
    };
    let wrong = || vec![step(passed(0, 1)), step(failed(0, 1, broken()))];
    let right = || vec![step(passed(0, 1)), step(passed(0, 1))];
    let again = End {
        will_be_retried: true,
        ..printed(&odd)
    };
    let skip = StepResult {
        error: Some(broken()),
        ..skipped(0)
    };
    stream = stream
        .attempt_of(first, 0, right(), printed(&odd))
        .attempt_of(
            first + 1,
            0,
            [wrong(), vec![hook(Status::Failed, Some(broken()))]]
                .into_iter()
                .flatten()
                .collect(),
            printed(&odd),
        )
        .attempt_of(
            first + 2,
            0,
            vec![step(skip)],
            End {
                skipped_because: Some(odd.clone()),
                ..printed(&odd)
            },
        )
        .attempt_of(first + 3, 0, wrong(), again)
        .attempt_of(first + 3, 1, right(), printed(&odd));
    let crash = End {
        fault: Some(Fault::Crashed {
            exit_code: None,
            signal: Some(6),
        }),
        errors: vec![broken()],
        ..printed(&odd)
    };
    stream.attempt_of(first + 4, 0, wrong(), crash)
}

/// Puts the odd texts where their tokens are, in whatever text of the events.
fn with_texts(events: Vec<Event>, texts: &[String]) -> Vec<Event> {
    let replace = |text: &str| {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("ODD") {
            let number: usize = rest[at + 3..at + 7].parse().unwrap();
            out.push_str(&rest[..at]);
            out.push_str(&texts[number]);
            rest = &rest[at + token(number).len()..];
        }
        out + rest
    };
    fn walk(value: &mut Value, replace: &dyn Fn(&str) -> String) {
        match value {
            Value::String(text) => *text = replace(text),
            Value::Array(all) => all.iter_mut().for_each(|one| walk(one, replace)),
            Value::Object(all) => all.values_mut().for_each(|one| walk(one, replace)),
            _ => {}
        }
    }
    let changed = events.into_iter().map(|event| {
        let mut value = serde_json::to_value(event).unwrap();
        walk(&mut value, &replace);
        serde_json::from_value(value).unwrap()
    });
    changed.collect()
}

#[test]
fn odd_texts_anywhere_leave_each_scenario_with_its_result() {
    let texts = odd_texts();
    let planned = (0..texts.len()).map(odd_feature).collect();
    let mut stream = Stream::new().start(planned);
    let hooks = [Hook {
        kind: HookKind::AfterScenario,
        name: Some(token(0)),
        tags: None,
        location: source(&token(0), 3),
        function: token(0),
    }];
    stream = stream.event(Event::Hooks {
        hooks: hooks.into(),
    });
    for number in 0..texts.len() {
        stream = runs(stream, number);
        let odd = token(number);
        stream = stream
            .event(Event::Warning {
                message: odd.clone(),
                place: Some(source(&odd, 1)),
                rule: None,
            })
            .event(Event::ParseError {
                uri: format!("bad/{number}{odd}").into(),
                location: None,
                message: odd.clone(),
                diagnostic: odd.clone(),
                follows: false,
            })
            .event(Event::RunError {
                kind: RunErrorKind::Hook,
                message: format!("the before_all hook `{odd}`: {odd}"),
                detail: odd,
            });
    }
    let events = with_texts(stream.finish(), &texts);
    let expected = RESULTS.repeat(texts.len());
    let errors = 2 * texts.len();

    let here = tempfile::tempdir().unwrap();
    let formats = [
        "junit:all.xml",
        "junit,plain=true:plain.xml",
        "junit,naming=file:file.xml",
        "junit:folder/",
    ];
    let finished = feed(
        &events,
        &formats,
        report_context(std::io::sink(), here.path()),
    );
    assert!(finished.errors.is_empty(), "{:?}", finished.errors);
    for name in ["all.xml", "plain.xml", "file.xml", "folder"] {
        let path = here.path().join(name);
        let files = if path.is_dir() {
            xml_files(&path)
        } else {
            vec![path]
        };
        let cases = read(&files);
        assert_eq!(cases.len(), expected.len() + errors, "{name}");
        let names: HashSet<_> = cases.iter().map(|case| (&case.class, &case.name)).collect();
        assert_eq!(
            names.len(),
            cases.len(),
            "{name}: a name that is there twice"
        );
        if files.len() == 1 {
            let found: Vec<&str> = cases.iter().map(|case| case.status.as_str()).collect();
            assert_eq!(found[..expected.len()], expected, "{name}");
        }
        let failed = cases.iter().filter(|case| case.status == "failed").count();
        assert_eq!(failed, 2 * texts.len() + errors, "{name}");
    }
    // An attached file has a path that a CI server can follow.
    let xml = fs::read_to_string(here.path().join("all.xml")).unwrap();
    let lines = xml
        .lines()
        .filter_map(|line| line.strip_prefix("[[ATTACHMENT|all.xml."));
    let paths: Vec<&str> = lines.map(|line| line.strip_suffix("]]").unwrap()).collect();
    assert!(paths.len() > 5 * texts.len());
    for path in paths {
        assert!(
            here.path().join(format!("all.xml.{path}")).is_file(),
            "{path}"
        );
    }
}

#[test]
fn every_byte_of_the_output_can_be_read() {
    let mut one = feature("features/bytes.feature", "Bytes");
    one.scenarios = (0..=256)
        .map(|line| scenario(&format!("Byte {line}"), line + 2, &["Given I press on"]))
        .collect();
    let mut stream = Stream::new().start(vec![one]);
    for number in 0..=256u32 {
        let bytes = match u8::try_from(number) {
            Ok(byte) => vec![b'[', byte, b']'],
            Err(_) => [&b"["[..], &(0..=255).collect::<Vec<u8>>(), b"]"].concat(),
        };
        let end = End {
            output: CapturedOutput::from_bytes(bytes),
            ..End::default()
        };
        let result = match number % 2 {
            0 => passed(0, 1),
            _ => failed(0, 1, error("Error", "odd")),
        };
        stream = stream.attempt(number, 0, vec![result], end);
    }
    let here = tempfile::tempdir().unwrap();
    let context = report_context(std::io::sink(), here.path());
    let finished = feed(&stream.finish(), &["junit:r.xml"], context);
    assert!(finished.errors.is_empty());
    let cases = read(&[here.path().join("r.xml")]);
    assert_eq!(cases.len(), 257);
    for (number, case) in cases.iter().enumerate() {
        assert_eq!(case.name, format!("Byte {number}"));
        let expected = if number % 2 == 0 { "passed" } else { "failed" };
        assert_eq!(case.status, expected, "{number}");
        let output = case.output.split("captured output:\n").nth(1).unwrap();
        assert!(
            output.starts_with('[') && output.trim_end().ends_with(']'),
            "{number}"
        );
        assert!(output.len() > 2, "{number}: the byte is gone");
    }
}

/// The same through files, the parser, a step program and its messages.
#[test]
fn odd_characters_in_feature_files_leave_each_scenario_with_its_result() {
    let project = Project::new();
    let steps = naming(&step_program());
    project.file("bdd.toml", steps);
    // In a file, a line, a cell or an argument ends there.
    let mut texts: Vec<String> = odd_texts();
    texts.retain(|text| !text.contains(['\n', '\r', '"', '|']) && !text.trim().is_empty());
    let mut lines = String::from("Feature: All ]]>\n");
    for (number, text) in texts.iter().enumerate() {
        // Space ends a tag, and Java has a few more kinds of it.
        let tag = text.contains(|c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c));
        if !tag {
            lines += &format!("  @t{text}\n");
        }
        lines += &format!(
            "  Scenario: Passes {number} {text}.\n    Given a step that prints \"{text}\"\n    \
             And a step that takes a table\n      | .{text}. |\n    And a step that takes a docstring\n      \
             ```\n      .{text}.\n      ```\n\
             \x20 Scenario: Fails {number} {text}.\n    Given a step that fails with \"{text}\"\n\
             \x20 Scenario Outline: Skips {number} <c>.\n    Given a step that is skipped because of \"{text}\"\n    \
             Examples:\n      | c        |\n      | .{text}. |\n"
        );
    }
    project.file("features/odd.feature", lines);
    project
        .bdd(["run", "-f", "junit:r.xml", "-f", "progress:p"])
        .exits(1);
    let cases = read(&[project.path("r.xml")]);
    let found: Vec<(&str, &str)> = cases
        .iter()
        .map(|case| (case.name.split(' ').next().unwrap(), case.status.as_str()))
        .collect();
    let each = [
        ("Passes", "passed"),
        ("Fails", "failed"),
        ("Skips", "skipped"),
    ];
    assert_eq!(found, each.repeat(texts.len()));
    let names: HashSet<_> = cases.iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), cases.len());
    assert!(cases.iter().all(|case| !case.text.is_empty()));
}
