//! `[profile.NAME]`: which one holds, what it inherits, and what is wrong with one.

use serde_json::json;

use super::{explained, refused};
use crate::support::Project;

const FILE: &str = "\
jobs = 2
retries = 1
format = ['progress']
[steps]
package = 'shop'
start-timeout = '5s'
[groups]
db = { limit = 2, tags = '@sql' }
[profile.base]
jobs = 3
strict = false
[profile.ci]
inherits = 'base'
jobs = 4
[profile.ci.steps]
command = ['python3', 'worker.py']
[profile.ci.groups]
db = 1
";

fn project() -> Project {
    let project = Project::new();
    project.file("bdd.toml", FILE);
    project
}

#[test]
fn a_profile_goes_above_those_that_it_inherits_and_the_top() {
    let project = project();
    let with = |key: &str| explained(project.bdd(["config", "--profile", "ci"]), key);
    let of = |name: &str, line: u32| json!({"kind": "profile", "profile": name, "file": "bdd.toml", "line": line});
    let top = |line: u32| json!({"kind": "file", "file": "bdd.toml", "line": line});
    assert_eq!(with("jobs"), (json!(4), of("ci", 14)));
    assert_eq!(with("strict"), (json!(false), of("base", 11)));
    assert_eq!(with("retries"), (json!(1), top(2)));
    assert_eq!(with("steps.start-timeout"), (json!("5s"), top(6)));
    // A program is named by one of them alone.
    assert_eq!(with("steps.package").0, json!(null));
    assert_eq!(with("steps.command").0, json!(["python3", "worker.py"]));
    // A bare limit keeps the tags.
    let group = json!({"limit": 1, "tags": "@sql"});
    assert_eq!(with("groups.db"), (group, of("ci", 18)));
    let without = explained(project.bdd(["config"]), "jobs");
    assert_eq!(without, (json!(2), top(1)));
}

#[test]
fn the_flag_goes_above_the_variable() {
    let project = project();
    let jobs = |arguments: &[&str]| {
        let bdd = project.bdd(["config"]).with(arguments);
        explained(bdd.env("BDD_PROFILE", "ci"), "jobs").0
    };
    assert_eq!(jobs(&[]), 4);
    assert_eq!(jobs(&["-p", "base"]), 3);
    assert_eq!(jobs(&["-p", "default"]), 2);
}

#[test]
fn every_command_that_reads_settings_has_profiles() {
    let project = Project::new();
    project
        .file("bdd.toml", "[profile.quick]\ntags = 'not @slow'\n")
        .file(
            "features/a.feature",
            "Feature: F\n  Scenario: s\n    Given a\n  @slow\n  Scenario: t\n    Given a\n",
        );
    project
        .bdd(["list", "--profile", "quick"])
        .exits(0)
        .stdout("Feature: F\n  features/a.feature:2  s\n\n1 feature, 1 scenario, 1 step\n");
}

#[test]
fn an_unknown_profile() {
    let project = project();
    project
        .bdd(["run", "--profile", "bsae"])
        .exits(2)
        .stdout("")
        .stderr("error: --profile: unknown profile `bsae`\nhint: did you mean `base`?\n");
    project
        .bdd(["list"])
        .env("BDD_PROFILE", "nightly")
        .exits(2)
        .stderr("error: BDD_PROFILE: unknown profile `nightly`\nhint: the profiles are base, ci\n");
    Project::new()
        .bdd(["run", "--profile", "ci"])
        .exits(2)
        .stderr(
            "error: --profile: unknown profile `ci`\n\
             hint: add `[profile.ci]` to bdd.toml\n",
        );
}

#[test]
fn inheritance_that_leads_nowhere() {
    refused(
        "\
[profile.a]
inherits = 'b'
[profile.b]
inherits = 'c'
[profile.c]
inherits = 'b'
[profile.d]
inherits = 'd'
[profile.e]
inherits = 'aa'
[profile.f]
inherits = 'default'
[profile.g]
inherits = ['a']
",
        "\
error: bdd.toml:4:12: profiles inherit in a circle: `b` → `c` → `b`
   |
 4 | inherits = 'c'
   |            ^^^
error: bdd.toml:8:12: profiles inherit in a circle: `d` → `d`
   |
 8 | inherits = 'd'
   |            ^^^
error: bdd.toml:10:12: unknown profile `aa`
    |
 10 | inherits = 'aa'
    |            ^^^^
hint: the profiles are a, b, c, d, e, f, g
error: bdd.toml:12:12: unknown profile `default`
    |
 12 | inherits = 'default'
    |            ^^^^^^^^^
hint: leave it out: settings at the top of the file are used by every profile
error: bdd.toml:14:12: expected a text, not an array
    |
 14 | inherits = ['a']
    |            ^^^^^
",
    );
}

#[test]
fn profiles_do_not_nest_and_default_is_none() {
    let keys: Vec<&str> = (bdd::config::declarations().iter())
        .map(|setting| setting.key)
        .filter(|key| !key.contains('.'))
        .collect();
    let expected = format!(
        "\
error: bdd.toml:1:10: `default` cannot be the name of a profile: it means a run without one
   |
 1 | [profile.default]
   |          ^^^^^^^
hint: write settings for every run at the top of the file
error: bdd.toml:3:13: unknown key `profile`
   |
 3 | [profile.ci.profile]
   |             ^^^^^^^
hint: the keys here are {}, steps, fmt, reports, junit, groups, lint, userdata, inherits
",
        keys.join(", ")
    );
    refused(
        "[profile.default]\njobs = 1\n[profile.ci.profile]\nx = 1\n",
        &expected,
    );
}
