use bdd_steps::{Fixture, step};

#[step("^async$")]
async fn asynchronous() {}

#[step("^unsafe$")]
unsafe fn dangerous() {}

#[step("^generic$")]
fn generic<T>(value: &T) {}

#[step("^where$")]
fn bounded() where String: Clone {}

#[step("^a type$")]
struct Type;

struct World;

impl World {
    #[step("^a method$")]
    fn method(&mut self) {}
}

#[derive(Default, Fixture)]
struct Generic<T>(T);

fn main() {}
