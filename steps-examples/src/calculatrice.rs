//! The calculator in French: the same fixture, other words.
//!
//! Definitions of several modules share a fixture by asking for its type. A capture's own type
//! reads numbers as they are written in French.

use std::num::ParseFloatError;
use std::str::FromStr;

use bdd_steps::{given, then, when};

use crate::calculator::{Button, Desk};

/// A number with a decimal comma.
struct Nombre(f64);

impl FromStr for Nombre {
    type Err = ParseFloatError;

    fn from_str(text: &str) -> Result<Self, ParseFloatError> {
        text.replace(',', ".").parse().map(Nombre)
    }
}

#[given("^une calculatrice remise à zéro$")]
fn remise_a_zero(desk: &mut Desk) {
    *desk = Desk::default();
}

#[given(r"^j'ai saisi (-?\d+(?:,\d+)?)$")]
fn saisi(desk: &mut Desk, nombre: Nombre) {
    desk.enter(nombre.0);
}

#[when("^j'appuie sur « (additionner|soustraire|multiplier|diviser) »$")]
fn appuie(desk: &mut Desk, touche: &str) {
    desk.press(match touche {
        "additionner" => Button::Add,
        "soustraire" => Button::Subtract,
        "multiplier" => Button::Multiply,
        // The pattern lets nothing else through.
        _ => Button::Divide,
    });
}

#[then(r"^l'écran affiche (-?\d+(?:,\d+)?)$")]
fn affiche(desk: &Desk, attendu: Nombre) -> Result<(), String> {
    assert_eq!(desk.shown()?, attendu.0);
    Ok(())
}
