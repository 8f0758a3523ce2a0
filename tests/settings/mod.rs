//! `bdd.toml` with its profiles, the environment, and flags: what holds, and what is wrong with them.

mod profiles;
mod reports;
mod schema;
mod shown;
mod userdata;
mod variables;

use serde_json::Value;

use crate::support::{Bdd, Project};

/// What `bdd config --json` says, by key: the value, and where it comes from.
fn explained(bdd: Bdd, key: &str) -> (Value, Value) {
    let outcome = bdd.with(&["--json"]).exits(0);
    let document: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!(document["version"], 1);
    let settings = document["settings"].as_array().expect("a list");
    let found = settings.iter().find(|setting| setting["key"] == key);
    let found = found.unwrap_or_else(|| outcome.fail(&format!("there is no `{key}`")));
    (found["value"].clone(), found["from"].clone())
}

/// Expects `bdd run` to end in 2 with this on standard error.
fn refused(settings: &str, stderr: &str) {
    let project = Project::new();
    project.file("bdd.toml", settings);
    project.bdd(["run"]).exits(2).stdout("").stderr(stderr);
}

#[test]
fn an_unknown_key_has_its_place_and_a_suggestion() {
    refused(
        "jobs = 2\n\n[steps]\npackages = 'x'\n",
        "error: bdd.toml:4:1: unknown key `packages`
   |
 4 | packages = 'x'
   | ^^^^^^^^
hint: did you mean `package`?
",
    );
}

#[test]
fn all_mistakes_are_reported_at_once() {
    refused(
        "\
jbos = 3
retries = -1
[steps]
paths = 'x'
[groups]
db = { limits = 3 }
net = 0
[userdata]
hosts = ['a']
[profile.ci]
capture = 'yes'
[profile.ci.steps]
start-timeout = 5
",
        "\
error: bdd.toml:1:1: unknown key `jbos`
   |
 1 | jbos = 3
   | ^^^^
hint: did you mean `jobs`?
error: bdd.toml:2:11: invalid value: integer `-1`, expected a number from 0 to 4294967295
   |
 2 | retries = -1
   |           ^^
error: bdd.toml:4:1: unknown key `paths`
   |
 4 | paths = 'x'
   | ^^^^^
hint: did you mean `path`?
error: bdd.toml:6:8: unknown key `limits`
   |
 6 | db = { limits = 3 }
   |        ^^^^^^
hint: did you mean `limit`?
error: bdd.toml:7:7: invalid value: integer `0`, expected a number from 1 to 4294967295
   |
 7 | net = 0
   |       ^
error: bdd.toml:9:9: expected a text, a number or a boolean, not an array
   |
 9 | hosts = ['a']
   |         ^^^^^
error: bdd.toml:11:11: expected `true` or `false`, not a text
    |
 11 | capture = 'yes'
    |           ^^^^^
error: bdd.toml:13:17: expected a text such as `\"[TIME]\"`, not an integer
    |
 13 | start-timeout = 5
    |                 ^
",
    );
}

#[test]
fn a_key_with_a_dot_is_not_a_table() {
    refused(
        "'steps.packagee' = 'x'\n",
        "error: bdd.toml:1:1: unknown key `steps.packagee`
   |
 1 | 'steps.packagee' = 'x'
   | ^^^^^^^^^^^^^^^^
hint: did you mean `steps`?
",
    );
    let project = Project::new();
    project.file("bdd.toml", "'steps.package' = 'x'\n");
    project
        .bdd(["config"])
        .exits(2)
        .stderr_has("unknown key `steps.package`");
    project.file("bdd.toml", "steps.package = 'x'\n");
    assert_eq!(explained(project.bdd(["config"]), "steps.package").0, "x");
}

#[test]
fn a_table_is_a_table() {
    refused(
        "steps = 'x'\n",
        "error: bdd.toml:1:9: expected a table, not a text
   |
 1 | steps = 'x'
   |         ^^^
",
    );
}

#[test]
fn a_group_has_the_name_of_a_tag() {
    refused(
        "[groups]\n'@db' = 2\nserial = 1\n",
        "error: bdd.toml:2:1: the name of a group has no `@`: `db`
   |
 2 | '@db' = 2
   | ^^^^^
error: bdd.toml:3:1: `serial` cannot be the name of a group: scenarios tagged @serial run alone
   |
 3 | serial = 1
   | ^^^^^^
",
    );
}

