//! One worker process: start it, send to it, end it.
//!
//! It knows nothing of scenarios; it passes protocol messages on.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use bdd_protocol::ToWorker;
use rustix::process::Signal;
use tempfile::TempDir;

use super::abandoned;
use super::attendants::{Attendants, Post};
use super::capture::Capture;
use super::descriptors::{DescriptorLimit, Spare};
use super::environment::{RunEnvironment, WorkerEnvironment};
use super::launch_error::LaunchError;
use super::outbox::Outbox;
use super::ready_times::ReadyTimes;
use super::registry::{Life, ProcessRegistry};
pub use super::report::{Death, Inbox, WorkerReport};
use super::step_program::StepProgram;
use super::temporary;
use super::wire::Outgoing;
use crate::config::Leaks;

/// How to start workers.
#[derive(Debug)]
pub struct Launcher {
    program: StepProgram,
    /// The command of `program`.
    command: Vec<OsString>,
    folder: PathBuf,
    environment: RunEnvironment,
    registry: ProcessRegistry,
    streams: Streams,
    descriptors: DescriptorLimit,
    sockets: TempDir,
    /// Inside of the folder of the sockets, and gone with it.
    attachments: PathBuf,
    /// The same, for the package of a host.
    host: PathBuf,
    /// Says to other runs that the folder is in use. Dropped after it.
    owner: Mutex<Option<File>>,
}

/// What a worker's standard streams are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Streams {
    /// Input is empty, output is captured.
    Captured,
    /// Input is empty, output is that of the runner.
    Shown,
    /// All of them are the runner's, as is the process group: a person sits at the terminal.
    Terminal {
        /// The program and its arguments that all workers but the first run under; it may be empty.
        debugger: Vec<OsString>,
    },
}

impl Streams {
    fn are_terminal(&self) -> bool {
        matches!(self, Self::Terminal { .. })
    }
}

/// A running worker.
#[derive(Debug)]
pub struct Process {
    to: Sender<Outgoing>,
    life: Arc<Life>,
    capture: Option<Capture>,
}

impl Launcher {
    /// Workers are `program`, started in `folder`.
    ///
    /// # Errors
    /// When no directory for the sockets, or for the files of a host, can be made.
    pub fn new(
        program: impl Into<StepProgram>,
        folder: &Path,
        environment: RunEnvironment,
        streams: Streams,
        registry: ProcessRegistry,
    ) -> io::Result<Self> {
        let (sockets, owner) = abandoned::own(socket_folder)?;
        registry.share(sockets.path());
        if let Some(directory) = sockets.path().parent() {
            abandoned::clear_away(directory);
        }
        let attachments = sockets.path().join(abandoned::ATTACHMENTS);
        std::fs::create_dir(&attachments)?;
        let (program, host) = (program.into(), sockets.path().join(abandoned::HOST));
        program.write(&host)?;
        Ok(Self {
            command: program.command(&host),
            program,
            folder: folder.to_owned(),
            environment,
            registry,
            streams,
            descriptors: DescriptorLimit::default(),
            sockets,
            attachments,
            host,
            owner: Mutex::new(Some(owner)),
        })
    }

    /// The program that is started, and its arguments.
    pub fn command(&self) -> &[OsString] {
        &self.command
    }

    /// Whether a host of bdd runs a suite that has no program of its own.
    pub fn is_hosted(&self) -> bool {
        matches!(self.program, StepProgram::Hosted(_))
    }

    /// The folder for the files that steps attach. It is private, and gone when the launcher is.
    pub fn attachments(&self) -> &Path {
        &self.attachments
    }

    /// Whether this process is only asked what the step program defines: the first one where there is a
    /// debugger. It runs without, and may become the one with the hooks around the run.
    pub fn is_scout(&self, serial: u32) -> bool {
        serial == 0 && !self.debugger().is_empty()
    }

    /// The debugger that this process is started under, if it is.
    pub fn debugger_of(&self, serial: u32) -> Option<&OsStr> {
        let words = self.debugger().first().map(OsString::as_os_str);
        words.filter(|_| !self.is_scout(serial))
    }

    fn debugger(&self) -> &[OsString] {
        match &self.streams {
            Streams::Terminal { debugger } => debugger,
            _ => &[],
        }
    }

