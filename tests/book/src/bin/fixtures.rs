//! The chapter `fixtures.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));
