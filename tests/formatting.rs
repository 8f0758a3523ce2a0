//! `bdd fmt`: which files it changes, and what it leaves alone.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::Stdio;

use crate::support::Project;

const LOOSE: &str = "Feature:f\nScenario: s\n* a\n";
const TIDY: &str = "Feature: f\n\n  Scenario: s\n    * a\n";
const BAD: &str = "Feature: f\n  Scenario: s\n    Gven\n  nonsense\n    * a\n    more\n";

#[test]
fn files_are_formatted_and_named() {
    let project = Project::new();
    project.file("features/a.feature", LOOSE);
    project.file("features/b.feature", TIDY);
    project.file(
        "features/c.feature.md",
        "# Feature: f\n##   Scenario: s\n* Given a\n",
    );
    project
        .bdd(["fmt"])
        .exits(0)
        .stdout("features/a.feature\n")
        .stderr("1 file formatted, 1 Markdown file left as they are\n");
    assert_eq!(project.read("features/a.feature"), TIDY);
    project
        .bdd(["fmt", "features/a.feature", "features/b.feature"])
        .exits(0)
        .stdout("")
        .stderr("2 files are formatted\n");
}

#[test]
fn check_and_diff_change_nothing() {
    let project = Project::new();
    project.file("features/a.feature", LOOSE);
    project.file("features/b.feature", TIDY);
    project
        .bdd(["fmt", "--check"])
        .exits(1)
        .stdout("features/a.feature\n")
        .stderr("1 of 2 files is not formatted\n");
    project.bdd(["fmt", "--diff"]).exits(1).stdout(
        "--- features/a.feature\n+++ features/a.feature\n@@ -1,3 +1,4 @@\n-Feature:f\n-Scenario: s\n-* a\n+Feature: f\n+\n+  Scenario: s\n+    * a\n",
    );
    assert_eq!(project.read("features/a.feature"), LOOSE);
    project.bdd(["fmt"]).exits(0);
    project
        .bdd(["fmt", "--check"])
        .exits(0)
        .stdout("")
        .stderr("2 files are formatted\n");
}

#[test]
fn a_difference_can_be_applied() {
    let project = Project::new();
    project.file(
        "features/a.feature",
        "Feature:f\r\nScenario: s\r\n* \u{1b}[31m",
    );
    let outcome = project.bdd(["fmt", "--diff"]).exits(1);
    assert!(
        outcome.stdout.contains("+    * \u{1b}[31m\r\n"),
        "{:?}",
        outcome.stdout
    );
    assert!(outcome.stdout.contains("\\ No newline at end of file\n"));
}

#[test]
fn a_file_with_a_mistake_stays_and_the_others_are_formatted() {
    let project = Project::new();
    project.file("features/a.feature", BAD);
    project.file("features/b.feature", LOOSE);
    project.file("features/c.feature", b"Feature: caf\xe9\n");
    let outcome = project
        .bdd(["fmt"])
        .exits(2)
        .stdout("features/b.feature\n")
        .stderr_has("error: features/a.feature:6:5: this line cannot stand here")
        .stderr_has("error: features/c.feature:1:13: not UTF-8")
        .stderr_has("1 file formatted, 2 files left as they were because of errors\n");
    assert!(!outcome.stderr.contains("panicked"));
    assert_eq!(project.read("features/a.feature"), BAD);
    assert_eq!(
        fs::read(project.path("features/c.feature")).unwrap(),
        b"Feature: caf\xe9\n"
    );
    // A mistake counts more than a file that is not formatted.
    project.file("features/b.feature", LOOSE);
    project
        .bdd(["fmt", "--check"])
        .exits(2)
        .stdout("features/b.feature\n");
}

#[test]
fn permissions_and_links_stay() {
    let project = Project::new();
    project.file("real/a.feature", LOOSE);
    let real = project.path("real/a.feature");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
    project.folder("features");
    symlink("../real/a.feature", project.path("features/a.feature")).unwrap();
    project.bdd(["fmt"]).exits(0);
    assert_eq!(project.read("real/a.feature"), TIDY);
    assert!(project.path("features/a.feature").is_symlink());
    assert_eq!(real.metadata().unwrap().mode() & 0o7777, 0o600);
    for folder in ["features", "real"] {
        assert_eq!(fs::read_dir(project.path(folder)).unwrap().count(), 1);
    }
}

