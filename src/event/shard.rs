//! The part of a selection that a run is.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A shard, and the selection of which it is a part. Shards that differ only in `shard` can be merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardOf {
    /// The shard as `--shard` reads it, such as `hash:1/3`.
    pub shard: String,
    /// A hash of the stable ids of all selected scenarios, in order.
    pub selection: String,
    /// A hash of the file of `--durations-from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub durations: Option<String>,
    /// The stable ids of all selected scenarios, in order, including those of the other shards.
    pub scenarios: Arc<[Arc<str>]>,
}
