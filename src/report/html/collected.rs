//! What is kept while the run lasts.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::attachment;
use super::attempt_markup::{Attacher, AttemptFrame, AttemptSink};
use super::record::{AttemptRecord, Piece};
use super::record_file::{PageRecord, RecordFile, RecordReader};
use crate::event::{AttachmentSource, Event, HookPlace};
use crate::html::markup::push_line;
use crate::report::Finish;
use crate::report::attempt::NoteOwner;
use crate::report::catalogue::Catalogue;
use crate::report::part_file::{Part, PartFile, PartReader};
use crate::report::{hook, text, trouble};

/// An attachment with more bytes of markup can be left out of a page that gets too large.
const SMALL_ATTACHMENT: usize = 4 * 1024;
/// The attachments of an attempt that are shown.
const MOST_ATTACHMENTS: usize = 200;

/// The parts of the page.
pub(super) struct PageParts {
    parts: PartFile,
    records: RecordFile,
    run: RunFacts,
    /// What hooks outside scenarios attached.
    outside: Vec<Piece>,
    running: HashMap<u32, UnfinishedAttempt>,
    attached_outside: Vec<(u32, HookPlace, AttachedMarkup)>,
}

/// The parts when all are known.
pub(super) struct CollectedParts {
    pub(super) parts: PartReader,
    pub(super) records: RecordReader,
    pub(super) run: RunFacts,
    pub(super) outside: Vec<Piece>,
}

/// What [`Event::RunStarted`] says.
#[derive(Default)]
pub(super) struct RunFacts {
    pub(super) bdd: String,
    pub(super) jobs: u32,
}

/// An attempt that is not over.
#[derive(Default)]
struct UnfinishedAttempt {
    worker: Option<u32>,
    attached: Vec<(Attacher, AttachedMarkup)>,
    omitted: usize,
}

/// The markup of an attachment. The larger part of it is in the file already.
struct AttachedMarkup {
    head: String,
    content: Option<Part>,
}

impl PageParts {
    pub(super) fn new(folder: Option<&Path>) -> io::Result<Self> {
        Ok(Self {
            parts: PartFile::new(folder)?,
            records: RecordFile::new(folder)?,
            run: RunFacts::default(),
            outside: Vec::new(),
            running: HashMap::new(),
            attached_outside: Vec::new(),
        })
    }

