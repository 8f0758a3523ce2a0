//! What goes wrong when the tests want it.

use std::env;
use std::error::Error;
use std::fs::File;

use bdd_steps::{Context, pending, skip};
use rustix::stdio::dup2_stdout;

/// Goes wrong as `TROUBLE` says for `name`.
pub fn of(name: &str) -> Result<(), Box<dyn Error>> {
    match how(name).as_deref() {
        Some("fails") => Err(format!("{name} fails").into()),
        Some("panics") => panic!("{name} panics"),
        Some("skips") => Err(skip(format!("{name} skips")).into()),
        Some("pending") => Err(pending(format!("{name} is pending")).into()),
        Some("thread_panics") => {
            let thread = std::thread::spawn(|| panic!("elsewhere"));
            // It panics, and nobody says so.
            let _ = thread.join();
            Ok(())
        }
        Some("redirects") => {
            let nothing = File::options().write(true).open("/dev/null")?;
            Ok(dup2_stdout(nothing)?)
        }
        Some("aborts") => std::process::abort(),
        Some("exits") => std::process::exit(0),
        _ => Ok(()),
    }
}

/// Whether `TROUBLE` has the word.
pub fn wanted(word: &str) -> bool {
    let trouble = env::var("TROUBLE").unwrap_or_default();
    trouble.split(' ').any(|wanted| wanted == word)
}

/// The same for a hook, which may also leave something in the report.
pub fn of_hook(name: &str, cx: &Context) -> Result<(), Box<dyn Error>> {
    match how(name).as_deref() {
        Some("attaches") => {
            cx.log(name);
            cx.attach_named(name, name.as_bytes(), "application/octet-stream")?;
            Ok(())
        }
        Some("runs_steps") => Ok(cx.run_steps("Given nothing is put into the basket")?),
        _ => of(name),
    }
}

/// What `TROUBLE` says of `name`.
fn how(name: &str) -> Option<String> {
    let trouble = env::var("TROUBLE").ok()?;
    let mut words = trouble.split(' ').filter_map(|word| word.split_once('='));
    let (_, how) = words.find(|(who, _)| *who == name)?;
    Some(how.to_owned())
}
