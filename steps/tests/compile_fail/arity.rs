use bdd_steps::{given, then, when};

#[given(r"^(\d+) apples and (\d+) pears$")]
fn too_few(apples: u32) {}

#[when("^I eat$")]
fn too_many(apples: u32, pears: u32) {}

#[then(r"^(?:nested|(\d+(,\d+)?)) apples (\(s\))$")]
fn top_level_groups_count(apples: String, pears: String, plums: String) {}

#[given("{int} apple(s)/plum(s) of {my type} and {} pears")]
fn too_few_parameters(apples: u32) {}

#[when("I eat {string}")]
fn too_many_parameters(apples: String, pears: String) {}

fn main() {}
