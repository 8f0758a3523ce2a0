//! Leaked processes outlive the scenario that has started them. They are ended, so that what they do or
//! print is not attributed to the next scenario.
//!
//! On Linux the worker is a *subreaper*: a process whose parent has ended becomes its child. So all that it has
//! started is below it, also a daemon in a session of its own with another environment. Elsewhere the process
//! group of a worker ends with the worker.

use bdd_protocol::variables::{KEEP_PROCESS, LEAKS, PROCESS_GROUP, SOCKET};
use std::cell::{Cell, RefCell};
use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::Leftovers;
use super::processes::{self, Clock, Counter, Mark, Process};

/// A process that ends together with its scenario needs a moment. This is how long to wait in total, in growing
/// steps.
const ENDING: [u64; 7] = [1, 2, 4, 8, 16, 32, 40];

/// How often to try to end leaked processes: until they are gone, they may start others.
const TRIES: usize = 10;

/// How many descriptors the search needs: a folder, a file in it, and one to spare.
const RESERVE: usize = 3;

/// The number of leaked processes that a message names.
const NAMED: usize = 10;

/// What to do with leaked processes.
#[derive(Clone, Copy, PartialEq)]
enum Policy {
    Fail,
    Warn,
    Ignore,
}

impl Policy {
    fn from_environment() -> Self {
        match env::var(LEAKS).as_deref() {
            Ok("warn") => Self::Warn,
            Ok("ignore") => Self::Ignore,
            _ => Self::Fail,
        }
    }
}

/// How to recognise the processes that this worker has started.
struct Own {
    /// The process group, if the worker started all its processes.
    group: Option<u32>,
    /// The environment variable that all of them inherit, unless they are given another environment.
    socket: Vec<u8>,
    /// The variable of a process that is meant to stay.
    keep: Vec<u8>,
}

impl Own {
    fn new() -> Self {
        let path = env::var_os(SOCKET).unwrap_or_default();
        Self {
            group: processes::leads_group().then(process::id),
            socket: variable(SOCKET, path.as_bytes()),
            keep: variable(KEEP_PROCESS, b"1"),
        }
    }

    fn has(&self, process: &Process) -> bool {
        self.group == Some(process.group)
            || process.is_below(process::id())
            || process.has_variable(&self.socket)
    }

    /// Whether the user has declared that it stays, by its environment.
    fn stays(&self, process: &Process) -> bool {
        process.has_variable(&self.keep)
    }

    /// Whether it or a process that it comes from stays.
    fn has_staying(&self, process: &Process) -> bool {
        self.stays(process) || process.any_parent(|parent| self.stays(parent))
    }
}

fn variable(name: &str, value: &[u8]) -> Vec<u8> {
    [name.as_bytes(), b"=", value].concat()
}

/// The processes that the running scenario is responsible for.
pub(super) struct Leaks {
    policy: Policy,
    counter: Counter,
    own: Own,
    /// The beginning of the scenario, or a moment shortly before it since which nothing was left.
    began: Cell<Mark>,
    /// Whether something may have been started that outlives its scenario.
    stays: Cell<bool>,
    /// The periods whose processes do not belong to the scenario.
    kept: RefCell<Vec<(Mark, Mark)>>,
    /// Other processes that do not belong to it.
    kept_ids: RefCell<Vec<u32>>,
    /// Whether orphans become children of this process.
    adopts: bool,
    /// Descriptors for the search, which a scenario that takes all others cannot take.
    reserve: RefCell<Vec<File>>,
}

impl Leaks {
    /// Reads the settings of the runner.
    pub(super) fn from_environment() -> Self {
        let counter = Counter::open();
        let policy = Policy::from_environment();
        let own = Own::new();
        // At a terminal, and where leaks are ignored, orphans go where they always go.
        let adopts = policy != Policy::Ignore && own.group.is_some() && processes::adopt_orphans();
        Self {
            policy: if cfg!(target_os = "linux") {
                policy
            } else {
                Policy::Ignore
            },
            began: Cell::new(counter.mark()),
            counter,
            own,
            adopts,
            reserve: RefCell::new(reserve()),
            stays: Cell::new(policy == Policy::Ignore),
            kept: RefCell::default(),
            kept_ids: RefCell::default(),
        }
    }

