//! Which feature files are found.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use crate::support::{Outcome, Project};

const FEATURE: &str = "Feature: F\n  Scenario: s\n    Given a step\n";

/// A project with a feature of one scenario in each of these files.
fn project(files: &[&str]) -> Project {
    let project = Project::new();
    for file in files {
        project.file(file, FEATURE);
    }
    project
}

/// The files that `bdd list` names, in its order.
fn found(outcome: &Outcome) -> Vec<String> {
    outcome
        .stdout
        .lines()
        .filter_map(|line| line.strip_suffix(":2  s"))
        .map(|line| line.trim().to_owned())
        .collect()
}

fn list(project: &Project, arguments: &[&str]) -> Vec<String> {
    found(&project.bdd([&["list"], arguments].concat()).exits(0))
}

#[test]
fn a_folder_is_searched_and_sorted_by_components() {
    let project = project(&[
        "features/b.feature",
        "features/a/z.feature",
        "features/a.feature",
        "features/a-b/c.feature",
        "features/B.feature",
        "features/notes.md",
        "features/a/feature",
        "features/.hidden/h.feature",
        "features/.h.feature",
    ]);
    project.file(
        "features/m.feature.md",
        "# Feature: F\n## Scenario: s\n* Given a step\n",
    );
    assert_eq!(
        list(&project, &[]),
        [
            "features/B.feature",
            "features/a/z.feature",
            "features/a-b/c.feature",
            "features/a.feature",
            "features/b.feature",
            "features/m.feature.md",
        ]
    );
}

#[test]
fn ignore_files_and_the_marker_leave_out_what_is_not_named() {
    let project = project(&[
        "features/kept.feature",
        "features/generated.feature",
        "features/drafts/d.feature",
        "features/old/o.feature",
    ]);
    project
        .file("features/.gitignore", "generated.feature\n")
        .file("features/.bddignore", "drafts/\n")
        .file("features/old/.freshenignore", "");
    assert_eq!(list(&project, &[]), ["features/kept.feature"]);
    assert_eq!(
        list(
            &project,
            &[
                "features/generated.feature",
                "features/drafts/d.feature",
                "features/old"
            ]
        ),
        [
            "features/generated.feature",
            "features/drafts/d.feature",
            "features/old/o.feature"
        ]
    );
}

#[test]
fn without_a_path_the_nearest_features_folder_counts() {
    let project = project(&["features/a.feature"]);
    project.folder("src/deep");
    let outcome = project.bdd(["list"]).within("src/deep").exits(0);
    assert_eq!(found(&outcome), ["features/a.feature"]);
}

#[test]
fn without_a_path_the_settings_say_where() {
    let project = project(&["specs/a.feature", "features/b.feature"]);
    project
        .file("bdd.toml", "features = ['specs']\n")
        .folder("src");
    let outcome = project.bdd(["list"]).within("src").exits(0);
    assert_eq!(found(&outcome), ["specs/a.feature"]);
}

#[test]
fn arguments_keep_their_order_and_no_file_comes_twice() {
    let project = project(&["features/a.feature", "features/b.feature"]);
    assert_eq!(
        list(
            &project,
            &[
                "features/b.feature",
                "features",
                "./features/../features/a.feature"
            ]
        ),
        ["features/b.feature", "features/a.feature"]
    );
}

#[test]
fn paths_count_from_the_current_directory_and_are_shown_from_the_root() {
    let project = project(&["features/sub/a.feature"]);
    let outcome = project
        .bdd(["list", "a.feature"])
        .within("features/sub")
        .exits(0);
    assert_eq!(found(&outcome), ["features/sub/a.feature"]);
    // A path that a report printed works from every folder of the project.
    let outcome = project
        .bdd(["list", "features/sub/a.feature:2"])
        .within("features/sub")
        .exits(0);
    assert_eq!(found(&outcome), ["features/sub/a.feature"]);
}

