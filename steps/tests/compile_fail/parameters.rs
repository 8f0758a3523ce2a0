use bdd_steps::{Context, DocString, Fixture, Table, step};

#[derive(Default, Fixture)]
struct World;

#[step("^a pattern$")]
fn pattern((a, b): (u8, u8)) {}

#[step("^impl trait$")]
fn impl_trait(value: impl ToString) {}

#[step("^a slice$")]
fn slice(values: &[String]) {}

#[step("^a trait object$")]
fn trait_object(value: &mut dyn ToString) {}

#[step("^a function pointer$")]
fn pointer(value: fn()) {}

#[step("^context by value$")]
fn context(context: Context) {}

#[step("^a table to change$")]
fn table(table: &mut Table) {}

#[step("^rows without the feature$")]
fn rows(rows: Vec<String>) {}

#[step("^two tables$")]
fn tables(table: Table, other: Option<Table>, text: DocString) {}

#[step("^two docstrings$")]
fn texts(text: DocString, other: Option<DocString>, table: Table) {}

#[step("^the same fixture twice$")]
fn twice(first: &mut World, second: &World) {}

#[step("^too many (.) (.) (.) (.) (.) (.) (.) (.) (.) (.) (.) (.) (.) (.) (.) (.) (.)$")]
fn too_many(
    a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8,
    j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u8, q: u8,
) {
}

fn main() {}
