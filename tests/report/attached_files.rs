//! Attached files beside a JUnit report, and the lines and links that name them.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bdd::event::{AttachmentBody, Event, Status};

use super::laws::cases;
use super::stream::*;

fn attached(media_type: &'static str, name: &'static str, body: AttachmentBody) -> Inner {
    Inner::Attached(Attached {
        media_type,
        file_name: (!name.is_empty()).then_some(name),
        body,
    })
}

fn base64(bytes: &[u8]) -> AttachmentBody {
    AttachmentBody::Base64(STANDARD.encode(bytes))
}

fn text(text: &str) -> AttachmentBody {
    AttachmentBody::Text(text.into())
}

fn broken() -> bdd::event::StepResult {
    failed(0, 1, error("Error", "no"))
}

/// A scenario whose first attempt fails, one with attachments of a hook, and one without any.
fn events() -> Vec<Event> {
    let mut shop = feature("features/shop.feature", "Shop");
    shop.scenarios = ["Pays", "Closes", "Waits"]
        .iter()
        .zip([3, 6, 9])
        .map(|(name, line)| scenario(name, line, &["Given I press on"]))
        .collect();
    let shot = |body| attached("image/png", "screen shot.png", body);
    let again = End {
        will_be_retried: true,
        ..printed("no line break at the end")
    };
    let closing = HookRun {
        attached: vec![Attached {
            media_type: "text/xml",
            file_name: Some("../TEST-other.xml"),
            body: text("<testsuite/>"),
        }],
        ..hook(0, Status::Passed, 1, None)
    };
    Stream::new()
        .start(vec![shop])
        .attempt_of(
            0,
            0,
            vec![Part::Step(broken(), vec![shot(base64(b"\x89PNG one"))])],
            again,
        )
        .attempt_of(
            0,
            1,
            vec![Part::Step(
                passed(0, 1),
                vec![
                    shot(base64(b"\x89PNG two")),
                    attached("text/uri-list", "", text("https://a.example/")),
                    Inner::Attached(log("a line of the log")),
                ],
            )],
            printed("no line break at the end"),
        )
        .attempt_of(
            1,
            0,
            vec![passed(0, 1).into(), Part::Hook(closing)],
            End::default(),
        )
        .run(2, vec![passed(0, 1)])
        .finish()
}

/// The files of a folder with their bytes, sorted.
pub(super) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let bytes = fs::read(&path).unwrap();
                    found.push((path.strip_prefix(folder).unwrap().to_owned(), bytes));
                }
            }
        }
    }
    found.sort();
    found
}

fn write(events: &[Event], formats: &[&str], here: &Path) {
    let finished = feed(events, formats, report_context(Shared::default(), here));
    assert!(finished.errors.is_empty(), "{:?}", finished.errors);
}

/// The paths that the lines `[[ATTACHMENT|PATH]]` of a report name, as a CI server finds them.
fn named(xml: &str) -> Vec<String> {
    let lines = xml.lines().filter_map(|line| {
        let rest = line.split_once("[[ATTACHMENT|")?.1;
        Some(rest.split_once("]]").expect("a whole line").0.to_owned())
    });
    lines.collect()
}

