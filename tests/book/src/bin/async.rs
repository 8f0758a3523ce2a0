//! The chapter `async.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/async.rs"));