#[test]
fn a_wrong_value_has_its_place() {
    refused(
        "# é\ntags = '@a and'\n",
        "error: bdd.toml:2:8: Tag expression \"@a and\" could not be parsed because of syntax error: Expected operand.
      @a and
            ^ a tag is missing here
   |
 2 | tags = '@a and'
   |        ^^^^^^^^
",
    );
    refused(
        "jobs = 0",
        "error: bdd.toml:1:8: invalid value: integer `0`, expected a number from 1 to 4294967295
   |
 1 | jobs = 0
   |        ^
",
    );
    refused(
        "jobs = 99999999999999999999\nmax-failures = 5000000000\n[fmt]\nindent = 99999999999999999999\n",
        "\
error: bdd.toml:1:8: invalid value: integer `99999999999999999999`, expected a number from 1 to 4294967295
   |
 1 | jobs = 99999999999999999999
   |        ^^^^^^^^^^^^^^^^^^^^
error: bdd.toml:2:16: `5000000000` is not a number of failures: expected a number from 1 to 4294967295, optionally followed by `:immediate`
   |
 2 | max-failures = 5000000000
   |                ^^^^^^^^^^
error: bdd.toml:4:10: `99999999999999999999` is not a number from 0 to 16
   |
 4 | indent = 99999999999999999999
   |          ^^^^^^^^^^^^^^^^^^^^
",
    );
    refused(
        "[steps]\nstart-timeout = '30'\n",
        "error: bdd.toml:2:17: `30` is not a time: expected a number above 0 with a unit, such as `[TIME]`, `[TIME]` or `2m`
   |
 2 | start-timeout = '30'
   |                 ^^^^
",
    );
    refused(
        "step-timeout = '99999h'\noutput-limit = '99999999 GB'\n",
        "error: bdd.toml:1:16: `99999h` is too large: the largest time is 8760h
   |
 1 | step-timeout = '99999h'
   |                ^^^^^^^^
error: bdd.toml:2:16: `99999999 GB` is too large: the largest size is 1000000 GB
   |
 2 | output-limit = '99999999 GB'
   |                ^^^^^^^^^^^^^
",
    );
    refused(
        "jobs = 1\nsnippets = 'prose'\n",
        "error: bdd.toml:2:12: unknown variant `prose`, expected one of `expression`, `regex`, `none`
   |
 2 | snippets = 'prose'
   |            ^^^^^^^
",
    );
    refused(
        "language = 'klingon'\n",
        "error: bdd.toml:1:12: unknown language `klingon`; did you mean `tlh`?
   |
 1 | language = 'klingon'
   |            ^^^^^^^^^
",
    );
}

