//! The chapter `retries.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/retries.rs"));
