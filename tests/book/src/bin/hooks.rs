//! The chapter `hooks.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/hooks.rs"));