#[test]
fn a_file_that_is_not_toml_has_its_place() {
    refused(
        "features = ['a'\n",
        "error: bdd.toml:1:16: unclosed array, expected `]`
   |
 1 | features = ['a'
   |                ^
",
    );
    let project = Project::new();
    project.file("bdd.toml", b"jobs = 1\ncolor = 'caf\xe9'\n");
    project
        .bdd(["run"])
        .exits(2)
        .stdout("")
        .stderr_has("error: bdd.toml:2:13: this is not UTF-8\n");
}

#[test]
fn a_settings_file_may_be_named() {
    let project = Project::new();
    project
        .file("ci/bdd.toml", "features = ['../features']\n")
        .file(
            "features/a.feature",
            "Feature: F\n  Scenario: s\n    Given a\n",
        );
    project
        .bdd(["list", "--config", "ci/bdd.toml"])
        .exits(0)
        .stdout("Feature: F\n  ../features/a.feature:2  s\n\n1 feature, 1 scenario, 1 step\n");
    project
        .bdd(["list", "--config", "none.toml"])
        .exits(2)
        .stderr("error: cannot read none.toml: no such file or folder\n");
}

#[test]
fn a_step_program_that_cannot_be_one() {
    let project = Project::new();
    project
        .file(
            "features/a.feature",
            "Feature: F\n  Scenario: s\n    Given a\n",
        )
        .file("plain.txt", "");
    project.bdd(["run"]).exits(5).stderr(
        "error: there is no step program
hint: name one in one of three ways:
  - a crate in features/steps (`bdd init` makes one), or Python files for behave
  - `[steps]` in bdd.toml: `path`, `package` or `command`
  - `--steps PROGRAM`, `--steps FOLDER` or `--steps PACKAGE`
",
    );
    project.bdd(["run", "--steps", "./none"]).exits(5).stderr(
        "error: --steps: no such step program or crate: ./none
hint: name an executable, a folder with a Cargo.toml, a Cargo.toml, or a package of this workspace
",
    );
    project.bdd(["run", "--steps", "features"]).exits(5).stderr(
        "error: --steps: the folder features has no Cargo.toml
hint: `bdd init` makes a crate in features/steps
",
    );
    project
        .bdd(["run", "--steps", "plain.txt"])
        .exits(5)
        .stderr(
            "error: --steps: the file plain.txt is not executable
hint: `chmod +x` makes it executable
",
        );
}

#[test]
fn a_value_of_another_type_gets_what_is_expected() {
    refused(
        "\
features = 'features'
format = ['progress', 3]
order = 3
[lint]
no-steps = true
[steps]
command = 'python3 worker.py'
",
        "\
error: bdd.toml:1:12: expected an array, not a text
   |
 1 | features = 'features'
   |            ^^^^^^^^^^
hint: write `features = [\"features\"]`
error: bdd.toml:2:23: expected a text such as `\"junit:report.xml\"`, not an integer
   |
 2 | format = ['progress', 3]
   |                       ^
error: bdd.toml:3:9: invalid type: integer `3`, expected a text
   |
 3 | order = 3
   |         ^
error: bdd.toml:5:12: expected one of `off`, `warn`, `error`, not a boolean
   |
 5 | no-steps = true
   |            ^^^^
error: bdd.toml:7:11: expected an array, not a text
   |
 7 | command = 'python3 worker.py'
   |           ^^^^^^^^^^^^^^^^^^^
hint: write `command = [\"python3\",\"worker.py\"]`
",
    );
}

#[test]
fn steps_that_contradict_each_other_have_their_place() {
    refused(
        "\
[steps]
command = []
[profile.crate.steps]
command = ['x']
package = 'y'
[profile.fast.steps]
release = true
profile = 'fast'
[profile.python.steps]
language = 'python'
path = 'x'
",
        "\
error: bdd.toml:2:11: `command` must begin with a program
   |
 2 | command = []
   |           ^^
hint: for example `command = [\"python3\", \"worker.py\"]`
error: bdd.toml:4:11: cargo does not build the program in `command`: leave out either `command` or `path`, `package` and `target`
   |
 4 | command = ['x']
   |           ^^^^^
error: bdd.toml:7:11: leave out either `release` or `profile`
   |
 7 | release = true
   |           ^^^^
error: bdd.toml:10:12: a suite of behave is no program of its own: leave out either `language = \"python\"` or `path`, `package`, `target` and `command`
    |
 10 | language = 'python'
    |            ^^^^^^^^
",
    );
    let project = Project::new();
    let contradicted = project
        .bdd(["list"])
        .env("BDD_STEPS_COMMAND", "x")
        .env("BDD_STEPS_PATH", "y");
    contradicted
        .exits(2)
        .stderr_has("error: BDD_STEPS_COMMAND: cargo does not build the program in `command`");
}

#[test]
fn features_that_are_not_there_have_their_place() {
    refused(
        "jobs = 1\nfeatures = ['none', '@list', '*[']\n",
        "error: bdd.toml:2:12: no such file or folder: none\n\
         error: bdd.toml:2:12: cannot read list: no such file or folder\n\
         error: bdd.toml:2:12: not a glob: *[: unclosed character class; missing ']'\n",
    );
    let project = Project::new();
    let named = project.bdd(["run"]).env("BDD_FEATURES", "none");
    named
        .exits(2)
        .stderr("error: BDD_FEATURES: no such file or folder: none\n");
    project
        .file("bdd.toml", "[profile.ci]\nfeatures = ['@list']\n")
        .file("list", "none\n")
        .bdd(["run", "--profile", "ci"])
        .exits(2)
        .stderr("error: no such file or folder: none (named in list:1)\n");
}

#[test]
fn one_worker_and_several_contradict_each_other() {
    let project = Project::new();
    project
        .bdd(["run", "--no-capture", "--jobs", "2"])
        .exits(2)
        .stderr(
            "error: --no-capture needs one worker, but --jobs asks for more\nhint: leave out --jobs\n",
        );
    project.file("bdd.toml", "jobs = 2\ncapture = false\n");
    project.bdd(["run", "--jobs", "2"]).exits(2).stderr(
        "error: `capture = false` (bdd.toml:2) needs one worker, but --jobs asks for more\n\
         hint: leave out --jobs\n",
    );
    project.bdd(["run", "--jobs", "0"]).exits(2).stderr(
        "error: invalid value '0' for '--jobs <N>': expected a number from 1 to 4294967295\n\n\
         For more information, try '--help'.\n",
    );
}
