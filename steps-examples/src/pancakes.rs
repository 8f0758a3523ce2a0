//! Steps that run steps: a recipe is a text of other steps.

use std::collections::BTreeMap;
use std::error::Error;

use bdd_steps::{
    Context, DocString, Fixture, FixtureError, RunStepsError, Table, given, step, then, when,
};

/// What is in the bowl, in grams.
#[derive(Debug, Default, Fixture)]
struct Bowl(BTreeMap<String, u32>);

#[given("^an empty bowl$")]
fn empty(bowl: &mut Bowl) {
    bowl.0.clear();
}

#[when(r"^I add (\d+) g of (\w+)$")]
fn add(bowl: &mut Bowl, grams: u32, what: String) {
    *bowl.0.entry(what).or_default() += grams;
}

#[when("^I add:$")]
fn add_all(bowl: &mut Bowl, table: &Table) -> Result<(), Box<dyn Error>> {
    for (what, grams) in table.pairs() {
        add(bowl, grams.parse()?, what.to_owned());
    }
    Ok(())
}

/// The steps of the recipe share the bowl with this one, which therefore cannot hold it.
#[given("^dough for pancakes$")]
fn dough(cx: &Context) -> Result<(), RunStepsError> {
    cx.run_steps(
        "Given an empty bowl
         When I add 250 g of flour
         And I add:
           | milk | 500 |
           | eggs | 120 |",
    )
}

#[given("^pancakes$")]
fn pancakes(cx: &Context) -> Result<(), RunStepsError> {
    cx.run_steps("Given dough for pancakes\nThen the bowl weighs 870 g")
}

#[then(r"^the bowl weighs (\d+) g$")]
fn weighs(bowl: &Bowl, grams: u32) {
    assert_eq!(bowl.0.values().sum::<u32>(), grams);
}

#[step("^I follow the recipe$")]
fn follow(cx: &Context, recipe: &DocString) -> Result<(), Box<dyn Error + Send + Sync>> {
    Ok(cx.run_steps(recipe.content())?)
}

#[step("^I follow the recipe with the bowl in my hands$")]
fn follow_holding(_bowl: &mut Bowl, cx: &Context, recipe: &DocString) -> Result<(), RunStepsError> {
    cx.run_steps(recipe.content())
}

#[step("^I follow the recipe and look into the bowl before and after$")]
fn follow_looking(cx: &Context, recipe: &DocString) -> Result<(), Box<dyn Error>> {
    let weight = || -> Result<u32, FixtureError> { Ok(cx.fixture::<Bowl>()?.0.values().sum()) };
    let before = weight()?;
    cx.run_steps(recipe.content())?;
    println!("{before} g, then {} g", weight()?);
    Ok(())
}

#[step("^I follow the recipe or improvise$")]
fn improvise(cx: &Context, recipe: &DocString) {
    let before = cx.step_text().map(str::to_owned);
    if let Err(error) = cx.run_steps(recipe.content()) {
        println!("{error}");
    }
    assert_eq!(cx.step_text().map(str::to_owned), before);
}

#[step("^a recipe that begins with itself$")]
fn endless(cx: &Context) -> Result<(), RunStepsError> {
    cx.run_steps("Given a recipe that begins with itself")
}