#[test]
fn globs() {
    let project = project(&[
        "features/a.feature",
        "features/x/a1.feature",
        "features/x/b1.feature",
    ]);
    assert_eq!(
        list(&project, &["features/*.feature"]),
        ["features/a.feature"]
    );
    assert_eq!(
        list(&project, &["features/**/a*"]),
        ["features/a.feature", "features/x/a1.feature"]
    );
    assert_eq!(list(&project, &["f*/x/[b]*"]), ["features/x/b1.feature"]);
    assert_eq!(
        list(&project, &["features/?"]),
        ["features/x/a1.feature", "features/x/b1.feature"]
    );
    assert_eq!(
        list(
            &project,
            &["features", "--exclude", "x", "--exclude", "*.md"]
        ),
        ["features/a.feature"]
    );
    assert_eq!(
        list(&project, &["features", "--exclude", "features/**/a*"]),
        ["features/x/b1.feature"]
    );
}

#[test]
fn a_list_names_selectors() {
    let project = project(&[
        "features/a.feature",
        "features/b.feature",
        "features/c d.feature",
    ]);
    project.file(
        "some.txt",
        "# failed\nfeatures/b.feature:2\n\n  features/c d.feature\r\n",
    );
    assert_eq!(
        list(&project, &["@some.txt"]),
        ["features/b.feature", "features/c d.feature"]
    );
    // A run at the project's root wrote it; a person stands in a folder.
    let below = project.bdd(["list", "@some.txt"]).within("features");
    assert_eq!(
        found(&below.exits(0)),
        ["features/b.feature", "features/c d.feature"]
    );
}

#[test]
fn an_empty_list_is_fine() {
    let project = project(&["features/a.feature"]);
    project.file("rerun.txt", "# nothing failed\n");
    project
        .bdd(["list", "@rerun.txt"])
        .exits(0)
        .stdout("")
        .stderr("note: nothing to run: no entries in @rerun.txt\n");
}

#[test]
fn a_missing_path_is_exit_2() {
    let project = project(&["features/a.feature"]);
    project
        .bdd(["list", "featurs", "features/b.feature:3"])
        .exits(2)
        .stdout("")
        .stderr(
            "error: no such file or folder: featurs\n\
         error: no such file or folder: features/b.feature\n\
         hint: did you mean `features`?\n",
        );
    project.file("list.txt", "\nnowhere.feature\n@other.txt\n");
    project
        .bdd(["list", "@list.txt", "@none.txt"])
        .exits(2)
        .stdout("")
        .stderr(
            "error: no such file or folder: nowhere.feature (named in list.txt:2)\n\
         error: list.txt:3: a list cannot name another list\n\
         error: cannot read none.txt: no such file or folder\n\
         hint: name both lists on the command line\n",
        );
}

#[test]
fn lines_need_a_file_and_begin_at_1() {
    let project = project(&["features/a.feature"]);
    project
        .bdd(["list", "features:3", "features/a.feature:0"])
        .exits(2)
        .stderr(
            "error: only a file has lines, this is a folder: features:3\n\
         error: lines are counted from 1: features/a.feature:0\n",
        );
}

