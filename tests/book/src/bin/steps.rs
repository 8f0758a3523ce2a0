//! The chapter `steps.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/steps.rs"));
