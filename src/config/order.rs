//! In which order scenarios are run.

use clap::ValueEnum;
use serde::Deserialize;

/// `defined` or `reverse`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// As the features are found, and as the scenarios stand in them
    #[default]
    Defined,
    /// The last feature first, and of each its last scenario first
    Reverse,
}

impl Order {
    /// The numbers from 0 to `count` in this order.
    pub fn of(self, count: u32) -> Box<dyn Iterator<Item = u32>> {
        match self {
            Self::Defined => Box::new(0..count),
            Self::Reverse => Box::new((0..count).rev()),
        }
    }
}