#[test]
fn nothing_found_is_exit_4_and_says_where_it_looked() {
    let project = Project::new();
    project.bdd(["list"]).exits(4).stdout("").stderr(
        "error: no feature files in [DIR] or its parents: there is no folder `features`\n\
         hint: name files or folders, or make a project with `bdd init`\n",
    );
    project.folder("features");
    project.bdd(["list"]).exits(4).stderr(
        "error: no feature files in features\n\
         hint: name files or folders, or make a project with `bdd init`\n",
    );
    project
        .bdd(["list", "--allow-empty"])
        .exits(0)
        .stderr("note: no feature files in features\n");
    project
        .bdd(["list", "x/*.feature", "features"])
        .exits(4)
        .stderr(
            "warning: no feature file matches x/*.feature\n\
         warning: no feature files in features\n\
         error: no feature files in x/*.feature, features\n\
         hint: name files or folders, or make a project with `bdd init`\n",
        );
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_is_reported() {
    let project = project(&["features/sub/a.feature"]);
    std::os::unix::fs::symlink("..", project.path("features/sub/up")).unwrap();
    project.bdd(["list"]).exits(2).stdout("").stderr(
        "error: the symbolic link features/sub/up leads back to features, which holds it\n\
         hint: remove the link, or leave it out with `--exclude features/sub/up`\n",
    );
    assert_eq!(
        list(&project, &["--exclude", "features/sub/up"]),
        ["features/sub/a.feature"]
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_broken_ones_reported() {
    let project = project(&["shared/a.feature"]);
    project.folder("features");
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, project.path(name)).unwrap();
    };
    link("../shared", "features/linked");
    link("nowhere", "features/notes.txt");
    assert_eq!(list(&project, &[]), ["features/linked/a.feature"]);
    link("nowhere", "features/b.feature");
    project
        .bdd(["list"])
        .exits(2)
        .stderr(
            "error: cannot read features/b.feature: it is a symbolic link to nowhere, which does not exist\n\
             hint: restore the target or remove the link, or leave it out with `--exclude features/b.feature`\n",
        );
    assert_eq!(
        list(&project, &["--exclude", "features/b.feature"]),
        ["features/linked/a.feature"]
    );
}

#[test]
fn a_features_folder_that_is_a_link_to_nothing_is_reported() {
    // The folder above has features, too: they are not run instead.
    let project = project(&["features/a.feature"]);
    project.folder("inner");
    for (target, what) in [
        ("nowhere", "does not exist"),
        ("features", "leads back to the link"),
        ("../features/a.feature/x", "does not exist"),
    ] {
        let link = project.path("inner/features");
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(target, &link).unwrap();
        for paths in [&[][..], &["features"], &["features/"]] {
            let command = project.bdd(["list"].iter().chain(paths));
            command.within("inner").exits(2).stderr(&format!(
                "error: cannot read features: it is a symbolic link to {target}, which {what}\n\
                 hint: restore the target of the link, or name another path\n",
            ));
        }
    }
}

#[test]
fn a_named_path_through_a_link_to_nothing_names_the_link() {
    let project = project(&["features/a.feature"]);
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, project.path(name)).unwrap();
    };
    link("nowhere", "features/old");
    // In a walk it may be any file, or a folder of features.
    project.bdd(["list"]).exits(0).stderr_has(
        "features/old is left out: it is a symbolic link to nowhere, which does not exist",
    );
    link("nothing.feature", "features/b.feature");
    for (path, link, target) in [
        (
            "features/b.feature",
            "features/b.feature",
            "nothing.feature",
        ),
        (
            "features/b.feature:3",
            "features/b.feature",
            "nothing.feature",
        ),
        ("features/old", "features/old", "nowhere"),
        ("features/old/", "features/old", "nowhere"),
        ("features/old/*.feature", "features/old", "nowhere"),
        ("features/old/a.feature", "features/old", "nowhere"),
    ] {
        project.bdd(["list", path]).exits(2).stderr(&format!(
            "error: cannot read {link}: it is a symbolic link to {target}, which does not exist\n\
             hint: restore the target of the link, or name another path\n",
        ));
    }
    link("gone.txt", "list.txt");
    project.bdd(["list", "@list.txt"]).exits(2).stderr(
        "error: cannot read list.txt: it is a symbolic link to gone.txt, which does not exist\n",
    );
    link("gone.toml", "bdd.toml");
    project.bdd(["list"]).exits(2).stderr_has(
        "cannot read bdd.toml: it is a symbolic link to gone.toml, which does not exist",
    );
}

/// Some library would panic or overflow the stack for each of these.
#[test]
fn globs_that_no_library_can_take_are_errors() {
    for depth in [260, 20_000] {
        let glob = format!("{}a{}", "{".repeat(depth), "}".repeat(depth));
        let comma = format!("features/{}b{}", "{a,".repeat(depth), "}".repeat(depth));
        for glob in [&glob, &comma] {
            let project = project(&["features/a.feature"]);
            let deep = "braces are nested more than 100 deep";
            let refused = |arguments: &[&str]| {
                project.bdd(arguments).exits(2).stderr_has(deep);
            };
            refused(&["list", "--exclude", glob]);
            refused(&["list", glob]);
            refused(&["list", &format!("{glob}:3")]);
            project.file("list.txt", format!("{glob}\n"));
            refused(&["list", "@list.txt"]);
            for key in ["exclude", "features"] {
                project.file("bdd.toml", format!("{key} = ['{glob}']\n"));
                refused(&["list"]);
            }
            fs::remove_file(project.path("bdd.toml")).unwrap();
            for file in [
                ".gitignore",
                "features/.bddignore",
                "features/sub/.gitignore",
            ] {
                project.file("features/sub/b.feature", FEATURE);
                project.file(file, format!("# rules\n{glob}\n"));
                project
                    .bdd(["list"])
                    .exits(2)
                    .stderr(&format!("error: cannot read {file}: line 2: {deep}\n"));
                // A file that is named needs no rules.
                list(&project, &["features/a.feature"]);
                fs::remove_file(project.path(file)).unwrap();
            }
        }
    }
}

