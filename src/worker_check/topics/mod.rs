//! What is driven, by topic.

mod breaking;
mod cancelling;
mod ending;
pub(super) mod hello;
mod matching;
mod reading;
mod running;
