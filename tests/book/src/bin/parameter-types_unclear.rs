//! Another program of the chapter `parameter-types.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/parameter-types_unclear.rs"));
