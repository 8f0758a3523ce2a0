//! A feature in Markdown.

use bdd_steps::{Context, DocString, Table, given, then, when};

#[given("some TypeScript code:")]
fn code(_text: &DocString) {}

#[given("some classic Gherkin:")]
fn gherkin(_text: &DocString) {}

#[when("we use a data table and attach something and then {word}")]
fn attach(cx: &Context, what: &str, _table: &Table) -> Result<(), &'static str> {
    cx.log(format!("We are logging some plain text ({what})"));
    match what {
        "fail" => Err("You asked me to fail"),
        _ => Ok(()),
    }
}

#[then("this might or might not run")]
fn maybe() {}

fn main() {
    bdd_steps::worker()
}
