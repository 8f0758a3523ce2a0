//! A step for every kind of parameter that a step function can take.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use bdd_steps::{DocString, Fixture, StepReturn, Table, given, pending, step, then, when};
use serde::Deserialize;

/// What the steps before have noted down.
#[derive(Default, Fixture)]
pub(crate) struct Notes(pub(crate) Vec<String>);

#[then(r#"^it is noted: (.*)$"#)]
fn noted(notes: &Notes, expected: String) {
    assert_eq!(notes.0.join(" / "), expected);
}

/// A type of this crate, made from a captured text.
#[derive(Debug)]
enum Colour {
    Red,
    Green,
}

impl FromStr for Colour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "red" => Ok(Self::Red),
            "green" => Ok(Self::Green),
            _ => Err("expected red or green".to_owned()),
        }
    }
}

#[when(r#"^I paint (\d+) "([^"]*)" doors? (\w+)$"#)]
fn paint(count: u8, kind: &str, notes: &mut Notes, colour: Colour) {
    notes.0.push(format!("{count} {kind} {colour:?}"));
}

// The inner groups of a pattern belong to the outer ones: these are two arguments.
#[when(regex = r"^I walk (\d+(\.\d+)?) (km|m(?:iles)?)$")]
fn walk(notes: &mut Notes, distance: f64, unit: String) {
    notes.0.push(format!("{distance} {unit}"));
}

// Cucumber Expressions: parameters are typed by their names, here and in Rust.
#[when("I bake {int} loaf/loaves (of bread )for {string}")]
fn bake(notes: &mut Notes, count: u32, whom: String) {
    notes.0.push(format!("{count} for [{whom}]"));
}

#[when(expr = "I pay {float} {word}{} \\(or\\ so)/\\(about) in $")]
fn pay(notes: &mut Notes, amount: f64, currency: &str, rest: &str) {
    notes.0.push(format!("{amount} {currency}{rest}"));
}

#[when(r"^I order(?: (\d+))? coffees?(?: with (\w+))?$")]
fn order(notes: &mut Notes, count: Option<u32>, extra: std::option::Option<&str>) {
    notes.0.push(format!("{count:?} {extra:?}"));
}

#[when(r"^I must order(?: (\d+))? teas?$")]
fn must_order(_count: u32) {}

/// One function, several texts.
#[given(r"^(\d+) cats?$")]
#[given("^a herd of \x28\\d+\x29 cats$")]
#[when(r"^(\d+) more cats? come$")]
fn cats(notes: &mut Notes, mut count: u32) {
    count += 100;
    notes.0.push(count.to_string());
}

#[given("^these friends$")]
fn friends(notes: &mut Notes, table: &Table) {
    for friend in table.records() {
        notes
            .0
            .push(format!("{} {}", friend.cell("name"), &friend["age"]));
    }
}

#[given("^these settings$")]
fn settings(table: Table, notes: &mut Notes) {
    let settings: BTreeMap<&str, &str> = table.pairs().collect();
    notes.0.push(format!("{settings:?}"));
}

#[given("^perhaps a table$")]
fn perhaps_table(notes: &mut Notes, table: Option<Table>) {
    notes
        .0
        .push(format!("{:?}", table.map(|table| table.height())));
}

#[given("^perhaps a docstring$")]
fn perhaps_doc_string(notes: &mut Notes, text: Option<DocString>) {
    notes
        .0
        .push(format!("{:?}", text.as_ref().map(DocString::content)));
}

#[given("^the text$")]
fn text(notes: &mut Notes, text: DocString) {
    notes
        .0
        .push(format!("{:?} {}", text.media_type(), text.to_uppercase()));
}

/// A row of a table.
#[derive(Debug, Deserialize)]
struct Item {
    name: String,
    count: u32,
    price: Option<f64>,
    size: Size,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Size {
    Small,
    Large,
}

#[given("^these items$")]
fn items(notes: &mut Notes, items: Vec<Item>) {
    for Item {
        name,
        count,
        price,
        size,
    } in items
    {
        notes.0.push(format!("{name} {count} {price:?} {size:?}"));
    }
}

/// An error of a library that `bdd-steps` has never heard of.
#[derive(Debug)]
struct Wrapped(Box<dyn std::error::Error>);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[step("^a wrapped error says (.*)$")]
fn wrapped_error(what: String) -> Result<(), Wrapped> {
    if what == "pending" {
        Err(Wrapped(pending("later").into()))
    } else {
        Err(Wrapped(what.into()))
    }
}

/// Steps may come from macros.
macro_rules! steps_of {
    ($pattern:literal, $name:ident, $value:ty) => {
        #[step($pattern)]
        fn $name(notes: &mut Notes, value: $value) {
            notes.0.push(format!("{value:?}"));
        }
    };
}

steps_of!(r"^the number (-?\d+)$", number, i64);
steps_of!("^the letter (.)$", letter, Option<char>);

/// What is configured away is no step.
#[step("^never$")]
#[cfg(any())]
fn never() {}

mod elsewhere {
    //! Names are resolved where the function stands.

    use super::Notes as Memory;
    use bdd_steps::step;

    #[step("^a step of a module$")]
    pub(crate) fn of_module(memory: &mut Memory, other: &super::Other) {
        memory.0.push(format!("module {}", other.0));
    }

    type Alias = Memory;

    // Behind the alias it is the same fixture twice, which only shows when it runs.
    #[step("^the same fixture twice$")]
    fn twice(_first: &mut Memory, _second: &mut Alias) {}
}

/// A second fixture.
#[derive(Default, Fixture)]
struct Other(u8);

#[step("^steps are functions$")]
fn are_functions(notes: &mut Notes) -> impl StepReturn + use<> {
    number(notes, 5);
    elsewhere::of_module(notes, &Other(7));
    Ok::<(), String>(())
}
