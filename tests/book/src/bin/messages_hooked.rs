//! Another program of the chapter `messages.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/messages_hooked.rs"));
