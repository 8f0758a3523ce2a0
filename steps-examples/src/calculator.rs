//! A calculator: typed captures, a type of one's own as a capture, and one that may be absent.

use std::fmt;
use std::str::FromStr;

use bdd_steps::{Fixture, Table, given, step, then, when};

/// What is tested. In a real project this is the product's own code; the fixture below holds it.
#[derive(Debug, Default)]
struct Calculator {
    entered: Vec<f64>,
}

impl Calculator {
    fn press(&mut self, button: Button) -> Result<f64, Complaint> {
        let [.., left, right] = self.entered[..] else {
            return Err(Complaint::TwoNumbersNeeded);
        };
        let result = match button {
            Button::Add => left + right,
            Button::Subtract => left - right,
            Button::Multiply => left * right,
            Button::Divide if right == 0.0 => return Err(Complaint::DivisionByZero),
            Button::Divide => left / right,
        };
        if result.is_infinite() {
            return Err(Complaint::TooLarge);
        }
        self.entered.truncate(self.entered.len() - 2);
        self.entered.push(result);
        Ok(result)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Complaint {
    TwoNumbersNeeded,
    DivisionByZero,
    TooLarge,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TwoNumbersNeeded => "two numbers are needed",
            Self::DivisionByZero => "cannot divide by zero",
            Self::TooLarge => "the number is too large",
        })
    }
}

/// The state of a scenario: every scenario has a desk of its own.
#[derive(Debug, Default, Fixture)]
pub(crate) struct Desk {
    calculator: Calculator,
    screen: Option<Result<f64, Complaint>>,
}

impl Desk {
    pub(crate) fn enter(&mut self, number: f64) {
        self.calculator.entered.push(number);
    }

    pub(crate) fn press(&mut self, button: Button) {
        self.screen = Some(self.calculator.press(button));
    }

    pub(crate) fn shown(&self) -> Result<f64, String> {
        match &self.screen {
            Some(Ok(result)) => Ok(*result),
            Some(Err(complaint)) => Err(format!("the calculator complains: {complaint}")),
            None => Err("no button was pressed".to_owned()),
        }
    }
}

/// A capture can be of any type that implements [`FromStr`]. What a pattern lets through and the
/// type does not, fails the step with this error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Button {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl FromStr for Button {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "add" => Ok(Self::Add),
            "subtract" => Ok(Self::Subtract),
            "multiply" => Ok(Self::Multiply),
            "divide" => Ok(Self::Divide),
            _ => Err("the buttons are add, subtract, multiply and divide".to_owned()),
        }
    }
}

// `(?:…)` groups without capturing: `have entered` and `enter` are one step.
#[given(r"^I (?:have entered|enter) (\S+) into the calculator$")]
fn enter(desk: &mut Desk, number: f64) {
    desk.enter(number);
}

// A step may fail while it reads its table: `?` reports the error under the step.
#[given("^I have entered these numbers into the calculator:$")]
fn enter_all(desk: &mut Desk, numbers: Table) -> Result<(), String> {
    for row in numbers.rows() {
        for cell in row {
            desk.enter(cell.parse().map_err(|error| format!("{cell:?}: {error}"))?);
        }
    }
    Ok(())
}

// A group that may be absent is an `Option`.
#[when(r"^I press ([a-z]+)(?: (\d+) times)?$")]
fn press(desk: &mut Desk, button: Button, times: Option<u32>) {
    for _ in 0..times.unwrap_or(1) {
        desk.press(button);
    }
}

// An assertion that fails needs no more than a panic: the report shows both values, the line of
// the assertion, and where this function stands.
#[then(r"^the result should be (\S+) on the screen$")]
fn result(desk: &Desk, expected: f64) -> Result<(), String> {
    assert_eq!(desk.shown()?, expected);
    Ok(())
}

// `step` is for definitions that fit any keyword.
#[step("^the calculator complains: (.*)$")]
fn complains(desk: &Desk, expected: &str) -> Result<(), String> {
    match &desk.screen {
        Some(Err(complaint)) if complaint.to_string() == expected => Ok(()),
        Some(Err(complaint)) => Err(format!("it complains: {complaint}")),
        Some(Ok(result)) => Err(format!("it shows {result}")),
        None => Err("no button was pressed".to_owned()),
    }
}