#[test]
fn the_byte_order_mark_and_line_ends_stay() {
    let project = Project::new();
    project.file(
        "features/a.feature",
        "\u{feff}Feature:f\r\nScenario: s\r\n* a\r\n",
    );
    project.bdd(["fmt"]).exits(0);
    assert_eq!(
        project.read("features/a.feature"),
        format!("\u{feff}{}", TIDY.replace('\n', "\r\n"))
    );
}

#[test]
fn the_style_comes_from_the_settings() {
    let project = Project::new();
    project.file("bdd.toml", "[fmt]\nindent = 4\ntable-padding = 0\n");
    project.file("features/a.feature", format!("{LOOSE}|x|yy|\n|zzz||\n"));
    project.bdd(["fmt"]).exits(0);
    assert_eq!(
        project.read("features/a.feature"),
        "Feature: f\n\n    Scenario: s\n        * a\n            |x  |yy|\n            |zzz|  |\n"
    );
    project
        .bdd(["fmt", "--check"])
        .env("BDD_FMT_INDENT", "2")
        .exits(1);
    project.file("bdd.toml", "[fmt]\nindent = 17\n");
    project
        .bdd(["fmt"])
        .exits(2)
        .stderr_has("`17` is not a number from 0 to 16");
}

/// Formats a text as an editor does: exit code, standard output and standard error.
fn through(project: &Project, arguments: &[&str], text: &str) -> (Option<i32>, String, String) {
    let mut child = project
        .bdd(arguments)
        .command()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn standard_input_goes_to_standard_output() {
    let project = Project::new();
    let (code, out, err) = through(&project, &["fmt", "-"], LOOSE);
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), TIDY, ""));
    let odd = LOOSE.replace("* a", "* \u{1b}[31m\u{202e}");
    let (_, out, _) = through(&project, &["fmt", "-"], &odd);
    assert!(out.contains("\u{1b}[31m\u{202e}"), "{out:?}");
    let (code, out, err) = through(&project, &["fmt", "-"], BAD);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("error: <stdin>:6:5: "), "{err}");
    let (code, out, _) = through(&project, &["fmt", "--check", "-"], LOOSE);
    assert_eq!((code, out.as_str()), (Some(1), "<stdin>\n"));
    let (code, out, _) = through(&project, &["fmt", "--check", "-"], TIDY);
    assert_eq!((code, out.as_str()), (Some(0), ""));
    let french = "Fonctionnalité:f\n";
    let (code, out, _) = through(&project, &["fmt", "--language", "fr", "-"], french);
    assert_eq!((code, out.as_str()), (Some(0), "Fonctionnalité: f\n"));
}

#[test]
fn what_cannot_be_formatted_is_wrong_usage() {
    let project = Project::new();
    project
        .bdd(["fmt"])
        .exits(2)
        .stderr_has("error: no feature files in ");
    project.file("features/a.feature", LOOSE);
    project
        .bdd(["fmt", "features/a.feature:2"])
        .exits(2)
        .stderr("error: `bdd fmt` formats whole files: name features/a.feature without a line\n");
    project
        .bdd(["fmt", "-", "features"])
        .exits(2)
        .stderr_has("`-` is standard input");
    project
        .bdd(["fmt", "nowhere"])
        .exits(2)
        .stderr_has("nowhere");
    assert_eq!(project.read("features/a.feature"), LOOSE);
}

#[test]
fn what_is_not_a_file_stays() {
    let project = Project::new();
    project.folder("features");
    let made = std::process::Command::new("mkfifo")
        .arg(project.path("features/a.feature"))
        .status()
        .unwrap();
    assert!(made.success());
    // A writer, so that the pipe can be read.
    let path = project.path("features/a.feature");
    let writer = std::thread::spawn(move || fs::write(path, LOOSE));
    let outcome = project.bdd(["fmt", "features/a.feature"]).run();
    // Without a reader the writer would wait for ever.
    let _ = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(project.path("features/a.feature"));
    writer.join().unwrap().unwrap();
    outcome.code(2).stderr_has("it is not a regular file");
}
