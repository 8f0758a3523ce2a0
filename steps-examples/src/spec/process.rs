//! A command while it runs: what it prints, how it is stopped, how it ends.

use std::error::Error;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::text::quoted;

/// No command of the specification needs longer, on any machine.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// A command that runs.
pub(super) struct Running {
    line: String,
    child: Child,
    started: Instant,
    // Files: what the command prints can neither fill a pipe nor be waited for because of a
    // process that it left behind.
    stdout: File,
    stderr: File,
}

/// A command that ran to its end.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) command: String,
    pub(super) status: ExitStatus,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Finished {
    /// Everything about it, for a message about one part of it.
    pub(super) fn report(&self) -> String {
        let Self {
            command,
            status,
            stdout,
            stderr,
        } = self;
        format!(
            "command: {command}\n{status}\nstandard output:\n{}standard error:\n{}",
            quoted(stdout),
            quoted(stderr)
        )
    }
}

impl Running {
    /// Starts a command; `line` is how messages call it. Nothing in its environment comes from
    /// the bdd that runs this step.
    pub(super) fn start(line: &str, command: &mut Command) -> io::Result<Self> {
        let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        let variables = std::env::vars_os().map(|(name, _)| name);
        let ours = |name: &OsString| name.as_encoded_bytes().starts_with(b"BDD_");
        for name in variables.filter(ours) {
            command.env_remove(name);
        }
        command
            .env_remove("RUST_BACKTRACE")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(stdout.try_clone()?)
            .stderr(stderr.try_clone()?);
        let child = command.spawn()?;
        Ok(Self {
            line: line.to_owned(),
            child,
            started: Instant::now(),
            stdout,
            stderr,
        })
    }

    /// Waits until it has printed a text to standard output.
    pub(super) fn wait_for_output(&mut self, text: &str) -> Result<(), Box<dyn Error>> {
        self.wait(|this| {
            if content(&this.stdout)?.contains(text) {
                return Ok(Some(()));
            }
            match this.child.try_wait()? {
                Some(_) => Err(io::Error::other(format!(
                    "it ended without printing: {text}"
                ))),
                None => Ok(None),
            }
        })
    }

    /// Sends it a signal, such as `INT`.
    pub(super) fn signal(&self, name: &str) -> Result<(), Box<dyn Error>> {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("kill: {status}").into())
        }
    }

    /// Waits for its end.
    pub(super) fn finish(mut self) -> Result<Finished, Box<dyn Error>> {
        let status = self.wait(|this| this.child.try_wait())?;
        Ok(self.finished(status)?)
    }

    /// Asks again and again, but not for ever: a command that takes too long is killed.
    fn wait<T>(
        &mut self,
        mut answer: impl FnMut(&mut Self) -> io::Result<Option<T>>,
    ) -> Result<T, Box<dyn Error>> {
        while self.started.elapsed() < TIME_LIMIT {
            if let Some(answer) = answer(self)? {
                return Ok(answer);
            }
            thread::sleep(Duration::from_millis(1));
        }
        self.child.kill()?;
        let status = self.child.wait()?;
        let report = self.finished(status)?.report();
        Err(format!(
            "it was still running after {} seconds\n{report}",
            TIME_LIMIT.as_secs()
        )
        .into())
    }

    fn finished(&self, status: ExitStatus) -> io::Result<Finished> {
        let (stdout, stderr) = (content(&self.stdout)?, content(&self.stderr)?);
        Ok(Finished {
            command: self.line.clone(),
            status,
            stdout,
            stderr,
        })
    }
}

/// What a file holds so far. The place where the command goes on writing is not moved.
fn content(file: &File) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        match file.read_at(&mut buffer, bytes.len() as u64)? {
            0 => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
