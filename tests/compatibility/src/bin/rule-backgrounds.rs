//! Things that backgrounds put there.

use bdd_steps::{Fixture, given, then};

#[derive(Default, Fixture)]
struct Room(u32);

#[given("a table")]
fn table(room: &mut Room) {
    room.0 += 1;
}

#[given("a chair")]
fn chair(room: &mut Room) {
    room.0 += 1;
}

#[then("there are {int} things")]
fn things(room: &Room, expected: u32) {
    assert_eq!(room.0, expected);
}

fn main() {
    bdd_steps::worker()
}
