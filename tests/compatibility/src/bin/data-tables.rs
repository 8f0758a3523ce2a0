//! A table that is compared with another.

use bdd_steps::{Fixture, Table, then, when};

#[derive(Default, Fixture)]
struct Transposed(Vec<Vec<String>>);

#[when("the following table is transposed:")]
fn transpose(transposed: &mut Transposed, table: &Table) {
    let columns = table.rows().first().map_or(0, Vec::len);
    let column = |index: usize| table.rows().iter().map(|row| row[index].clone()).collect();
    transposed.0 = (0..columns).map(column).collect();
}

#[then("it should be:")]
fn compare(transposed: &Transposed, expected: &Table) {
    assert_eq!(transposed.0, expected.rows());
}

fn main() {
    bdd_steps::worker()
}