    pub(super) fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        match event {
            Event::RunStarted { bdd, jobs, .. } => {
                self.run = RunFacts {
                    bdd: bdd.clone(),
                    jobs: *jobs,
                };
            }
            Event::ScenarioStarted {
                scenario, worker, ..
            } => {
                let running = UnfinishedAttempt {
                    worker: *worker,
                    ..UnfinishedAttempt::default()
                };
                self.running.insert(*scenario, running);
            }
            Event::ScenarioNotRun { scenario, reason } => {
                let record = PageRecord::NotRun(reason.clone());
                self.record(*scenario, &record, catalogue)?;
            }
            Event::Trend { scenario, trend } => {
                let record = PageRecord::Trend(trend.clone());
                self.record(*scenario, &record, catalogue)?;
            }
            Event::Attachment { source, .. } => self.attachment(event, source, catalogue)?,
            Event::HookFinished { hook, place, .. } if hook::scenario_of(event).is_none() => {
                self.outside_hook(*hook, place, catalogue)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn record(
        &mut self,
        scenario: u32,
        record: &PageRecord,
        catalogue: &Catalogue,
    ) -> io::Result<()> {
        match catalogue.place(scenario) {
            Some(place) => self.records.add(place, catalogue.len(), record),
            None => Ok(()),
        }
    }

    fn attachment(
        &mut self,
        event: &Event,
        source: &AttachmentSource,
        catalogue: &Catalogue,
    ) -> io::Result<()> {
        let (scenario, attacher) = match source {
            AttachmentSource::Step { scenario, step, .. } => {
                (*scenario, Attacher::Step(NoteOwner::Step(*step)))
            }
            AttachmentSource::ExtraStep {
                scenario, extra, ..
            } => (*scenario, Attacher::Step(NoteOwner::Extra(*extra))),
            AttachmentSource::Hook { hook, place } => match hook::scenario_of(event) {
                Some(scenario) => {
                    let moment = hook::moment(catalogue, *hook, place);
                    (scenario, Attacher::Hook(*hook, moment))
                }
                None => {
                    if self.attached_outside.len() < MOST_ATTACHMENTS {
                        let markup = self.markup(event)?;
                        let attached = (*hook, place.clone(), markup);
                        self.attached_outside.push(attached);
                    }
                    return Ok(());
                }
            },
        };
        let running = self.running.entry(scenario).or_default();
        if running.attached.len() >= MOST_ATTACHMENTS {
            running.omitted += 1;
            return Ok(());
        }
        let markup = self.markup(event)?;
        let running = self.running.entry(scenario).or_default();
        running.attached.push((attacher, markup));
        Ok(())
    }

    fn markup(&mut self, event: &Event) -> io::Result<AttachedMarkup> {
        let Event::Attachment {
            media_type,
            file_name,
            body,
            ..
        } = event
        else {
            return Err(io::Error::other("it is no attachment"));
        };
        let markup = attachment::markup(media_type, file_name.as_deref(), body);
        let mut head = markup.head;
        let content = if markup.content.len() <= SMALL_ATTACHMENT {
            head.push_str(&markup.content);
            None
        } else {
            Some(self.parts.add(&markup.content)?)
        };
        Ok(AttachedMarkup { head, content })
    }

    /// A hook outside scenarios is over. If it attached something, it gets an entry.
    fn outside_hook(
        &mut self,
        hook: u32,
        place: &HookPlace,
        catalogue: &Catalogue,
    ) -> io::Result<()> {
        let is_its = |(of, at, _): &mut (u32, HookPlace, _)| *of == hook && at == place;
        let attached: Vec<_> = self.attached_outside.extract_if(.., is_its).collect();
        if attached.is_empty() {
            return Ok(());
        }
        let mut composer = Composer::new(Vec::new());
        composer.text.push_str("<h3>");
        push_line(&mut composer.text, &trouble::hook_title(catalogue, hook));
        composer.text.push_str("</h3>");
        for (_, _, markup) in attached {
            composer.attached_markup(markup);
        }
        self.outside.extend(composer.finish(&mut self.parts)?);
        Ok(())
    }

    /// Takes an attempt that is over.
    pub(super) fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        let attempt = finish.attempt;
        let index = catalogue.at(attempt.place).1.index;
        let running = self.running.remove(&index).unwrap_or_default();
        let mut composer = Composer::new(running.attached);
        let frame = AttemptFrame {
            catalogue,
            attempt,
            matches: finish.matches,
        };
        frame.write(&mut composer);
        composer.rest(running.omitted);
        let pieces = composer.finish(&mut self.parts)?;
        let record = AttemptRecord::new(attempt, catalogue, running.worker, pieces);
        let record = PageRecord::Attempt(record);
        self.records.add(attempt.place, catalogue.len(), &record)
    }

    /// Ends the collecting.
    pub(super) fn finish(self) -> io::Result<CollectedParts> {
        Ok(CollectedParts {
            parts: self.parts.into_reader()?,
            records: self.records.into_reader()?,
            run: self.run,
            outside: self.outside,
        })
    }
}

/// Puts the markup of an attempt together.
struct Composer {
    text: String,
    attached: Vec<(Attacher, AttachedMarkup)>,
    ready: Vec<PlacedMarkup>,
}

/// Markup whose place is known.
enum PlacedMarkup {
    Text { text: String, optional: bool },
    Part(Part),
}

impl Composer {
    fn new(attached: Vec<(Attacher, AttachedMarkup)>) -> Self {
        Self {
            text: String::new(),
            attached,
            ready: Vec::new(),
        }
    }

    fn end_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() {
            let optional = false;
            self.ready.push(PlacedMarkup::Text { text, optional });
        }
    }

    fn attached_markup(&mut self, markup: AttachedMarkup) {
        self.text.push_str(&markup.head);
        if let Some(content) = markup.content {
            self.end_text();
            self.ready.push(PlacedMarkup::Part(content));
        }
    }

    /// Adds the attachments of which nothing else was shown.
    fn rest(&mut self, omitted: usize) {
        for (_, markup) in std::mem::take(&mut self.attached) {
            self.attached_markup(markup);
        }
        if omitted > 0 {
            let more = text::plural(omitted, "attachment");
            self.text.push_str("<p class=no>… and ");
            self.text.push_str(&more);
            self.text.push_str(" more</p>");
        }
    }

    fn finish(mut self, parts: &mut PartFile) -> io::Result<Vec<Piece>> {
        self.end_text();
        let ready = self.ready.into_iter().map(|ready| {
            Ok(match ready {
                PlacedMarkup::Text { text, optional } => Piece {
                    part: parts.add(&text)?,
                    optional,
                },
                PlacedMarkup::Part(part) => Piece {
                    part,
                    optional: true,
                },
            })
        });
        ready.collect()
    }
}

impl AttemptSink for Composer {
    fn text(&mut self) -> &mut String {
        &mut self.text
    }

    fn attachments(&mut self, of: Attacher) {
        if self.attached.is_empty() {
            return;
        }
        let is_its = |(attacher, _): &mut (Attacher, _)| *attacher == of;
        let attached: Vec<_> = self.attached.extract_if(.., is_its).collect();
        for (_, markup) in attached {
            self.attached_markup(markup);
        }
    }

    fn optional(&mut self, text: String) {
        self.end_text();
        let optional = true;
        self.ready.push(PlacedMarkup::Text { text, optional });
    }
}
