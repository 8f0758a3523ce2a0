//! The state of the process that programs inherit: the umask, signals, limits, the environment.
//!
//! What a scenario changes is restored where that is safe, and reported once for each kind. A change fails nobody: a
//! library may have made it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::env;

use bdd_protocol::variables::STATE_CHANGES;

use super::Leftovers;
use super::change::StateChange;
use super::environment::Environment;
use super::limits::Limits;
use super::signals::Signals;
use super::umask::Umask;

/// The state that scenarios begin with.
pub(super) struct State {
    /// Whether changes are looked for.
    watched: bool,
    signals: Signals,
    at_start: RefCell<Option<Snapshot>>,
    /// The kinds of changes that were reported.
    reported: RefCell<BTreeSet<String>>,
    /// Whether something that outlives the scenario is being made: it may change what it likes.
    within: Cell<bool>,
}

#[derive(Clone)]
struct Snapshot {
    umask: Umask,
    limits: Limits,
    environment: Environment,
}

impl Snapshot {
    fn now() -> Self {
        Self {
            umask: Umask::now(),
            limits: Limits::now(),
            environment: Environment::now(),
        }
    }
}

impl State {
    /// Reads the setting of the runner.
    pub(super) fn from_environment() -> Self {
        Self {
            watched: env::var_os(STATE_CHANGES).is_none_or(|value| value != "ignore"),
            signals: Signals::open(),
            at_start: RefCell::default(),
            reported: RefCell::default(),
            within: Cell::new(false),
        }
    }

    /// Remembers the state.
    pub(super) fn remember(&self) {
        if self.watched {
            self.signals.remember();
            self.at_start.replace(Some(Snapshot::now()));
        }
    }

    /// Runs code whose changes are meant to stay.
    pub(super) fn keeping<R>(&self, code: impl FnOnce() -> R) -> R {
        if !self.watched || self.within.replace(true) {
            return code();
        }
        let before = Snapshot::now();
        let result = code();
        let after = Snapshot::now();
        if let Some(start) = &mut *self.at_start.borrow_mut() {
            if after.umask != before.umask {
                start.umask = after.umask;
            }
            start.limits.keep(&before.limits, &after.limits);
            (start.environment).keep(&before.environment, &after.environment);
        }
        self.within.set(false);
        result
    }

    /// Compares the state with now, and restores it.
    pub(super) fn check(&self, found: &mut Leftovers) {
        let mut start = self.at_start.borrow_mut();
        let Some(start) = start.as_mut() else {
            return;
        };
        if let Some((change, unfit)) = self.signals.check() {
            found.unfit = Some(unfit);
            self.report(change, found);
        }
        let changes = (start.umask.restore().into_iter())
            .chain(start.limits.restore())
            .chain(start.environment.changes());
        for change in changes {
            self.report(change, found);
        }
    }

    #[cold]
    fn report(&self, change: StateChange, found: &mut Leftovers) {
        if self.reported.borrow_mut().insert(change.kind) {
            found.remarks.push(change.message);
        }
    }
}
