//! The chapter `parameter-types.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/parameter-types.rs"));
