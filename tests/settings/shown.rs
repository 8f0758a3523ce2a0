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
    project
        .bdd(arguments.split(' '))
        .env("BDD_COLOR", "never")
        .exits(0)
        .stderr("")
        .stdout(
            "\
root                         .
settings file                bdd.toml
profile                      ci, which inherits base

features                     the folder features                  default
exclude                      draft_*, old                         bdd.toml:2, flag --exclude
tags                         not ( @slow ), @wip                  bdd.toml:1, flag --wip
language                     en                                   default
jobs                         1                                    flag --wip
order                        defined                              default
history                      true                                 default
parallel-by                  auto                                 default
capture                      false                                flag --wip
strict                       true                                 default
strict-keywords              false                                default
retries                      1                                    [profile.base] of bdd.toml:6
retry-delay                  none                                 default
retry-tags                   none                                 default
flaky                        pass                                 default
max-failures                 1                                    flag --wip
step-timeout                 [TIME]                                  [profile.ci] of bdd.toml:9
scenario-timeout             none                                 default
hook-timeout                 none                                 default
run-timeout                  none                                 default
slow-after                   half of the time limit, at most 1m   default
grace                        [TIME]                                   default
output-limit                 1 GiB                                default
leaks                        fail                                 default
expected-failure-tags        @expected_failure                    default
continue-after-failure-tags  @continue_after_failure              default
format                       pretty on a terminal, else progress  default
snippets                     expression                           default
color                        never                                BDD_COLOR
steps.path                   none                                 default
steps.package                none                                 default
steps.target                 none                                 default
steps.command                none                                 default
steps.release                false                                default
steps.profile                none                                 default
steps.features               none                                 default
steps.start-timeout          [TIME]                                  default
steps.finish-timeout         [TIME]                                  default
userdata.browser             chrome                               flag --define
userdata.port                8080                                 bdd.toml:4
name                         Divide                               flag --name
",
        );
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
