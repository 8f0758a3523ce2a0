//! The process of `bdd behave` that prints: behave's own command, which gets the results from bdd.
//!
//! It reads the command line and the files, so it knows what is selected. Formatters, JUnit files, the summary and the
//! exit code are those of the installed behave.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;

use bdd_protocol::variables::KEEP_PROCESS;
use rustix::io::retry_on_intr;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use serde::Deserialize;
use serde_json::json;
use tempfile::TempDir;

use super::host::package;
use crate::worker::process::own_folder;

/// The variable with what the process is to do, as JSON.
const VARIABLE: &str = "BDD_BEHAVE_COMMAND";

/// What the process says once: what to run, and how.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// The folder with `steps/` or `environment.py`; absolute.
    pub base: PathBuf,
    /// The paths that were named.
    pub paths: Vec<String>,
    /// The selected scenarios; not empty.
    pub selection: Vec<SelectedFile>,
    /// Whether the first failure ends the run.
    pub stop: bool,
    /// The number of workers, if one is asked for.
    pub jobs: Option<u32>,
    /// The language of files that name none, if it is not English.
    pub language: Option<String>,
    /// Formatters that run in the workers.
    pub formatters: Vec<String>,
    /// The folder of bdd's JUnit files, if they are written instead of behave's.
    pub junit: Option<String>,
}

/// A feature file with selected scenarios.
#[derive(Debug, Deserialize)]
pub struct SelectedFile {
    /// Its path from the current directory.
    pub path: String,
    /// The lines of the scenarios; empty for all.
    pub lines: Vec<u32>,
}

/// What the process has made of the command line.
#[derive(Debug)]
pub enum Answer {
    /// Scenarios are to run. The results go to this stream.
    Run(Box<Wanted>, UnixStream),
    /// Nothing is to run: it has printed what was asked for, or what is wrong.
    Ended(i32),
}

/// The process.
#[derive(Debug)]
pub struct Printer {
    child: Child,
    folder: TempDir,
    /// Says to other runs that the folder is in use.
    _owner: File,
    listener: UnixListener,
    answers: Option<BufReader<UnixStream>>,
}

impl Printer {
    /// Starts it in `directory`, with behave's command line.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(
        interpreter: OsString,
        directory: &Path,
        arguments: &[String],
        userdata: &BTreeMap<String, String>,
    ) -> io::Result<Self> {
        let (folder, owner) = own_folder()?;
        let (socket, notes) = (folder.path().join("printer"), notes(&folder));
        fs::create_dir(&notes)?;
        let listener = UnixListener::bind(&socket)?;
        let asked = json!({
            "arguments": arguments,
            "socket": socket,
            "folder": notes,
            "userdata": userdata,
        });
        let host = package(interpreter, VARIABLE, &asked);
        host.write(folder.path())?;
        let words = host.command(folder.path());
        let child = Command::new(&words[0])
            .args(&words[1..])
            .env(host.variable.0, &host.variable.1)
            // It is no worker that would have to end before bdd.
            .env(KEEP_PROCESS, "1")
            .current_dir(directory)
            .spawn()?;
        connect_at_end(Pid::from_child(&child), socket)?;
        Ok(Self {
            child,
            folder,
            _owner: owner,
            listener,
            answers: None,
        })
    }

    /// The folder in which workers note what formatters show.
    pub fn notes(&self) -> PathBuf {
        notes(&self.folder)
    }

    /// Waits for what it has made of the command line.
    ///
    /// # Errors
    /// When the connection fails, or what comes is no answer.
    pub fn answer(&mut self) -> io::Result<Answer> {
        let (stream, _) = self.listener.accept()?;
        let mut answers = BufReader::new(stream.try_clone()?);
        let mut line = String::new();
        if answers.read_line(&mut line)? == 0 {
            return Ok(Answer::Ended(self.child.wait()?.code().unwrap_or(1)));
        }
        self.answers = Some(answers);
        Ok(Answer::Run(serde_json::from_str(&line)?, stream))
    }

    /// Waits for its end, after it has got the last result. The result is its exit code.
    ///
    /// # Errors
    /// When it has died before it could finish its reports. The error is how, such as "signal: 9 (SIGKILL)", if that is known.
    pub fn end(mut self) -> Result<i32, Option<String>> {
        let mut line = String::new();
        if let Some(answers) = &mut self.answers {
            // Without an answer it has died.
            let _ = answers.read_line(&mut line);
        }
        // The search for processes that workers have left may have taken its status.
        let status = self.child.wait();
        let told = line.trim().parse();
        told.map_err(|_| status.ok().map(|status| status.to_string()))
    }

    /// Ends it without a word.
    pub fn kill(mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Connects to the socket when the process has ended, so that nothing waits for its connection forever.
fn connect_at_end(process: Pid, socket: PathBuf) -> io::Result<()> {
    let thread = thread::Builder::new().name("printer".to_owned());
    thread.spawn(move || {
        // It leaves the status to `Child::wait`. An error means that another wait has taken it, so the process has ended.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let _ = retry_on_intr(|| waitid(WaitId::Pid(process), options));
        // Nothing listens any more after the run.
        let _ = UnixStream::connect(socket);
    })?;
    Ok(())
}

fn notes(folder: &TempDir) -> PathBuf {
    folder.path().join("notes")
}
