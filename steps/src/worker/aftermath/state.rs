//! The state of the process that programs inherit: the umask, signals, limits, the environment.
//!
//! What a scenario changes is restored where that is safe, and reported once for each kind. A change fails nobody: a
//! library may have made it.
//!
//! A look at everything takes 13 µs, as long as a quick scenario. So after quick scenarios there are fewer looks.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::env;
use std::time::{Duration, Instant};

use bdd_protocol::variables::STATE_CHANGES;

use super::Leftovers;
use super::change::StateChange;
use super::environment::Environment;
use super::limits::Limits;
use super::signals::Signals;
use super::umask::Umask;

/// As many scenarios of a worker are looked at one by one in any case.
const FIRST: u32 = 64;

/// After a look, quick scenarios may follow for this long before the next one: it then costs less than one percent.
const PAUSE: Duration = Duration::from_millis(2);

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
    looks: Cell<Looks>,
}

/// When the state was looked at.
#[derive(Clone, Copy)]
struct Looks {
    done: u32,
    last: Instant,
    /// The number of scenarios since.
    left_out: u32,
}

impl Looks {
    /// Whether the next scenario may be looked at together with this one.
    fn may_wait(self) -> bool {
        self.done >= FIRST && self.last.elapsed() < PAUSE
    }
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
            looks: Cell::new(Looks {
                done: 0,
                last: Instant::now(),
                left_out: 0,
            }),
        }
    }

    /// Remembers the state. A change of scenarios that were left out is lost if they were recalled from the worker in
    /// between, and hooks run now that are not theirs: nobody can know any more who made it.
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

    /// Compares the state with now, and restores it. `follows` says that a scenario follows at once, without other
    /// code in between.
    pub(super) fn check(&self, follows: bool, found: &mut Leftovers) {
        let mut start = self.at_start.borrow_mut();
        let Some(start) = start.as_mut() else {
            return;
        };
        // Always: with another umask the next scenario could fail.
        if let Some(change) = start.umask.restore() {
            self.report(change, 0, found);
        }
        let mut looks = self.looks.get();
        if follows && looks.may_wait() {
            looks.left_out += 1;
            self.looks.set(looks);
            return;
        }
        self.look(looks.left_out, start, found);
        self.looks.set(Looks {
            done: looks.done.saturating_add(1),
            last: Instant::now(),
            left_out: 0,
        });
    }

    /// Looks at what is not looked at after each scenario. So many scenarios before this one were left out.
    fn look(&self, left_out: u32, start: &mut Snapshot, found: &mut Leftovers) {
        if let Some((change, unfit)) = self.signals.check() {
            found.unfit = Some(unfit);
            self.report(change, left_out, found);
        }
        let limits = start.limits.restore().into_iter();
        for change in limits.chain(start.environment.changes()) {
            self.report(change, left_out, found);
        }
    }

    #[cold]
    fn report(&self, change: StateChange, left_out: u32, found: &mut Leftovers) {
        if !self.reported.borrow_mut().insert(change.kind) {
            return;
        }
        let mut message = change.message;
        match left_out {
            0 => {}
            1 => message.push_str(" (or the scenario before it did that)"),
            _ => message.push_str(&format!(
                " (or one of the {left_out} scenarios before it did that)"
            )),
        }
        found.remarks.push(message);
    }
}
