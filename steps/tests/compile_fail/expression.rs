use bdd_steps::{given, step, then, when};

#[given("I have {int cukes")]
fn unfinished_parameter() {}

#[when("three (brown/black) mice")]
fn alternation_in_optional() {}

#[then(expr = "^ a {weight} of ({float})$")]
fn parameter_in_optional(weight: u32) {}

#[step("C:\\users")]
fn not_escaped() {}

macro_rules! made {
    ($pattern:literal) => {
        #[step($pattern)]
        fn by_a_macro() {}
    };
}
made!("a ()");

fn main() {}
