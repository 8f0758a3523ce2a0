//! The specification of bdd in its own language: steps that run the built `bdd`.
//!
//! Every scenario of `features/spec/` has a directory of its own ([`project`]), runs commands in
//! it ([`command`], [`process`]) and looks at what they said ([`output`]) and wrote ([`project`] again).
//!
//! The features that are run inside need steps too. They have those of this very program: a
//! `bdd run` gets it as `--steps`, so nothing is compiled.

mod command;
mod command_line;
mod output;
mod process;
mod project;
mod text;