    /// Whether orphans become children of this process.
    pub(super) fn adopts(&self) -> bool {
        self.adopts
    }

    /// This moment.
    pub(super) fn mark(&self) -> Mark {
        self.counter.mark()
    }

    /// Processes that code of the user starts now are meant to stay.
    pub(super) fn stay(&self) {
        self.stays.set(true);
    }

    /// A scenario begins.
    pub(super) fn begin(&self) {
        self.began.set(self.mark());
    }

    /// Processes that were started since a moment do not belong to the scenario.
    #[cold]
    pub(super) fn keep_since(&self, moment: Mark) {
        self.kept.borrow_mut().push((moment, self.mark()));
        self.stays.set(true);
    }

    /// A process does not belong to the scenario.
    pub(super) fn keep(&self, id: u32) {
        self.kept_ids.borrow_mut().push(id);
        self.stays.set(true);
    }

    /// Takes the reserve again, if it was given up. Not before the standard descriptors are checked: it would get
    /// the number of one that the scenario has closed. The result is whether the system has others left.
    pub(super) fn refill(&self) -> bool {
        let mut kept = self.reserve.borrow_mut();
        if !kept.is_empty() {
            return true;
        }
        *kept = reserve();
        kept.len() == RESERVE && File::open("/dev/null").is_ok()
    }

    /// The worker has no more work: its processes end with it. The runner would end them too, unless it is
    /// killed at this moment.
    pub(super) fn finish(&self) {
        let Some(group) = self.own.group.filter(|_| self.stays.get()) else {
            return;
        };
        let of_group = |process: &Process| process.group == group && process.id != process::id();
        let mut left = processes::all();
        left.retain(of_group);
        if !left.is_empty() {
            let _one = alone();
            end(&left);
        }
    }

    /// The scenario has ended: finds its leaked processes and ends them.
    pub(super) fn check(&self, found: &mut Leftovers) {
        if self.policy != Policy::Ignore && !self.shows_none() {
            let now = self.mark();
            let began = self.began.replace(now);
            if !began.same(&now) {
                self.reserve.take();
                self.end(&began, found);
            }
        }
        self.kept.borrow_mut().clear();
        self.kept_ids.borrow_mut().clear();
    }

    /// Whether a single quick system call shows that nothing is left. The mark of the beginning is not renewed for it, so
    /// it must not be old: after many other processes, the numbers since then would mean nothing.
    fn shows_none(&self) -> bool {
        self.began.get().is_recent() && self.has_none_below()
    }

    /// All that scenarios have started is below this process, and this has no children.
    fn has_none_below(&self) -> bool {
        self.adopts && processes::has_no_children()
    }

    #[cold]
    fn end(&self, began: &Mark, found: &mut Leftovers) {
        for pause in ENDING {
            if self.left(began).is_empty() {
                return;
            }
            thread::sleep(Duration::from_millis(pause));
        }
        let mut left = self.left(began);
        if left.is_empty() {
            return;
        }
        let count = left.len();
        let mut titles = String::new();
        for (position, process) in left.iter().enumerate() {
            if position > 0 {
                titles.push_str(", ");
            }
            if position == NAMED {
                titles.push_str(&format!("and {} more", count - NAMED));
                break;
            }
            titles.push_str(&process.title());
        }
        let _one = alone();
        for _ in 0..TRIES {
            end(&left);
            left = self.left(began);
            if left.is_empty() {
                break;
            }
        }
        self.began.set(self.mark());
        let what = match count {
            1 => "it left a process running".to_owned(),
            _ => format!("it left {count} processes running"),
        };
        let end = match (left.is_empty(), count) {
            (true, 1) => "it was ended",
            (true, _) => "they were ended",
            (false, 1) => "it could not be ended",
            (false, _) => "not all of them could be ended",
        };
        let message = format!("{what}: {titles}; {end}");
        match self.policy {
            Policy::Fail => found.fail("Leak", message),
            Policy::Warn | Policy::Ignore => found.remarks.push(message),
        }
    }

