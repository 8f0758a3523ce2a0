//! Steps that fail and have much to say: bdd's own features show how it reads.

use std::error::Error;
use std::fmt;

use bdd_steps::{
    DocString, Outcome, Table, TableDiff, check, check_eq, check_ne, pending, skip, step,
};

/// An error with a cause; it names the cause itself when it is `talkative`.
#[derive(Debug)]
struct Failed {
    what: String,
    cause: Box<dyn Error + Send + Sync>,
    talkative: bool,
}

impl Failed {
    fn because(what: &str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            what: what.to_owned(),
            cause: cause.into(),
            talkative: false,
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if self.talkative {
            write!(f, ": {}", self.cause)?;
        }
        Ok(())
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}

fn checkout() -> Failed {
    Failed::because(
        "cannot pay",
        Failed::because("the bank is closed", "it is Sunday"),
    )
}

#[step("^an error with causes$")]
fn with_causes() -> Result<(), Failed> {
    Err(checkout())
}

#[step("^a boxed error with causes$")]
fn boxed() -> Result<(), Box<dyn Error>> {
    Err(checkout().into())
}

#[step("^a boxed error with causes for all threads$")]
fn boxed_for_threads() -> Result<(), Box<dyn Error + Send + Sync>> {
    Err(checkout().into())
}

#[step("^an error that names its cause$")]
fn talkative() -> Result<(), Failed> {
    Err(Failed {
        talkative: true,
        ..checkout()
    })
}

/// As `anyhow::Error` is: no `Error` itself, but it lends one, and `{:#}` shows all of them.
struct Lender(Box<dyn Error + Send + Sync>);

impl fmt::Display for Lender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)?;
        let mut next = self.0.source().filter(|_| f.alternate());
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}

impl AsRef<dyn Error + Send + Sync> for Lender {
    fn as_ref(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }
}

#[step("^an error that lends its causes$")]
fn lent() -> Result<(), Lender> {
    Err(Lender(checkout().into()))
}

#[step("^a lent skip$")]
fn lent_skip() -> Result<(), Lender> {
    Err(Lender(skip("closed today").into()))
}

#[step("^an error that is caused by a skip$")]
fn caused_by_skip() -> Result<(), Failed> {
    Err(Failed::because("cannot pay", skip("no bank here")))
}

#[step("^a boxed error that is caused by a pending step$")]
fn caused_by_pending() -> Result<(), Box<dyn Error>> {
    Err(Failed::because("cannot pay", pending("no bank yet")).into())
}

#[step("^a pending value$")]
fn pending_value() -> Outcome {
    pending("not written yet")
}

#[step("^a skip value without a reason$")]
fn skip_value() -> Outcome {
    skip("")
}

#[step("^a pending error without a reason$")]
fn pending_error() -> Result<(), Outcome> {
    Err(pending(""))
}

#[step("^a (skip|pass) value in a result$")]
fn in_result(what: &str) -> Result<Option<Outcome>, String> {
    Ok((what == "skip").then(|| skip("rain")))
}

#[step(r"^a step that checks that (\d+) is (\d+) and (\d+) is (\d+)$")]
fn checks(a: u8, b: u8, c: u8, d: u8) {
    check_eq!(a, b, "the first pair");
    check!(c == d);
    println!("it went on");
}

#[step("^a step that checks and then panics$")]
fn checks_and_panics() {
    check_ne!(1, 1);
    panic!("it is over");
}

#[step("^a step that checks on another thread$")]
fn checks_elsewhere() {
    let thread = std::thread::spawn(|| {
        check!(false, "checked elsewhere");
    });
    thread.join().expect("the thread ends well");
}

#[derive(Default, bdd_steps::Fixture)]
struct Checking;

impl Drop for Checking {
    fn drop(&mut self) {
        check!(false, "checked at the end");
    }
}

#[step("^a fixture that checks when it is dropped$")]
fn checking_fixture(_fixture: &Checking) {}

#[step("^a step that asserts that a text is:$")]
fn asserts_text(expected: &DocString) {
    let actual = "Dear Ada,\nthank you for the engine.\nIt works.\nYours\n";
    assert_eq!(actual, expected.content());
}

#[derive(Debug, PartialEq)]
#[allow(dead_code, reason = "it is shown by Debug")]
struct Engine {
    name: &'static str,
    wheels: Vec<u16>,
    owner: Option<&'static str>,
}

#[step("^a step that asserts that two engines are equal$")]
fn asserts_engines() {
    let engine = |teeth, owner| Engine {
        name: "analytical, \"the {large} one\"",
        wheels: vec![10, teeth, 30],
        owner,
    };
    assert_eq!(engine(20, Some("Ada")), engine(21, None), "the engines");
}

#[step("^the table is that of the friends:$")]
fn table_of_friends(expected: &Table) -> Result<(), TableDiff> {
    expected.diff(&Table::from([
        ["name", "age"],
        ["Ada", "36"],
        ["Alan", "41"],
        ["Grace", "85"],
    ]))
}
