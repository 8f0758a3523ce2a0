//! Results of hooks, assembled from events: the hooks of attempts, and those outside scenarios.
//!
//! A started hook may never finish (its process died), and a finished one may never have started
//! (an edited file of events): both are shown.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::event::{AttachmentSource, Event, HookKind, HookPlace, HookResult, Status, StepError};

use super::catalogue::Catalogue;
use super::note::Notes;

/// When a hook of an attempt ran, in the order of the attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Moment {
    /// Before the first step.
    Before,
    /// Before or after a step.
    Step { step: u32, after: bool },
    /// After the last step.
    After,
}

impl Moment {
    /// The step that it belongs to, if any.
    pub(crate) fn step(self) -> Option<u32> {
        match self {
            Moment::Step { step, .. } => Some(step),
            Moment::Before | Moment::After => None,
        }
    }
}

/// A hook of an attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct HookOutcome {
    pub(crate) hook: u32,
    pub(crate) moment: Moment,
    /// `None` for a hook that began and did not end.
    pub(crate) status: Option<Status>,
    pub(crate) nanos: u64,
    pub(crate) error: Option<StepError>,
    pub(crate) notes: Notes<()>,
}

impl HookOutcome {
    /// Whether it is pending, failed, or did not end.
    pub(crate) fn is_trouble(&self) -> bool {
        self.status.is_none_or(|status| status >= Status::Pending)
    }
}

/// The hooks of an attempt, collected while it runs.
pub(crate) struct CollectedHooks {
    hooks: Vec<HookOutcome>,
    keep_passed: bool,
}

impl CollectedHooks {
    /// No hooks yet. `keep_passed` says whether hooks that passed and attached nothing are kept.
    pub(crate) fn new(keep_passed: bool) -> Self {
        Self {
            hooks: Vec::new(),
            keep_passed,
        }
    }

    /// Takes an event about a hook in an attempt.
    pub(crate) fn event(&mut self, catalogue: &Catalogue, event: &Event) {
        match event {
            Event::HookStarted { hook, place, .. } => self.hooks.push(HookOutcome {
                hook: *hook,
                moment: moment(catalogue, *hook, place),
                status: None,
                nanos: 0,
                error: None,
                notes: Notes::default(),
            }),
            Event::HookFinished {
                hook,
                place,
                result,
            } => {
                let moment = moment(catalogue, *hook, place);
                let mut finished = match self.open(*hook, moment) {
                    Some(position) => self.hooks.remove(position),
                    None => HookOutcome {
                        hook: *hook,
                        moment,
                        status: None,
                        nanos: 0,
                        error: None,
                        notes: Notes::default(),
                    },
                };
                if result.status != Status::Passed || self.keep_passed || !finished.notes.is_empty()
                {
                    finished.status = Some(result.status);
                    finished.nanos = result.nanos;
                    finished.error.clone_from(&result.error);
                    self.hooks.push(finished);
                }
            }
            Event::Attachment {
                source: AttachmentSource::Hook { hook, place },
                media_type,
                file_name,
                body,
                ..
            } => {
                let moment = moment(catalogue, *hook, place);
                if let Some(position) = self.open(*hook, moment) {
                    let notes = &mut self.hooks[position].notes;
                    notes.take((), media_type, file_name.as_deref(), body);
                }
            }
            _ => {}
        }
    }

    /// The hook is the last that was started, or not far from it.
    fn open(&self, hook: u32, moment: Moment) -> Option<usize> {
        self.hooks.iter().rposition(|known| {
            known.status.is_none() && (known.hook, known.moment) == (hook, moment)
        })
    }

    /// All of them, in the order of the attempt.
    pub(crate) fn finish(mut self) -> Vec<HookOutcome> {
        self.hooks.sort_by_key(|hook| hook.moment);
        self.hooks.shrink_to_fit();
        self.hooks
    }
}

/// When a hook that ran for this runs.
pub(crate) fn moment(catalogue: &Catalogue, hook: u32, place: &HookPlace) -> Moment {
    let before = catalogue
        .hook(hook)
        .is_some_and(|hook| HookKind::is_before(hook.kind));
    match place {
        HookPlace::Step { step, .. } => Moment::Step {
            step: *step,
            after: !before,
        },
        _ if before => Moment::Before,
        _ => Moment::After,
    }
}

/// The scenario of an event about a hook; `None` when the hook runs outside scenarios, or the event is about
/// something else.
pub(crate) fn scenario_of(event: &Event) -> Option<u32> {
    match place_of(event)? {
        HookPlace::Scenario { scenario, .. } | HookPlace::Step { scenario, .. } => Some(*scenario),
        _ => None,
    }
}

fn place_of(event: &Event) -> Option<&HookPlace> {
    match event {
        Event::HookStarted { place, .. }
        | Event::HookFinished { place, .. }
        | Event::Attachment {
            source: AttachmentSource::Hook { place, .. },
            ..
        } => Some(place),
        _ => None,
    }
}

/// A finished hook outside all scenarios.
#[derive(Debug, Clone)]
pub(crate) struct OutsideHook {
    pub(crate) hook: u32,
    place: HookPlace,
    pub(crate) result: HookResult,
    pub(crate) notes: Notes<()>,
}

impl OutsideHook {
    /// The path of the feature around which, or around whose rule, it ran.
    pub(crate) fn feature(&self) -> Option<&Arc<str>> {
        match &self.place {
            HookPlace::Feature { uri, .. } | HookPlace::Rule { uri, .. } => Some(uri),
            _ => None,
        }
    }

    /// The same in the form of a hook of an attempt, without its output.
    pub(crate) fn to_outcome(&self) -> HookOutcome {
        HookOutcome {
            hook: self.hook,
            moment: Moment::Before,
            status: Some(self.result.status),
            nanos: self.result.nanos,
            error: self.result.error.clone(),
            notes: self.notes.clone(),
        }
    }
}

/// The hooks outside scenarios that run now, with what they attached.
#[derive(Default)]
pub(crate) struct OutsideHooks {
    running: Vec<(u32, HookPlace, Notes<()>)>,
}

impl OutsideHooks {
    /// Takes the next event. Returns the hook that it ends.
    pub(crate) fn event(&mut self, event: &Event) -> Option<OutsideHook> {
        if scenario_of(event).is_some() {
            return None;
        }
        match event {
            // The hook of a worker that died may still be in the list. Each place runs one hook at a time.
            Event::HookStarted { hook, place, .. } => {
                self.running.retain(|(_, known, _)| known != place);
                self.running.push((*hook, place.clone(), Notes::default()));
                None
            }
            Event::Attachment {
                source: AttachmentSource::Hook { hook, place },
                media_type,
                file_name,
                body,
                ..
            } => {
                let position = self.position(*hook, place)?;
                let notes = &mut self.running[position].2;
                notes.take((), media_type, file_name.as_deref(), body);
                None
            }
            Event::HookFinished {
                hook,
                place,
                result,
            } => {
                let notes = match self.position(*hook, place) {
                    Some(position) => self.running.swap_remove(position).2,
                    None => Notes::default(),
                };
                Some(OutsideHook {
                    hook: *hook,
                    place: place.clone(),
                    result: result.clone(),
                    notes,
                })
            }
            _ => None,
        }
    }

    fn position(&self, hook: u32, place: &HookPlace) -> Option<usize> {
        let here = |(known, at, _): &(u32, HookPlace, _)| *known == hook && at == place;
        self.running.iter().position(here)
    }
}