/// The values of the properties of this name.
fn properties(xml: &str, name: &str) -> Vec<String> {
    let begin = format!("<property name=\"{name}\" value=\"");
    let values = xml.split(&begin).skip(1);
    values
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

#[test]
fn lines_and_links_name_the_files_of_all_attempts() {
    let here = tempfile::tempdir().unwrap();
    write(
        &events(),
        &["junit:out/r.xml", "html:page/r.html"],
        here.path(),
    );
    let xml = fs::read_to_string(here.path().join("out/r.xml")).unwrap();
    let paths = named(&xml);
    let folder = |path: &String| path.rsplit_once('/').unwrap().0.to_owned();
    let ends: Vec<&str> = paths
        .iter()
        .map(|path| path.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(
        ends,
        ["screen_shot.png", "screen_shot-2.png", "TEST-other.xml.txt"]
    );
    assert!(
        paths
            .iter()
            .all(|path| path.starts_with("out/r.xml.attachments/s-"))
    );
    assert_eq!(folder(&paths[0]), folder(&paths[1]));
    assert_ne!(folder(&paths[0]), folder(&paths[2]));
    let read = |path: &str| fs::read(here.path().join(path)).unwrap();
    assert_eq!(read(&paths[0]), b"\x89PNG one");
    assert_eq!(read(&paths[1]), b"\x89PNG two");
    assert_eq!(read(&paths[2]), b"<testsuite/>");

    let cases = cases(&xml);
    let lines: Vec<&str> = cases[0].system_out.lines().collect();
    let last = [&*paths[0], &*paths[1]].map(|path| format!("[[ATTACHMENT|{path}]]"));
    // The text of the attempts before it is in an element of theirs, which comes first.
    assert!(
        cases[0].system_out.trim_end().ends_with(&last.join("\n")),
        "{lines:?}"
    );
    assert!(
        cases[0]
            .system_out
            .contains("no line break at the end\n[[ATTACHMENT|")
    );
    assert!(!cases[2].system_out.contains("ATTACHMENT"));

    let links = properties(&xml, "attachment");
    let linked = |link: &String| here.path().join("out").join(link).is_file();
    assert_eq!(links.len(), 3);
    assert!(links.iter().all(linked), "{links:?}");
    let pages = properties(&xml, "html");
    let page = fs::read_to_string(here.path().join("page/r.html")).unwrap();
    assert_eq!(pages.len(), 3);
    for link in pages {
        let anchor = link
            .strip_prefix("../page/r.html#")
            .expect("from the report");
        assert!(page.contains(&format!("id={anchor}")), "{anchor}");
    }
}

#[test]
fn a_folder_of_reports_has_the_files_of_all() {
    let here = tempfile::tempdir().unwrap();
    write(&events(), &["junit:d/"], here.path());
    let found = files(&here.path().join("d"));
    let xml: Vec<_> = found
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|ending| ending == "xml"))
        .collect();
    assert_eq!(xml.len(), 1, "nothing else is taken for a report");
    let paths = named(&String::from_utf8(xml[0].1.clone()).unwrap());
    assert_eq!(paths.len(), 3);
    for path in paths {
        assert!(path.starts_with("d/attachments/s-") && here.path().join(&path).is_file());
    }
}

#[test]
fn the_next_run_replaces_the_files() {
    let here = tempfile::tempdir().unwrap();
    let without = Stream::new()
        .start(vec![feature("a.feature", "A")])
        .finish();
    for target in ["junit:r.xml", "junit:d/"] {
        write(&events(), &[target], here.path());
        let first = files(here.path());
        assert!(
            first
                .iter()
                .any(|(path, _)| path.ends_with("screen_shot.png"))
        );
        write(&events(), &[target], here.path());
        assert_eq!(files(here.path()), first);
        write(&without, &[target], here.path());
        let left = files(here.path());
        assert!(
            left.iter()
                .all(|(path, _)| path.extension().is_some_and(|ending| ending == "xml")),
            "{left:?}"
        );
    }
}

#[test]
fn what_is_not_asked_for_is_not_kept() {
    let here = tempfile::tempdir().unwrap();
    for options in ["plain=true", "attachments=false"] {
        write(&events(), &[&format!("junit,{options}:r.xml")], here.path());
        assert_eq!(files(here.path()).len(), 1, "{options}");
        let xml = fs::read_to_string(here.path().join("r.xml")).unwrap();
        assert!(named(&xml).is_empty() && properties(&xml, "attachment").is_empty());
    }
    fs::remove_file(here.path().join("r.xml")).unwrap();
    let stdout = Shared::default();
    let finished = feed(
        &events(),
        &["junit"],
        report_context(stdout.clone(), here.path()),
    );
    assert!(finished.errors.is_empty());
    assert!(named(&stdout.text()).is_empty() && files(here.path()).is_empty());
    write(&events(), &["junit,output=none:r.xml"], here.path());
    let xml = fs::read_to_string(here.path().join("r.xml")).unwrap();
    assert!(named(&xml).is_empty());
    assert_eq!(properties(&xml, "attachment").len(), 3);
}

