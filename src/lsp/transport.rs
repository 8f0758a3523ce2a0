//! Messages on the standard streams: a header with the length, then JSON.
//!
//! The reader is our own. That of `lsp-server` ends at the first message that is not JSON, and reserves as much memory as a
//! header says. This one answers such a message and goes on.

use std::io::{self, BufRead, Read, Write};
use std::thread;

use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_server::{ErrorCode, Message};
use serde_json::{Value, json};

/// The longest message. A longer one is skipped.
const MOST_BYTES: u64 = 256 << 20;

/// The longest line of a header.
const LONGEST_LINE: u64 = 8 << 10;

/// What was read.
#[derive(Debug)]
pub enum ReadMessage {
    /// A message.
    Message(Message),
    /// Something that is no message. The answer says why.
    Bad(Value),
}

/// What is written.
#[derive(Debug)]
pub enum SentMessage {
    /// A message.
    Message(Message),
    /// An answer to something that is no message.
    Raw(Value),
}

/// Reads messages on a thread of its own until the stream ends. Then the channel closes.
pub fn read_on_thread(input: impl Read + Send + 'static) -> io::Result<Receiver<ReadMessage>> {
    let (send, receive) = unbounded();
    let name = thread::Builder::new().name("reads messages".to_owned());
    name.spawn(move || {
        let mut input = io::BufReader::new(input);
        // A stream that cannot be read has come to its end.
        while let Ok(Some(message)) = read(&mut input) {
            if send.send(message).is_err() {
                break;
            }
        }
    })?;
    Ok(receive)
}

/// Writes messages on a thread of its own until the channel closes. When all is written, the second channel closes.
pub fn write_on_thread(
    mut output: impl Write + Send + 'static,
) -> io::Result<(Sender<SentMessage>, Receiver<()>)> {
    let (send, receive) = unbounded::<SentMessage>();
    let (is_open, written) = unbounded::<()>();
    let name = thread::Builder::new().name("writes messages".to_owned());
    name.spawn(move || {
        for message in receive {
            let written = match message {
                SentMessage::Message(message) => message.write(&mut output),
                SentMessage::Raw(value) => write_frame(&mut output, &value.to_string()),
            };
            // Nobody reads any more. The end of the input follows.
            if written.is_err() {
                break;
            }
        }
        drop(is_open);
    })?;
    Ok((send, written))
}

fn write_frame(output: &mut impl Write, text: &str) -> io::Result<()> {
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

/// The next message; `None` at the end of the stream.
fn read(input: &mut impl BufRead) -> io::Result<Option<ReadMessage>> {
    let Some(length) = read_length(input)? else {
        return Ok(None);
    };
    if length > MOST_BYTES {
        io::copy(&mut input.take(length), &mut io::sink())?;
        let why = format!("a message of {length} bytes is too long");
        return Ok(Some(bad(Value::Null, ErrorCode::InvalidRequest, &why)));
    }
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Ok(None);
    }
    Ok(Some(message_in(&body)))
}

/// The length in the next header. Lines that are no part of a header are skipped, so that the reader finds the next message
/// after one whose length was wrong.
fn read_length(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
        match length {
            Some(length) if line.is_empty() => return Ok(Some(length)),
            _ => {}
        }
    }
}

fn message_in(body: &[u8]) -> ReadMessage {
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => {
            let why = format!("this is not JSON: {error}");
            return bad(Value::Null, ErrorCode::ParseError, &why);
        }
    };
    let id = value.get("id").cloned().unwrap_or_default();
    let is_request = value.get("method").is_some() && !id.is_null();
    match serde_json::from_value(value) {
        // A request with an id that the library cannot hold would be taken for a notification.
        Ok(Message::Notification(_)) if is_request => {
            let why = "the id of a request must be a text or a number of 32 bits";
            bad(id, ErrorCode::InvalidRequest, why)
        }
        Ok(message) => ReadMessage::Message(message),
        Err(_) => {
            let why = "this is neither a request nor a notification nor a response";
            bad(id, ErrorCode::InvalidRequest, why)
        }
    }
}

fn bad(id: Value, code: ErrorCode, why: &str) -> ReadMessage {
    let id = match id {
        Value::String(_) | Value::Number(_) => id,
        _ => Value::Null,
    };
    ReadMessage::Bad(json!({
        "jsonrpc": "2.0",
        "id": id,
        "error": { "code": code as i32, "message": why },
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    /// What is read from a stream: methods of messages, and codes of errors.
    fn all(stream: &[u8]) -> Vec<String> {
        let mut input = io::BufReader::new(stream);
        let mut found = Vec::new();
        while let Some(message) = read(&mut input).unwrap() {
            found.push(match message {
                ReadMessage::Message(Message::Request(request)) => request.method,
                ReadMessage::Message(Message::Notification(one)) => one.method,
                ReadMessage::Message(Message::Response(response)) => response.id.to_string(),
                ReadMessage::Bad(answer) => format!("{} {}", answer["id"], answer["error"]["code"]),
            });
        }
        found
    }

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn what_is_no_message_is_answered_and_skipped() {
        let good = frame(r#"{"jsonrpc":"2.0","id":"a","method":"m"}"#);
        for (bad, code) in [
            (frame("{"), "null -32700"),
            (frame("\u{0}"), "null -32700"),
            (frame("[]"), "null -32600"),
            (frame(r#"{"id":7}"#), "7 -32600"),
            (
                frame(r#"{"id":99999999999,"method":"m"}"#),
                "99999999999 -32600",
            ),
            (frame(r#"{"id":{},"method":"m"}"#), "null -32600"),
        ] {
            assert_eq!(all(format!("{bad}{good}").as_bytes()), [code, "m"], "{bad}");
        }
    }

    #[test]
    fn the_next_header_is_found_after_garbage() {
        let good = frame(r#"{"method":"m"}"#);
        for garbage in [
            "hello\n",
            "\r\n\r\n",
            "Content-Length: x\r\n\r\n",
            "Content-Length: -1\r\n\r\n",
            "Content-Length: 99999999999999999999999\r\n\r\n",
        ] {
            assert_eq!(
                all(format!("{garbage}{good}").as_bytes()).last().unwrap(),
                "m"
            );
        }
        assert!(
            all(b"Content-Length: 99\r\n\r\n{}").is_empty(),
            "it ends too early"
        );
        assert!(all(b"Content-Length: 4").is_empty());
    }

    #[test]
    fn a_length_reserves_no_memory() {
        assert!(all(format!("Content-Length: {}\r\n\r\n", u64::MAX).as_bytes()).len() <= 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = all(&bytes);
            let mut framed = format!("Content-Length: {}\r\n\r\n", bytes.len()).into_bytes();
            framed.extend(bytes);
            let _ = all(&framed);
        }
    }
}
