//! The chapter `outcomes.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/outcomes.rs"));
