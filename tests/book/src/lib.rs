//! The library of the book's chapter about step libraries.
#![allow(missing_docs)]

include!(concat!(env!("OUT_DIR"), "/library.rs"));
