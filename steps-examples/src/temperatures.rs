//! Temperatures: steps for a feature that is written in Markdown.

use bdd_steps::{Fixture, given, then, when};

/// Water, and how warm it is.
#[derive(Debug, Default, Fixture)]
struct Water {
    celsius: f64,
}

#[given(r"^water at (-?[\d.]+) °C$")]
fn water(water: &mut Water, celsius: f64) {
    water.celsius = celsius;
}

#[when(r"^it is heated by ([\d.]+) °C$")]
fn heat(water: &mut Water, degrees: f64) {
    water.celsius += degrees;
}

#[then(r"^a thermometer in Fahrenheit shows (-?[\d.]+) °F$")]
fn shows(water: &Water, fahrenheit: f64) {
    assert_eq!(water.celsius * 9.0 / 5.0 + 32.0, fahrenheit);
}

#[then("^it boils$")]
fn boils(water: &Water) {
    assert!(water.celsius >= 100.0, "it has only {} °C", water.celsius);
}
