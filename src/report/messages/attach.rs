//! Attachments: texts as they are, bytes in Base64, files piece by piece.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Lines;
use super::parts::moment;
use crate::event::{AttachmentBody, Timestamp};
use crate::json::Json;

/// How much of a file is in memory at once; a multiple of three, so that pieces in Base64 need no
/// padding but the last.
const PIECE: usize = 3 << 14;

/// What attaches it.
pub(super) enum Owner {
    Step { execution: u64, step: u64 },
    RunHook(u64),
}

/// What is attached.
pub(super) struct What<'e> {
    pub(super) media_type: &'e str,
    pub(super) file_name: Option<&'e str>,
    pub(super) body: &'e AttachmentBody,
    pub(super) at: Timestamp,
}

/// Writes the message.
pub(super) fn write(lines: &mut Lines, owner: &Owner, what: &What<'_>) -> io::Result<()> {
    let (encoding, body) = match what.body {
        AttachmentBody::Text(text) => ("IDENTITY", text.as_str()),
        AttachmentBody::Base64(code) => ("BASE64", code.as_str()),
        AttachmentBody::File(_) => ("BASE64", ""),
    };
    let fill = |json: &mut Json<'_>| {
        match owner {
            Owner::Step { execution, step } => {
                json.id("testCaseStartedId", *execution);
                json.id("testStepId", *step);
            }
            Owner::RunHook(id) => json.id("testRunHookStartedId", *id),
        }
        json.string("mediaType", what.media_type);
        if let Some(name) = what.file_name {
            json.string("fileName", name);
        }
        moment(json, "timestamp", what.at);
        json.string("contentEncoding", encoding);
        json.string("body", body);
    };
    let AttachmentBody::File(path) = what.body else {
        return lines.write("attachment", fill);
    };
    // The body comes last: the line is cut open there.
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    lines.line.clear();
    Json::object(&mut lines.line, |json| json.member("attachment", fill));
    lines.line.push(b'\n');
    let end = lines.line.split_off(lines.line.len() - "\"}}\n".len());
    lines.output.write_all(&lines.line)?;
    let mut piece = Vec::with_capacity(PIECE);
    let mut code = String::new();
    loop {
        piece.clear();
        let limited = Read::by_ref(&mut file).take(PIECE as u64);
        let read = { limited }.read_to_end(&mut piece);
        let read = read.map_err(|error| unreadable(path, &error))?;
        code.clear();
        STANDARD.encode_string(&piece, &mut code);
        lines.output.write_all(code.as_bytes())?;
        if read < PIECE {
            break;
        }
        lines.output.pass_on_all()?;
    }
    lines.output.write_all(&end)
}

fn unreadable(path: &Path, error: &io::Error) -> io::Error {
    let message = format!("an attachment cannot be read: {}: {error}", path.display());
    io::Error::new(error.kind(), message)
}
