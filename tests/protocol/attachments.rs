//! What steps attach, as the worker of `bdd-steps` sends it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use bdd_protocol::{AttachmentBody, DocStringArgument, FromWorker, StepStatus, ToWorker};

use super::driver::Worker;
use super::story::{hooked, hooks, rule, shop};
use crate::support::step_program::{hook_program, step_program};

/// A worker, and the directory that the runner has named for attached files.
fn start() -> (Worker, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let mut variable = OsString::from("BDD_ATTACHMENTS=");
    variable.push(directory.path());
    let worker = Worker::start(&["env".into(), variable, step_program().into()]);
    (worker, directory)
}

/// The attachments of a scenario, each with the number of the step that ran.
fn attached(messages: &[FromWorker]) -> Vec<(u32, &str, Option<&str>, &AttachmentBody)> {
    let mut running = None;
    let mut attached = Vec::new();
    for message in messages {
        match message {
            FromWorker::StepStarted { step, .. } => running = Some(*step),
            FromWorker::StepFinished { error, .. } => {
                assert_eq!(error, &None);
                running = None;
            }
            FromWorker::Attachment {
                media_type,
                file_name,
                body,
            } => {
                let step = running.expect("a step runs");
                attached.push((step, media_type.as_str(), file_name.as_deref(), body));
            }
            _ => {}
        }
    }
    attached
}

fn file(body: &AttachmentBody) -> &Path {
    match body {
        AttachmentBody::File(path) => Path::new(path),
        other => panic!("no file: {other:?}"),
    }
}

