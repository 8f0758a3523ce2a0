//! Runs the book: the features and commands in its chapters do what the chapters say.
//!
//! In a chapter
//! - blocks of `rust` are its step program, built by the package `bdd-book`;
//! - a block with a path behind its language is a file of its project;
//! - a block of `console` is a command and what it prints; a line `…` stands for any lines, and
//!   `exits N` behind `console` for an exit code other than 0; scenarios run in one worker, and so in
//!   order, unless the command says something about it;
//! - features that no command names are run too, and pass.
//!
//! `BDD_BLESS=1` writes what commands print into the chapters.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use regex::Regex;

use crate::support::Project;
use crate::support::step_program::build_all;

#[path = "fences.rs"]
mod fences;

use fences::{Fence, fences};

/// A chapter and its step program.
struct Chapter {
    path: PathBuf,
    text: String,
    program: PathBuf,
}

fn chapters() -> Vec<Chapter> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let programs = build_all("bdd-book").expect("the book's programs are built");
    let mut chapters = Vec::new();
    for entry in fs::read_dir(root.join("docs/book")).expect("the book") {
        let path = entry.expect("a chapter").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if name == "README" {
            continue;
        }
        let program = programs
            .iter()
            .find(|program| program.file_stem().is_some_and(|stem| *stem == *name))
            .unwrap_or_else(|| {
                panic!("the chapter {name} has no program: add tests/book/src/bin/{name}.rs")
            });
        chapters.push(Chapter {
            text: fs::read_to_string(&path).expect("a chapter"),
            path,
            program: program.clone(),
        });
    }
    assert_eq!(chapters.len(), programs.len(), "a program has no chapter");
    chapters.sort_by(|a, b| a.path.cmp(&b.path));
    chapters
}

#[test]
fn every_chapter_does_what_it_says() {
    let mut problems = Vec::new();
    for chapter in chapters() {
        let blessed = run(&chapter, &mut problems);
        if blesses() {
            fs::write(&chapter.path, blessed).expect("the chapter");
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

fn blesses() -> bool {
    std::env::var_os("BDD_BLESS").is_some()
}

#[test]
fn the_contents_name_every_chapter() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/book");
    let contents = fs::read_to_string(root.join("README.md")).expect("the contents");
    for entry in fs::read_dir(root).expect("the book") {
        let name = entry.expect("a chapter").file_name();
        let name = name.to_string_lossy();
        assert!(
            name == "README.md" || contents.contains(&format!("]({name})")),
            "the contents lack {name}"
        );
    }
}

/// Runs a chapter; its text with the output of its commands as it was.
fn run(chapter: &Chapter, problems: &mut Vec<String>) -> String {
    let project = Project::new();
    project.file("bdd.toml", "");
    let found = fences(&chapter.text);
    let mut features = BTreeSet::new();
    for fence in &found {
        if let [language, path] = fence.words.as_slice()
            && path.contains('.')
        {
            project.file(path, fence.content);
            if *language == "gherkin" {
                features.insert((*path).to_owned());
            }
        }
    }
    let mut blessed = chapter.text.clone();
    for fence in found
        .iter()
        .rev()
        .filter(|fence| fence.language() == "console")
    {
        let command = fence.content.lines().next().unwrap_or_default();
        features.retain(|feature| !command.contains(feature.as_str()));
        let (code, printed) = execute(chapter, &project, command);
        let place = format!("{}:{}: {command}", chapter.path.display(), fence.line);
        if code != expected_code(fence) {
            problems.push(format!("{place}\nexits with {code:?}:\n{printed}"));
        }
        let expected: Vec<&str> = fence.content.lines().skip(1).collect();
        if expected.contains(&"…") {
            if let Some(missing) = missing(&expected, &printed) {
                problems.push(format!(
                    "{place}\ndoes not print `{missing}` there:\n{printed}"
                ));
            }
            continue;
        }
        if expected.join("\n") != printed.trim_end() {
            let end = fence.at + fence.content.len();
            blessed.replace_range(
                fence.at..end,
                &format!("{command}\n{}\n", printed.trim_end()),
            );
            if !blesses() {
                problems.push(format!("{place}\nprints something else:\n{printed}"));
            }
        }
    }
    if !features.is_empty() {
        let command = format!("$ bdd run {}", Vec::from_iter(features).join(" "));
        let (code, printed) = execute(chapter, &project, &command);
        if code != Some(0) {
            problems.push(format!("{}: {command}\n{printed}", chapter.path.display()));
        }
    }
    blessed
}

/// The first line that is not printed behind those before it.
fn missing<'a>(expected: &[&'a str], printed: &str) -> Option<&'a str> {
    let mut lines = printed.lines();
    let wanted = expected.iter().filter(|line| **line != "…");
    wanted
        .copied()
        .find(|wanted| !lines.any(|line| line == *wanted))
}

fn expected_code(fence: &Fence<'_>) -> Option<i32> {
    match fence.words.as_slice() {
        ["console", "exits", code] => Some(code.parse().expect("an exit code")),
        _ => Some(0),
    }
}

/// Runs `$ bdd …` or `$ ./steps …` in the project; the exit code, and what it printed with all that
/// differs from run to run made equal.
fn execute(chapter: &Chapter, project: &Project, command: &str) -> (Option<i32>, String) {
    let words: Vec<&str> = command.split_whitespace().collect();
    let ["$", program, arguments @ ..] = words.as_slice() else {
        panic!(
            "{}: a command begins with `$ `: {command}",
            chapter.path.display()
        )
    };
    let output = match *program {
        "bdd" => {
            let mut command = project.bdd(arguments).command();
            if matches!(arguments.first(), Some(&"run")) {
                command.arg("--steps").arg(&chapter.program);
                if !arguments
                    .iter()
                    .any(|it| matches!(*it, "--jobs" | "--no-capture"))
                {
                    command.args(["--jobs", "1"]);
                }
            }
            command.env_remove("RUST_BACKTRACE").output()
        }
        "./steps" => Command::new(&chapter.program).args(arguments).output(),
        _ => panic!("{}: unknown program: {command}", chapter.path.display()),
    };
    let output = output.expect("the command starts");
    let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
    printed.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.code(), steady(&printed))
}

/// Times, and the place of the program's source, as the book shows them.
fn steady(printed: &str) -> String {
    static TIME: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d+m\d+\.\d+s|\b\d+\.\d+s|\b\d+ms").expect("constant"));
    static SOURCE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[^\s(]*/out/([a-z-]+)\.rs:\d+(:\d+)?").expect("constant"));
    static STAMP: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#""timestamp":\{"seconds":\d+,"nanos":\d+\}"#).expect("constant")
    });
    let printed = TIME.replace_all(printed, "0.01s");
    let printed = STAMP.replace_all(&printed, r#""timestamp":{"seconds":0,"nanos":0}"#);
    let printed = SOURCE.replace_all(&printed, "steps/src/main.rs");
    let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
    lines.join("\n")
}
