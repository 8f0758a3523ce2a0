//! Arguments that look like those of `bdd run`, without the command.

use std::ffi::OsString;
use std::path::Path;

use clap::Parser;
use clap::error::ErrorKind;

use super::Cli;

/// The command that was probably meant by arguments without a command. The first argument is the program's
/// name.
pub(super) fn meant(arguments: &[OsString], error: ErrorKind, directory: &Path) -> Option<String> {
    if !matches!(
        error,
        ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument
    ) {
        return None;
    }
    let (program, rest) = arguments.split_first()?;
    let first = rest.first()?.to_str()?;
    if !first.starts_with('-') && !is_path(first, directory) {
        return None;
    }
    let run = [program.clone(), "run".into()];
    Cli::try_parse_from(run.into_iter().chain(rest.iter().cloned())).ok()?;
    let words = rest.iter().map(|word| quoted(&word.to_string_lossy()));
    let words: Vec<String> = words.collect();
    Some(format!("bdd run {}", words.join(" ")))
}

/// Whether a word is a path, a glob, a list or a line of a file rather than a misspelt command.
fn is_path(word: &str, directory: &Path) -> bool {
    let front = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == ':');
    word.contains(['/', '*', '.']) || word.starts_with('@') || directory.join(front).exists()
}

/// The word as it must be written in a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@=,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
