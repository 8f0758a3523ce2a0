//! Fixtures of every scope, and hooks that take them.

use std::error::Error;

use bdd_steps::{
    Context, Fixture, after_all, after_feature, after_scenario, before_all, before_feature,
    before_scenario, before_step, fixture,
};

use crate::trouble;

/// Lives as long as the worker.
pub struct Server(pub u32);

#[fixture(scope = worker, teardown = stop)]
fn server(cx: &Context) -> Result<Server, Box<dyn Error>> {
    println!("make Server {:?}", cx.feature_name().unwrap_or_default());
    trouble::of("Server")?;
    Ok(Server(0))
}

fn stop(server: Server) -> Result<(), Box<dyn Error>> {
    println!("close Server {}", server.0);
    trouble::of("close_Server")
}

/// Lives as long as its feature.
pub struct Catalogue(pub u32);

#[fixture(scope = feature, teardown = close)]
fn catalogue(server: &mut Server, cx: &Context) -> Catalogue {
    server.0 += 1;
    println!(
        "make Catalogue {} {:?} {:?}",
        server.0,
        cx.feature_name().unwrap_or_default(),
        cx.scenario_name().unwrap_or_default()
    );
    Catalogue(0)
}

fn close(catalogue: Catalogue) {
    println!("close Catalogue {}", catalogue.0);
    if let Err(error) = trouble::of("close_Catalogue") {
        panic!("{error}");
    }
}

/// Lives as long as a scenario.
pub struct Basket(pub u32);

#[fixture(teardown = empty)]
fn basket(
    catalogue: &mut Catalogue,
    server: &Server,
    cx: &Context,
) -> Result<Basket, Box<dyn Error>> {
    catalogue.0 += 1;
    println!(
        "make Basket {} of {} {:?}",
        catalogue.0,
        server.0,
        cx.scenario_name().unwrap_or_default()
    );
    trouble::of("Basket")?;
    Ok(Basket(0))
}

fn empty(basket: Basket) -> Result<(), String> {
    println!("close Basket {}", basket.0);
    trouble::of("close_Basket").map_err(|error| error.to_string())
}

/// Its scope is set at a derive; closing it is dropping it.
#[derive(Default, Fixture)]
#[fixture(scope = feature)]
pub struct Counter(pub u32);

impl Drop for Counter {
    fn drop(&mut self) {
        println!("drop Counter {}", self.0);
    }
}

/// Nothing of it is dropped, but closing it is noticed.
pub struct Door;

impl Fixture for Door {
    fn setup(_: &Context) -> Result<Self, Box<dyn Error>> {
        println!("make Door");
        Ok(Self)
    }

    fn teardown(self) -> Result<(), Box<dyn Error>> {
        println!("close Door");
        trouble::of("close_Door")
    }
}

#[before_all]
fn all_takes(server: &mut Server) {
    server.0 += 100;
}

#[after_all]
fn all_gives(server: &mut Server) {
    server.0 += 1000;
}

#[before_feature]
fn feature_takes(catalogue: &mut Catalogue, server: &mut Server) {
    catalogue.0 += 100;
    server.0 += 10;
}

#[after_feature]
fn feature_gives(catalogue: &mut Catalogue) {
    catalogue.0 += 1000;
}

#[before_scenario]
fn scenario_takes(basket: &mut Basket, door: &Door) {
    let _ = door;
    basket.0 += 100;
}

#[after_scenario]
fn scenario_gives(basket: &mut Basket) {
    basket.0 += 1000;
}

#[before_step]
fn step_takes(basket: &mut Basket, counter: &mut Counter) {
    basket.0 += 10;
    counter.0 += 1;
}

#[before_scenario("@same-twice")]
fn same_twice(_basket: &mut Basket, _again: &crate::needs::SameBasket) {}

#[before_all]
fn asks_too_early(cx: &Context) -> Result<(), bdd_steps::FixtureError> {
    if trouble::wanted("asks_too_early") {
        cx.fixture::<Catalogue>()?;
    }
    Ok(())
}
