//! Attachments: texts as they are, bytes in Base64, files piece by piece.

use std::io::{self, Write};

use super::parts::moment;
use super::stream::{Stream, message};
use crate::event::{AttachmentBody, Timestamp};
use crate::json::Json;
use crate::report::attached::AttachedFile;

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
pub(super) fn write(stream: &mut Stream, owner: &Owner, what: &What<'_>) -> io::Result<()> {
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
        json.word("contentEncoding", encoding);
        json.string("body", body);
    };
    let AttachmentBody::File(path) = what.body else {
        return stream.write("attachment", fill);
    };
    // The body comes last: the line is cut open there.
    let file = AttachedFile::open(path)?;
    let mut line = Vec::new();
    message(&mut line, "attachment", fill);
    let end = line.split_off(line.len() - "\"}}\n".len());
    stream.output.write_all(&line)?;
    file.write(&mut stream.output)?;
    stream.output.write_all(&end)
}
