//! The chapter `snippets.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/snippets.rs"));
