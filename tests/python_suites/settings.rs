//! Settings in behave's own files.

use serde_json::json;

use super::*;

/// The row of a setting in `bdd config`, with one space between its columns.
fn row(project: &Project, key: &str, arguments: &[&str]) -> String {
    let config = project
        .bdd(["config"])
        .without("HOME")
        .with(arguments)
        .exits(0);
    let mut lines = config.stdout.lines();
    let found = lines.find(|line| line.split_whitespace().next() == Some(key));
    let found = found.unwrap_or_else(|| config.fail(&format!("there is no `{key}`")));
    found.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_setting_is_taken_and_shows_its_file() {
    let project = suite(&["tests/steps/steps.py"]);
    project.file("tests/a.feature", FEATURE).file(
        "behave.ini",
        "[behave]\npaths = tests\ndefault_tags = ~@slow\nname = S\n  T\nlang = en\nstop = true\n\
         include_re = a\\.feature\nexclude_re = old\njunit = yes\njunit_directory = out\njobs = 2\n\
         show_snippets = no\ncolor = off\nlogging_level = DEBUG\nformat = rerun\n  my:Formatter\n\
         outfiles = failed.txt\n  mine.txt\n[behave.userdata]\nport = 8080\n",
    );
    for (key, expected) in [
        ("features", "features tests behave.ini:2"),
        ("tags", "tags not ( @slow ) behave.ini:3"),
        ("name", "name S, T behave.ini:4"),
        ("language", "language en behave.ini:6"),
        ("max-failures", "max-failures 1 behave.ini:7"),
        ("include-re", "include-re a\\.feature behave.ini:8"),
        ("exclude-re", "exclude-re old behave.ini:9"),
        (
            "format",
            "format rerun:failed.txt, junit:out/ behave.ini:16, behave.ini:10",
        ),
        ("jobs", "jobs 2 behave.ini:12"),
        ("snippets", "snippets none behave.ini:13"),
        ("color", "color never behave.ini:14"),
        ("userdata.port", "userdata.port 8080 behave.ini:21"),
    ] {
        assert_eq!(row(&project, key, &[]), expected);
    }
    assert_eq!(row(&project, "jobs", &["-j", "4"]), "jobs 4 flag --jobs");
    assert_eq!(
        row(&project, "name", &["--name", "X"]),
        "name X flag --name"
    );
    let outcome = project.bdd(["run"]).without("HOME").without("VIRTUAL_ENV");
    outcome.exits(0).stderr("");
    assert_eq!(base(&project), "tests");
    let told = told(&project);
    assert_eq!(told["paths"], json!(["tests"]));
    assert_eq!(told["userdata"], json!({ "port": "8080" }));
    assert_eq!(told["formatters"], json!(["my:Formatter:mine.txt"]));
    assert!(project.path("out").is_dir());
}

#[test]
fn files_lie_over_each_other_as_in_behave() {
    let project = suite(&["features/steps/steps.py"]);
    project
        .file("pyproject.toml", "[tool.behave]\ndefault_tags = ['@a', 'not @b']\njobs = 5\n[tool.behave.userdata]\nx = 1\n")
        .file("tox.ini", "[tox]\n]]\n[behave]\njobs = 4\n[behave.userdata]\ny = 2\n");
    assert_eq!(row(&project, "jobs", &[]), "jobs 4 tox.ini:4");
    assert_eq!(
        row(&project, "tags", &[]),
        "tags @a, not ( @b ) pyproject.toml:2"
    );
    assert_eq!(row(&project, "userdata.y", &[]), "userdata.y 2 tox.ini:6");
    let config = project.bdd(["config"]).exits(0);
    assert!(
        !config.stdout.contains("userdata.x"),
        "behave takes the user data of one file"
    );
    project.file("behave.ini", "[behave]\njobs = 3\n");
    assert_eq!(row(&project, "jobs", &[]), "jobs 3 behave.ini:2");
    project.file("bdd.toml", "jobs = 2\n");
    assert_eq!(row(&project, "jobs", &[]), "jobs 2 bdd.toml:1");
}

#[test]
fn what_nobody_does_is_a_warning_by_name() {
    let project = suite(&["features/steps/steps.py"]);
    project.file(
        "behave.ini",
        "[behave]\nrunner = my:Runner\nsummary = no\nsummray = no\nformat = json\ndefault_format = plain\n",
    );
    let config = project.bdd(["config"]).without("HOME").exits(0);
    config.stderr(
        "warning: behave.ini:2: `runner` has no effect here: bdd runs scenarios with its own runner\n\
         warning: behave.ini:3: `summary` has no effect here: bdd always prints a summary\n\
         warning: behave.ini:4: neither bdd nor behave knows the setting `summray`; did you mean `summary`?\n\
         warning: behave.ini:5: `bdd run` does not write the format `json` of behave; `bdd behave` does if it is json, \
         and `bdd run -f help` lists the formats of bdd\n",
    );
}

#[test]
fn several_workers_capture_although_a_file_of_behave_says_otherwise() {
    let project = suite(&["features/steps/steps.py"]);
    project.file("behave.ini", "[behave]\nstdout_capture = no\njobs = 2\n");
    let not_captured = "capture false behave.ini:2";
    assert_eq!(row(&project, "capture", &[]), not_captured);
    assert_eq!(row(&project, "capture", &["-j", "1"]), not_captured);
    assert_eq!(row(&project, "jobs", &[]), "jobs 1 behave.ini:2");
    let warning =
        "behave.ini:2: output is captured all the same, because there are several workers\n";
    let several = project.bdd(["run", "-j", "2"]).without("HOME");
    let several = several.without("VIRTUAL_ENV").exits(0);
    several.stdout_has(warning);
    project.file("bdd.toml", "jobs = 2\n");
    assert_eq!(row(&project, "capture", &[]), "capture true default");
    project.file("bdd.toml", "jobs = 2\ncapture = false\n");
    let both = project.bdd(["run", "-j", "2"]).without("HOME");
    both.exits(2)
        .stderr_has("`capture = false` (bdd.toml:2) needs one worker");
}

#[test]
fn a_value_without_sense_has_its_place() {
    let project = suite(&["features/steps/steps.py"]);
    for (line, problem) in [
        (
            "stop = maybe",
            "behave.ini:2: `stop`: expected true or false",
        ),
        ("jobs = many", "behave.ini:2: `jobs`: expected a number"),
        (
            "lang = xx-yy",
            "behave.ini:2: `lang`: unknown language `xx-yy`",
        ),
        ("name = (", "behave.ini:2: `name`: regex parse error"),
        ("tags = @a and", "behave.ini:2: `tags`: "),
    ] {
        project.file("behave.ini", format!("[behave]\n{line}\n"));
        project
            .bdd(["list"])
            .without("HOME")
            .exits(2)
            .stderr_has(problem);
    }
    project.file("behave.ini", "");
    project.file("pyproject.toml", "[tool.behave\n");
    project
        .bdd(["list"])
        .without("HOME")
        .exits(2)
        .stderr_has("pyproject.toml:1:");
}

#[test]
fn other_projects_do_not_read_them() {
    let project = Project::new();
    project.bdd(["init"]).exits(0);
    project
        .file("pyproject.toml", "[tool.behave\n")
        .file("behave.ini", "[behave]\npaths = tests\njobs = 7\n")
        .file("tests/steps/steps.py", "");
    let config = project.bdd(["config"]).without("HOME").exits(0).stderr("");
    assert!(!config.stdout.contains("behave.ini"), "{}", config.stdout);
}
