//! A parameter type for every way in which one can convert a captured text. Snippets suggest none of
//! them.

use std::collections::HashMap;
use std::time::Duration;

use bdd_steps::{Outcome, parameter_type, pending, step};

use crate::parameters::Notes;

/// A type that only functions make, by three names.
#[derive(Debug)]
pub(crate) struct Degrees(f64);

#[parameter_type(name = "celsius", regex = r"(-?[0-9.]+) °C", use_for_snippets = false)]
fn celsius(degrees: f64) -> Degrees {
    Degrees(degrees)
}

#[parameter_type(
    name = "fahrenheit",
    regex = r"(-?[0-9.]+) °F",
    by_name_only = true,
    use_for_snippets = false
)]
fn fahrenheit(degrees: f64) -> Degrees {
    Degrees((degrees - 32.0) / 1.8)
}

#[parameter_type(
    name = "kelvin",
    regex = r"([0-9.]+) K",
    by_name_only = true,
    use_for_snippets = false,
    prefer_for_regexp = true
)]
fn kelvin(degrees: f64) -> Result<Degrees, String> {
    if degrees < 0.0 {
        return Err("nothing is that cold".to_owned());
    }
    Ok(Degrees(degrees - 273.0))
}

#[step(r"^it has (.+) degrees$")]
fn degrees(notes: &mut Notes, degrees: Degrees) {
    notes.0.push(format!("{:?}", degrees.0));
}

/// A type of another crate that does not convert itself.
#[parameter_type(regex = r"(\d+)(?: (seconds?|minutes?))?", use_for_snippets = false)]
fn wait(number: u64, unit: Option<&str>) -> Result<Duration, Outcome> {
    match unit {
        Some("minute" | "minutes") => Err(pending("minutes take too long")),
        _ => Ok(Duration::from_secs(number)),
    }
}

#[step(r"^I am patient for (.+)$")]
fn waits(notes: &mut Notes, wait: Duration) {
    notes.0.push(format!("{wait:?}"));
}

/// A type of the standard library that converts itself: this acts by its name only.
#[parameter_type(regex = "(one|two|three)", use_for_snippets = false)]
fn spelled(word: String) -> Result<u8, String> {
    let numbers = HashMap::from([("one", 1), ("two", 2)]);
    numbers
        .get(word.as_str())
        .copied()
        .ok_or("I cannot count that far".to_owned())
}

#[step(r"^I count (.+)$")]
fn count(notes: &mut Notes, number: u8) {
    notes.0.push(number.to_string());
}

#[step(r"^I perhaps count(?: to (.+))?$")]
fn perhaps_count(notes: &mut Notes, number: Option<u8>) {
    notes.0.push(format!("{number:?}"));
}

/// Texts may be made, too.
#[parameter_type(regex = "(?:[a-z]+ )+[a-z]+", use_for_snippets = false)]
fn shouted(text: &str) -> String {
    text.to_uppercase()
}

#[step(r"^I say (.+) and (.+) and (.+)$")]
fn say(notes: &mut Notes, first: &str, second: String, third: Option<&str>) {
    notes.0.push(format!("{first} {second} {third:?}"));
}

/// What is made of several texts.
#[derive(Debug)]
pub(crate) struct Range(u32, u32);

#[parameter_type(regexes = [r"(\d+) to (\d+)", r"all up to (\d+)"], use_for_snippets = false)]
fn range(from: Option<u32>, to: Option<u32>, up_to: Option<u32>) -> Range {
    Range(from.unwrap_or(0), to.or(up_to).unwrap_or(0))
}

#[parameter_type(
    name = "both_ends",
    regex = r"(\d+)(?:-(\d+))?",
    by_name_only = true,
    use_for_snippets = false
)]
fn both_ends(from: u32, to: u32) -> Range {
    Range(from, to)
}

#[step(r"^the numbers (.+)$")]
fn range_step(notes: &mut Notes, range: Range) {
    notes.0.push(format!("{} {}", range.0, range.1));
}

/// A generic type is a type like any other when its parameter is known.
#[derive(Debug)]
pub(crate) struct Quoted<T>(T);

#[parameter_type(regex = "'([^']*)'", use_for_snippets = false)]
fn quoted(text: &str) -> Quoted<String> {
    Quoted(text.to_owned())
}

#[step(r"^the quote (.+)$")]
fn quote(notes: &mut Notes, quote: Quoted<String>) {
    notes.0.push(quote.0);
}

mod elsewhere {
    //! Names are resolved where the type stands.

    use std::num::ParseIntError;
    use std::str::FromStr;

    use bdd_steps::{ParameterType, step};

    use crate::parameters::Notes;

    /// Its name is not that of its type, and its groups say nothing.
    #[derive(ParameterType)]
    #[parameter_type(
        name = "the HTTP status",
        regex = r"(\d)\d\d",
        use_for_snippets = false
    )]
    pub(crate) struct Status(u16);

    impl FromStr for Status {
        type Err = ParseIntError;

        fn from_str(text: &str) -> Result<Self, ParseIntError> {
            text.parse().map(Self)
        }
    }

    #[step(r"^the answer is (.+)$")]
    fn status(notes: &mut Notes, status: Status) {
        notes.0.push(status.0.to_string());
    }
}
