//! Fixtures that need what they cannot have.

use std::cell::Cell;
use std::error::Error;

use bdd_steps::{Context, Fixture, Scope, step};

use crate::fixtures::{Basket, Catalogue, Counter, Server};

/// Another name of the same fixture.
pub type SameBasket = Basket;

/// Lives longer than what it needs.
struct Greedy;

impl Fixture for Greedy {
    const SCOPE: Scope = Scope::Worker;

    fn setup(cx: &Context) -> Result<Self, Box<dyn Error>> {
        cx.fixture::<Catalogue>()?;
        Ok(Self)
    }
}

#[step("^a fixture that needs a shorter one$")]
fn greedy(_greedy: &Greedy) {}

/// Needs the next one.
struct Hen;

struct Egg;

impl Fixture for Hen {
    fn setup(cx: &Context) -> Result<Self, Box<dyn Error>> {
        cx.fixture::<Egg>()?;
        Ok(Self)
    }
}

impl Fixture for Egg {
    fn setup(cx: &Context) -> Result<Self, Box<dyn Error>> {
        cx.fixture_mut::<Hen>()?;
        Ok(Self)
    }
}

#[step("^fixtures that need each other$")]
fn hen(_hen: &Hen) {}

thread_local! {
    static TRIES: Cell<u32> = const { Cell::new(0) };
}

/// Cannot be made at first.
struct Shy;

impl Fixture for Shy {
    fn setup(_: &Context) -> Result<Self, Box<dyn Error>> {
        TRIES.set(TRIES.get() + 1);
        match TRIES.get() {
            1 => Err("not today".into()),
            2 => panic!("still not"),
            _ => Ok(Self),
        }
    }
}

#[step("^a shy fixture$")]
fn shy(_shy: &Shy) {}

#[step("^a shy fixture, three times$")]
fn shy_three_times(cx: &Context) -> Result<(), Box<dyn Error>> {
    let error = cx.fixture::<Shy>().err();
    let error = error.map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some("fixture `Shy`: not today"));
    let panics = std::panic::AssertUnwindSafe(|| cx.fixture::<Shy>().map(drop));
    assert!(std::panic::catch_unwind(panics).is_err());
    cx.fixture::<Shy>()?;
    cx.fixture_mut::<Shy>()?;
    assert_eq!(TRIES.get(), 3);
    Ok(())
}

#[step("^a lent fixture is asked for again$")]
fn lent_again(_basket: &mut Basket, cx: &Context) -> Result<(), Box<dyn Error>> {
    cx.fixture::<Basket>()?;
    Ok(())
}

#[step("^a fixture is read twice$")]
fn read_twice(basket: &Basket, _again: &SameBasket, cx: &Context) -> Result<(), Box<dyn Error>> {
    assert_eq!(cx.fixture::<Basket>()?.0, basket.0);
    Ok(())
}

#[step("^a fixture is kept for ever$")]
fn kept(cx: &Context) -> Result<(), Box<dyn Error>> {
    std::mem::forget(cx.fixture::<Basket>()?);
    Ok(())
}

#[step("^the feature's fixture behind the runner's back$")]
fn behind_the_back(cx: &Context) -> Result<(), Box<dyn Error>> {
    cx.fixture_mut::<Counter>()?.0 += 1;
    Ok(())
}

/// Says what it needs before it needs it.
struct Announced;

impl Fixture for Announced {
    const WHOLE_FEATURE: bool = true;

    fn setup(cx: &Context) -> Result<Self, Box<dyn Error>> {
        cx.fixture::<Counter>()?;
        Ok(Self)
    }
}

#[step("^an announced fixture$")]
fn announced(_fixture: &Announced) {}

#[step("^a fixture that lives as long as the worker$")]
fn of_worker(server: &mut Server) {
    server.0 += 1;
}