#[test]
fn a_device_without_end_is_an_error() {
    let project = project(&["features/a.feature"]);
    let endless = "it is not a regular file, and has more than 256 MiB";
    project
        .bdd(["list", "/dev/zero"])
        .exits(3)
        .stderr_has(endless);
    project
        .bdd(["list", "@/dev/zero"])
        .exits(2)
        .stderr_has(endless);
    project
        .bdd(["parse", "/dev/zero"])
        .exits(2)
        .stderr_has(endless);
    project
        .bdd(["list", "--config", "/dev/zero"])
        .exits(2)
        .stderr_has(endless);
}

#[test]
fn quoted_paths_of_a_list_are_taken_literally() {
    let names = [
        "features/a\nb.feature",
        "features/ end .feature",
        "\"quoted\".feature",
        "tab\t\u{1b}.feature",
        "#a.feature",
        "@a.feature",
        " begins.feature",
    ];
    let project = project(&names);
    project.file("a.feature:3", FEATURE);
    let odd = OsStr::from_bytes(b"features/\xff\xfe.feature");
    fs::write(project.path("").join(odd), FEATURE).unwrap();
    project
        .bdd(["run", "-f", "rerun:rerun.txt", "."])
        .with(&["a.feature:3"])
        .exits(5);
    let again = |list: &str| {
        let outcome = project.bdd(["list", list]).exits(0);
        (outcome.stdout.matches(":2  s").count(), outcome)
    };
    let (count, outcome) = again("@rerun.txt");
    assert_eq!(count, names.len() + 2, "{}", outcome.stdout);
    // The form of git, with line numbers.
    project.file(
        "git.txt",
        "\"features/\\377\\376.feature\":2\n\"\\043a.feature\"\n",
    );
    assert_eq!(again("@git.txt").0, 2);
    project.file("odd.txt", "\"a.feature\"x\n\"#a.feature\":0\n");
    project.bdd(["list", "@odd.txt"]).exits(2).stderr(
        "error: only line numbers can follow a quoted path: \"a.feature\"x\n\
         error: lines are counted from 1: \"#a.feature\":0\n",
    );
}

#[test]
fn no_feature_files_says_what_was_left_out() {
    let project = Project::new();
    project.file("features/sub/.gitignore", "*.feature\n");
    project
        .file("features/sub/a.feature", "")
        .file("features/sub/b.feature", "");
    project
        .file("features/X.FEATURE", "")
        .file("features/Y.feature.MD", "");
    project.file("features/c.feature", "");
    let left_out = "no feature files in features (2 left out by .gitignore or other ignore files, 1 left out by --exclude, features/X.FEATURE does not end in `.feature`, features/Y.feature.MD does not end in `.feature`)\n";
    for paths in [&[][..], &["features"]] {
        let outcome = project
            .bdd(["list", "--exclude", "c.feature"])
            .with(paths)
            .exits(4);
        outcome.stderr_has(&format!("error: {left_out}"));
    }
    project
        .bdd([
            "list",
            "features/c.feature",
            "--exclude",
            "features/c.feature",
        ])
        .exits(4)
        .stderr_has("no feature files in features/c.feature (1 left out by --exclude)\n");
    project.file("hidden/.old/a.feature", "");
    project.file("hidden/b.feature", "");
    project
        .bdd(["list", "hidden", "--exclude", "hidden/**"])
        .exits(4)
        .stderr_has("no feature files in hidden (1 left out by --exclude)\n");
    project.folder("empty");
    project
        .bdd(["list", "empty"])
        .exits(4)
        .stderr_has("error: no feature files in empty\n");
}
