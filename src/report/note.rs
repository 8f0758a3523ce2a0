//! Notes about attachments in reports: lines of a log, links, and one line for anything else.
//!
//! Reports for people and JUnit never hold whole attachments. Only the size of a file is read, and a log is
//! kept up to a limit.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::text;
use crate::event::AttachmentBody;

/// The media type of a piece of a log.
const LOG: &str = "text/x.cucumber.log+plain";
/// The media type of links.
const LINKS: &str = "text/uri-list";

/// How many bytes of notes are kept for an attempt or hook.
const LIMIT: usize = 64 * 1024;
/// What a note counts in addition to its text, so that the number of empty notes is limited too.
const OVERHEAD: usize = 32;
/// Names and media types are short. Longer ones are cut off after this many bytes.
const LONGEST_NAME: usize = 200;

/// Whether the notes show attachments of this type and not only name them: logs and links.
pub(crate) fn is_shown_in_full(media_type: &str) -> bool {
    matches!(media_type, LOG | LINKS)
}

/// What reports show of one attachment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Note {
    /// Lines of a log, without a newline at the end.
    Log(String),
    /// One line about a link or something else.
    About(String),
}

impl Note {
    /// Whether it is one line about something.
    pub(crate) fn is_about(&self) -> bool {
        matches!(self, Note::About(_))
    }

    pub(crate) fn text(&self) -> &str {
        let (Note::Log(text) | Note::About(text)) = self;
        text
    }
}

/// The notes of an attempt or hook, up to a limit; each belongs to a `T`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Notes<T> {
    notes: Vec<(T, Note)>,
    left: usize,
    dropped: usize,
}

impl<T> Default for Notes<T> {
    fn default() -> Self {
        Notes {
            notes: Vec::new(),
            left: LIMIT,
            dropped: 0,
        }
    }
}

impl<T> Notes<T> {
    /// Takes an attachment while its body can be read.
    pub(crate) fn take(
        &mut self,
        owner: T,
        media_type: &str,
        file_name: Option<&str>,
        body: &AttachmentBody,
    ) {
        if self.left <= OVERHEAD {
            self.dropped += 1;
            return;
        }
        let room = self.left - OVERHEAD;
        let note = match media_type {
            LOG => Note::Log(log(body, room)),
            LINKS => Note::About(text::line(&links(file_name, body, room)).into_owned()),
            other => Note::About(text::line(&about(other, file_name, body)).into_owned()),
        };
        self.left = room.saturating_sub(note.text().len());
        self.notes.push((owner, note));
    }

    /// All notes in the order in which they came.
    pub(crate) fn all(&self) -> &[(T, Note)] {
        &self.notes
    }

    /// About as many bytes as they take in memory.
    pub(crate) fn weight(&self) -> usize {
        let notes = self.notes.iter();
        notes.map(|(_, note)| note.text().len() + OVERHEAD).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.notes.is_empty() && self.dropped == 0
    }

    /// The note about the attachments beyond the limit.
    pub(crate) fn more(&self) -> Option<String> {
        (self.dropped > 0)
            .then(|| format!("… and {} more", text::plural(self.dropped, "attachment")))
    }

    /// Sorts the notes by their owners; notes of one owner keep their order.
    pub(crate) fn sort(&mut self)
    where
        T: Ord,
    {
        self.notes.sort_by(|(one, _), (other, _)| one.cmp(other));
    }
}

fn log(body: &AttachmentBody, room: usize) -> String {
    let (mut text, whole) = beginning(body, room);
    let kept = text.trim_end_matches(['\n', '\r']).len();
    text.truncate(kept);
    if !whole {
        text.push_str("\n… the rest of this log is not shown");
    }
    text
}

/// The format is one link per line. Lines that begin with `#` are comments.
fn links(name: Option<&str>, body: &AttachmentBody, room: usize) -> String {
    let (text, _) = beginning(body, room);
    let lines = text.lines().map(str::trim);
    let links: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    match name {
        Some(name) => format!("link: {} ({})", links.join(" "), cut(name)),
        None => format!("link: {}", links.join(" ")),
    }
}

/// `attachment: screenshot.png (image/png, 12.3 KiB)`.
fn about(media_type: &str, name: Option<&str>, body: &AttachmentBody) -> String {
    let size = match body {
        AttachmentBody::Text(text) => Some(text.len() as u64),
        AttachmentBody::Base64(code) => Some(decoded_length(code)),
        AttachmentBody::File(path) => fs::metadata(path).ok().map(|found| found.len()),
    };
    let size = size.map_or_else(|| "size unknown".to_owned(), in_units);
    let media_type = cut(media_type);
    match name {
        Some(name) => format!("attachment: {} ({media_type}, {size})", cut(name)),
        None => format!("attachment: {media_type}, {size}"),
    }
}

fn cut(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((at, _)) => Cow::Owned(format!("{}…", &name[..at])),
        None => Cow::Borrowed(name),
    }
}

