//! Two definitions of one step: bdd's own features show that it refuses to choose.

use bdd_steps::step;

#[step("^a step that two definitions match$")]
fn by_its_text() {}

#[step(r"^a step that (\w+) definitions match$")]
fn by_a_pattern(_count: &str) {}
