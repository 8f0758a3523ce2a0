//! Hooks, most of which go wrong, each for one tag: bdd's own features show what it makes of them.

use bdd_steps::{
    Outcome, after_feature, after_scenario, after_step, before_feature, before_scenario, skip,
};

#[before_scenario(tags = "@door_is_locked", name = "open the door")]
fn open_the_door() -> Result<(), String> {
    println!("rattling at the door");
    Err("no key".to_owned())
}

#[before_scenario("@night")]
fn switch_on_the_light() {}

#[before_scenario("@sunday")]
fn close_on_sundays() -> Outcome {
    skip("closed on Sundays")
}

#[after_scenario("@door_is_stuck")]
fn lock_the_door() -> Result<(), String> {
    Err("the door does not close".to_owned())
}

#[after_step("@camera_is_broken")]
fn take_a_picture() -> Result<(), String> {
    Err("no film".to_owned())
}

#[before_feature("@holiday")]
fn close_in_the_holidays() -> Outcome {
    skip("closed until September")
}

#[before_feature("@house_is_gone")]
fn find_the_house() -> Result<(), String> {
    println!("there is a hole");
    Err("no house".to_owned())
}

#[after_feature("@heating_is_on")]
fn turn_off_the_heating() -> Result<(), String> {
    println!("the tap is warm");
    Err("the tap is stuck".to_owned())
}
