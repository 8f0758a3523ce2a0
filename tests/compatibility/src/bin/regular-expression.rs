//! Groups that may be absent.

use bdd_steps::given;

#[given("^a (.*?)(?: and a (.*?))?(?: and a (.*?))?$")]
fn vegetables(_one: &str, _two: Option<&str>, _three: Option<&str>) {}

fn main() {
    bdd_steps::worker()
}
