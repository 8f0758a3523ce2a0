//! The chapter `tables.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/tables.rs"));
