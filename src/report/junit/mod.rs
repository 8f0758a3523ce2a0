//! `junit`: XML for Jenkins and similar tools, a suite per feature.
//!
//! Every planned scenario is one test case, whatever its result is. Failures outside scenarios (files with
//! errors, the run itself) are test cases too, because a report without failures means a green run.

mod attachment_folder;
mod attachment_name;
mod attachments;
mod case;
mod collected;
mod directory;
mod links;
mod lock;
mod names;
mod suites;
mod xml;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use foldhash::{HashMap, HashMapExt};

use self::attachment_folder::AttachmentFolder;
use self::attachments::{KeptAttachments, ScenarioFiles};
use self::collected::Collected;
use self::directory::Directory;
pub(super) use self::links::JunitPlace;
use self::suites::SuiteSources;
use super::catalogue::Catalogue;
use super::options::JunitOptions;
use super::output::Output;
use super::{Finish, Reporter, Summary};
use crate::event::Event;

/// Collects the results and writes them in plan order at the end.
pub(super) struct Junit {
    target: JunitTarget,
    collected: Collected,
    place: JunitPlace,
    /// What is attached, if it is kept as files.
    attachments: Option<KeptAttachments>,
}

enum JunitTarget {
    File(Output),
    Directory(Directory),
}

impl Junit {
    /// One file with all suites.
    pub(super) fn file(output: Output, place: JunitPlace, options: JunitOptions) -> Self {
        Self::new(JunitTarget::File(output), place, options)
    }

    /// A file for each suite.
    pub(super) fn directory(path: PathBuf, place: JunitPlace, options: JunitOptions) -> Self {
        let target = JunitTarget::Directory(Directory::new(path));
        Self::new(target, place, options)
    }

    /// Lets test cases link to an HTML report of the same run.
    pub(super) fn with_html(mut self, path: Option<&Path>) -> Self {
        if let Some(path) = path {
            self.collected.link_to(self.place.link(path));
        }
        self
    }

    /// What is wrong with writing into this folder now, if something is.
    pub(super) fn warning_of(path: &Path) -> Option<String> {
        Directory::has_other_run(path).then(|| {
            "another run of bdd writes into this folder at this moment: the run that ends last replaces the reports of \
             the other"
                .to_owned()
        })
    }

    fn new(target: JunitTarget, place: JunitPlace, options: JunitOptions) -> Self {
        let is_stream = matches!(&target, JunitTarget::File(output) if output.is_live());
        let keeps = options.attachments && !options.plain && !is_stream && place.can_be_named();
        let attachments = keeps.then(|| KeptAttachments::new(place.of_report().to_owned()));
        Junit {
            target,
            collected: Collected::new(options, place.of_report()),
            place,
            attachments,
        }
    }
}

impl Reporter for Junit {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        self.collected.event(event, catalogue);
        if let Event::ReportOptions {
            html: Some(path), ..
        } = event
        {
            self.collected.link_to(self.place.link(Path::new(path)));
        }
        if let Some(attachments) = &mut self.attachments {
            attachments.event(event)?;
        }
        match &mut self.target {
            JunitTarget::Directory(directory) if matches!(event, Event::RunStarted { .. }) => {
                directory.begin()
            }
            _ => Ok(()),
        }
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        if let Some(attachments) = &mut self.attachments {
            attachments.attempt(finish.attempt, catalogue)?;
        }
        self.collected.keep(finish.attempt, catalogue)
    }

    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        let Junit {
            target,
            collected,
            place,
            attachments,
        } = self;
        let attachments = attachments.as_mut();
        match target {
            JunitTarget::Directory(directory) => directory.replace(|files| {
                let sources = SuiteSources {
                    summary,
                    catalogue,
                    attached: &written_attachments(place, attachments, catalogue)?,
                };
                suites::write_all(collected, sources, &mut |uri, suite| {
                    files.write(uri, &suite)
                })
            }),
            JunitTarget::File(output) => {
                let attached = match output.is_live() {
                    true => HashMap::new(),
                    false => written_attachments(place, attachments, catalogue)?,
                };
                let frame = collected.frame(summary, catalogue)?;
                output.write_all(frame.head.as_bytes())?;
                let sources = SuiteSources {
                    summary,
                    catalogue,
                    attached: &attached,
                };
                suites::write_all(collected, sources, &mut |_, suite| {
                    output.write_all(&suite.xml)
                })?;
                output.write_all(frame.tail.as_bytes())?;
                output.commit()
            }
        }
    }
}

/// Replaces the attachments of an earlier run by those that are kept now.
fn written_attachments(
    place: &JunitPlace,
    kept: Option<&mut KeptAttachments>,
    catalogue: &Catalogue,
) -> io::Result<HashMap<u32, ScenarioFiles>> {
    let Some((path, shown)) = place.attachments() else {
        return Ok(HashMap::new());
    };
    let write = || {
        let mut folder = AttachmentFolder::new(&path, shown)?;
        match kept {
            Some(kept) => kept.write(&mut folder, catalogue),
            None => Ok(HashMap::new()),
        }
    };
    write().map_err(|error| {
        let message = format!("attachments cannot be written: {}: {error}", path.display());
        io::Error::new(error.kind(), message)
    })
}