    /// The processes that run, were started since the scenario began, and are its own.
    fn left(&self, began: &Mark) -> Vec<Process> {
        // On a busy machine, others start processes during each scenario.
        if self.has_none_below() {
            return Vec::new();
        }
        let Some(clock) = Clock::read() else {
            return Vec::new();
        };
        let now = self.mark();
        let mut left = processes::started(&clock, began, &now);
        left.retain(|process| {
            // What was adopted and has ended would stay in the system's list of processes.
            if process.has_ended {
                if self.adopts
                    && !self.kept_ids.borrow().contains(&process.id)
                    && !self.is_kept(&clock, process)
                {
                    process.reap();
                }
                return false;
            }
            process.id != process::id()
                && !self.kept_ids.borrow().contains(&process.id)
                && !self.is_kept(&clock, process)
                && self.own.has(process)
                && !process.is_thread()
                && !self.own.stays(process)
                && !self.has_kept_parent(&clock, began, &now, process)
        });
        left
    }

    fn is_kept(&self, clock: &Clock, process: &Process) -> bool {
        for (from, to) in self.kept.borrow().iter() {
            if clock.between(process, from, to) {
                return true;
            }
        }
        false
    }

    /// Whether it comes from a process of the worker that was there before the scenario or is kept.
    fn has_kept_parent(&self, clock: &Clock, began: &Mark, now: &Mark, child: &Process) -> bool {
        let mut next = child.parent;
        // The system may reuse a number while the parents are followed, so they could form a circle.
        for _ in 0..100 {
            if next <= 1 || next == process::id() {
                return false;
            }
            if self.kept_ids.borrow().contains(&next) {
                return true;
            }
            let Some(parent) = Process::read(next) else {
                return false;
            };
            if self.own.stays(&parent) {
                return true;
            }
            if !clock.between(&parent, began, now) || self.is_kept(clock, &parent) {
                return self.own.has(&parent);
            }
            next = parent.parent;
        }
        false
    }
}

/// Opens descriptors that are closed when others are needed.
fn reserve() -> Vec<File> {
    let mut all = Vec::new();
    while all.len() < RESERVE
        && let Ok(file) = File::open("/dev/null")
    {
        all.push(file);
    }
    all
}

/// Ends processes and waits a moment until they are gone.
fn end(processes: &[Process]) {
    for process in processes {
        process.kill();
    }
    for pause in ENDING {
        let mut any = false;
        for process in processes {
            any |= Process::read(process.id).is_some_and(|now| now == *process);
            process.reap();
        }
        if !any {
            return;
        }
        thread::sleep(Duration::from_millis(pause));
    }
}

/// Waits until no other thread ends processes: the shell that it starts would be ended too.
fn alone() -> MutexGuard<'static, ()> {
    static ENDING: Mutex<()> = Mutex::new(());
    ENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends all that this worker has started, and the worker itself if it leads a process group: the
/// runner is gone, so nobody else will.
pub(in crate::worker) fn end_all() {
    let _one = alone();
    let own = Own::new();
    let ends_all = Policy::from_environment() != Policy::Ignore;
    for _ in 0..TRIES {
        let mut others = processes::all();
        others.retain(|process| {
            process.id != process::id() && own.has(process) && !own.has_staying(process)
        });
        if !ends_all || others.is_empty() {
            break;
        }
        end(&others);
    }
    let named = env::var_os(PROCESS_GROUP).is_some_and(|value| value == OsStr::new("1"));
    // If `/proc` says otherwise, the variable was inherited by mistake.
    let leads = own.group.is_some() || !fs::exists("/proc/self/stat").unwrap_or(false);
    if named && leads {
        // A step may still run and start others.
        let socket = String::from_utf8_lossy(&own.socket);
        let keep = format!("{KEEP_PROCESS}=1");
        processes::end_group(if ends_all { &socket } else { "" }, &keep);
    }
}