#[test]
fn a_replay_writes_the_same_files() {
    let (run, again) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let body = run.path().join("attached");
    fs::write(&body, [0, 159, 146, 150]).unwrap();
    let mut events = events();
    for event in &mut events {
        if let Event::Attachment {
            body: AttachmentBody::Text(text),
            media_type,
            ..
        } = event
            && media_type == "text/xml"
        {
            *text = "of the run".into();
        }
        if let Event::Attachment {
            body: held @ AttachmentBody::Base64(_),
            ..
        } = event
        {
            *held = AttachmentBody::File(body.clone());
        }
    }
    let formats = ["junit:r.xml", "junit:d/", "events:e"];
    write(&events, &formats, run.path());
    fs::remove_file(&body).unwrap();
    let written = fs::read(run.path().join("e")).unwrap();
    let read: Vec<Event> = bdd::report::events::read(written.as_slice())
        .collect::<Result<_, _>>()
        .unwrap();
    write(&read, &formats, again.path());
    let first = files(run.path());
    assert_eq!(files(again.path()), first);
    // Three files and a mark, beside each of both reports.
    assert_eq!(first.len(), 2 + 1 + 2 * 4);
}

/// A replay without an HTML report links to that of the run.
#[test]
fn the_link_to_the_page_of_the_run_stays() {
    let here = tempfile::tempdir().unwrap();
    let mut events = events();
    let options = Event::ReportOptions {
        options: Default::default(),
        html: Some("out/page.html".into()),
    };
    events.insert(1, options);
    write(&events, &["junit:out/r.xml"], here.path());
    let xml = fs::read_to_string(here.path().join("out/r.xml")).unwrap();
    assert!(properties(&xml, "html")[0].starts_with("page.html#s-"));
    write(&events, &["junit:out/r.xml", "html:new.html"], here.path());
    let xml = fs::read_to_string(here.path().join("out/r.xml")).unwrap();
    assert!(properties(&xml, "html")[0].starts_with("../new.html#s-"));
}

/// Large files cost what they hold, so they are holes.
fn hole(folder: &Path, name: &str, size: u64) -> AttachmentBody {
    let path = folder.join(name);
    fs::File::create(&path).unwrap().set_len(size).unwrap();
    AttachmentBody::File(path)
}

#[test]
fn what_is_too_large_or_too_much_is_counted() {
    const MEBIBYTE: u64 = 1 << 20;
    let (here, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let large = hole(outside.path(), "large", 16 * MEBIBYTE);
    let larger = hole(outside.path(), "larger", 16 * MEBIBYTE + 1);
    let binary = |body: &AttachmentBody| attached("x/y", "a.bin", body.clone());
    let mut one = feature("a.feature", "A");
    one.scenarios = (0..8)
        .map(|line| scenario(&format!("S{line}"), line + 2, &["Given I press on"]))
        .collect();
    let run = |stream: Stream, index, result, inner| {
        stream.attempt_of(index, 0, vec![Part::Step(result, inner)], End::default())
    };
    let mut stream = Stream::new().start(vec![one]);
    // Four times 16 MiB are the room of scenarios that passed.
    for index in 0..5 {
        stream = run(stream, index, passed(0, 1), vec![binary(&large)]);
    }
    stream = run(
        stream,
        5,
        broken(),
        vec![binary(&larger), binary(&large), binary(&large)],
    );
    stream = run(
        stream,
        6,
        broken(),
        vec![binary(&large), binary(&large), binary(&text("x"))],
    );
    let gone = AttachmentBody::File(outside.path().join("gone"));
    let many = (0..210).map(|_| binary(&text("y"))).chain([binary(&gone)]);
    stream = run(stream, 7, broken(), many.collect());
    write(&stream.finish(), &["junit:r.xml"], here.path());
    let xml = fs::read_to_string(here.path().join("r.xml")).unwrap();
    let found: Vec<(usize, Option<String>)> = cases(&xml)
        .iter()
        .map(|case| {
            let kept = case.system_out.matches("[[ATTACHMENT|").count();
            let rest = case.system_out.split("not kept as files: ").nth(1);
            (
                kept,
                rest.map(|rest| rest.split(" (").next().unwrap().to_owned()),
            )
        })
        .collect();
    let not_kept = |count: &str| Some(count.to_owned());
    assert_eq!(
        found,
        [
            (1, None),
            (1, None),
            (1, None),
            (1, None),
            (0, not_kept("1 attachment")),
            (2, not_kept("1 attachment")),
            (2, not_kept("1 attachment")),
            (200, not_kept("11 attachments")),
        ]
    );
}
