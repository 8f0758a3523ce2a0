//! Reports in files that a thread writes while the run goes on.

use std::fs;
use std::path::Path;

use bdd::event::{AttachmentBody, AttachmentSource, Event, Timestamp};
use bdd::report::{Finished, Format, Reports};

use super::attached_files::files;
use super::messages::with_sources;
use super::stream::*;
use super::streams;

const FORMATS: [&str; 13] = [
    "events:e.jsonl",
    "github-summary:g.md",
    "github:g.txt",
    "html:h.html",
    "json:c.json",
    "junit:folder/",
    "junit:j.xml",
    "messages:m.ndjson",
    "pretty:pretty.txt",
    "rerun:rerun.txt",
    "summary:s.txt",
    "tap:t.tap",
    "usage:u.txt",
];

/// Makes reports of these events, which are given away one by one, and `clean` is called after each.
fn written_apart(
    formats: &[&str],
    events: Vec<Event>,
    here: &Path,
    mut clean: impl FnMut(),
) -> Finished {
    let formats: Vec<Format> = formats.iter().map(|one| one.parse().unwrap()).collect();
    let context = report_context(Shared::default(), here);
    let mut reports = Reports::open(&formats, context).unwrap();
    reports.write_files_apart();
    for event in events {
        reports.take(event);
        clean();
    }
    reports.finish(&mut || None)
}

#[test]
fn a_thread_writes_the_same_files() {
    let runs = ["arguments", "retried", "run-error", "stopped"];
    for (run, events) in streams::all() {
        if !runs.contains(&run) {
            continue;
        }
        let events = with_sources(&events);
        let (here, apart) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let expected = feed(
            &events,
            &FORMATS,
            report_context(Shared::default(), here.path()),
        );
        let finished = written_apart(&FORMATS, events, apart.path(), || ());
        assert!(finished.errors.is_empty(), "{:?}", finished.errors);
        assert_eq!(finished.summary, expected.summary);
        let (expected, found) = (files(here.path()), files(apart.path()));
        assert!(expected.len() >= FORMATS.len(), "{run}");
        for (expected, found) in expected.iter().zip(&found) {
            assert_eq!(expected.0, found.0, "{run}");
            assert!(
                expected.1 == found.1,
                "{run}: {} differs",
                expected.0.display()
            );
        }
        assert_eq!(expected.len(), found.len(), "{run}");
    }
}

/// An attempt that attaches this file.
fn attaching(file: &Path) -> Vec<Event> {
    let mut shop = feature("features/shop.feature", "Shop");
    shop.scenarios = vec![scenario("Pays", 3, &["Given I press on"])];
    let events = Stream::new()
        .start(vec![shop])
        .run(0, vec![passed(0, 1)])
        .finish();
    let mut events = with_sources(&events);
    let begun = |event: &Event| matches!(event, Event::StepStarted { .. });
    let step = events.iter().position(begun).unwrap();
    events.insert(
        step + 1,
        Event::Attachment {
            source: AttachmentSource::Step {
                scenario: 0,
                attempt: 0,
                step: 0,
            },
            media_type: "image/png".to_owned(),
            file_name: None,
            body: AttachmentBody::File(file.to_owned()),
            at: Timestamp(0),
        },
    );
    events
}

#[test]
fn an_attached_file_may_be_gone_after_its_event() {
    let here = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picture");
    fs::write(&file, "the bytes").unwrap();
    let mut remaining = attaching(&file)
        .iter()
        .position(|event| matches!(event, Event::Attachment { .. }))
        .unwrap();
    let finished = written_apart(&["events:e.jsonl"], attaching(&file), here.path(), || {
        if remaining == 0 {
            fs::remove_file(&file).unwrap();
        }
        remaining = remaining.wrapping_sub(1);
    });
    assert!(finished.errors.is_empty(), "{:?}", finished.errors);
    assert!(!file.exists());
    let written = fs::read_to_string(here.path().join("e.jsonl")).unwrap();
    // `the bytes` in Base64.
    assert!(written.contains("dGhlIGJ5dGVz"), "{written}");
}

#[test]
fn reports_that_a_thread_loses_are_reported_in_their_order() {
    let here = tempfile::tempdir().unwrap();
    let formats = ["messages:m", "junit:j.xml", "progress", "events:e"];
    let finished = written_apart(
        &formats,
        attaching(Path::new("/no/such/file")),
        here.path(),
        || (),
    );
    let errors: Vec<String> = finished.errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "cannot write the messages report to m: an attachment cannot be read: /no/such/file: no such file or directory",
            "cannot write the events report to e: an attachment cannot be read: /no/such/file: no such file or directory"
        ]
    );
    assert!(here.path().join("j.xml").exists());
}

#[test]
fn folders_are_marked_before_anything_runs_and_an_unfinished_run_leaves_no_other_files() {
    let here = tempfile::tempdir().unwrap();
    let formats = ["junit:d/", "events:e.jsonl"].map(|one| one.parse::<Format>().unwrap());
    let context = report_context(Shared::default(), here.path());
    let mut reports = Reports::open(&formats, context).unwrap();
    reports.write_files_apart();
    let mut events = attaching(Path::new("/no/such/file")).into_iter();
    reports.take(events.next().unwrap());
    let mark = Path::new("d/TEST-bdd.incomplete.xml");
    assert!(here.path().join(mark).exists());
    reports.take(events.next().unwrap());
    drop(reports);
    let left: Vec<_> = files(here.path())
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(left, [mark]);
}
