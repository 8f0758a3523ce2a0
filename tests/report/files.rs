//! Files, directories, pipes and devices, and what happens when they refuse.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bdd::event::{AttachmentBody, AttachmentSource, Event, HookPlace, Timestamp};
use bdd::report::{Format, Reports};

use super::laws::cases;
use super::stream::*;
use super::streams;

fn events() -> Vec<bdd::event::Event> {
    streams::all()
        .into_iter()
        .find(|(run, _)| *run == "failing")
        .unwrap()
        .1
}

fn open_errors(formats: &[&str], directory: &Path) -> Vec<String> {
    let formats: Vec<Format> = formats
        .iter()
        .map(|format| format.parse().unwrap())
        .collect();
    match Reports::open(&formats, report_context(Shared::default(), directory)) {
        Ok(_) => vec![],
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn files_appear_whole_at_the_end() {
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("new/folder/report.xml");
    let formats = ["junit:new/folder/report.xml".parse().unwrap()];
    let mut reports =
        Reports::open(&formats, report_context(Shared::default(), here.path())).unwrap();
    fs::write(&path, "of an earlier run").unwrap();
    for event in &events() {
        reports.event(event);
        assert_eq!(fs::read_to_string(&path).unwrap(), "of an earlier run");
    }
    assert!(reports.finish(&mut || None).errors.is_empty());
    assert_eq!(cases(&fs::read_to_string(&path).unwrap()).len(), 3);
    assert_eq!(
        fs::read_dir(path.parent().unwrap()).unwrap().count(),
        1,
        "a temporary file was left"
    );
}

#[test]
fn an_abandoned_run_leaves_no_file() {
    let here = tempfile::tempdir().unwrap();
    let formats = ["events:e.jsonl".parse().unwrap()];
    let mut reports =
        Reports::open(&formats, report_context(Shared::default(), here.path())).unwrap();
    reports.event(&events()[0]);
    drop(reports);
    assert_eq!(fs::read_dir(here.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn new_files_can_be_read_by_others_and_links_stay_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let here = tempfile::tempdir().unwrap();
    let mode = |name: &str| {
        fs::metadata(here.path().join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    fs::write(here.path().join("usual"), "").unwrap();
    fs::write(here.path().join("private.xml"), "").unwrap();
    fs::set_permissions(
        here.path().join("private.xml"),
        fs::Permissions::from_mode(0o600),
    )
    .unwrap();
    symlink("private.xml", here.path().join("link.xml")).unwrap();
    feed(
        &events(),
        &["junit:link.xml", "events:e.jsonl"],
        report_context(Shared::default(), here.path()),
    );
    assert_eq!(
        (mode("e.jsonl"), mode("private.xml")),
        (mode("usual"), 0o600)
    );
    assert!(
        fs::symlink_metadata(here.path().join("link.xml"))
            .unwrap()
            .is_symlink()
    );
    assert!(fs::metadata(here.path().join("private.xml")).unwrap().len() > 100);
}

#[test]
fn what_cannot_be_written_is_known_before_the_run() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("file"), "").unwrap();
    fs::create_dir(here.path().join("folder")).unwrap();
    let errors = open_errors(
        &[
            "junit:file/r.xml",
            "events:folder",
            "junit:file/reports/",
            "events:new/",
            "pretty",
        ],
        here.path(),
    );
    assert_eq!(
        errors,
        [
            "cannot write the junit report to file/r.xml: not a directory",
            "cannot write the events report to folder: it is a directory",
            "cannot write the junit report to file/reports/: not a directory",
            "cannot write the events report to new/: it names a directory",
        ]
    );
}

#[test]
fn two_reports_do_not_share_a_target() {
    let here = tempfile::tempdir().unwrap();
    assert_eq!(
        open_errors(
            &[
                "pretty",
                "progress",
                "events:a",
                "junit:b.xml",
                "progress:a",
                "junit:folder",
                "html:folder",
            ],
            here.path()
        ),
        [
            "`-f pretty` and `-f progress` both write to standard output; give one of them a file: `-f progress:FILE`",
            "`-f events:a` and `-f progress:a` write to the same place",
            "`-f junit:folder` and `-f html:folder` write to the same place",
        ]
    );
    assert_eq!(
        fs::read_dir(here.path()).unwrap().count(),
        0,
        "nothing is left of reports that could be opened"
    );
}

#[test]
fn a_console_report_is_added() {
    let here = tempfile::tempdir().unwrap();
    let shown = |terminal| {
        let stdout = Shared::default();
        let mut context = report_context(stdout.clone(), here.path());
        context.terminal = terminal;
        feed(&events(), &["events:e.jsonl"], context);
        stdout.text()
    };
    assert!(shown(None).starts_with(".FF\n"));
    assert!(shown(terminal(80)).starts_with("Feature: Division"));
}

#[test]
fn progress_is_as_wide_as_the_terminal() {
    let mut wide = feature("a.feature", "A");
    wide.scenarios = (0..25).map(|line| scenario("S", line, &[])).collect();
    let stream = (0..25).fold(Stream::new().start(vec![wide]), |stream, index| {
        stream.run(index, vec![])
    });
    let text = report(&stream.finish(), "progress", |context| {
        context.terminal = terminal(10)
    });
    assert!(
        text.starts_with("..........\n..........\n.....\n\n1 feature passed"),
        "{text}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_one_report_and_no_other() {
    let here = tempfile::tempdir().unwrap();
    let stdout = Shared::default();
    let finished = feed(
        &events(),
        &["events:/dev/full", "junit:r.xml"],
        report_context(stdout.clone(), here.path()),
    );
    let errors: Vec<String> = finished.errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        ["cannot write the events report to /dev/full: no space left on device"]
    );
    assert!(
        stdout.text().contains("2 scenarios")
            || stdout.text().contains("1 scenario passed, 2 failed")
    );
    assert_eq!(
        cases(&fs::read_to_string(here.path().join("r.xml")).unwrap()).len(),
        3
    );
}

/// A pipe with a name is written in place and stays a pipe.
#[cfg(unix)]
#[test]
fn pipes_get_whole_lines_while_the_run_lasts() {
    use std::io::{BufRead, BufReader};
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("pipe");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    let reader = std::thread::spawn({
        let path = path.clone();
        move || {
            let lines = BufReader::new(fs::File::open(path).unwrap()).lines();
            lines.take(12).map(Result::unwrap).collect::<Vec<String>>()
        }
    });
    let formats = ["events:pipe".parse().unwrap()];
    let mut reports =
        Reports::open(&formats, report_context(Shared::default(), here.path())).unwrap();
    let events = events();
    events[..13].iter().for_each(|event| reports.event(event));
    let expected = report(&events, "events", |_| ());
    // The first scenario is over: the reader has its lines before the run goes on.
    assert_eq!(
        reader.join().unwrap(),
        expected.lines().take(12).collect::<Vec<_>>()
    );
    // The reader has gone now.
    events[13..].iter().for_each(|event| reports.event(event));
    assert!(reports.finish(&mut || None).errors.is_empty());
    assert!(!fs::metadata(&path).unwrap().is_file());
}

/// A standard output whose reader has gone, or that fails otherwise.
struct Refusing(io::ErrorKind);

impl Write for Refusing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let here = tempfile::tempdir().unwrap();
    for format in ["pretty", "progress", "junit", "events"] {
        let finished = feed(
            &events(),
            &[format],
            report_context(Refusing(io::ErrorKind::BrokenPipe), here.path()),
        );
        assert!(
            finished.errors.is_empty(),
            "{format}: {:?}",
            finished.errors
        );
        let finished = feed(
            &events(),
            &[format],
            report_context(Refusing(io::ErrorKind::StorageFull), here.path()),
        );
        assert_eq!(finished.errors.len(), 1, "{format}");
        assert_eq!(finished.summary.scenarios.failed, 2);
    }
}

#[test]
fn junit_directories_hold_one_run() {
    let here = tempfile::tempdir().unwrap();
    let reports = here.path().join("reports");
    let names = || {
        let mut names: Vec<String> = fs::read_dir(&reports)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let run = |name: &str| {
        let events = streams::all()
            .into_iter()
            .find(|(run, _)| *run == name)
            .unwrap()
            .1;
        let finished = feed(
            &events,
            &["junit:reports"],
            report_context(Shared::default(), here.path()),
        );
        assert!(finished.errors.is_empty(), "{:?}", finished.errors);
    };
    run("interleaved");
    assert_eq!(names(), ["TEST-features.one.xml", "TEST-features.two.xml"]);
    for other in ["TEST-junit.xml", "notes.txt", "TEST-features.good.xml"] {
        fs::write(
            reports.join(other),
            "<?xml version=\"1.0\"?>\n<testsuites/>\n",
        )
        .unwrap();
    }
    run("parse-error");
    let expected = [
        "TEST-features.bad.broken.xml",
        "TEST-features.good-2.xml",
        "TEST-features.good.xml",
        "TEST-features.secret.xml",
        "TEST-junit.xml",
        "notes.txt",
    ];
    assert_eq!(names(), expected);
    run("parse-error");
    assert_eq!(names(), expected);
    let all: usize = expected
        .iter()
        .filter(|name| name.ends_with(".xml"))
        .map(|name| cases(&fs::read_to_string(reports.join(name)).unwrap()).len())
        .sum();
    assert_eq!(all, 4);
}

#[test]
fn faulty_event_files_name_the_line() {
    let error = |text: &str| {
        let mut events = bdd::report::events::read(text.as_bytes());
        let error = events.find_map(Result::err).map(|error| error.to_string());
        assert!(events.next().is_none());
        error.unwrap_or_default()
    };
    let start = report(&events()[..1], "events", |_| ());
    assert_eq!(error(""), "line 1: the file is empty");
    assert_eq!(
        error("{}\n"),
        "line 1: a file of events begins with `run_started` and its format version"
    );
    assert_eq!(
        error("{\"type\":\"run_started\",\"format\":9,\"new\":1}"),
        "line 1: the format version is 9, and this bdd reads 1"
    );
    let message = error(&format!("{start}\n{{\"type\":\"dance\"}}\n"));
    assert!(
        message.starts_with("line 3: ")
            && message.contains("not an event: unknown variant `dance`"),
        "{message}"
    );
    // serde_json knows no place in an event whose members have wrong values.
    let wrong = "{\"type\":\"scenario_not_run\",\"scenario\":-1,\"reason\":\"\"}";
    let message = error(&format!("{start}{wrong}\n"));
    assert!(
        message.starts_with("line 2: not an event: invalid value: integer `-1`"),
        "{message}"
    );
    let message = error(&format!("{start}{{\"type\":\"run_fin"));
    assert!(
        message.starts_with("line 2: column 16: not an event: EOF while parsing a string"),
        "{message}"
    );
}

#[test]
fn attached_files_are_in_the_events_whole() {
    let directory = tempfile::tempdir().unwrap();
    for length in [0, 1, 2, 3, 49_151, 49_152, 49_153, 200_000] {
        let path = directory.path().join("body\":{\"base64");
        let bytes: Vec<u8> = (0..length).map(|n: u32| (n * 7 % 251) as u8).collect();
        fs::write(&path, &bytes).unwrap();
        let attached = |body, file_name: &str| Event::Attachment {
            source: AttachmentSource::Hook {
                hook: 0,
                place: HookPlace::Run,
            },
            media_type: "image/png".into(),
            file_name: Some(file_name.into()),
            body,
            at: Timestamp(1),
        };
        // A name that looks like the place of the body.
        let name = "\"body\":{\"base64\":\"\"}";
        let stream = |body| {
            Stream::new()
                .start(vec![])
                .event(attached(body, name))
                .finish()
        };
        let of_file = report(&stream(AttachmentBody::File(path)), "events", |_| ());
        let code = AttachmentBody::Base64(STANDARD.encode(&bytes));
        assert!(
            of_file == report(&stream(code), "events", |_| ()),
            "{length}"
        );
    }
}

#[test]
fn an_attachment_that_is_gone_costs_only_the_reports_that_hold_it() {
    let gone = Event::Attachment {
        source: AttachmentSource::Hook {
            hook: 0,
            place: HookPlace::Run,
        },
        media_type: "image/png".into(),
        file_name: None,
        body: AttachmentBody::File("/no/such/file".into()),
        at: Timestamp(1),
    };
    let events = Stream::new().start(vec![]).event(gone).finish();
    let directory = tempfile::tempdir().unwrap();
    let formats = ["junit:a.xml", "events:b.jsonl", "progress"];
    let finished = feed(
        &events,
        &formats,
        report_context(Shared::default(), directory.path()),
    );
    let errors: Vec<String> = finished.errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "cannot write the events report to b.jsonl: an attachment cannot be read: /no/such/file: no such file or directory"
        ]
    );
    assert!(directory.path().join("a.xml").exists());
}

/// What a run printed does not fit into the memory that a report takes, and nothing of it is lost.
#[test]
fn junit_has_all_output_of_a_large_run() {
    const SCENARIOS: u32 = 40;
    let here = tempfile::tempdir().unwrap();
    let mut one = feature("features/large.feature", "Large");
    one.scenarios = (0..SCENARIOS)
        .map(|number| {
            scenario(
                &format!("Scenario {number}"),
                number + 3,
                &["Given I press on"],
            )
        })
        .collect();
    let mut stream = Stream::new().start(vec![one]);
    for number in (0..SCENARIOS).rev() {
        let output = format!("begin {number}\n{}\nend {number}\n", "x".repeat(1 << 20));
        let result = match number % 3 {
            0 => failed(0, 1, error("Error", &format!("wrong {number}"))),
            _ => passed(0, 1),
        };
        stream = stream.attempt(number, 0, vec![result], printed(&output));
    }
    let context = report_context(io::sink(), here.path());
    let finished = feed(&stream.finish(), &["junit:one.xml", "junit:many/"], context);
    assert!(finished.errors.is_empty());
    for file in ["one.xml", "many/TEST-features.large.xml"] {
        let cases = cases(&fs::read_to_string(here.path().join(file)).unwrap());
        assert_eq!(cases.len(), SCENARIOS as usize);
        for (number, case) in cases.iter().enumerate() {
            assert_eq!(case.name, format!("Scenario {number}"));
            assert!(case.system_out.contains(&format!("begin {number}\n")));
            assert!(case.system_out.contains(&format!("end {number}\n")));
            let wrong = case
                .message
                .as_deref()
                .is_some_and(|message| message.contains(&format!("wrong {number}")));
            assert_eq!(wrong, number % 3 == 0);
        }
    }
}
