//! `async fn`s: a kettle that boils while the steps do something else.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use bdd_steps::tokio::task::{self, JoinHandle};
use bdd_steps::tokio::time::{sleep, timeout};
use bdd_steps::{Context, after_scenario, fixture, given, step, then, when};

/// How long water takes to get a degree warmer.
const DEGREE: Duration = Duration::from_micros(100);

/// A kettle that heats its water in a task of its own.
struct Kettle {
    degrees: Arc<AtomicU32>,
    heating: Option<JoinHandle<()>>,
}

impl Kettle {
    fn degrees(&self) -> u32 {
        self.degrees.load(Ordering::Relaxed)
    }

    async fn put_away(self) -> Result<(), Box<dyn Error>> {
        if let Some(heating) = self.heating {
            heating.abort();
            // Its end is awaited; that it was aborted is no error.
            let _ = heating.await;
        }
        sleep(DEGREE).await;
        Ok(())
    }
}

#[fixture(teardown = Kettle::put_away.await)]
async fn kettle() -> Kettle {
    sleep(DEGREE).await;
    Kettle {
        degrees: Arc::new(AtomicU32::new(20)),
        heating: None,
    }
}

#[given("a kettle with water of {int} degrees")]
async fn filled(kettle: &mut Kettle, degrees: u32) {
    kettle.degrees.store(degrees, Ordering::Relaxed);
}

#[when("I switch the kettle on")]
async fn switched_on(kettle: &mut Kettle) {
    let degrees = kettle.degrees.clone();
    kettle.heating = Some(task::spawn(async move {
        while degrees.load(Ordering::Relaxed) < 100 {
            sleep(DEGREE).await;
            degrees.fetch_add(1, Ordering::Relaxed);
        }
    }));
}

#[when("I wait for the kettle at most {int} seconds")]
async fn waits(kettle: &mut Kettle, seconds: u64) -> Result<(), Box<dyn Error>> {
    if let Some(heating) = kettle.heating.take() {
        timeout(Duration::from_secs(seconds), heating).await??;
    }
    Ok(())
}

/// No `async fn`: the kettle goes on while the step blocks.
#[when("I read the newspaper until the water boils")]
fn reads(kettle: &Kettle) -> Result<(), String> {
    for _ in 0..10_000 {
        if kettle.degrees() >= 100 {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err(format!("the water has {} degrees", kettle.degrees()))
}

#[then("the water has {int} degrees")]
fn has(kettle: &Kettle, degrees: u32) {
    assert_eq!(kettle.degrees(), degrees);
}

/// For the tests: what becomes of tasks, panics and errors.
#[step("^an async step that panics$")]
async fn panics() {
    sleep(DEGREE).await;
    panic!("burnt");
}

#[step("^an async step that fails$")]
async fn fails() -> Result<(), Box<dyn Error>> {
    task::yield_now().await;
    Err("cold".into())
}

/// Says when it is dropped.
struct Told(&'static str);

impl Drop for Told {
    fn drop(&mut self) {
        println!("dropped: {}", self.0);
    }
}

#[step("^an async step that leaves a task running$")]
async fn leaves() {
    let told = Told("the task");
    task::spawn(async move {
        sleep(Duration::from_secs(3600)).await;
        drop(told);
    });
}

#[step("^an async step that asks for an async fixture$")]
async fn asks(cx: &Context) -> Result<(), Box<dyn Error>> {
    let kettle = cx.fixture::<Kettle>()?;
    sleep(DEGREE).await;
    assert_eq!(kettle.degrees(), 20);
    Ok(())
}

#[after_scenario("@kitchen")]
async fn cleans() {
    sleep(DEGREE).await;
    println!("the kitchen is clean");
}
