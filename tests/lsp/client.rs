//! An editor: it starts the server, sends requests, and reads what comes back.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Bdd, Project};

/// Long after this, an answer that must come will not come any more.
const FOREVER: Duration = Duration::from_secs(120);

/// A running server and the connection to it.
pub struct EditorClient {
    server: Child,
    input: Option<ChildStdin>,
    heard: Receiver<Value>,
    /// Notifications and requests that nobody has waited for yet.
    waiting: Vec<Value>,
    requests: i32,
}

impl EditorClient {
    /// A server in a project, with a client that can do everything.
    pub fn start(project: &Project) -> Self {
        let abilities = json!({
            "textDocument": {
                "completion": { "completionItem": { "snippetSupport": true } },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                "codeAction": { "codeActionLiteralSupport": {
                    "codeActionKind": { "valueSet": ["quickfix", "source.fixAll"] }
                } },
            },
            "workspace": {
                "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
                "didChangeWatchedFiles": { "dynamicRegistration": true },
            },
        });
        Self::start_with(project, abilities).0
    }

    /// A server with a client that can do this, and the answer to its first request.
    pub fn start_with(project: &Project, abilities: Value) -> (Self, Value) {
        let mut client = Self::connect(project.bdd(["lsp", "--stdio"]));
        let root = uri(&project.path(""));
        let parameters = json!({
            "processId": null,
            "rootUri": root,
            "capabilities": abilities,
            "workspaceFolders": [{ "uri": root, "name": "project" }],
        });
        let answer = client.request("initialize", parameters);
        client.notify("initialized", json!({}));
        (client, answer)
    }

