//! The chapter `attachments.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/attachments.rs"));
