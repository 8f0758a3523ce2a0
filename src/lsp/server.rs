//! The loop of the server: it takes messages, keeps the state of the connection, and publishes diagnostics.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, select, tick, unbounded};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use super::capabilities;
use super::client::ClientFeatures;
use super::log::log;
use super::program::{ProgramEvent, ProgramStart};
use super::publishing::PublishedDiagnostics;
use super::transport::{ReadMessage, SentMessage, read_on_thread, write_on_thread};
use super::workspace::Workspace;
use crate::config::Flags;

/// How often files are looked at of which the client does not report changes.
const LOOK: Duration = Duration::from_millis(500);

/// How many looks there are from one at all features to the next, if the client does not watch them.
const LOOKS_PER_WALK: u32 = 4;

/// How long the client may take to read the last messages.
const LAST_MESSAGES: Duration = Duration::from_secs(1);

/// An error that a person should see, as the protocol numbers messages.
const ERROR: u8 = 1;

/// Information that a person should see.
pub(super) const INFORMATION: u8 = 3;

/// How a server came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerEnd {
    /// The client had said that it would end.
    Orderly,
    /// It had not.
    Sudden,
}

/// Where the connection is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ServerPhase {
    New,
    Running,
    ShutDown,
}

/// Serves a client until it ends the server or closes the stream.
///
/// # Errors
/// When the system has no thread left.
pub fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    flags: Flags,
    start: ProgramStart,
) -> io::Result<ServerEnd> {
    let messages = read_on_thread(input)?;
    let (out, written) = write_on_thread(output)?;
    let (tell, events) = unbounded();
    let processes = start.processes.clone();
    let mut server = LanguageServer {
        phase: ServerPhase::New,
        client: ClientFeatures::default(),
        workspace: Workspace::new(flags, start, tell),
        out,
        published: PublishedDiagnostics::default(),
        is_dirty: false,
        requests: 0,
        looks: 0,
        last_note: None,
    };
    let end = server.run(&messages, &events);
    drop(server);
    // After the step programs have lost their threads, nothing of them remains.
    processes.end_all();
    // A client that does not read any more must not keep the server.
    let _ = written.recv_timeout(LAST_MESSAGES);
    Ok(end)
}

/// A language server.
pub(super) struct LanguageServer {
    phase: ServerPhase,
    pub(super) client: ClientFeatures,
    pub(super) workspace: Workspace,
    out: Sender<SentMessage>,
    published: PublishedDiagnostics,
    /// Whether diagnostics may differ from what was published.
    pub(super) is_dirty: bool,
    /// How many requests were sent to the client.
    requests: i32,
    looks: u32,
    /// What was last noted about a step program.
    last_note: Option<String>,
}

/// The answer to a request, or why there is none.
pub(super) type RequestResult = Result<Value, (ErrorCode, String)>;

impl LanguageServer {
    fn run(
        &mut self,
        messages: &Receiver<ReadMessage>,
        events: &Receiver<ProgramEvent>,
    ) -> ServerEnd {
        let ticks = tick(LOOK);
        let mut waiting: VecDeque<ReadMessage> = VecDeque::new();
        loop {
            waiting.extend(messages.try_iter());
            self.cancel(&mut waiting);
            if let Some(message) = waiting.pop_front() {
                if let Some(end) = self.take(message) {
                    return end;
                }
                continue;
            }
            // Everything that has come is done: nothing of it changes what is published now.
            if events.is_empty() {
                self.publish();
            }
            select! {
                recv(messages) -> message => match message {
                    Ok(message) => waiting.push_back(message),
                    Err(_) => return self.end(),
                },
                recv(events) -> event => if let Ok(event) = event {
                    self.program_says(event);
                },
                recv(ticks) -> _ => self.look(),
            }
        }
    }

    fn end(&self) -> ServerEnd {
        match self.phase {
            ServerPhase::ShutDown => ServerEnd::Orderly,
            ServerPhase::New | ServerPhase::Running => ServerEnd::Sudden,
        }
    }

    /// Answers the requests among these messages that the client has cancelled.
    fn cancel(&mut self, waiting: &mut VecDeque<ReadMessage>) {
        let cancelled: Vec<Value> = waiting.iter().filter_map(cancelled_id).collect();
        if cancelled.is_empty() {
            return;
        }
        waiting.retain(|message| {
            let ReadMessage::Message(Message::Request(request)) = message else {
                return cancelled_id(message).is_none();
            };
            let is_cancelled =
                serde_json::to_value(&request.id).is_ok_and(|id| cancelled.contains(&id));
            if is_cancelled {
                let why = (
                    ErrorCode::RequestCanceled,
                    "the request was cancelled".to_owned(),
                );
                self.answer(request.id.clone(), Err(why));
            }
            !is_cancelled
        });
    }

