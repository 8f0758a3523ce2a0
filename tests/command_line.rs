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