    /// The command of a process, without its environment and streams.
    fn command_of(&self, serial: u32) -> Command {
        let debugger = match self.is_scout(serial) {
            true => &[],
            false => self.debugger(),
        };
        let words = debugger.iter().chain(&self.command);
        let mut words = words.map(OsString::as_os_str);
        let mut command = match self.descriptors.of_children() {
            None => Command::new(words.next().unwrap_or_default()),
            // Only a process itself can lower its limit before the program begins.
            Some(limit) => {
                let mut command = Command::new("/bin/sh");
                command.args(["-c", r#"ulimit -Sn "$0" && exec "$@""#, &limit.to_string()]);
                command
            }
        };
        command.args(words).current_dir(&self.folder);
        command
    }

    /// Whether leaked processes are ended.
    fn ends_leaks(&self) -> bool {
        self.environment.leaks != Leaks::Ignore
    }

    /// Workers adopt what they have started: from now on this process adopts what they leave behind.
    pub fn adopt_orphans(&self) {
        if self.ends_leaks() {
            self.registry.adopt_orphans();
        }
    }

    /// Makes the folders of workers again, if a step has deleted them. The result is the one that was missing.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn restore_folders(&self) -> Result<Option<PathBuf>, LaunchError> {
        let folder = self.sockets.path();
        let restored = temporary::restore(&[folder, &self.attachments])
            .map_err(LaunchError::refused("temporary folder"))?;
        (self.program.write(&self.host)).map_err(LaunchError::refused("temporary folder"))?;
        if restored.is_some() {
            // The lock was on the deleted folder. Without one, another run takes the new folder for abandoned.
            let mut owner = self.owner.lock().unwrap_or_else(PoisonError::into_inner);
            *owner = abandoned::lock_again(folder);
        }
        Ok(restored)
    }

    /// Makes room for so many workers, as far as the system allows it.
    pub fn make_room(&self, workers: u32) {
        self.descriptors.make_room(workers);
    }

    /// Starts the worker that takes the place `index`; `serial` is new for every process, and
    /// `exported` is added to its environment. Its reports go to `inbox`, each with `serial`.
    ///
    /// # Errors
    /// When the program cannot be started, or the system has not enough of what a worker needs.
    pub fn launch(
        &self,
        index: u32,
        serial: u32,
        exported: &[(OsString, OsString)],
        inbox: &Inbox,
    ) -> Result<Process, LaunchError> {
        let _spare = Spare::take().map_err(LaunchError::refused("descriptor"))?;
        let socket = self.sockets.path().join(serial.to_string());
        let listener = UnixListener::bind(&socket).map_err(LaunchError::refused("socket"))?;
        let capture = if self.streams == Streams::Captured {
            Some(Capture::new().map_err(LaunchError::refused("file for its output"))?)
        } else {
            None
        };
        let at_terminal = self.streams.are_terminal();
        // What steps print into the output of the runner would come before what they did some milliseconds earlier.
        let outbox = match self.streams {
            Streams::Captured => {
                let name = format!("{serial}{}", abandoned::OUTBOX);
                Outbox::make(self.sockets.path().join(name))
            }
            Streams::Shown | Streams::Terminal { .. } => None,
        };
        let outbox_path = outbox.as_ref().map(|outbox| outbox.path().to_owned());
        let post = Post {
            serial,
            socket: socket.clone(),
            outbox,
            at_terminal,
            ends_leaks: self.ends_leaks(),
            registry: self.registry.clone(),
            inbox: inbox.clone(),
        };
        let attendants =
            Attendants::start(post, listener).map_err(LaunchError::refused("thread"))?;
        let mut command = self.command_of(serial);
        let own = WorkerEnvironment {
            index,
            socket: &socket,
            outbox: outbox_path.as_deref(),
            attachments: &self.attachments,
            // At the terminal, the worker is in the runner's own process group, which is not its to end.
            leads_group: !at_terminal,
        };
        self.environment.apply(&own, exported, &mut command);
        if let Some((name, value)) = self.program.variable() {
            command.env(name, value);
        }
        if at_terminal {
            command.stdin(Stdio::inherit());
        } else {
            command.stdin(Stdio::null()).process_group(0);
        }
        if let Some(capture) = &capture {
            let descriptor = || {
                let descriptor = capture.descriptor();
                descriptor.map_err(LaunchError::refused("descriptor"))
            };
            command.stdout(descriptor()?).stderr(descriptor()?);
        }
        let started = self.registry.start(&mut command, !at_terminal);
        let (child, life) = started.map_err(LaunchError::of_spawn)?;
        let to = attendants.take(child, &life);
        Ok(Process { to, life, capture })
    }
}

impl Process {
    /// Sends a message; one to a process that is gone is lost, and its [`WorkerReport::Gone`] follows.
    pub fn send(&self, message: ToWorker) {
        if matches!(message, ToWorker::Finish { .. }) {
            self.life.finishes();
        }
        let _ = self.to.send(Outgoing::Message(message));
    }

    /// Sends messages that are written already, or bytes that are none.
    pub fn send_bytes(&self, bytes: Vec<u8>) {
        let _ = self.to.send(Outgoing::Bytes(bytes));
    }

    /// Closes the connection after what was sent, as if the runner were gone.
    pub fn hang_up(&self) {
        let _ = self.to.send(Outgoing::HangUp);
    }

    /// What it prints; none when output is let through.
    pub fn capture(&self) -> Option<&Capture> {
        self.capture.as_ref()
    }

    /// How long its threads, and those of this process, had to wait for a processor up to now.
    pub fn ready_times(&self) -> ReadyTimes {
        self.life
            .id()
            .map(ReadyTimes::of_worker)
            .unwrap_or_default()
    }

    /// The same, to give its space back.
    pub fn capture_mut(&mut self) -> Option<&mut Capture> {
        self.capture.as_mut()
    }

    /// Asks the process and those it has started to end.
    pub fn terminate(&self) {
        self.life.signal(Signal::TERM);
    }

    /// Ends the process and those it has started, at once.
    pub fn kill(&self) {
        self.life.signal(Signal::KILL);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.life.signal(Signal::KILL);
    }
}

/// A private folder in the temporary directory, which is in use as long as the result lives: other runs remove those
/// of runs that were killed.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn own_folder() -> io::Result<(TempDir, File)> {
    abandoned::own(socket_folder)
}

/// A directory that only this user can enter: any program that connects is taken for a worker.
fn socket_folder() -> io::Result<TempDir> {
    let make = |folder: &Path| {
        tempfile::Builder::new()
            .prefix(abandoned::PREFIX)
            .rand_bytes(abandoned::LETTERS)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(folder)
    };
    temporary::in_directory(make)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_else_can_reach_the_sockets() {
        let folder = socket_folder().unwrap();
        let mode = folder.path().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
