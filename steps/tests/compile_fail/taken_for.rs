use bdd_steps::{Context, DocString, Fixture, Table, before_scenario, step};

#[derive(Default, Fixture)]
struct World;

#[step("^(.*) by reference$")]
fn string(text: &String) {}

#[step("^(\\d+) by reference$")]
fn number(number: &mut u32) {}

#[step("^rows by reference$")]
fn rows(rows: &Vec<String>) {}

#[step("^a map$")]
fn map(map: &mut std::collections::HashMap<String, u32>) {}

#[step("^a table that may be missing$")]
fn table(table: Option<&Table>) {}

#[step("^a docstring that may be missing$")]
fn doc_string(text: &Option<DocString>) {}

#[step("^a context that may be missing$")]
fn context(context: Option<&Context>) {}

#[step("^a fixture that may be missing$")]
fn fixture(world: Option<&mut World>) {}

#[step("^a fixture by value$")]
fn by_value(world: World) {}

#[step("^a fixture by value and (\\d+)$")]
fn by_value_before(world: World, number: u32) {}

#[step("^(\\d+) and a fixture by value$")]
fn by_value_after(number: u32, mut world: World) {}

#[step("^a fixture by value for (\\d+)$")]
fn by_value_alone(world: World) {}

#[step("^(\\d+) of (\\d+) and one too many$")]
fn too_many(one: u32, two: u32, three: u32) {}

#[before_scenario]
fn hook(world: World) {}

#[before_scenario]
fn hook_text(text: &String) {}

fn main() {}
