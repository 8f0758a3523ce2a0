//! Functions may be called as the variables of the code that attributes make.

use bdd_steps::{Context, Fixture, before_scenario, fixture, given};

#[derive(Default, Fixture)]
struct Phone;

#[given("I call")]
fn call(_phone: &Phone) {}

#[given("I answer {int} times")]
fn __0(_phone: &mut Phone, _times: u32) {}

#[before_scenario]
fn failure(_phone: &Phone) {}

struct Line;

impl Line {
    fn hang_up(self) {}
}

#[fixture(teardown = Line::hang_up)]
fn context(_phone: &Phone, _cx: &Context) -> Line {
    Line
}

#[test]
fn they_stay_functions() {
    call(&Phone);
    __0(&mut Phone, 2);
    failure(&Phone);
    Line.hang_up();
}
