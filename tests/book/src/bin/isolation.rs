//! The chapter `isolation.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/isolation.rs"));
