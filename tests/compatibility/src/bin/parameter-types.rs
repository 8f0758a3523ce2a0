//! A parameter type with two groups.

use bdd_steps::{given, parameter_type};

/// From where to where.
struct Flight {
    from: String,
    to: String,
}

#[parameter_type(name = "flight", regex = "([A-Z]{3})-([A-Z]{3})")]
fn flight(from: &str, to: &str) -> Flight {
    let [from, to] = [from, to].map(str::to_owned);
    Flight { from, to }
}

#[given("{flight} has been delayed")]
fn delayed(flight: Flight) {
    assert_eq!((flight.from.as_str(), flight.to.as_str()), ("LHR", "CDG"));
}

fn main() {
    bdd_steps::worker()
}