/// The beginning of a body as text, and whether it is the whole. What is not UTF-8 becomes U+FFFD.
fn beginning(body: &AttachmentBody, room: usize) -> (String, bool) {
    match body {
        AttachmentBody::Text(text) => {
            let end = boundary(text, room);
            (text[..end].to_owned(), end == text.len())
        }
        AttachmentBody::Base64(code) => {
            // Four characters are three bytes.
            let end = boundary(code, room / 3 * 4);
            let bytes = STANDARD.decode(&code[..end]).unwrap_or_default();
            (lossy(&bytes), end == code.len())
        }
        AttachmentBody::File(path) => read_beginning(path, room).unwrap_or_default(),
    }
}

/// The place to cut `text` so that at most `room` bytes are left.
fn boundary(text: &str, room: usize) -> usize {
    let mut end = room.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// `None` if the file cannot be read. Its owner reports that.
fn read_beginning(path: &Path, room: usize) -> Option<(String, bool)> {
    let file = File::open(path).ok()?;
    // As for Base64, so that a run and its replay are shown alike.
    let limit = room / 3 * 3;
    let mut bytes = Vec::new();
    let mut limited = file.take(limit as u64 + 1);
    limited.read_to_end(&mut bytes).ok()?;
    let whole = bytes.len() <= limit;
    bytes.truncate(limit);
    Some((lossy(&bytes), whole))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn decoded_length(code: &str) -> u64 {
    let padding = code.bytes().rev().take_while(|byte| *byte == b'=').count();
    (code.len() / 4 * 3).saturating_sub(padding) as u64
}

/// `512 B`, `12.3 KiB`.
fn in_units(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut unit = 0;
    // In tenths, rounded down.
    let mut tenths = u128::from(bytes) * 10 / 1024;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> AttachmentBody {
        AttachmentBody::Text(text.into())
    }

    fn noted(media_type: &str, name: Option<&str>, body: &AttachmentBody) -> String {
        let mut notes = Notes::default();
        notes.take((), media_type, name, body);
        notes.all()[0].1.text().to_owned()
    }

    #[test]
    fn one_line_says_what_is_attached() {
        let png = AttachmentBody::Base64(STANDARD.encode(vec![0; 12_600]));
        assert_eq!(
            noted("image/png", Some("a.png"), &png),
            "attachment: a.png (image/png, 12.3 KiB)"
        );
        assert_eq!(
            noted("text/plain", None, &text("é")),
            "attachment: text/plain, 2 B"
        );
        assert_eq!(
            noted("text/uri-list", None, &text("# c\r\nhttps://a\r\n")),
            "link: https://a"
        );
        assert_eq!(
            noted("text/uri-list", Some("the page"), &text("https://a")),
            "link: https://a (the page)"
        );
    }

    #[test]
    fn a_file_is_shown_as_its_base64_is() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let long = "0123456789\n".repeat(LIMIT);
        for content in ["", "a\nb\n", long.as_str()] {
            file.as_file().set_len(0).unwrap();
            std::io::Seek::rewind(&mut file).unwrap();
            std::io::Write::write_all(&mut file, content.as_bytes()).unwrap();
            let of_file = AttachmentBody::File(file.path().to_owned());
            let of_code = AttachmentBody::Base64(STANDARD.encode(content));
            for media_type in [LOG, LINKS, "image/png"] {
                let shown = noted(media_type, None, &of_file);
                assert_eq!(shown, noted(media_type, None, &of_code));
                assert!(shown.len() <= LIMIT + 100);
            }
        }
        let gone = AttachmentBody::File("/no/such/file".into());
        assert_eq!(noted("a/b", None, &gone), "attachment: a/b, size unknown");
    }

    #[test]
    fn notes_have_a_limit() {
        let mut notes = Notes::default();
        for _ in 0..10_000 {
            notes.take((), LOG, None, &text("ten letter"));
        }
        assert!(notes.all().len() < LIMIT / OVERHEAD);
        let more = 10_000 - notes.all().len();
        assert_eq!(notes.more(), Some(format!("… and {more} attachments more")));

        let mut notes = Notes::default();
        notes.take((), LOG, None, &text(&"é".repeat(LIMIT)));
        notes.take((), LOG, None, &text("x"));
        assert!(notes.all()[0].1.text().ends_with("is not shown"));
        assert_eq!(notes.more().as_deref(), Some("… and 1 attachment more"));
    }

    #[test]
    fn sizes() {
        assert_eq!(in_units(1023), "1023 B");
        assert_eq!(in_units(1024), "1.0 KiB");
        assert_eq!(in_units(1024 * 1024 - 1), "1023.9 KiB");
        assert_eq!(in_units(1024 * 1024), "1.0 MiB");
        assert_eq!(in_units(u64::MAX), "16777215.9 TiB");
    }
}