    /// Takes a message. Returns how the server ends, if it does.
    fn take(&mut self, message: ReadMessage) -> Option<ServerEnd> {
        match message {
            ReadMessage::Bad(answer) => {
                log(&format!(
                    "a message cannot be read: {}",
                    answer["error"]["message"]
                ));
                self.send(SentMessage::Raw(answer));
            }
            ReadMessage::Message(Message::Request(request)) => self.request(request),
            ReadMessage::Message(Message::Notification(notification)) => {
                if notification.method == "exit" {
                    return Some(self.end());
                }
                self.notification(notification);
            }
            // The only requests to the client need no answer.
            ReadMessage::Message(Message::Response(_)) => {}
        }
        None
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let result = match (self.phase, method.as_str()) {
            (ServerPhase::New, "initialize") => {
                self.client = ClientFeatures::of(&params);
                self.phase = ServerPhase::Running;
                Ok(capabilities::initialized(&self.client))
            }
            (ServerPhase::New, _) => Err((
                ErrorCode::ServerNotInitialized,
                "the first request must be `initialize`".to_owned(),
            )),
            (ServerPhase::ShutDown, _) => Err((
                ErrorCode::InvalidRequest,
                "the server is shut down".to_owned(),
            )),
            (ServerPhase::Running, "initialize") => Err((
                ErrorCode::InvalidRequest,
                "the server is initialized already".to_owned(),
            )),
            (ServerPhase::Running, "shutdown") => {
                self.phase = ServerPhase::ShutDown;
                Ok(Value::Null)
            }
            // A fault of the server must cost one answer only, not all that the user has open.
            (ServerPhase::Running, method) => {
                let answered = catch_unwind(AssertUnwindSafe(|| self.answer_to(method, params)));
                answered.unwrap_or_else(|_| {
                    let what = format!("a fault of bdd: `{method}` has failed");
                    log(&what);
                    Err((ErrorCode::InternalError, what))
                })
            }
        };
        self.answer(id, result);
    }

    fn notification(&mut self, notification: Notification) {
        if self.phase != ServerPhase::Running {
            return;
        }
        let Notification { method, params } = notification;
        if method == "initialized" {
            self.start();
            return;
        }
        let taken = catch_unwind(AssertUnwindSafe(|| self.take_notice(&method, params)));
        match taken {
            Ok(Ok(())) => {}
            Ok(Err(why)) => log(&format!("`{method}` cannot be read: {why}")),
            Err(_) => log(&format!("a fault of bdd: `{method}` has failed")),
        }
    }

    /// The client is ready for requests.
    fn start(&mut self) {
        if self.client.watches_files {
            self.requests += 1;
            let id = RequestId::from(format!("bdd-{}", self.requests));
            let request = Request::new(
                id,
                "client/registerCapability".to_owned(),
                capabilities::watched_files(),
            );
            self.send(SentMessage::Message(Message::Request(request)));
        }
        for folder in self.client.folders.clone() {
            self.workspace.open_folder(&folder);
        }
        self.show_complaints();
    }

    fn look(&mut self) {
        if self.phase != ServerPhase::Running {
            return;
        }
        self.looks = self.looks.wrapping_add(1);
        let with_features = !self.client.watches_files && self.looks.is_multiple_of(LOOKS_PER_WALK);
        self.is_dirty |= self.workspace.look(with_features);
        self.show_complaints();
    }

    fn program_says(&mut self, event: ProgramEvent) {
        let number = match &event {
            ProgramEvent::Files(number, ..)
            | ProgramEvent::Ready(number, _)
            | ProgramEvent::Answers(number, _)
            | ProgramEvent::Silent(number, _) => *number,
        };
        // What an older thread says does not count any more.
        let Some(project) = self.workspace.of_thread(number) else {
            return;
        };
        let note = match event {
            ProgramEvent::Files(_, files, state) => {
                project.watch(files, state);
                return;
            }
            ProgramEvent::Ready(_, knowledge) => {
                project.define(*knowledge);
                let count = project
                    .definitions
                    .as_ref()
                    .map_or(0, |one| one.shown().len());
                Some(format!("the step program has {count} step definitions"))
            }
            ProgramEvent::Answers(_, answers) => {
                let problem = project.take_answers(&answers).err();
                problem.map(|problem| format!("the step program cannot be used: {problem}"))
            }
            ProgramEvent::Silent(_, why) => Some(format!("steps are not checked: {why}")),
        };
        self.is_dirty = true;
        // A program that dies at each question says the same each time.
        if let Some(note) = note.filter(|note| self.last_note.as_ref() != Some(note)) {
            self.last_note = Some(note.clone());
            log(&note);
            self.message("window/logMessage", INFORMATION, &note);
        }
    }

    /// Publishes the diagnostics of open documents that differ from what was published.
    fn publish(&mut self) {
        if !std::mem::take(&mut self.is_dirty) {
            return;
        }
        for parameters in self.published.renew(&self.workspace, self.client.unit) {
            self.notify("textDocument/publishDiagnostics", json!(parameters));
        }
    }

    /// Shows people what is wrong with their settings.
    pub(super) fn show_complaints(&mut self) {
        for complaint in self.workspace.take_complaints() {
            log(&complaint);
            self.show_message(ERROR, &complaint);
        }
    }

    /// Shows a message to people.
    pub(super) fn show_message(&self, kind: u8, message: &str) {
        self.message("window/showMessage", kind, message);
    }

    fn message(&self, method: &str, kind: u8, message: &str) {
        self.notify(method, json!({ "type": kind, "message": message }));
    }

    fn notify(&self, method: &str, parameters: Value) {
        let notification = Notification::new(method.to_owned(), parameters);
        self.send(SentMessage::Message(Message::Notification(notification)));
    }

    fn answer(&self, id: RequestId, result: RequestResult) {
        let response = match result {
            Ok(value) => Response::new_ok(id, value),
            Err((code, message)) => Response::new_err(id, code as i32, message),
        };
        self.send(SentMessage::Message(Message::Response(response)));
    }

    fn send(&self, message: SentMessage) {
        // If the client is gone, its stream ends.
        let _ = self.out.send(message);
    }
}

/// The id of a request that this message cancels.
fn cancelled_id(message: &ReadMessage) -> Option<Value> {
    match message {
        ReadMessage::Message(Message::Notification(one)) if one.method == "$/cancelRequest" => {
            one.params.get("id").cloned()
        }
        _ => None,
    }
}
