//! The chapter `userdata.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/userdata.rs"));
