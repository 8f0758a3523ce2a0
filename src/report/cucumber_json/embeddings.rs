//! What steps and hooks attach.

use std::collections::HashMap;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::event::{AttachmentBody, AttachmentSource, Event};
use crate::json::Json;
use crate::report::attempt::NoteOwner;
use crate::report::hook::scenario_of;

/// Lines of a log are `output` and no embedding.
const LOG: &str = "text/x.cucumber.log+plain";

/// Something that a step or hook attached.
pub(super) struct Embedding {
    /// The step; `None` for a hook.
    pub(super) owner: Option<NoteOwner>,
    media_type: String,
    name: Option<String>,
    base64: String,
}

/// What running scenarios have attached.
pub(super) struct Embeddings {
    /// Whether the report has them.
    wanted: bool,
    by_scenario: HashMap<u32, Vec<Embedding>>,
}

impl Embeddings {
    pub(super) fn new(wanted: bool) -> Self {
        Self {
            wanted,
            by_scenario: HashMap::new(),
        }
    }

    /// What a scenario has attached since it was taken last.
    pub(super) fn take(&mut self, scenario: u32) -> Vec<Embedding> {
        self.by_scenario.remove(&scenario).unwrap_or_default()
    }

    /// Keeps what an event attaches.
    ///
    /// # Errors
    /// When an attached file cannot be read.
    pub(super) fn event(&mut self, event: &Event) -> io::Result<()> {
        let Event::Attachment {
            source,
            media_type,
            file_name,
            body,
            ..
        } = event
        else {
            return Ok(());
        };
        let (scenario, owner) = match source {
            AttachmentSource::Step { scenario, step, .. } => {
                (Some(*scenario), Some(NoteOwner::Step(*step)))
            }
            AttachmentSource::ExtraStep {
                scenario, extra, ..
            } => (Some(*scenario), Some(NoteOwner::Extra(*extra))),
            AttachmentSource::Hook { .. } => (scenario_of(event), None),
        };
        let Some(scenario) = scenario.filter(|_| self.wanted && media_type != LOG) else {
            return Ok(());
        };
        let base64 = match body {
            AttachmentBody::Text(text) => STANDARD.encode(text),
            AttachmentBody::Base64(code) => code.clone(),
            AttachmentBody::File(path) => STANDARD.encode(std::fs::read(path)?),
        };
        let embedding = Embedding {
            owner,
            media_type: media_type.clone(),
            name: file_name.clone(),
            base64,
        };
        let of_scenario = self.by_scenario.entry(scenario).or_default();
        of_scenario.push(embedding);
        Ok(())
    }
}

pub(super) fn write_embeddings<'e>(
    json: &mut Json<'_>,
    embeddings: impl Iterator<Item = &'e Embedding>,
) {
    let mut embeddings = embeddings.peekable();
    if embeddings.peek().is_none() {
        return;
    }
    json.objects("embeddings", embeddings, |json, one| {
        json.string("mime_type", &one.media_type);
        json.string("data", &one.base64);
        if let Some(name) = &one.name {
            json.string("name", name);
        }
    });
}
