use bdd_steps::{
    Context, Fixture, Table, after_scenario, after_step, before_all, before_feature, before_run,
    before_scenario,
};

struct NotAFixture;

#[before_scenario]
fn not_a_fixture(value: &mut NotAFixture) {}

#[derive(Default, Fixture)]
struct Basket;

#[derive(Default, Fixture)]
#[fixture(scope = feature)]
struct Catalogue;

#[derive(Default, Fixture)]
#[fixture(scope = worker)]
struct Server;

#[after_scenario]
fn same_twice(basket: &Basket, context: &Context, again: &mut Basket) {}

#[before_scenario]
fn capture(count: u32) {}

#[before_scenario]
fn text(text: &str) {}

#[after_step]
fn table(table: &Table) {}

#[before_run]
fn too_short(server: &Server, basket: &Basket) {}

#[before_all]
fn also_too_short(catalogue: &mut Catalogue) {}

#[before_feature]
fn of_scenario(catalogue: &Catalogue, basket: &mut Basket) {}

#[before_scenario(tag = "@slow")]
fn unknown_option() {}

#[before_scenario(tags = slow)]
fn not_a_text() {}

#[before_scenario(order = "first")]
fn not_a_number() {}

#[before_scenario(order = 1, order = 2)]
fn option_twice() {}

#[before_scenario(slow)]
fn no_option() {}

#[before_scenario(7)]
fn number() {}

#[before_scenario("@slow", tags = "@fast")]
fn tags_twice() {}

#[before_scenario("@slow" order = 1)]
fn no_comma() {}

#[before_all("@slow")]
fn of_no_scenario() {}

#[before_run(order = 1, tags = "@slow")]
fn of_no_feature() {}

#[before_scenario(order = 1.5)]
fn not_whole() {}

#[before_scenario]
async fn asynchronous() {}

#[before_scenario]
fn generic<T>() {}

#[before_scenario]
fn not_a_result() -> bool {
    true
}

#[before_scenario]
struct Type;

fn main() {}
