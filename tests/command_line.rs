//! Usage errors and help.

use crate::support::Project;

#[test]
fn an_unknown_flag_is_exit_2_with_a_suggestion() {
    Project::new()
        .bdd(["run", "--tag", "@a"])
        .exits(2)
        .stdout("")
        .stderr(
            "error: unexpected argument '--tag' found\n\n  \
         tip: a similar argument exists: '--tags'\n\n\
         Usage: bdd run --tags <EXPRESSION> [PATH]...\n\n\
         For more information, try '--help'.\n",
        );
}

#[test]
fn wrong_values_are_explained_in_the_words_of_the_user() {
    let project = Project::new();
    let message = |flag: &str, value: &str, why: &str| {
        format!(
            "error: invalid value '{value}' for '{flag}': {why}\n\nFor more information, try '--help'.\n"
        )
    };
    project
        .bdd(["run", "--jobs", "0"])
        .exits(2)
        .stderr(&message(
            "--jobs <N>",
            "0",
            "expected a number from 1 to 4294967295",
        ));
    project
        .bdd(["run", "--durations", "99999999999999999999"])
        .exits(2)
        .stderr(&message(
            "--durations <N>",
            "99999999999999999999",
            "expected a number from 0 to 4294967295",
        ));
    for (flag, value, why) in [
        (
            "--step-timeout",
            "99999999999999999999h",
            "`99999999999999999999h` is too large: the largest time is 8760h",
        ),
        (
            "--retry-delay",
            "exponential:1h..9999h",
            "`9999h` is too large: the largest time is 8760h",
        ),
        (
            "--output-limit",
            "1000001 GB",
            "`1000001 GB` is too large: the largest size is 1000000 GB",
        ),
    ] {
        project
            .bdd(["run", flag, value])
            .exits(2)
            .stderr_has(&format!("error: invalid value '{value}' for '{flag} "))
            .stderr_has(&format!(": {why}\n"));
    }
    project
        .bdd(["list", "--exclude", "[a"])
        .exits(2)
        .stderr(&message(
            "--exclude <GLOB>",
            "[a",
            "unclosed character class; missing ']'",
        ));
}

#[test]
fn an_unknown_command_is_exit_2_with_a_suggestion() {
    Project::new().bdd(["rum"]).exits(2).stdout("").stderr(
        "error: unrecognized subcommand 'rum'\n\n  \
         tip: a similar subcommand exists: 'run'\n\n\
         Usage: bdd <COMMAND>\n\n\
         For more information, try '--help'.\n",
    );
}

#[test]
fn no_command_is_exit_2_with_help() {
    Project::new()
        .bdd([""; 0])
        .exits(2)
        .stdout("")
        .stderr_has("Usage: bdd <COMMAND>");
}

#[test]
fn help_and_version_go_to_standard_output() {
    let project = Project::new();
    for arguments in [["run", "--help"], ["list", "--help"], ["init", "--help"]] {
        project
            .bdd(arguments)
            .exits(0)
            .stderr("")
            .stdout_has("Usage: bdd ");
    }
    let version = format!("bdd {}\n", env!("CARGO_PKG_VERSION"));
    project
        .bdd(["--version"])
        .exits(0)
        .stderr("")
        .stdout(&version);
}

#[test]
fn arguments_of_run_without_the_command_get_a_hint() {
    let project = Project::new();
    project.file("features/a.feature", "");
    let hint = |arguments: &[&str], command: &str| {
        let hint = format!("\nhint: to run features: `{command}`\n");
        project.bdd(arguments).exits(2).stderr_has(&hint);
    };
    hint(&["features/"], "bdd run features/");
    hint(&["features"], "bdd run features");
    hint(
        &["features/a.feature:3", "-j1"],
        "bdd run features/a.feature:3 -j1",
    );
    hint(&["--tags", "@a and @b"], "bdd run --tags '@a and @b'");
    hint(&["@rerun.txt"], "bdd run @rerun.txt");
    for unclear in ["rnu", "--nothing"] {
        let outcome = project.bdd([unclear]).exits(2);
        if outcome.stderr.contains("bdd run") {
            outcome.fail("expected no hint");
        }
    }
}
