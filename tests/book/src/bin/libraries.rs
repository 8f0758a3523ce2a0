//! The chapter `libraries.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/libraries.rs"));
