//! Runs the book: the features and commands in its chapters do what the chapters say.
//!
//! In a chapter
//! - blocks of `rust` are its step program, built by the package `bdd-book`; those of `rust NAME.rs`
//!   are modules of it, and those of `rust program NAME` are another program, `./NAME`;
//! - those of `rust library` go to a crate that all programs may use, `shop_steps`;
//! - those of `rust fails` do not compile, and the next block has the errors: the package `bdd-steps`
//!   tests that;
//! - a block with a path after its language is a file of its project;
//! - a block of `console` is a command and what it prints, perhaps with variables of the environment before
//!   it; `…` stands for any lines, or within a line for any text, and `exits N` after `console` for an exit
//!   code other than 0;
//! - features that no command names are run too, and pass.
//!
//! Projects run with one worker unless the chapter says otherwise. `BDD_BLESS=1` writes what commands print into the chapters.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::support::Project;
use crate::support::built::built;

#[path = "fences.rs"]
mod fences;

use fences::{Fence, fences};

/// A chapter and its step programs.
struct Chapter {
    path: PathBuf,
    text: String,
    program: PathBuf,
    /// Its other programs by name.
    others: Vec<(String, PathBuf)>,
}

fn chapters() -> Vec<Chapter> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let programs = built("book", &["--bins"]).expect("the book's programs are built");
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
        let program = programs.get(&name).unwrap_or_else(|| {
            panic!(
                "the chapter {name} has no program: add tests/book/src/bin/{name}.rs, and its entry in \
                 tests/book/Cargo.toml"
            )
        });
        let others = programs.iter().filter_map(|(stem, program)| {
            let other = stem.strip_prefix(&name)?.strip_prefix('_')?;
            Some((other.to_owned(), program.clone()))
        });
        chapters.push(Chapter {
            text: fs::read_to_string(&path).expect("a chapter"),
            path,
            program: program.clone(),
            others: others.collect(),
        });
    }
    let used = chapters.iter().map(|chapter| 1 + chapter.others.len());
    assert_eq!(
        used.sum::<usize>(),
        programs.len(),
        "a program has no chapter"
    );
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
    // What several workers do comes in any order.
    project.file("bdd.toml", "jobs = 1\n");
    for (name, program) in &chapter.others {
        std::os::unix::fs::symlink(program, project.path(name)).expect("a link to a program");
    }
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
        if expected.iter().any(|line| line.contains('…')) {
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

/// The first line that is not printed after those before it.
fn missing<'a>(expected: &[&'a str], printed: &str) -> Option<&'a str> {
    let mut lines = printed.lines();
    let wanted = expected.iter().filter(|line| **line != "…");
    wanted
        .copied()
        .find(|wanted| !lines.any(|line| fits(line, wanted)))
}

/// Whether a line is as it is wanted, with any text in the place of each `…`.
fn fits(line: &str, wanted: &str) -> bool {
    let mut pieces = wanted.split('…');
    let Some(mut rest) = line.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

fn expected_code(fence: &Fence<'_>) -> Option<i32> {
    match fence.words.as_slice() {
        ["console", "exits", code] => Some(code.parse().expect("an exit code")),
        _ => Some(0),
    }
}

/// Runs `$ bdd …`, `$ ./steps …` or another program of the chapter in the project; the exit code, and what it printed with all that
/// differs from run to run made equal.
fn execute(chapter: &Chapter, project: &Project, command: &str) -> (Option<i32>, String) {
    let words: Vec<&str> = command.split_whitespace().collect();
    let Some((&"$", words)) = words.split_first() else {
        panic!(
            "{}: a command begins with `$ `: {command}",
            chapter.path.display()
        )
    };
    let set = words.iter().map_while(|word| word.split_once('='));
    let set: Vec<(&str, &str)> = set.collect();
    let (program, arguments) = match &words[set.len()..] {
        [program, arguments @ ..] => (*program, arguments),
        [] => panic!("{}: no program: {command}", chapter.path.display()),
    };
    let other = |(name, _): &&(String, PathBuf)| program.strip_prefix("./") == Some(name);
    let mut prepared = match (program, chapter.others.iter().find(other)) {
        ("bdd", _) => {
            let mut prepared = project.bdd(arguments).command();
            if arguments.first() == Some(&"run") && !arguments.contains(&"--steps") {
                prepared.arg("--steps").arg(&chapter.program);
            }
            prepared
        }
        ("./steps", _) => Command::new(&chapter.program),
        (_, Some((_, path))) => Command::new(path),
        _ => panic!("{}: unknown program: {command}", chapter.path.display()),
    };
    if program != "bdd" {
        prepared.args(arguments);
    }
    prepared.env_remove("RUST_BACKTRACE").envs(set);
    let output = prepared.output().expect("the command starts");
    let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
    printed.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.code(), steady(&printed))
}

/// Times, and the places of the programs' sources, as the book shows them. How long a step takes is
/// left out: it is only shown where that is a millisecond or more.
fn steady(printed: &str) -> String {
    const TIME: &str = r"(\d+m\d+\.\d+s|\b\d+\.\d+s|\b\d+ms)";
    static OF_STEP: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(r"(?m)(  # .*?)( \({TIME}\)|, {TIME}(\)))$")).expect("constant")
    });
    static OF_RUN: LazyLock<Regex> = LazyLock::new(|| Regex::new(TIME).expect("constant"));
    static SOURCE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[^\s(]*/out/([a-z_-]+)\.rs:\d+(:\d+)?").expect("constant"));
    let printed = OF_STEP.replace_all(printed, "$1$5");
    let printed = OF_RUN.replace_all(&printed, |time: &Captures<'_>| {
        match time[0].contains('m') && !time[0].ends_with("ms") {
            true => "0m0.010s",
            false => "0.01s",
        }
    });
    let printed = SOURCE.replace_all(&printed, |found: &Captures<'_>| match &found[1] {
        "library" => "shop-steps/src/lib.rs",
        _ => "steps/src/main.rs",
    });
    let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
    lines.join("\n")
}

#[test]
fn times_and_places_do_not_differ() {
    let printed = "Then a  # /x/out/steps.rs:3 (failed, 12ms)\nThen b  # /x/out/library.rs:3:4 (1.002s)\nTook 0m7.007s, not 7ms\n";
    assert_eq!(
        steady(printed),
        "Then a  # steps/src/main.rs (failed)\nThen b  # shop-steps/src/lib.rs\nTook 0m0.010s, not 0.01s"
    );
}

#[test]
fn dots_stand_for_any_text_in_a_line() {
    assert!(fits("abc", "abc") && fits("abc", "…") && fits("abcbc", "a…bc"));
    assert!(fits("a1b2c", "a…b…c") && fits("ab", "…b…"));
    assert!(!fits("abc", "ab") && !fits("abc", "b…") && !fits("abc", "a…b"));
    assert!(!fits("aba", "a…b…ba"));
}
