//! Reports, made from event streams that are written by hand.

mod apart;
mod attached_files;
mod console;
pub mod departures;
mod extras;
mod files;
mod formats;
mod golden;
pub mod laws;
pub mod messages;
mod speed;
pub mod stream;
mod streams;
mod sweep;
mod unparsed;
mod wide;
