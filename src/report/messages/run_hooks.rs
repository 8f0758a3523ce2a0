//! Hooks of the run and of workers: those that belong to no test case.

use std::io;

use super::definitions::StreamDefinitions;
use super::parts::{self, moment};
use super::stream::Stream;
use crate::event::{HookPlace, HookResult, Status, Timestamp};

/// The hooks that run.
#[derive(Default)]
pub(super) struct RunHooks {
    open: Vec<RunHook>,
}

/// A hook that has started.
struct RunHook {
    hook: u32,
    place: HookPlace,
    id: u64,
    at: Timestamp,
}

/// What a hook is started in.
pub(super) struct Run {
    pub(super) id: u64,
    /// Whether messages name the worker.
    pub(super) several_workers: bool,
}

impl RunHooks {
    pub(super) fn started(
        &mut self,
        stream: &mut Stream,
        definitions: &StreamDefinitions,
        run: &Run,
        hook: u32,
        place: &HookPlace,
        at: Timestamp,
    ) -> io::Result<()> {
        let Some(hook_id) = definitions.hook(hook) else {
            return Ok(());
        };
        let id = stream.ids.next();
        self.open.push(RunHook {
            hook,
            place: place.clone(),
            id,
            at,
        });
        stream.write("testRunHookStarted", |json| {
            json.id("id", id);
            json.id("testRunStartedId", run.id);
            json.id("hookId", hook_id);
            if let HookPlace::Worker(worker) = place
                && run.several_workers
            {
                json.id("workerId", u64::from(*worker));
            }
            moment(json, "timestamp", at);
        })
    }

    /// Ends a hook. Returns whether the stream has its result.
    pub(super) fn finished(
        &mut self,
        stream: &mut Stream,
        definitions: &StreamDefinitions,
        hook: u32,
        place: &HookPlace,
        result: &HookResult,
    ) -> io::Result<bool> {
        let Some(position) = self.position(hook, place) else {
            return Ok(false);
        };
        let open = self.open.swap_remove(position);
        let at = open.at.0.saturating_add(result.nanos / 1_000);
        stream.write("testRunHookFinished", |json| {
            json.id("testRunHookStartedId", open.id);
            let place = definitions.place_of_hook(hook);
            let error = result.error.as_ref();
            parts::result(json, "result", result.status, result.nanos, error, &place);
            moment(json, "timestamp", Timestamp(at));
        })?;
        Ok(true)
    }

    /// Ends hooks that did not end because their process died. Returns whether there were any.
    pub(super) fn close(
        &mut self,
        stream: &mut Stream,
        definitions: &StreamDefinitions,
    ) -> io::Result<bool> {
        let died = HookResult {
            status: Status::Failed,
            nanos: 0,
            error: Some(parts::error("the step program ended while this hook ran")),
            output: None,
        };
        let any = !self.open.is_empty();
        while let Some(open) = self.open.first() {
            let (hook, place) = (open.hook, open.place.clone());
            self.finished(stream, definitions, hook, &place, &died)?;
        }
        Ok(any)
    }

    /// The id of a hook that has started and not finished.
    pub(super) fn id(&self, hook: u32, place: &HookPlace) -> Option<u64> {
        self.position(hook, place)
            .map(|position| self.open[position].id)
    }

    fn position(&self, hook: u32, place: &HookPlace) -> Option<usize> {
        self.open
            .iter()
            .position(|open| open.hook == hook && open.place == *place)
    }
}
