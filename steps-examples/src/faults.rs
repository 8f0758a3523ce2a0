//! Steps that go wrong in every way: bdd's own features show what it makes of them.

use std::error::Error;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use bdd_steps::{Context, DocString, Fixture, Outcome, Table, given, pending, skip, step};

#[step("^a step that passes$")]
fn passes() {}

#[step(r#"^a step that fails with "(.*)"$"#)]
fn fails(message: String) -> Result<(), String> {
    Err(message)
}

#[step(r"^a step that passes from attempt (\d+) on$")]
fn passes_from(context: &Context, attempt: u32) -> Result<(), String> {
    let this = context.attempt().unwrap_or_default();
    (this >= attempt)
        .then_some(())
        .ok_or(format!("this is attempt {this}"))
}

#[step(r#"^a step that panics with "(.*)"$"#)]
fn panics(message: &str) {
    panic!("{message}");
}

#[step(r"^a step that asserts that (\d+) is (\d+)$")]
fn asserts(left: u64, right: u64) {
    assert_eq!(left, right);
}

#[step("^a step that is pending$")]
fn is_pending() -> Result<(), Outcome> {
    Err(pending("not written yet"))
}

#[step(r#"^a step that is skipped because of "(.*)"$"#)]
fn is_skipped(reason: String) -> Result<(), Box<dyn Error>> {
    Err(skip(reason).into())
}

#[step("^a step that aborts$")]
fn aborts() {
    std::process::abort();
}

#[step(r"^a step that exits with (\d+)$")]
fn exits(code: i32) {
    std::process::exit(code);
}

#[step("^a step that kills its process$")]
fn kills_itself() -> io::Result<()> {
    let this = std::process::id().to_string();
    std::process::Command::new("kill")
        .args(["-KILL", &this])
        .status()?;
    thread::sleep(Duration::from_secs(60));
    Ok(())
}

#[step("^a step that overflows the stack$")]
fn overflows() {
    black_box(deeper(black_box(1)));
}

#[allow(unconditional_recursion, reason = "it shall overflow the stack")]
fn deeper(level: u64) -> u64 {
    let frame = black_box([level; 64]);
    deeper(black_box(level + 1)) + frame[0]
}

#[step(r"^a step that sleeps (\d+) ms$")]
fn sleeps(millis: u64) {
    thread::sleep(Duration::from_millis(millis));
}

/// For tests that say when it goes on.
#[step(r#"^a step that waits for the file "(.*)"$"#)]
fn waits_for(path: &str) -> Result<(), String> {
    for _ in 0..60_000 {
        if Path::new(path).exists() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err("it did not come within a minute".to_owned())
}

#[step(r#"^a step that prints "(.*)"$"#)]
fn prints(text: &str) {
    println!("{text}");
}

#[step(r#"^a step that complains "(.*)"$"#)]
fn complains(text: &str) {
    eprintln!("{text}");
}

/// Every byte value in turn, so that it is neither UTF-8 nor allowed in XML.
#[step(r"^a step that prints (\d+) bytes of binary$")]
fn prints_binary(count: usize) -> io::Result<()> {
    let bytes: Vec<u8> = (0..count).map(|index| index as u8).collect();
    io::stdout().write_all(&bytes)
}

#[step(r#"^a step whose thread panics with "(.*)"$"#)]
fn panics_elsewhere(message: String) {
    // The step itself passes; its scenario does not.
    let _ = thread::spawn(move || panic!("{message}")).join();
}

#[step("^threads may panic$")]
fn may_panic(context: &Context) {
    context.expect_thread_panics();
}

#[step("^a step that leaves a process running$")]
fn leaves_process() -> io::Result<()> {
    std::process::Command::new("sleep").arg("60").spawn()?;
    Ok(())
}

/// The child inherits the descriptors of the worker.
#[step(r#"^a step whose child process prints "(.*)"$"#)]
fn child_prints(text: &str) -> io::Result<()> {
    std::process::Command::new("echo")
        .arg(text)
        .status()
        .map(drop)
}

#[step(r#"^a step that takes the number "(.*)"$"#)]
fn takes_number(_number: i64) {}

#[step("^a step that takes a table$")]
fn takes_table(_table: &Table) {}

#[step("^a step that takes a docstring$")]
fn takes_doc_string(_text: &DocString) {}

/// Panics when it is dropped.
#[derive(Default, Fixture)]
struct Fragile;

impl Drop for Fragile {
    fn drop(&mut self) {
        panic!("the fixture broke");
    }
}

#[given("^a fixture that panics when it is dropped$")]
fn fragile_fixture(_fixture: &Fragile) {}

#[step(r#"^a step that catches a panic with "(.*)"$"#)]
fn catches_panic(message: String) {
    let _ = std::panic::catch_unwind(|| panic!("{message}"));
}

#[step(r#"^a step that resumes a panic with "(.*)"$"#)]
fn resumes_panic(message: String) {
    std::panic::resume_unwind(Box::new(message));
}

#[step("^a step that panics with a number$")]
fn panics_with_number() {
    std::panic::panic_any(7);
}

#[derive(Default, Fixture)]
struct Tally(u32);

#[step("^a tally mark$")]
fn tally_mark(tally: &mut Tally) {
    tally.0 += 1;
}

#[step(r"^there are (\d+) tally marks$")]
fn tally_is(tally: &Tally, expected: u32) {
    assert_eq!(tally.0, expected);
}

#[derive(Default, Fixture)]
struct Outer;

#[derive(Default, Fixture)]
struct Inner;

impl Drop for Outer {
    fn drop(&mut self) {
        println!("outer closed");
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        println!("inner closed");
    }
}

#[step("^the outer fixture$")]
fn outer_fixture(_outer: &mut Outer) {}

/// It asks for the outer fixture too, which was made before.
#[step("^the inner fixture$")]
fn inner_fixture(_inner: &Inner, _outer: &mut Outer) {}

struct Unmade;

impl Fixture for Unmade {
    fn setup(_: &Context) -> Result<Self, Box<dyn Error>> {
        Err("no database".into())
    }
}

#[step("^a fixture that cannot be made$")]
fn unmade_fixture(_fixture: &Unmade) {}

struct Unclosed;

impl Fixture for Unclosed {
    fn setup(_: &Context) -> Result<Self, Box<dyn Error>> {
        Ok(Self)
    }

    fn teardown(self) -> Result<(), Box<dyn Error>> {
        Err("still in use".into())
    }
}

#[step("^a fixture that cannot be closed$")]
fn unclosed_fixture(_fixture: &Unclosed) {}

#[step("^a step that prints its context$")]
fn prints_context(context: &Context) {
    println!(
        "{} {:?} {:?} {:?} {:?}:{} {:?} {} {} {} {:?}:{}",
        context.feature_uri().unwrap_or_default(),
        context.feature_name().unwrap_or_default(),
        context.feature_tags(),
        context.rule(),
        context.scenario_name().unwrap_or_default(),
        context.scenario_line().unwrap_or_default(),
        context.tags(),
        context.has_tag("@tag"),
        context.has_tag("tag"),
        context.attempt().unwrap_or_default(),
        context.step_text().unwrap_or_default(),
        context.step_line().unwrap_or_default(),
    );
}
