use bdd_steps::{Fixture, step};

struct NotAFixture;

#[step("^a fixture$")]
fn not_a_fixture(value: &mut NotAFixture) {}

#[step("^(\\d+) (values)$")]
fn not_from_text(number: u32, value: NotAFixture) {}

#[step("^an? (value)?$")]
fn optional_not_from_text(value: Option<NotAFixture>) {}

#[step("^a result$")]
fn not_a_result() -> u32 {
    5
}

#[step("^a value in a result$")]
fn a_value() -> Result<u32, String> {
    Ok(5)
}

#[step("^an error without a text$")]
fn not_an_error() -> Result<(), NotAFixture> {
    Ok(())
}

#[derive(Fixture)]
struct NoDefault;

fn main() {}
