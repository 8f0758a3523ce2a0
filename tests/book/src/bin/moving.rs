//! The chapter `moving.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/moving.rs"));
