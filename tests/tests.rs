//! All integration tests in one program: it links once.

#![allow(clippy::unwrap_used)]

mod report;
