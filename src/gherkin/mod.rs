//! Text to document (AST) to pickles: the Gherkin front end.
//!
//! A scanner says what each line is in the current language, the state table of the public
//! grammar says what it means there, and a builder makes the typed document. It knows
//! nothing of files, selection or running.

mod ast;
mod behave;
mod builder;
mod cells;
mod compiler;
mod diagnostic;
mod dialects;
mod error;
mod expansion;
mod flavor;
mod hints;
mod line;
mod listing;
mod location;
mod look_alike;
mod markdown;
mod matcher;
mod messages;
mod mistaken;
mod parser;
mod pickle;
mod placeholders;
mod slips;
mod source;
mod space;
mod states;
mod table;
mod text;
mod token;

pub use ast::*;
pub use compiler::{compile, compile_steps, each_pickle, pickle_count};
pub use diagnostic::{DescribedError, render_errors, worth_showing};
pub use dialects::Dialect;
pub use error::{ErrorKind, ParseError};
pub use flavor::Flavor;
pub use hints::nearest_language;
pub use listing::{ReadLine, has_step_keyword, lines};
pub use location::Location;
pub use look_alike::{as_seen, odd_characters};
pub use messages::Messages;
pub use parser::{ParseOptions, parse, parse_steps};
pub use pickle::{Pickle, PickleDocString, PickleRow, PickleStep, PickleTable, PickleTag};
pub use slips::{HeadingSlips, Next, StepSlips, is_step_in};
pub use source::decode;
pub(crate) use space::{leading_space, trim, width};
pub use table::{Table, TableCell, TableRow};
pub use token::TokenKind;
