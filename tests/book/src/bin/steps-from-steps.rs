//! The chapter `steps-from-steps.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/steps-from-steps.rs"));
