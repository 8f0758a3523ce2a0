//! A golden file for every run and format: `tests/golden/reports/<run>.<format>`.
//!
//! `BDD_BLESS=1 cargo test --test tests golden` writes them anew; then look at the difference.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bdd::event::Event;

use super::messages::messages;
use super::stream::{report, terminal};
use super::streams;

type Make = fn(&[Event]) -> String;

/// The ending of the golden file, and how the report is made.
const FORMATS: [(&str, Make); 19] = [
    ("pretty", |events| report(events, "pretty", |_| ())),
    ("color.pretty", |events| {
        let text = report(events, "pretty", |context| context.stdout_colors = true);
        // Escapes can be read, and the file stays text.
        text.replace('\x1b', "␛")
    }),
    ("verbose.pretty", |events| {
        report(events, "pretty", |context| context.verbose = true)
    }),
    ("progress", |events| report(events, "progress", |_| ())),
    // As a terminal of 60 columns gets them.
    ("60.pretty", |events| {
        report(events, "pretty", |context| context.terminal = terminal(60))
    }),
    ("60.progress", |events| {
        report(events, "progress", |context| {
            context.terminal = terminal(60)
        })
    }),
    ("verbose.progress", |events| {
        report(events, "progress", |context| context.verbose = true)
    }),
    ("junit.xml", |events| report(events, "junit", |_| ())),
    ("html", |events| {
        without_assets(&report(events, "html", |_| ()))
    }),
    ("messages.ndjson", messages),
    ("events.jsonl", |events| report(events, "events", |_| ())),
    ("rerun.txt", |events| report(events, "rerun", |_| ())),
    ("plain.junit.xml", |events| {
        report(events, "junit,plain=true,output=failed", |_| ())
    }),
    ("cucumber.json", |events| report(events, "json", |_| ())),
    ("github.txt", |events| report(events, "github", |_| ())),
    ("github-summary.md", |events| {
        report(events, "github-summary", |_| ())
    }),
    ("tap", |events| report(events, "tap", |_| ())),
    ("usage.txt", |events| report(events, "usage", |_| ())),
    ("summary.txt", |events| report(events, "summary", |_| ())),
];

/// A page without its style, its script and their hashes, which are the same in all pages and files of their own.
fn without_assets(page: &str) -> String {
    let mut out = page.to_owned();
    for (start, end) in [
        ("<style>", "</style>"),
        ("<script>", "</script>"),
        ("style-src 'sha256-", "'"),
        ("script-src 'sha256-", "'"),
    ] {
        let from = out.find(start).expect("every page has it") + start.len();
        let to = from + out[from..].find(end).expect("it ends");
        out.replace_range(from..to, "…");
    }
    out
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/reports")
}

#[test]
fn reports_are_as_they_were() {
    let bless = std::env::var_os("BDD_BLESS").is_some();
    let mut expected = BTreeSet::new();
    let mut wrong = Vec::new();
    for (run, events) in streams::all() {
        for (ending, make) in FORMATS {
            let path = folder().join(format!("{run}.{ending}"));
            let found = make(&events);
            if bless {
                fs::create_dir_all(folder()).unwrap();
                fs::write(&path, &found).unwrap();
            } else {
                match fs::read_to_string(&path) {
                    Ok(golden) if golden == found => {}
                    Ok(golden) => wrong.push(difference(&path, &golden, &found)),
                    Err(error) => wrong.push(format!("{}: {error}", path.display())),
                }
            }
            expected.insert(path);
        }
    }
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if !expected.contains(&path) {
            if bless {
                fs::remove_file(&path).unwrap();
            } else {
                wrong.push(format!("{}: no run makes this file", path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n(BDD_BLESS=1 writes the files anew)",
        wrong.join("\n")
    );
}

fn difference(path: &Path, golden: &str, found: &str) -> String {
    let line = golden
        .lines()
        .zip(found.lines())
        .take_while(|(golden, found)| golden == found)
        .count();
    let show = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_owned();
    format!(
        "{}:{}:\n  golden: {}\n  found:  {}",
        path.display(),
        line + 1,
        show(golden),
        show(found)
    )
}

#[test]
fn a_replay_gives_the_same_reports() {
    for (run, events) in streams::all() {
        let written = report(&events, "events", |_| ());
        let read: Vec<Event> = bdd::report::events::read(written.as_bytes())
            .collect::<Result<_, _>>()
            .unwrap_or_else(|error| panic!("{run}: {error}"));
        assert_eq!(read, events, "{run}");
        for (ending, make) in FORMATS {
            assert_eq!(make(&read), make(&events), "{run}.{ending}");
        }
    }
}

/// `BDD_SHOW=retried.pretty cargo test --test tests show -- --ignored --nocapture`
#[test]
#[ignore = "for people: prints a report as a terminal gets it"]
fn show() {
    let wanted = std::env::var("BDD_SHOW").unwrap_or_default();
    let (run, format) = wanted.split_once('.').unwrap_or(("failing", "pretty"));
    for (name, events) in streams::all() {
        if name == run {
            print!(
                "{}",
                report(&events, format, |context| context.stdout_colors = true)
            );
        }
    }
}
