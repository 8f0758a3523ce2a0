//! Attached files, kept in a folder beside the report.
//!
//! Jenkins and GitLab show a file that a line `[[ATTACHMENT|PATH]]` of a test case names. While the run lasts, the bytes
//! are in a temporary file; the folder is written with the report. How much is kept is limited: a CI server copies and
//! stores it for every build.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use foldhash::{HashMap, HashMapExt};
use tempfile::{SpooledTempFile, spooled_tempfile};

use super::attachment_folder::AttachmentFolder;
use super::attachment_name::{FolderNames, file_name};
use crate::event::{AttachmentBody, AttachmentSource, Event, Status};
use crate::report::attempt::Attempt;
use crate::report::catalogue::{Catalogue, Place};
use crate::report::hook;
use crate::report::note::is_shown_in_full;
use crate::report::part_file::{Part, PartFile};

/// Larger attachments are not kept.
const LARGEST: u64 = 16 << 20;
/// The bytes that are kept of an attempt.
const ROOM_OF_ATTEMPT: u64 = 32 << 20;
/// The number of files that are kept of an attempt.
const MOST_OF_ATTEMPT: usize = 200;
/// The bytes that are kept of all attempts that passed.
const ROOM_OF_PASSED: u64 = 64 << 20;
/// The bytes that are kept of all other attempts.
const ROOM_OF_OTHERS: u64 = 256 << 20;
/// As much of an attempt waits in memory for its end.
const IN_MEMORY: usize = 64 * 1024;

/// The attachments of all attempts.
pub(super) struct KeptAttachments {
    /// The folder of the report, where there is room for a temporary file.
    beside: PathBuf,
    parts: Option<PartFile>,
    /// By the index of the scenario: what its attempt has attached so far.
    running: HashMap<u32, AttemptAttachments>,
    kept: HashMap<Place, ScenarioAttachments>,
    room_of_passed: u64,
    room_of_others: u64,
}

/// What an attempt that is not over has attached.
struct AttemptAttachments {
    spool: SpooledTempFile,
    length: u64,
    /// The name and the length of each file, in their order.
    files: Vec<(String, u64)>,
    left_out: usize,
}

/// What all attempts of a scenario have attached.
#[derive(Default)]
struct ScenarioAttachments {
    /// The name of each file, and its bytes.
    files: Vec<(String, Part)>,
    left_out: usize,
}

/// The files of a scenario as the report names them.
#[derive(Debug, Default)]
pub(super) struct ScenarioFiles {
    /// The addresses of the files, from the report.
    pub(super) links: Vec<String>,
    /// The paths of the files, as that of the report was given.
    pub(super) paths: Vec<String>,
    /// How many more the scenario attached.
    pub(super) left_out: usize,
}

impl KeptAttachments {
    /// No attachments yet, of a report in the folder `beside`.
    pub(super) fn new(beside: PathBuf) -> Self {
        Self {
            beside,
            parts: None,
            running: HashMap::new(),
            kept: HashMap::new(),
            room_of_passed: ROOM_OF_PASSED,
            room_of_others: ROOM_OF_OTHERS,
        }
    }

