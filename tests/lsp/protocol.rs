//! The life of a connection: its beginning, its end, and what is no message.

use serde_json::{Value, json};

use super::client::EditorClient;
use crate::support::Project;

const NOT_INITIALIZED: i64 = -32002;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMETERS: i64 = -32602;
const PARSE_ERROR: i64 = -32700;
const CANCELLED: i64 = -32800;

#[test]
fn a_connection_begins_and_ends_as_the_protocol_says() {
    let project = Project::new();
    let mut client = EditorClient::connect(project.bdd(["lsp"]));
    assert_eq!(
        client.refused("textDocument/hover", json!({})),
        NOT_INITIALIZED
    );
    assert_eq!(client.refused("shutdown", Value::Null), NOT_INITIALIZED);
    let answer = client.request("initialize", json!({ "capabilities": {} }));
    assert_eq!(answer["serverInfo"]["name"], "bdd");
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
    client.notify("initialized", json!({}));
    assert_eq!(client.refused("initialize", json!({})), INVALID_REQUEST);
    assert_eq!(
        client.refused("textDocument/nothing", json!({})),
        METHOD_NOT_FOUND
    );
    assert_eq!(client.refused("$/nothing", json!({})), METHOD_NOT_FOUND);
    assert_eq!(
        client.refused("textDocument/hover", json!({ "a": 1 })),
        INVALID_PARAMETERS
    );
    client.notify("$/nothing", json!({}));
    client.notify("textDocument/didOpen", json!([1]));
    assert_eq!(client.request("shutdown", Value::Null), Value::Null);
    assert_eq!(
        client.refused("textDocument/hover", json!({})),
        INVALID_REQUEST
    );
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().code(), Some(0));
}

#[test]
fn the_exit_code_shows_whether_the_end_was_announced() {
    let project = Project::new();
    let mut client = EditorClient::connect(project.bdd(["lsp"]));
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().code(), Some(1));
    let client = EditorClient::start(&project);
    assert_eq!(client.hang_up().code(), Some(1));
    let mut client = EditorClient::start(&project);
    client.request("shutdown", Value::Null);
    assert_eq!(client.hang_up().code(), Some(0));
    project.bdd(["lsp", "--tcp"]).exits(2);
}

#[test]
fn what_is_no_message_is_answered_and_the_connection_goes_on() {
    let project = Project::new();
    let mut client = EditorClient::start(&project);
    for (bytes, code) in [
        ("Content-Length: 5\r\n\r\n{\"a\":", PARSE_ERROR),
        ("Content-Length: 2\r\n\r\n[]", INVALID_REQUEST),
        ("Content-Length: 4\r\n\r\nnull", INVALID_REQUEST),
    ] {
        client.send_bytes(bytes.as_bytes());
        let answer = client.response(&Value::Null);
        assert_eq!(answer["error"]["code"], code, "{bytes}");
    }
    client.send_bytes(b"garbage\r\n\r\n");
    client.send(&json!({ "jsonrpc": "2.0", "id": 99_999_999_999_u64, "method": "shutdown" }));
    let answer = client.response(&json!(99_999_999_999_u64));
    assert_eq!(answer["error"]["code"], INVALID_REQUEST);
    client.shut_down();
}

#[test]
fn a_request_that_waits_can_be_cancelled() {
    let project = Project::new();
    let mut client = EditorClient::start(&project);
    // One write: the server has all three when it looks for what was cancelled.
    let mut bytes = Vec::new();
    for message in [
        json!({ "jsonrpc": "2.0", "id": "slow", "method": "workspace/symbol", "params": { "query": "" } }),
        json!({ "jsonrpc": "2.0", "id": "late", "method": "workspace/symbol", "params": { "query": "" } }),
        json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": "late" } }),
    ] {
        let text = message.to_string();
        bytes.extend(format!("Content-Length: {}\r\n\r\n{text}", text.len()).bytes());
    }
    client.send_bytes(&bytes);
    // Whether the server has begun with a request when the other message comes is its own business. It answers each.
    let late = client.response(&json!("late"));
    let code = late["error"]["code"].as_i64();
    assert!(code.is_none_or(|code| code == CANCELLED), "{late}");
    let slow = client.response(&json!("slow"));
    assert!(slow["result"].is_array(), "{slow}");
    // What is not there any more is nothing.
    client.notify("$/cancelRequest", json!({ "id": "late" }));
    client.notify("$/cancelRequest", json!({}));
    client.shut_down();
}

#[test]
fn documents_that_are_unknown_have_nothing() {
    let project = Project::new();
    let mut client = EditorClient::start(&project);
    let path = project.path("none.feature");
    for method in ["hover", "definition", "completion", "prepareRename"] {
        assert_eq!(
            client.request_at(method, &path, 3, 3),
            Value::Null,
            "{method}"
        );
    }
    for method in ["documentSymbol", "foldingRange", "formatting"] {
        assert_eq!(client.request_for(method, &path), Value::Null, "{method}");
    }
    assert!(client.actions(&path, 0).is_empty());
    client.change(&path, 2, json!([{ "text": "x" }]));
    client.notify(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": super::client::uri(&path) } }),
    );
    client.shut_down();
}
