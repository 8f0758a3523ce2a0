//! `bdd config`.

use serde_json::json;

use super::explained;
use crate::support::Project;

#[test]
fn each_setting_and_where_it_comes_from() {
    let project = Project::new();
    project
        .file(
            "bdd.toml",
            "tags = 'not @slow'\nexclude = ['draft_*']\n[userdata]\nport = 8080\n\
             [profile.base]\nretries = 1\n[profile.ci]\ninherits = 'base'\nstep-timeout = '30s'\n",
        )
        .folder("features");
    let arguments = "config -p ci --exclude old --wip -D browser=chrome --name Divide";
    let outcome = project
        .bdd(arguments.split(' '))
        .env("BDD_COLOR", "never")
        .exits(0)
        .stderr("");
    let (set, default): (Vec<&str>, Vec<&str>) =
        (outcome.stdout.lines()).partition(|line| !line.ends_with("  default"));
    assert_eq!(
        set.join("\n"),
        "\
root                         .
settings file                bdd.toml
profile                      ci, which inherits base

exclude                      draft_*, old                         bdd.toml:2, flag --exclude
tags                         not ( @slow ), @wip                  bdd.toml:1, flag --wip
jobs                         1                                    flag --wip
capture                      false                                flag --wip
retries                      1                                    [profile.base] of bdd.toml:6
max-failures                 1                                    flag --wip
step-timeout                 30s                                  [profile.ci] of bdd.toml:9
color                        never                                BDD_COLOR
userdata.browser             chrome                               flag --define
userdata.port                8080                                 bdd.toml:4
name                         Divide                               flag --name"
    );
    for line in [
        "features                     the folder features                  default",
        "strict                       true                                 default",
        "slow-after                   half of the time limit, at most 1m   default",
        "format                       pretty on a terminal, else progress  default",
        "steps.start-timeout          30s                                  default",
    ] {
        assert!(default.contains(&line), "{line}\n{}", default.join("\n"));
    }
    let keys = outcome.stdout.lines().skip(4);
    let keys: Vec<&str> = keys.filter_map(|line| line.split(' ').next()).collect();
    let declared = bdd::config::declarations();
    let declared: Vec<&str> = declared.iter().map(|setting| setting.key).collect();
    assert_eq!(keys[..declared.len()], declared);
}

#[test]
fn the_step_program_is_that_of_the_flag_or_of_the_convention() {
    let project = Project::new();
    project
        .file("features/steps/Cargo.toml", "")
        .file("bdd.toml", "[steps]\npackage = 'shop'\n")
        .file("empty.toml", "");
    let flag = project.bdd(["config", "--steps", "features/steps"]);
    let from = json!({"kind": "flag", "flag": "--steps"});
    assert_eq!(explained(flag, "steps"), (json!("features/steps"), from));
    let convention = project.bdd(["config", "--config", "empty.toml"]);
    let from = json!({"kind": "default"});
    assert_eq!(
        explained(convention, "steps"),
        (json!("features/steps"), from)
    );
    let named = project.bdd(["config", "--json"]).exits(0);
    assert!(!named.stdout.contains("\"key\": \"steps\""));
}

#[test]
fn flags_and_what_they_are_short_for() {
    let project = Project::new();
    project.folder("features");
    for (arguments, key, value, flag) in [
        (&["features"][..], "features", json!(["features"]), "PATH"),
        (&["-t", "@a"], "tags", json!(["@a"]), "--tags"),
        (&["-x"], "max-failures", json!("1"), "--fail-fast"),
        (&["--no-capture"], "jobs", json!(1), "--no-capture"),
        (&["--no-strict"], "strict", json!(false), "--no-strict"),
        (&["--release"], "steps.release", json!(true), "--release"),
        (
            &["--cargo-profile", "x"],
            "steps.profile",
            json!("x"),
            "--cargo-profile",
        ),
        (&["--dry-run"], "dry-run", json!(true), "--dry-run"),
        (&["-D", "a=b"], "userdata.a", json!("b"), "--define"),
    ] {
        let bdd = project.bdd(["config"]).with(arguments);
        let from = json!({"kind": "flag", "flag": flag});
        assert_eq!(explained(bdd, key), (value, from), "{arguments:?}");
    }
}

#[test]
fn mistakes_end_in_2_as_those_of_a_run() {
    let project = Project::new();
    project.file("bdd.toml", "job = 2\n");
    project.bdd(["config"]).exits(2).stdout("").stderr(
        "error: bdd.toml:1:1: unknown key `job`\n   |\n 1 | job = 2\n   | ^^^\nhint: did you mean `jobs`?\n",
    );
}
