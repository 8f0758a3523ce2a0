//! The worker processes that are alive: which of them may be signalled, and what ends together with one.

use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use rustix::net::{Shutdown, shutdown};
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid,
};

use super::launch_error::is_shortage;
use super::orphans::{self, ProcessIdentity};

/// How long to wait until the system may have a descriptor again.
const PAUSE: Duration = Duration::from_millis(5);

/// All workers that may be alive, and files that a run leaves when it does not come to its end. Another thread
/// may use it to end the run.
#[derive(Debug, Clone, Default)]
pub struct ProcessRegistry(Arc<Mutex<All>>);

#[derive(Debug, Default)]
struct All {
    lives: Vec<Weak<Life>>,
    /// The folder of their sockets.
    folder: Option<PathBuf>,
    unfinished: Vec<PathBuf>,
    orphans: Orphans,
}

/// What becomes of processes that outlive their worker.
#[derive(Debug, Default)]
struct Orphans {
    /// Whether this process may adopt them: all its other children have ended, and it starts none but workers.
    may_adopt: bool,
    adopts: bool,
    /// Those that were meant to stay: their worker has ended in order, and has ended all others.
    spared: Vec<ProcessIdentity>,
}

impl ProcessRegistry {
    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a process. Nobody looks for orphans meanwhile: it would be taken for one until it is known.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start(
        &self,
        command: &mut Command,
        leads: bool,
    ) -> io::Result<(Child, Arc<Life>)> {
        let mut all = self.all();
        let child = command.spawn()?;
        let life = Arc::new(Life::of(&child, leads));
        all.lives.retain(|life| life.strong_count() > 0);
        all.lives.push(Arc::downgrade(&life));
        Ok((child, life))
    }

    /// Allows this process to adopt what outlives a worker. From now on, all children of this process must be
    /// workers: others would be ended.
    pub fn allow_adoption(&self) {
        self.all().orphans.may_adopt = true;
    }

    /// Adopts what outlives a worker from now on, if that is allowed. Workers adopt what they have started, so
    /// that nothing else becomes a child of this process.
    pub fn adopt_orphans(&self) {
        let orphans = &mut self.all().orphans;
        if orphans.may_adopt && !std::mem::replace(&mut orphans.adopts, true) {
            orphans::adopt();
        }
    }

    /// Looks after what a worker has left behind that is gone: it is ended, unless the worker has `spared` it.
    fn settle_orphans(&self, spared: bool) {
        let mut all = self.all();
        if !all.orphans.adopts {
            return;
        }
        let lives = all.lives.iter().filter_map(Weak::upgrade);
        let known: Vec<Pid> = lives.filter_map(|life| life.unreaped()).collect();
        match spared {
            true => {
                let left = orphans::adopted(&known);
                all.orphans.spared.extend(left);
            }
            false => orphans::end_adopted(&known, &all.orphans.spared),
        }
    }

    /// Takes the folder of the sockets.
    pub(super) fn share(&self, folder: &Path) {
        self.all().folder = Some(folder.to_owned());
    }

    /// Has these files removed when all workers are ended at once. Files that do not exist then are ignored.
    pub fn remove_unfinished(&self, files: impl IntoIterator<Item = PathBuf>) {
        self.all().unfinished.extend(files);
    }

    /// Ends all workers at once, with what they have started, and removes what they share and the files
    /// that are not finished.
    pub fn end_all(&self) {
        let all = self.all();
        for life in all.lives.iter().filter_map(Weak::upgrade) {
            life.signal(Signal::KILL);
        }
        if all.orphans.adopts {
            // Once more, because workers need a moment to end, and only then their orphans are here.
            orphans::end_adopted(&[], &all.orphans.spared);
        }
        if let Some(folder) = &all.folder {
            orphans::end_all_below(folder);
            // The process ends at once, so nobody could act on an error.
            let _ = std::fs::remove_dir_all(folder);
        }
        for file in &all.unfinished {
            let _ = std::fs::remove_file(file);
        }
    }
}

/// Whether a process can still be signalled: its number is its own until it is reaped.
#[derive(Debug)]
pub(super) struct Life {
    pid: Option<Pid>,
    /// Whether it leads a process group, so that all in it was started by it.
    leads: bool,
    reaped: Mutex<bool>,
    /// Whether it was sent the message that no work follows: then it ends what it has started itself.
    finishing: AtomicBool,
}

impl Life {
    pub(super) fn of(child: &Child, leads: bool) -> Self {
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        Self {
            pid,
            leads,
            reaped: Mutex::new(false),
            finishing: AtomicBool::new(false),
        }
    }

    /// Its number, which another process may have after its end.
    pub(super) fn id(&self) -> Option<u32> {
        self.pid
            .and_then(|pid| u32::try_from(pid.as_raw_pid()).ok())
    }

    /// Its number, if that is still its own.
    fn unreaped(&self) -> Option<Pid> {
        let reaped = self.reaped.lock().unwrap_or_else(PoisonError::into_inner);
        self.pid.filter(|_| !*reaped)
    }

    /// Notes that it was sent the message that no work follows.
    pub(super) fn finishes(&self) {
        self.finishing.store(true, Ordering::Relaxed);
    }

    pub(super) fn signal(&self, signal: Signal) {
        let reaped = self.reaped.lock().unwrap_or_else(PoisonError::into_inner);
        if let (false, Some(pid)) = (*reaped, self.pid) {
            let _ = if self.leads {
                kill_process_group(pid, signal)
            } else {
                kill_process(pid, signal)
            };
        }
    }
}

/// Waits for the end of the process, then frees a reader that still waits for its connection.
/// `ends_leaks` says whether what has left its process group goes with it, too, when it did not end in
/// order.
pub(super) fn wait(
    mut child: Child,
    (life, registry): (&Life, &ProcessRegistry),
    (socket, listener): (&Path, &Weak<UnixListener>),
    ends_leaks: bool,
    exited: &Sender<Option<ExitStatus>>,
) {
    if let Some(pid) = life.pid {
        // Not reaped yet: until the lock is held, the number stays taken.
        while let Err(rustix::io::Errno::INTR) = waitid(
            WaitId::Pid(pid),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        ) {}
    }
    let mut reaped = life.reaped.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pid) = life.pid.filter(|_| life.leads) {
        // The processes that it has started and not ended go with it.
        let _ = kill_process_group(pid, Signal::KILL);
    }
    let status = child.wait().ok();
    *reaped = true;
    drop(reaped);
    let in_order =
        life.finishing.load(Ordering::Relaxed) && status.is_some_and(|status| status.success());
    if life.leads && ends_leaks {
        if !in_order {
            orphans::end_those_of(socket);
        }
        registry.settle_orphans(in_order);
    }
    let _ = exited.send(status);
    // The reader must not wait for a process that is gone. It would do so forever if the system had no descriptor
    // for this at the moment, or if a step had deleted the socket.
    while let Err(error) = UnixStream::connect(socket) {
        if is_shortage(&error) {
            thread::sleep(PAUSE);
            continue;
        }
        if let Some(listener) = listener.upgrade() {
            let _ = shutdown(&*listener, Shutdown::Both);
        }
        break;
    }
}
