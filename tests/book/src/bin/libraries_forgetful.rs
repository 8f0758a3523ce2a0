//! The other program of the chapter `libraries.md`.
#![allow(missing_docs, dead_code)]

include!(concat!(env!("OUT_DIR"), "/libraries_forgetful.rs"));
