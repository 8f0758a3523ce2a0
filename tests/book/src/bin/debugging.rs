//! The chapter `debugging.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/debugging.rs"));
