//! The line to one process of the program: send, and hear what comes back within a limit.
//!
//! It knows nothing of what may come.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use bdd_protocol::{FromWorker, ToWorker};
use serde_json::Value;

use super::message_wait::MessageWait;
use crate::worker::launch_error::LaunchError;
use crate::worker::process::{Death, Inbox, Launcher, Process, WorkerReport};

/// Why nothing is heard of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quiet {
    /// It is gone. What follows is always this.
    Gone,
    /// It said nothing within the limit.
    Silence,
}

/// A running process and what it has said.
#[derive(Debug)]
pub struct WorkerLine {
    process: Process,
    inbox: Receiver<WorkerReport>,
    unread: VecDeque<FromWorker>,
    gone: Option<Death>,
    limit: Duration,
    unknown_members: bool,
    sent: String,
    started_at: Instant,
}

impl WorkerLine {
    /// Starts a process as a run does. `unknown_members` says whether all messages get members that
    /// no version of the protocol has.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(
        launcher: &Launcher,
        serial: u32,
        exported: &[(OsString, OsString)],
        limit: Duration,
        unknown_members: bool,
    ) -> Result<Self, LaunchError> {
        let started_at = Instant::now();
        let (tell, inbox) = channel();
        let pass: Inbox = Arc::new(move |_, report| tell.send(report).is_ok());
        Ok(Self {
            process: launcher.launch(0, serial, exported, &pass)?,
            inbox,
            unread: VecDeque::new(),
            gone: None,
            limit,
            unknown_members,
            sent: String::new(),
            started_at,
        })
    }

    /// Sends a message.
    pub fn send(&mut self, message: ToWorker) {
        let line = message.to_line();
        if self.unknown_members {
            let line = with_unknown_members(&line);
            self.sent = shown(&line);
            self.process.send_bytes(line);
        } else {
            self.sent = shown(&line);
            self.process.send(message);
        }
    }

    /// Sends a line that need not be a message.
    pub fn send_line(&mut self, line: &str) {
        self.sent = line.to_owned();
        self.process.send_bytes(format!("{line}\n").into_bytes());
    }

    /// Closes the connection, as if the runner were gone.
    pub fn hang_up(&self) {
        self.process.hang_up();
    }

    /// Ends the process.
    pub fn kill(&self) {
        self.process.kill();
    }

    /// The last line that was sent, for a person.
    pub fn last_sent(&self) -> &str {
        &self.sent
    }

    /// When the process was started.
    pub fn started_at(&self) -> Instant {
        self.started_at
    }

    /// The limit of each wait.
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// What comes next, within the limit.
    ///
    /// # Errors
    /// When nothing comes.
    pub fn hear(&mut self) -> Result<FromWorker, Quiet> {
        self.hear_within(self.limit)
    }

    /// What comes next, within a limit of its own. Time in which the machine was too slow for the program, or for
    /// this one, does not count.
    ///
    /// # Errors
    /// When nothing comes.
    pub fn hear_within(&mut self, limit: Duration) -> Result<FromWorker, Quiet> {
        let mut wait = MessageWait::new(limit, Instant::now());
        loop {
            if let Some(message) = self.unread.pop_front() {
                return Ok(message);
            }
            if self.gone.is_some() {
                return Err(Quiet::Gone);
            }
            match self.inbox.recv_timeout(wait.left(Instant::now())) {
                Ok(WorkerReport::Messages(messages)) => self.unread.extend(messages),
                Ok(WorkerReport::Gone(death)) => self.gone = Some(death),
                Err(RecvTimeoutError::Timeout) => {
                    let ready = self.process.ready_times();
                    if wait.is_over(Instant::now(), ready) {
                        return Err(Quiet::Silence);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.gone = Some(Death {
                        status: None,
                        junk: None,
                    });
                }
            }
        }
    }

    /// How the process ended, once it is gone.
    pub fn death(&self) -> Option<&Death> {
        self.gone.as_ref()
    }

    /// The length of its capture file.
    pub fn captured(&self) -> u64 {
        let capture = self.process.capture();
        capture.map_or(0, |capture| capture.length())
    }

    /// The last lines that it printed.
    pub fn last_words(&self) -> String {
        const LINES: usize = 5;
        let capture = self.process.capture();
        let output = capture.and_then(|capture| capture.between(0, capture.length()));
        let text = output.map_or_else(String::new, |output| output.to_text().into_owned());
        let lines: Vec<&str> = text.trim_end().lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    }
}

/// A line of the protocol as reports show it: its beginning.
pub fn shown(line: &[u8]) -> String {
    const LONGEST: usize = 300;
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Adds members to all objects of a message.
fn with_unknown_members(line: &[u8]) -> Vec<u8> {
    let Ok(mut message) = serde_json::from_slice(line) else {
        return line.to_vec();
    };
    add_members(&mut message);
    let mut line = message.to_string().into_bytes();
    line.push(b'\n');
    line
}

fn add_members(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(add_members),
        Value::Object(members) => {
            members.values_mut().for_each(add_members);
            members.insert("bdd_check_text".to_owned(), "\u{1f980}".into());
            members.insert(
                "bdd_check_object".to_owned(),
                serde_json::json!({"type": "run", "list": [1, null, {"hooks": []}]}),
            );
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_objects_of_a_message_get_unknown_members() {
        let line = ToWorker::FeatureDone { uri: "a".into() }.to_line();
        let changed: Value = serde_json::from_slice(&with_unknown_members(&line)).unwrap();
        assert_eq!(
            (&changed["type"], &changed["uri"]),
            (&"feature_done".into(), &"a".into())
        );
        assert!(changed["bdd_check_object"].is_object());
    }

    #[test]
    fn long_lines_are_shown_by_their_beginning() {
        assert_eq!(shown(b"{}\n"), "{}");
        assert_eq!(shown("\u{e4}".repeat(400).as_bytes()).chars().count(), 301);
    }
}
