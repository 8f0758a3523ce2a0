//! What goes wrong when the tests want it.

use std::env;
use std::error::Error;

use bdd_steps::{pending, skip};

/// Goes wrong as `TROUBLE` says for `name`.
pub fn of(name: &str) -> Result<(), Box<dyn Error>> {
    let trouble = env::var("TROUBLE").unwrap_or_default();
    let how = trouble
        .split(' ')
        .filter_map(|word| word.split_once('='))
        .find(|(who, _)| *who == name);
    match how.map(|(_, how)| how) {
        Some("fails") => Err(format!("{name} fails").into()),
        Some("panics") => panic!("{name} panics"),
        Some("skips") => Err(skip(format!("{name} skips")).into()),
        Some("pending") => Err(pending(format!("{name} is pending")).into()),
        Some("aborts") => std::process::abort(),
        _ => Ok(()),
    }
}

/// Whether `TROUBLE` has the word.
pub fn wanted(word: &str) -> bool {
    let trouble = env::var("TROUBLE").unwrap_or_default();
    trouble.split(' ').any(|wanted| wanted == word)
}
