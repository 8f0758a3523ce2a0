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

#[given(
    "most {int} {int} {int} {int} {int} {int} {int} {int} {int} {int} {int} {int} {int} {int} {int}"
)]
#[allow(clippy::too_many_arguments)]
fn __call(
    _phone: &Phone,
    _a: u8,
    _b: u8,
    _c: u8,
    _d: u8,
    _e: u8,
    _f: u8,
    _g: u8,
    _h: u8,
    _i: u8,
    _j: u8,
    _k: u8,
    _l: u8,
    _m: u8,
    _n: u8,
    _o: u8,
) {
}

#[test]
fn they_stay_functions() {
    call(&Phone);
    __0(&mut Phone, 2);
    failure(&Phone);
    Line.hang_up();
}
