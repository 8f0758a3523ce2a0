//! From feature files to the plan: read, parse, select, on several threads.

use std::fs;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::build::location;
use super::intern::Interner;
use super::overlooked::overlooked;
use super::select::{LineMiss, select};
use super::warnings::{Warning, no_scenarios};
use super::{Location, Plan, PlannedFeature};
use crate::config::{Selection, reason};
use crate::discover::FeatureFile;
use crate::gherkin::{self, ParseError, ParseOptions};

/// Below this number of files for each, further threads cost more than they save.
const FILES_PER_THREAD: usize = 8;

/// The plan and all that was noticed on the way.
#[derive(Debug, Default)]
pub struct Planning {
    /// What was selected from the files that parse.
    pub plan: Plan,
    /// The text of each feature's file, in the order of the plan; empty unless it was asked for.
    pub sources: Vec<Arc<str>>,
    /// The files that cannot be read or parsed, one entry for each error, in the order of files.
    pub unparsed: Vec<Unparsed>,
    /// Lines that were asked for and mean no scenario.
    pub misses: Vec<LineMiss>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
    /// The number of scenarios in all files that parse, selected or not.
    pub total: usize,
}

/// A mistake in a feature file, or a file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unparsed {
    /// The file as it is shown.
    pub uri: Arc<str>,
    /// Where, if it has a place.
    pub location: Option<Location>,
    /// The official message.
    pub message: String,
    /// The message with source excerpt, caret and hint, as the terminal shows it.
    pub diagnostic: String,
}

/// Plans the scenarios of `files` that fulfil `selection`. Up to `threads` files are read at once;
/// the result does not depend on it. The texts of the files are kept if `keep_sources` says so.
pub fn plan(
    files: &[FeatureFile],
    selection: &Selection,
    threads: NonZeroU32,
    keep_sources: bool,
) -> Planning {
    let options = ParseOptions {
        dialect: selection.language.dialect(),
        ..ParseOptions::default()
    };
    let mut planning = Planning::default();
    let mut index = 0;
    for part in parts(
        files,
        &Wanted {
            selection,
            options,
            keep_sources,
        },
        threads,
    ) {
        planning.unparsed.extend(part.unparsed);
        planning.misses.extend(part.misses);
        planning.warnings.extend(part.warnings);
        planning.total += part.total;
        if let Some(mut feature) = part.feature {
            for scenario in &mut feature.scenarios {
                scenario.index = index;
                index += 1;
            }
            planning.plan.features.push(Arc::new(feature));
            planning.sources.extend(part.source);
        }
    }
    planning
}

/// What is wanted of each file.
struct Wanted<'w> {
    selection: &'w Selection,
    options: ParseOptions,
    keep_sources: bool,
}

/// What comes of one file.
#[derive(Default)]
pub(super) struct Part {
    pub(super) feature: Option<PlannedFeature>,
    pub(super) source: Option<Arc<str>>,
    pub(super) unparsed: Vec<Unparsed>,
    pub(super) misses: Vec<LineMiss>,
    pub(super) warnings: Vec<Warning>,
    pub(super) total: usize,
}

/// The parts of all files, in their order.
fn parts(files: &[FeatureFile], wanted: &Wanted<'_>, threads: NonZeroU32) -> Vec<Part> {
    let threads = files
        .len()
        .div_ceil(FILES_PER_THREAD)
        .min(threads.get() as usize);
    if threads <= 1 {
        let mut interner = Interner::default();
        return files
            .iter()
            .map(|file| part(file, wanted, &mut interner))
            .collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut interner = Interner::default();
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(at) else {
                return done;
            };
            done.push((at, part(file, wanted, &mut interner)));
        }
    };
    let mut all: Vec<(usize, Part)> = thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles
            .into_iter()
            .flat_map(|handle| match handle.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, part)| part).collect()
}

fn part(file: &FeatureFile, wanted: &Wanted<'_>, interner: &mut Interner) -> Part {
    let bytes = match fs::read(&file.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("cannot read {}: {}", file.uri, reason(&error));
            return Part {
                unparsed: vec![Unparsed {
                    uri: file.uri.clone(),
                    location: None,
                    diagnostic: message.clone(),
                    message,
                }],
                ..Part::default()
            };
        }
    };
    let failed = |errors: &[ParseError], source: &str| Part {
        unparsed: gherkin::worth_showing(errors)
            .into_iter()
            .map(|error| unparsed(&file.uri, error, source))
            .collect(),
        ..Part::default()
    };
    let source = match gherkin::decode(&bytes) {
        Ok(source) => source,
        Err(error) => {
            return failed(
                std::slice::from_ref(&error),
                &String::from_utf8_lossy(&bytes),
            );
        }
    };
    let options = wanted.options.for_path(&file.uri);
    let document = match gherkin::parse(source, &options) {
        Ok(document) => document,
        Err(errors) => return failed(&errors, source),
    };
    match gherkin::compile(&document) {
        Ok(pickles) => {
            let mut part = select(file, &document, &pickles, wanted.selection, interner);
            if wanted.keep_sources && part.feature.is_some() {
                part.source = Some(source.into());
            }
            if file.lines.is_none()
                && let Some(feature) = &document.feature
            {
                part.warnings.extend(overlooked(&file.uri, source, feature));
                if pickles.is_empty() && part.warnings.is_empty() {
                    part.warnings.push(no_scenarios(file));
                }
                part.warnings.sort_by_key(|warning| warning.location.line);
            }
            part
        }
        Err(error) => failed(std::slice::from_ref(&error), source),
    }
}

fn unparsed(uri: &Arc<str>, error: &ParseError, source: &str) -> Unparsed {
    Unparsed {
        uri: uri.clone(),
        location: Some(location(error.location)),
        message: error.message(),
        diagnostic: error.render(uri, source),
    }
}