    /// Takes an event.
    pub(super) fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::ScenarioStarted { scenario, .. } => {
                self.running.remove(scenario);
                Ok(())
            }
            Event::Attachment {
                source,
                media_type,
                file_name: name,
                body,
                ..
            } => {
                // Logs and links are lines of `system-out`.
                let (Some(scenario), false) =
                    (scenario_of(event, source), is_shown_in_full(media_type))
                else {
                    return Ok(());
                };
                let running = self.running.entry(scenario).or_default();
                running.take(file_name(name.as_deref(), media_type), body)
            }
            _ => Ok(()),
        }
    }

    /// Takes an attempt that is over.
    pub(super) fn attempt(&mut self, attempt: &Attempt, catalogue: &Catalogue) -> io::Result<()> {
        let index = catalogue.at(attempt.place).1.index;
        let Some(mut running) = self.running.remove(&index) else {
            return Ok(());
        };
        let room = match attempt.status {
            Status::Passed => &mut self.room_of_passed,
            _ => &mut self.room_of_others,
        };
        let kept = self.kept.entry(attempt.place).or_default();
        kept.left_out += running.left_out;
        let Some(left) = room.checked_sub(running.length) else {
            kept.left_out += running.files.len();
            return Ok(());
        };
        *room = left;
        running.spool.rewind()?;
        let parts = match &mut self.parts {
            Some(parts) => parts,
            none => none.insert(PartFile::beside(&self.beside)?),
        };
        for (name, length) in running.files {
            let part = parts.add_from(&mut (&mut running.spool).take(length))?;
            kept.files.push((name, part));
        }
        Ok(())
    }

    /// Writes the folder; without attachments there is none. Returns the files by the ordinals of the scenarios.
    pub(super) fn write(
        &mut self,
        folder: &mut AttachmentFolder,
        catalogue: &Catalogue,
    ) -> io::Result<HashMap<u32, ScenarioFiles>> {
        let mut written = HashMap::new();
        let mut parts = match self.parts.take() {
            Some(parts) => Some(parts.into_reader()?),
            None => None,
        };
        let mut names = FolderNames::default();
        // In the order of the plan, so that names that are given twice are the same in a replay.
        let mut all: Vec<(Place, ScenarioAttachments)> = self.kept.drain().collect();
        all.sort_by_key(|(place, _)| *place);
        for (place, attached) in all {
            let mut files = ScenarioFiles {
                left_out: attached.left_out,
                ..ScenarioFiles::default()
            };
            if let Some(parts) = &mut parts
                && !attached.files.is_empty()
            {
                let mut own = names.of_scenario(catalogue.at(place).1);
                for (name, part) in attached.files {
                    let path = own.unique(&name);
                    parts.copy(part, &mut folder.create(&path)?)?;
                    files.links.push(folder.link(&path));
                    files.paths.push(folder.shown(&path));
                }
            }
            written.insert(place.ordinal, files);
        }
        Ok(written)
    }
}

impl Default for AttemptAttachments {
    fn default() -> Self {
        Self {
            spool: spooled_tempfile(IN_MEMORY),
            length: 0,
            files: Vec::new(),
            left_out: 0,
        }
    }
}

impl AttemptAttachments {
    fn take(&mut self, name: String, body: &AttachmentBody) -> io::Result<()> {
        let room = LARGEST.min(ROOM_OF_ATTEMPT - self.length);
        let length = match self.files.len() < MOST_OF_ATTEMPT {
            true => self.write(body, room)?,
            false => None,
        };
        match length {
            Some(length) => {
                self.length += length;
                self.files.push((name, length));
            }
            None => self.left_out += 1,
        }
        Ok(())
    }

    /// Writes a body after those before it. Returns its length; `None` if it does not fit into the room, or cannot be
    /// read: then the next one takes its place.
    fn write(&mut self, body: &AttachmentBody, room: u64) -> io::Result<Option<u64>> {
        self.spool.seek(SeekFrom::Start(self.length))?;
        let decoded;
        let bytes = match body {
            AttachmentBody::File(path) => {
                let Ok(file) = File::open(path) else {
                    return Ok(None);
                };
                // One byte more shows that it is too large.
                let length = io::copy(&mut file.take(room + 1), &mut self.spool)?;
                return Ok((length <= room).then_some(length));
            }
            AttachmentBody::Text(text) => text.as_bytes(),
            AttachmentBody::Base64(code) => match STANDARD.decode(code) {
                Ok(bytes) => {
                    decoded = bytes;
                    &decoded
                }
                Err(_) => return Ok(None),
            },
        };
        let length = bytes.len() as u64;
        if length > room {
            return Ok(None);
        }
        self.spool.write_all(bytes)?;
        Ok(Some(length))
    }
}

/// The scenario in whose attempt something was attached.
fn scenario_of(event: &Event, source: &AttachmentSource) -> Option<u32> {
    match source {
        AttachmentSource::Step { scenario, .. } | AttachmentSource::ExtraStep { scenario, .. } => {
            Some(*scenario)
        }
        AttachmentSource::Hook { .. } => hook::scenario_of(event),
    }
}