    /// A server that has got no message yet.
    pub fn connect(bdd: Bdd) -> Self {
        let mut server = bdd
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("bdd starts");
        let output = server.stdout.take().expect("it is piped");
        let (tell, heard) = channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if tell.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            input: server.stdin.take(),
            server,
            heard,
            waiting: Vec::new(),
            requests: 0,
        }
    }

    /// Sends bytes as they are.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the connection is open");
        input.write_all(bytes).expect("the server reads");
        input.flush().expect("the server reads");
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, parameters: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": parameters }));
    }

    /// Sends a request and returns its number.
    pub fn ask(&mut self, method: &str, parameters: Value) -> i32 {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        id
    }

    /// The whole answer to a request.
    pub fn response(&mut self, id: &Value) -> Value {
        self.wait_for(&format!("an answer to {id}"), |message| {
            message["id"] == *id && message.get("method").is_none()
        })
    }

    /// Sends a request and returns its result.
    #[track_caller]
    pub fn request(&mut self, method: &str, parameters: Value) -> Value {
        let id = self.ask(method, parameters);
        let mut response = self.response(&json!(id));
        assert!(response.get("error").is_none(), "{method}: {response}");
        response["result"].take()
    }

    /// Sends a request and returns the code of its error.
    #[track_caller]
    pub fn refused(&mut self, method: &str, parameters: Value) -> i64 {
        let id = self.ask(method, parameters);
        let response = self.response(&json!(id));
        let code = response["error"]["code"].as_i64();
        code.unwrap_or_else(|| panic!("{method} was not refused: {response}"))
    }

    /// The first message for which a condition is true, also among those that came before.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&is_wanted) {
            return self.waiting.remove(at);
        }
        loop {
            let message = self.heard.recv_timeout(FOREVER);
            let message = message.unwrap_or_else(|error| panic!("waiting for {what}: {error}"));
            if is_wanted(&message) {
                return message;
            }
            self.waiting.push(message);
        }
    }

    /// Waits for a note of the server.
    #[track_caller]
    pub fn wait_for_note(&mut self, part: &str) -> String {
        let note = self.wait_for(part, |message| {
            let is_note = ["window/logMessage", "window/showMessage"]
                .iter()
                .any(|method| message["method"] == *method);
            let text = message["params"]["message"].as_str().unwrap_or_default();
            is_note && text.contains(part)
        });
        note["params"]["message"].as_str().unwrap().to_owned()
    }

    /// Opens a document with version 1.
    pub fn open(&mut self, path: &Path, text: &str) {
        self.notify(
            "textDocument/didOpen",
            json!({ "textDocument": {
                "uri": uri(path), "languageId": "cucumber", "version": 1, "text": text,
            } }),
        );
    }

    /// Replaces the whole text of a document.
    pub fn replace(&mut self, path: &Path, version: i32, text: &str) {
        self.change(path, version, json!([{ "text": text }]));
    }

    /// Changes a document.
    pub fn change(&mut self, path: &Path, version: i32, changes: Value) {
        self.notify(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": uri(path), "version": version },
                "contentChanges": changes,
            }),
        );
    }

    /// The next diagnostics of this version of a document.
    #[track_caller]
    pub fn diagnostics(&mut self, path: &Path, version: i32) -> Vec<Value> {
        self.diagnostics_when(path, version, |_| true)
    }

    /// The next diagnostics of this version for which a condition is true.
    #[track_caller]
    pub fn diagnostics_when(
        &mut self,
        path: &Path,
        version: i32,
        is_wanted: impl Fn(&[Value]) -> bool,
    ) -> Vec<Value> {
        let uri = uri(path);
        let message = self.wait_for(&format!("diagnostics of version {version}"), |message| {
            let parameters = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && parameters["uri"] == uri
                && parameters["version"] == version
                && is_wanted(parameters["diagnostics"].as_array().unwrap())
        });
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// The parameters of a request about a place.
    pub fn at(path: &Path, line: u32, character: u32) -> Value {
        json!({
            "textDocument": { "uri": uri(path) },
            "position": { "line": line, "character": character },
        })
    }

    /// Sends a request about a place and returns its result.
    #[track_caller]
    pub fn request_at(&mut self, method: &str, path: &Path, line: u32, character: u32) -> Value {
        self.request(
            &format!("textDocument/{method}"),
            Self::at(path, line, character),
        )
    }

    /// Sends a request about a document and returns its result.
    #[track_caller]
    pub fn request_for(&mut self, method: &str, path: &Path) -> Value {
        let parameters = json!({
            "textDocument": { "uri": uri(path) },
            "options": { "tabSize": 8, "insertSpaces": false },
        });
        self.request(&format!("textDocument/{method}"), parameters)
    }

    /// The actions for a line.
    #[track_caller]
    pub fn actions(&mut self, path: &Path, line: u32) -> Vec<Value> {
        let place = json!({ "line": line, "character": 0 });
        let parameters = json!({
            "textDocument": { "uri": uri(path) },
            "range": { "start": place, "end": place },
            "context": { "diagnostics": [] },
        });
        let found = self.request("textDocument/codeAction", parameters);
        found.as_array().unwrap().clone()
    }

    /// Says that files have changed on the disk.
    pub fn files_changed(&mut self, paths: &[&Path]) {
        let changes: Vec<Value> = paths
            .iter()
            .map(|path| json!({ "uri": uri(path), "type": 2 }))
            .collect();
        self.notify(
            "workspace/didChangeWatchedFiles",
            json!({ "changes": changes }),
        );
    }

    /// Closes the stream and waits for the end of the server.
    pub fn hang_up(mut self) -> ExitStatus {
        self.input = None;
        self.server.wait().expect("it ends")
    }

    /// Shuts the server down as the protocol says, and expects that it ends with 0.
    #[track_caller]
    pub fn shut_down(mut self) {
        assert_eq!(self.request("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        let status = self.server.wait().expect("it ends");
        assert_eq!(status.code(), Some(0));
    }

    /// Waits for the end of the server.
    pub fn wait(mut self) -> ExitStatus {
        self.server.wait().expect("it ends")
    }
}

impl Drop for EditorClient {
    fn drop(&mut self) {
        self.input = None;
        if thread::panicking() {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// The URI of a path without special characters.
pub fn uri(path: &Path) -> String {
    let path = path.display().to_string();
    format!("file://{}", path.trim_end_matches('/'))
}

/// The range of a text in a line.
pub fn range(line: u32, start: u32, end: u32) -> Value {
    json!({
        "start": { "line": line, "character": start },
        "end": { "line": line, "character": end },
    })
}

/// The codes of diagnostics.
pub fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect()
}

/// A text after edits in UTF-16 positions, the last first, none of which overlap.
pub fn edited(text: &str, edits: &[Value]) -> String {
    let offset = |place: &Value| {
        let (line, character) = (&place["line"], &place["character"]);
        let mut start = 0;
        for _ in 0..line.as_u64().unwrap() {
            start += text[start..]
                .find('\n')
                .map_or(text.len() - start, |at| at + 1);
        }
        let mut units = 0;
        for (at, one) in text[start..].char_indices() {
            if units >= character.as_u64().unwrap() {
                return start + at;
            }
            units += one.len_utf16() as u64;
        }
        text.len()
    };
    let mut changes: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            let new = edit["newText"].as_str().unwrap();
            (offset(&range["start"]), offset(&range["end"]), new)
        })
        .collect();
    changes.sort_by_key(|(start, ..)| std::cmp::Reverse(*start));
    let mut text = text.to_owned();
    for (start, end, new) in changes {
        text.replace_range(start..end, new);
    }
    text
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.parse::<usize>().ok();
        }
    }
    let mut body = vec![0; length.expect("a length")];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("the server writes JSON"))
}
