//! The `bdd` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    bdd::cli::main()
}