fn files_in(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn texts_logs_and_links_are_sent_as_they_are() {
    let (mut worker, directory) = start();
    let mut scenario = worker.scenario(
        1,
        &[
            "I attach this text as application/json:",
            "I log all is well",
            "I link to https://example.com/a",
            "I link to https://example.com/a and https://example.com/b",
        ],
    );
    scenario.steps[0].docstring = Some(DocStringArgument {
        media_type: None,
        content: "{\"\u{e9}\": \"\\n\"}\n".to_owned(),
    });
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let text = |text: &str| AttachmentBody::Text(text.to_owned());
    assert_eq!(
        attached(&messages),
        [
            (
                0,
                "application/json",
                None,
                &text("{\"\u{e9}\": \"\\n\"}\n")
            ),
            (1, "text/x.cucumber.log+plain", None, &text("all is well")),
            (2, "text/uri-list", None, &text("https://example.com/a")),
            (
                3,
                "text/uri-list",
                None,
                &text("https://example.com/a\nhttps://example.com/b")
            ),
        ]
    );
    assert_eq!(files_in(directory.path()), [] as [PathBuf; 0]);
    worker.finish();
}

#[test]
fn bytes_and_files_are_handed_over_as_files_of_the_runners_directory() {
    let (mut worker, directory) = start();
    let scenario = worker.scenario(
        1,
        &[
            "a drawing a.dwg of 5 bytes",
            "I attach the bytes 00ff0a with the name b.bin",
            "I attach the drawing a.dwg",
            "I work in another directory",
            "I attach the bytes 01 with the name b.bin",
        ],
    );
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let attached = attached(&messages);
    let described: Vec<_> = attached
        .iter()
        .map(|(step, media_type, name, body)| {
            let path = file(body);
            assert_eq!(path.parent(), Some(directory.path()));
            (*step, *media_type, name.unwrap(), fs::read(path).unwrap())
        })
        .collect();
    assert_eq!(
        described,
        [
            (1, "application/octet-stream", "b.bin", b"\0\xff\n".to_vec()),
            (2, "image/x-drawing", "a.dwg", b"\0\0\0\0\0".to_vec()),
            (4, "application/octet-stream", "b.bin", b"\x01".to_vec()),
        ]
    );
    assert_eq!(files_in(directory.path()).len(), 3);
    worker.finish();
}

#[test]
fn a_relative_directory_is_that_of_the_start() {
    let above = tempfile::tempdir().unwrap();
    let directory = above.path().join("attached");
    fs::create_dir(&directory).unwrap();
    let script = "cd \"$1\" && BDD_ATTACHMENTS=attached exec \"$2\"";
    let mut command = ["sh", "-c", script, "sh"].map(OsString::from).to_vec();
    command.extend([above.path().into(), step_program().into()]);
    let mut worker = Worker::start(&command);
    let scenario = worker.scenario(
        1,
        &[
            "I work in another directory",
            "I attach the bytes 01 with the name b.bin",
        ],
    );
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let path = file(attached(&messages)[0].3);
    let path = above.path().join(path).canonicalize().unwrap();
    assert_eq!(path.parent(), Some(&*directory.canonicalize().unwrap()));
    worker.finish();
}

#[test]
fn files_of_an_earlier_process_stay() {
    let (mut worker, directory) = start();
    let mut names = Vec::new();
    for _ in 0..2 {
        let scenario = worker.scenario(1, &["I attach the bytes 01 with the name b.bin"]);
        worker.run(vec![scenario]);
        names.push(file(attached(&worker.receive_scenario())[0].3).to_owned());
    }
    // Another process that had this one's number has left what comes next.
    let (stem, last) = names[1].to_str().unwrap().rsplit_once('-').unwrap();
    let next = format!("{stem}-{}", last.parse::<u64>().unwrap() + 1);
    fs::write(&next, "precious").unwrap();
    let scenario = worker.scenario(1, &["I attach the bytes 02 with the name b.bin"]);
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let path = file(attached(&messages)[0].3);
    assert_eq!(fs::read(path).unwrap(), b"\x02");
    assert_eq!(fs::read(&next).unwrap(), b"precious");
    assert_eq!(files_in(directory.path()).len(), 4);
    worker.finish();
}

#[test]
fn a_file_is_never_held_in_memory() {
    let (mut worker, _directory) = start();
    let scenario = worker.scenario(
        1,
        &[
            "a drawing huge.dwg of 400000000 bytes",
            "I attach the drawing huge.dwg",
        ],
    );
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let attached = attached(&messages);
    assert_eq!(
        fs::metadata(file(attached[0].3)).unwrap().len(),
        400_000_000
    );
    if let Some(peak) = worker.peak_memory() {
        assert!(peak < 100_000_000, "{peak} bytes");
    }
    worker.finish();
}

#[test]
fn an_attachment_is_sent_before_the_process_dies() {
    let (mut worker, _directory) = start();
    let scenario = worker.scenario(1, &["a step that attaches something and aborts"]);
    worker.run(vec![scenario]);
    let messages = worker.receive_all();
    assert_eq!(messages.len(), 4, "{messages:?}");
    let attached = attached(&messages);
    assert_eq!(fs::read(file(attached[0].3)).unwrap(), [0xff, 0]);
    assert_eq!(
        attached[1].3,
        &AttachmentBody::Text("this is the end".to_owned())
    );
}

#[test]
fn what_cannot_be_attached_says_why() {
    let (mut worker, directory) = start();
    let folder = directory.path().display().to_string();
    let no_file = "cannot attach /nonexistent/file: No such file or directory (os error 2)";
    for (text, problem) in [
        ("I attach the file /nonexistent/file", no_file.to_owned()),
        (
            "I attach the file /dev/zero",
            "cannot attach /dev/zero: it is not a regular file".to_owned(),
        ),
        (
            &format!("I attach the file {folder}"),
            format!("cannot attach {folder}: it is not a regular file"),
        ),
    ] {
        let (status, error) = worker.outcome(&[text]);
        assert_eq!((status, error.message), (StepStatus::Failed, problem));
    }
    assert_eq!(files_in(directory.path()), [] as [PathBuf; 0]);
    drop(directory);
    // A folder that a step has deleted is made again.
    let (status, _) = worker.outcome(&["I attach the bytes 00 with the name b.bin"]);
    assert_eq!(status, StepStatus::Passed);
    assert_eq!(files_in(Path::new(&folder)).len(), 1);
    std::fs::remove_dir_all(&folder).unwrap();
    worker.finish();
}

#[test]
fn a_runner_without_a_directory_gets_texts_only() {
    let without = ["env", "-u", "BDD_ATTACHMENTS"].map(Into::into);
    let mut worker = Worker::start(&[&without[..], &[step_program().into()]].concat());
    let (status, _) = worker.outcome(&["I log all is well"]);
    assert_eq!(status, StepStatus::Passed);
    let missing =
        "BDD_ATTACHMENTS names no directory for it; this bdd is older than its step program";
    for (text, what) in [
        ("I attach the bytes 00 with the name b.bin", "b.bin"),
        ("I attach the file Cargo.toml", "Cargo.toml"),
    ] {
        let (status, error) = worker.outcome(&[text]);
        assert_eq!(
            (status, error.message),
            (
                StepStatus::Failed,
                format!("cannot attach {what}: {missing}")
            )
        );
    }
    worker.finish();
}

#[test]
fn hooks_of_every_kind_attach_before_they_are_over() {
    let directory = tempfile::tempdir().unwrap();
    let kinds = "before_run after_run before_all after_all before_feature after_feature before_rule after_rule \
                 before_scenario after_scenario before_step after_step";
    let attach: Vec<String> = kinds
        .split_whitespace()
        .map(|kind| format!("{kind}=attaches"))
        .collect();
    let mut worker = Worker::start(&[
        "env".into(),
        format!("TROUBLE={}", attach.join(" ")).into(),
        format!("BDD_ATTACHMENTS={}", directory.path().display()).into(),
        hook_program().into(),
    ]);
    let begin = hooks(&worker, "before_run before_all");
    worker.send(&ToWorker::Begin { hooks: begin });
    let feature = shop(&worker);
    let mut scenario = hooked(&mut worker, 1, &["nothing is put into the basket"]);
    scenario.rule = Some(rule(&worker, "Cheap", 4));
    worker.send(&ToWorker::Run {
        feature,
        scenarios: vec![scenario],
    });
    let finish = hooks(&worker, "after_all after_run");
    worker.send(&ToWorker::Finish { hooks: finish });
    let messages = worker.receive_all();

    let mut seen = Vec::new();
    let mut running = None;
    for message in &messages {
        match message {
            FromWorker::HookStarted { hook, .. } => {
                running = Some(worker.hello.hooks[*hook as usize].function.as_str());
            }
            FromWorker::HookFinished { status, .. } => {
                assert_eq!(*status, StepStatus::Passed);
                running = None;
            }
            FromWorker::Attachment {
                body, file_name, ..
            } => {
                let hook = running.expect("a hook runs");
                let attached = match body {
                    AttachmentBody::File(path) => {
                        assert_eq!(file_name.as_deref(), Some(hook));
                        fs::read_to_string(path).unwrap()
                    }
                    AttachmentBody::Text(text) => text.clone(),
                    other => panic!("{other:?}"),
                };
                assert_eq!(attached, hook);
                seen.push(hook);
            }
            _ => {}
        }
    }
    let mut all: Vec<&str> = kinds
        .split_whitespace()
        .flat_map(|kind| [kind; 2])
        .collect();
    all.sort_unstable();
    seen.sort_unstable();
    assert_eq!(seen, all);
}
