//! The chapter `failures.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/failures.rs"));
