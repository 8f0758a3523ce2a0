//! Reports, made from event streams that are written by hand.

mod extras;
mod files;
mod golden;
pub mod laws;
mod messages;
mod speed;
pub mod stream;
mod streams;
