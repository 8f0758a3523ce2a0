//! Outlines, some of whose rows fail.

use bdd_steps::{Fixture, given, then, when};

/// Cucumbers and friends.
#[derive(Default, Fixture)]
struct Dinner {
    cucumbers: i64,
    friends: i64,
}

#[given("there are {int} cucumbers")]
fn cucumbers(dinner: &mut Dinner, count: i64) {
    dinner.cucumbers = count;
}

#[given("there are {int} friends")]
fn friends(dinner: &mut Dinner, count: i64) {
    dinner.friends = count;
}

#[when("I eat {int} cucumbers")]
fn eat(dinner: &mut Dinner, count: i64) {
    dinner.cucumbers -= count;
}

#[then("I should have {int} cucumbers")]
fn left(dinner: &Dinner, expected: i64) {
    assert_eq!(dinner.cucumbers, expected);
}

#[then("each person can eat {int} cucumbers")]
fn share(dinner: &Dinner, expected: i64) {
    assert_eq!(dinner.cucumbers / (1 + dinner.friends), expected);
}

fn main() {
    bdd_steps::worker()
}
