//! Steps in which nothing goes wrong that a test runner is not made for.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process;
use std::thread;
use std::time::Duration;

use bdd_steps::{Context, Outcome, pending, skip, step};

#[step("^a step that passes$")]
fn passes() {}

#[step(r#"^a step that fails(?: with "(.*)")?$"#)]
fn fails(message: Option<String>) -> Result<(), String> {
    Err(message.unwrap_or("it failed".to_owned()))
}

#[step(r"^a step that passes from attempt (\d+) on$")]
fn passes_from(context: &Context, attempt: u32) -> Result<(), String> {
    let this = context.attempt().unwrap_or_default();
    (this >= attempt)
        .then_some(())
        .ok_or(format!("this is attempt {this}"))
}

#[step("^a step that is pending$")]
fn is_pending() -> Outcome {
    pending("not written yet")
}

#[step("^a step that is skipped$")]
fn is_skipped() -> Outcome {
    skip("not today")
}

/// For tests that say when it goes on.
#[step(r#"^a step that waits for the file "(.*)"$"#)]
fn waits_for(path: &str) {
    while !Path::new(path).exists() {
        thread::sleep(Duration::from_millis(1));
    }
}

#[step(r"^a step that sleeps (\d+) ms$")]
fn sleeps(millis: u64) {
    thread::sleep(Duration::from_millis(millis));
}

/// For tests that kill the process while it runs.
#[step(r"^a step that marks (\d+)$")]
fn marks(number: u64) -> io::Result<()> {
    let mark = |what: &str| {
        let line = format!("{what} {number} {}\n", process::id());
        let mut marks = File::options().create(true).append(true).open("marks")?;
        marks.write_all(line.as_bytes())
    };
    mark("begin")?;
    thread::sleep(Duration::from_millis(number % 3));
    mark("end")
}

#[step(r#"^a step that prints "(.*)"$"#)]
fn prints(text: &str) {
    println!("{text}");
}

#[step(r#"^a step that complains "(.*)"$"#)]
fn complains(text: &str) {
    eprintln!("{text}");
}
