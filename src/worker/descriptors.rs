//! The descriptors of this process: a worker costs several, and systems allow as few as 256.

use std::fs::File;
use std::io;
use std::num::NonZeroU64;
use std::sync::OnceLock;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What a worker costs while it is started; two of them remain. It is better to count too many: the limit
/// is only raised.
const PER_WORKER: u64 = 8;

/// What everything else costs: reports, the record, the sockets and files of this moment.
const OTHERS: u64 = 64;

/// How many must be free when a worker has been started. Reports, the record and `/proc` are opened later,
/// when no worker could be given up for them any more.
const SPARE: usize = 12;

/// How many descriptors this process may have, and how many its children should be allowed to have.
#[derive(Debug, Default)]
pub(super) struct DescriptorLimit {
    /// The soft limit that this process was started with, if it was raised since.
    before: OnceLock<NonZeroU64>,
}

impl DescriptorLimit {
    /// Raises the soft limit if it is too low for this many workers. The limit stays as it is where the
    /// system refuses that: the workers that are too many cannot be started then, and that is reported.
    pub(super) fn make_room(&self, workers: u32) {
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = OTHERS + PER_WORKER * u64::from(workers);
        let Some(soft) = current.filter(|soft| *soft < wanted) else {
            return;
        };
        let raised = Rlimit {
            current: Some(maximum.map_or(wanted, |hard| hard.min(wanted))),
            maximum,
        };
        if setrlimit(Resource::Nofile, raised).is_ok()
            && let Some(soft) = NonZeroU64::new(soft)
        {
            // A second raise does not change what the first limit was.
            let _ = self.before.set(soft);
        }
    }

    /// The soft limit for programs that are started, if it is not that of this process. Code of the user
    /// keeps the limit that it has without bdd: some programs close all possible descriptors, and `select`
    /// cannot handle high numbers.
    pub(super) fn of_children(&self) -> Option<NonZeroU64> {
        self.before.get().copied()
    }
}

/// Descriptors that are free again when this is dropped.
pub(super) struct Spare(#[expect(dead_code, reason = "held until the end")] Vec<File>);

impl Spare {
    /// Takes as many as must remain.
    ///
    /// # Errors
    /// When there are not so many.
    pub(super) fn take() -> io::Result<Self> {
        let first = File::open("/dev/null")?;
        let others = (1..SPARE).map(|_| first.try_clone());
        let mut all = others.collect::<io::Result<Vec<_>>>()?;
        all.push(first);
        Ok(Self(all))
    }
}
