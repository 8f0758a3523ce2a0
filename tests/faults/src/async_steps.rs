//! `async fn`s that wait: a step or hook that is broken off is left where it does.

use std::error::Error;
use std::hint;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use bdd_steps::{Context, after_scenario, before_scenario, before_step, check, fixture, step};
use tokio::time::sleep;

/// Prints a line when a future is dropped.
struct Dropped(&'static str);

impl Drop for Dropped {
    fn drop(&mut self) {
        println!("dropped: {}", self.0);
    }
}

#[step(r#"^an async step that waits for the file "(.*)"$"#)]
async fn waits_for(path: String) {
    while !Path::new(&path).exists() {
        sleep(Duration::from_millis(1)).await;
    }
}

/// It cannot be left while it does not wait.
#[step(r#"^an async step that blocks until there is the file "(.*)"$"#)]
async fn blocks(path: String) {
    while !Path::new(&path).exists() {
        thread::sleep(Duration::from_millis(1));
    }
}

#[step(r"^an async step that sleeps (\d+) ms$")]
async fn sleeps(millis: u64) {
    let _dropped = Dropped("the step");
    sleep(Duration::from_millis(millis)).await;
}

#[step("^an async step that hangs$")]
async fn hangs() {
    sleeps(3_600_000).await;
}

#[step("^an async step that hangs after a check$")]
async fn checks_and_hangs() {
    check!(1 > 2);
    sleeps(3_600_000).await;
}

/// It cannot be left while it does not wait.
#[step(r"^an async step that computes for (\d+) ms$")]
async fn computes(millis: u64) {
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(millis) {
        hint::spin_loop();
    }
}

#[step("^an async step whose task panics$")]
async fn task_panics() {
    let _ = tokio::spawn(async { panic!("in a task") }).await;
}

/// A fixture that is never ready.
struct Slow;

#[fixture]
async fn slow() -> Slow {
    let _dropped = Dropped("the fixture");
    sleep(Duration::from_secs(3600)).await;
    Slow
}

#[step("^a step with a fixture that hangs$")]
fn needs(_slow: &Slow) {}

/// It waits for the fixture inside of its own future.
#[step("^an async step that asks for a fixture that hangs$")]
async fn asks(context: &Context) -> Result<(), Box<dyn Error>> {
    let _dropped = Dropped("the step");
    context.fixture::<Slow>()?;
    Ok(())
}

/// It would go on whatever became of the step inside of it.
#[step("^a step that runs an async step that hangs$")]
fn runs_step(context: &Context) {
    let _ = context.run_steps("* an async step that hangs");
    println!("went on");
}

/// It catches what unwinds it, and waits again.
#[step("^an async step that hangs twice$")]
async fn hangs_twice(context: &Context) {
    let inner = || drop(context.fixture::<Slow>());
    let _ = panic::catch_unwind(AssertUnwindSafe(inner));
    sleeps(3_600_000).await;
}

#[before_scenario("@hooked")]
fn before() {}

#[before_step("@hooked")]
fn before_each() {}

#[after_scenario("@hooked")]
fn after() {
    println!("after");
}

#[before_scenario("@hanging")]
async fn hangs_before() {
    sleeps(3_600_000).await;
}
