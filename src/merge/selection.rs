//! The selection that shards divide: every shard lists the stable ids of all its scenarios.

use std::sync::Arc;

use foldhash::HashMap;

use crate::event::{Event, ShardOf};

/// All selected scenarios. Shards of one selection share it.
#[derive(Debug)]
pub(super) struct Selection {
    /// The stable ids, in order.
    pub(super) ids: Arc<[Arc<str>]>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Selection {
    fn new(shard: &ShardOf) -> Self {
        let ids = shard.scenarios.iter().cloned();
        Self {
            ids: Arc::clone(&shard.scenarios),
            numbers: ids.zip(0..).collect(),
        }
    }

    /// The selection of a shard, if the event is the start of one. `known` is that of the files before it; an equal
    /// list is not kept twice.
    pub(super) fn of(started: &mut Event, known: &mut Option<Arc<Self>>) -> Option<Arc<Self>> {
        let Event::RunStarted {
            shard: Some(shard), ..
        } = started
        else {
            return None;
        };
        let selection = known.get_or_insert_with(|| Arc::new(Self::new(shard)));
        if selection.ids == shard.scenarios {
            Arc::make_mut(shard).scenarios = Arc::clone(&selection.ids);
        }
        Some(Arc::clone(selection))
    }

    /// The number of a scenario in the selection.
    pub(super) fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }
}
