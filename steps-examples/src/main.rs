//! The step program of this repository: what `features/` runs on, and code to copy from.
//!
//! A step crate is a program. Its modules define steps, each as an ordinary function with an
//! attribute, and `main` hands over to [`bdd_steps::worker`]. Nothing lists the steps: a module
//! that is compiled in is found.
//!
//! Where to look:
//!
//! | module | of | shows |
//! |---|---|---|
//! | `calculator` | `features/calculator.feature` | typed captures, captures of a type of one's own, optional groups, assertions |
//! | `calculatrice` | `features/calculatrice.feature` | steps in another language, a fixture shared by modules |
//! | `friends` | `features/friends.feature` | tables with named columns, optional words, comparing tables |
//! | `documents` | `features/documents.feature` | docstrings and their media types, tables of pairs, transposed tables |
//! | `lending` | `features/lending.feature` | rows of a table as values (`serde`), steps that return an error of their own type |
//! | `stock` | `features/stock.feature` | rows and vertical tables as values (`serde`), comparing tables, checks |
//! | `temperatures` | `features/temperatures.feature.md` | steps for Markdown |
//! | `flights` | `features/flights.feature` | parameter types by function and by derive, with several groups |
//! | `attaching` | `features/attachments.feature` | texts, bytes, files, a log and links in the report |
//! | `kitchen` | `features/kitchen.feature` | `async fn` steps, hooks and fixtures; a task that works while steps wait |
//! | `pancakes` | `features/pancakes.feature` | steps that run steps from text |
//! | `conversions` | the tests of bdd | a parameter type for every way to convert a text |
//! | `parameters` | the tests of bdd | a step for every kind of parameter, steps from macros |
//! | `spec` | `features/spec/` | bdd's own specification: fixtures that must be made and removed, child processes |
//! | `faults` | the features inside `features/spec/` | every way in which a step can go wrong |
//! | `hooks` | the features inside `features/spec/` | hooks that fail, hooks that skip |
//! | `failures` | the features inside `features/spec/` | checks, errors with causes, outcomes as values and as errors |
//! | `ambiguous` | `features/spec/results/ambiguous.feature` | a step that two definitions match |

mod ambiguous;
mod attaching;
mod calculator;
mod calculatrice;
mod conversions;
mod documents;
mod failures;
mod faults;
mod flights;
mod friends;
mod hooks;
mod kitchen;
mod lending;
mod pancakes;
mod parameters;
mod spec;
mod stock;
mod temperatures;

fn main() {
    bdd_steps::worker()
}
