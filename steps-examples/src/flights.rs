//! Flights: parameter types by function and by derive, with several groups, and as captures of a
//! regular expression.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use bdd_steps::{Fixture, ParameterType, given, parameter_type, then, when};

/// A route between two airports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Flight {
    from: String,
    to: String,
}

/// `{flight}`, such as `LHR-CDG`; each group is a parameter.
#[parameter_type(name = "flight", regex = "([A-Z]{3})-([A-Z]{3})")]
fn flight(from: &str, to: &str) -> Result<Flight, String> {
    if from == to {
        return Err(format!("it does not leave {from}"));
    }
    Ok(Flight {
        from: from.to_owned(),
        to: to.to_owned(),
    })
}

/// A time of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Time {
    minutes: u32,
}

/// `{time}`, such as `17:45`; without groups the function takes the whole text.
#[parameter_type(regex = r"[0-9]{1,2}:[0-9]{2}")]
fn time(text: &str) -> Result<Time, String> {
    let number = |digits: &str| digits.parse::<u32>().map_err(|error| error.to_string());
    match text.split_once(':') {
        Some((hours, minutes)) => match (number(hours)?, number(minutes)?) {
            (hours @ 0..24, minutes @ 0..60) => Ok(Time {
                minutes: hours * 60 + minutes,
            }),
            _ => Err("no clock shows it".to_owned()),
        },
        None => Err("expected hours:minutes".to_owned()),
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

/// `{delay}` in minutes: only where this name stands is a number made this way.
#[parameter_type(name = "delay", regexes = ["([0-9]+) minutes?", "([0-9]+) hours?"])]
fn delay(minutes: Option<u32>, hours: Option<u32>) -> u32 {
    minutes.unwrap_or(0) + 60 * hours.unwrap_or(0)
}

/// `{fare_class}`: a type that converts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ParameterType)]
#[parameter_type(regex = "economy|business")]
enum FareClass {
    Economy,
    Business,
}

impl FromStr for FareClass {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "economy" => Ok(Self::Economy),
            "business" => Ok(Self::Business),
            _ => Err("expected economy or business".to_owned()),
        }
    }
}

/// What the departures board shows.
#[derive(Debug, Default, Fixture)]
struct Board {
    departures: BTreeMap<Flight, Time>,
    seats: Vec<(Flight, FareClass)>,
}

#[given("{flight} leaves at {time}")]
fn leaves(board: &mut Board, flight: Flight, time: Time) {
    board.departures.insert(flight, time);
}

#[given("a/an {fare_class} seat on {flight}")]
fn seat(board: &mut Board, class: FareClass, flight: Flight) {
    board.seats.push((flight, class));
}

#[when("{flight} is {delay} late")]
fn late(board: &mut Board, flight: Flight, delay: u32) -> Result<(), String> {
    let time = board.departures.get_mut(&flight).ok_or("no such flight")?;
    time.minutes += delay;
    Ok(())
}

// A group of a regular expression that equals that of a parameter type is one, and any other is
// converted by the function that makes its parameter.
#[then(r"^the board shows (\S+) for (([A-Z]{3})-([A-Z]{3}))$")]
fn shows(board: &Board, time: Time, flight: Flight) {
    let shown = board.departures.get(&flight).map(Time::to_string);
    assert_eq!(shown, Some(time.to_string()));
}

#[then(r"^a seat from ([A-Z]+) is in (\w+) class$")]
fn class(board: &Board, from: &str, class: FareClass) {
    let seats = board.seats.iter().filter(|(flight, _)| flight.from == from);
    let classes: Vec<FareClass> = seats.map(|(_, class)| *class).collect();
    assert_eq!(classes, [class]);
}
