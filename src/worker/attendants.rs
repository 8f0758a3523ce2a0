//! The threads of a worker: one waits for its end, one writes to it and one reads from it.
//!
//! They are started before the process. So there is never a process that nobody waits for, and a system that
//! has no thread left has refused the worker before it costs anything.

use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use super::launch_error::is_shortage;
use super::outbox::Outbox;
use super::registry::{Life, ProcessRegistry, wait};
use super::report::{Death, Inbox, WorkerReport};
use super::wire::{Outgoing, read, write};

/// How long a process may live on after it has closed its socket.
const AFTERLIFE: Duration = Duration::from_secs(5);

/// How long to wait until the system may have a descriptor again.
const PAUSE: Duration = Duration::from_millis(5);

/// What the threads know of their worker before it is started.
pub(super) struct Post {
    /// The serial number of its process.
    pub(super) serial: u32,
    /// Where it connects to.
    pub(super) socket: PathBuf,
    /// The pipe for its messages that need not wake anybody, if there is one.
    pub(super) outbox: Option<Outbox>,
    /// Whether the runner shares the terminal with it.
    pub(super) at_terminal: bool,
    /// Whether leaked processes are ended.
    pub(super) ends_leaks: bool,
    /// Where it is noted that it lives.
    pub(super) registry: ProcessRegistry,
    /// Where its reports go.
    pub(super) inbox: Inbox,
}

/// The threads of a worker that wait for its process.
pub(super) struct Attendants {
    child: Sender<(Child, Arc<Life>)>,
    life: Sender<Arc<Life>>,
    outbox: Sender<Outgoing>,
}

impl Attendants {
    /// Starts the threads. They end if this is dropped.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub(super) fn start(post: Post, listener: UnixListener) -> io::Result<Self> {
        let (child, children) = mpsc::channel::<(Child, Arc<Life>)>();
        let (life, lives) = mpsc::channel::<Arc<Life>>();
        let (outbox, outgoing) = mpsc::channel();
        let (connected, connection) = mpsc::channel();
        let (exited, exit) = mpsc::channel();
        let socket = post.socket.clone();
        let ends_leaks = post.ends_leaks;
        let serial = post.serial;
        let registry = post.registry.clone();
        let listener = Arc::new(listener);
        // Only the reader keeps it open.
        let waking = Arc::downgrade(&listener);
        spawn(serial, "waits", move || {
            if let Ok((child, life)) = children.recv() {
                let connection = (&*socket, &waking);
                wait(child, (&life, &registry), connection, ends_leaks, &exited);
            }
        })?;
        spawn(serial, "writes", move || write(&connection, &outgoing))?;
        spawn(serial, "reads", move || {
            if let Ok(life) = lives.recv() {
                attend(&post, listener, &life, connected, &exit);
            }
        })?;
        Ok(Self {
            child,
            life,
            outbox,
        })
    }

    /// Hands the process over. The result is where messages to it go.
    pub(super) fn take(self, child: Child, life: &Arc<Life>) -> Sender<Outgoing> {
        // The threads wait for this and for nothing else.
        let _ = self.child.send((child, life.clone()));
        let _ = self.life.send(life.clone());
        self.outbox
    }
}

fn spawn(serial: u32, what: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let thread = thread::Builder::new().name(format!("{what} {serial}"));
    thread.spawn(work).map(drop)
}

/// Reads what a worker says, and reports how it ended.
fn attend(
    post: &Post,
    listener: Arc<UnixListener>,
    life: &Life,
    connected: Sender<Arc<UnixStream>>,
    exit: &Receiver<Option<ExitStatus>>,
) {
    let mut junk = match accept(&listener) {
        Ok(stream) => {
            // Nobody else connects: the descriptor is of more use elsewhere.
            drop(listener);
            let _ = std::fs::remove_file(&post.socket);
            // A worker has opened it before it connected, or does not use it.
            post.outbox.as_ref().inspect(|outbox| outbox.hide());
            let stream = Arc::new(stream);
            let _ = connected.send(stream.clone());
            drop(connected);
            read(&stream, post.outbox.as_ref(), |messages| {
                (post.inbox)(post.serial, WorkerReport::Messages(messages))
            })
        }
        // It was closed because the process is gone.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => None,
        Err(error) => Some(format!("its connection failed: {error}")),
    };
    if junk.is_some() {
        life.signal(Signal::KILL);
    }
    let ended = if post.at_terminal {
        // A debugger lives on until it is left.
        exit.recv().map_err(|_| ())
    } else {
        exit.recv_timeout(AFTERLIFE).map_err(|_| ())
    };
    let status = ended.or_else(|()| {
        junk.get_or_insert_with(|| "it closed its connection and lived on".to_owned());
        life.signal(Signal::KILL);
        exit.recv()
    });
    let death = Death {
        status: status.ok().flatten(),
        junk,
    };
    (post.inbox)(post.serial, WorkerReport::Gone(death));
}

/// The connection of the worker. The worker waits while the system has no descriptor for it: each connection
/// that is made frees that of its listener.
fn accept(listener: &UnixListener) -> io::Result<UnixStream> {
    loop {
        match listener.accept() {
            Ok((stream, _)) => return Ok(stream),
            Err(error) if is_shortage(&error) => thread::sleep(PAUSE),
            Err(error) => return Err(error),
        }
    }
}
