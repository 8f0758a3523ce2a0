//! The chapter `expressions.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/expressions.rs"));
