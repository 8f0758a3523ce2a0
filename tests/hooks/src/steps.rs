//! Steps.

use std::env;

use bdd_steps::{Context, step};

use crate::fixtures::{Basket, Counter, Door};
use crate::trouble;

#[step("^(.*) is put into the basket$")]
fn put(basket: &mut Basket, counter: &mut Counter, thing: &str) {
    println!("put {thing}");
    basket.0 += 1;
    counter.0 += 1;
}

#[step("^a door$")]
fn door(_door: &Door) {}

#[step(r"^it works from attempt (\d+) on$")]
fn works_from(cx: &Context, attempt: u32) {
    assert!(cx.attempt().unwrap_or_default() >= attempt, "not yet");
}

#[step("^a step (.*)$")]
fn goes_wrong(what: &str) -> Result<(), Box<dyn std::error::Error>> {
    println!("a step {what}");
    trouble::of(what)
}

#[step("^the greeting is printed$")]
fn greeting() {
    println!("{:?}", env::var("GREETING"));
}

#[step("^the context is printed$")]
fn context(cx: &Context) {
    println!(
        "{}:{} {} {:?} / {} {} {}",
        cx.feature_uri().unwrap_or_default(),
        cx.feature_line().unwrap_or_default(),
        cx.scenario_line().unwrap_or_default(),
        cx.rule_line(),
        cx.step_keyword().unwrap_or_default(),
        cx.step_line().unwrap_or_default(),
        cx.status()
    );
}

#[step("^it waits for the file (.*)$")]
fn waits_for(path: &str) {
    while !std::path::Path::new(path).exists() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}
