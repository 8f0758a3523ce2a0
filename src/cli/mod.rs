//! The command line.

use std::io::{self, Write};

use clap::{Parser, Subcommand};

pub mod languages;
pub mod parse;

#[derive(Debug, Parser)]
#[command(name = "bdd", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Parse(parse::ParseArgs),
    Languages(languages::LanguagesArgs),
}

/// Runs the command that the arguments of the process ask for; returns the exit code.
pub fn main() -> u8 {
    let cli = Cli::parse();
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    let result = match &cli.command {
        Command::Parse(args) => parse::run(args, &mut out, &mut err),
        Command::Languages(args) => languages::run(args, &mut out, &mut err),
    };
    match result {
        Ok(code) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            let _ = writeln!(err, "error: {error}");
            6
        }
    }
}
