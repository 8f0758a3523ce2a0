//! Makes the plan from feature files: read, parse, select, on several threads.

use std::num::NonZeroU32;
use std::sync::Arc;

use super::Plan;
use super::behave_forms::behave_forms;
use super::duplicates::duplicates;
use super::empty_blocks::{empty_blocks, no_scenarios};
use super::feature_text::{FeatureText, ParsedFeature};
use super::file_plan::{FilePlan, LineMiss, Unparsed};
use super::ignores::{Ignore, ignores};
use super::intern::Interner;
use super::lone_returns::lone_returns;
use super::markdown_slips::markdown_slips;
use super::overlooked::overlooked;
use super::select::select;
use super::source_text::{SourceText, SourceTexts};
use super::stray_placeholders::stray_placeholders;
use super::warnings::FeatureWarning;
use crate::config::Selection;
use crate::discover::FeatureFile;
use crate::gherkin::{Flavor, GherkinDocument, ParseOptions};
use crate::side_by_side;

/// With fewer files per thread, more threads cost more than they save.
const FILES_PER_THREAD: usize = 8;

/// The plan, and the problems that were found while planning.
#[derive(Debug, Default)]
pub struct Planning {
    /// What was selected from the files that parse.
    pub plan: Plan,
    /// The text of each feature's file, in the order of the plan; empty unless it was asked for.
    pub sources: Vec<SourceText>,
    /// For each file the title of its feature, selected or not; `None` when it does not parse.
    pub titles: Vec<Option<Arc<str>>>,
    /// The files that cannot be read or parsed, one entry for each error, in the order of files.
    pub unparsed: Vec<Unparsed>,
    /// Requested lines that select no scenario.
    pub misses: Vec<LineMiss>,
    /// Warnings about files that parse.
    pub warnings: Vec<FeatureWarning>,
    /// The number of scenarios in all files that parse, selected or not.
    pub total: usize,
}

/// Plans the scenarios of `files` that `selection` selects. Up to `threads` files are read at once;
/// the result does not depend on it. `keep_sources` keeps the texts of the files.
pub fn plan(
    files: &[FeatureFile],
    selection: &Selection,
    threads: NonZeroU32,
    keep_sources: bool,
) -> Planning {
    let wanted = Wanted {
        selection,
        options: selection.parse_options(),
        sources: keep_sources.then(SourceTexts::new),
    };
    Planning::of(plan_files(files, &wanted, threads))
}

/// Plans the scenarios of files whose documents the caller has and needs for more than the plan.
pub fn plan_documents(files: &[ParsedFeature<'_>], selection: &Selection) -> Planning {
    let wanted = Wanted {
        selection,
        options: selection.parse_options(),
        sources: None,
    };
    let mut interner = Interner::default();
    let plans = files
        .iter()
        .map(|file| plan_parsed(file, &wanted, &mut interner));
    Planning::of(plans.collect())
}

impl Planning {
    /// Joins the plans of all files, in their order.
    fn of(plans: Vec<FilePlan>) -> Self {
        let mut planning = Self::default();
        let mut index = 0;
        for planned in plans {
            planning.unparsed.extend(planned.unparsed);
            planning.misses.extend(planned.misses);
            planning.warnings.extend(planned.warnings);
            planning.titles.push(planned.title);
            planning.total += planned.total;
            if let Some(mut feature) = planned.feature {
                for scenario in &mut feature.scenarios {
                    scenario.index = index;
                    index += 1;
                }
                planning.plan.features.push(Arc::new(feature));
                planning.sources.extend(planned.source);
            }
        }
        planning
    }
}

/// What to plan from each file.
struct Wanted<'w> {
    selection: &'w Selection,
    options: ParseOptions,
    /// Keeps the texts of the files, if they are needed.
    sources: Option<SourceTexts>,
}

/// The plans of all files, in their order.
fn plan_files(files: &[FeatureFile], wanted: &Wanted<'_>, threads: NonZeroU32) -> Vec<FilePlan> {
    let threads = files
        .len()
        .div_ceil(FILES_PER_THREAD)
        .min(threads.get() as usize);
    side_by_side::map(
        files,
        (threads, "plan"),
        Interner::default,
        |interner, file| plan_file(file, wanted, interner),
    )
}

fn plan_file(file: &FeatureFile, wanted: &Wanted<'_>, interner: &mut Interner) -> FilePlan {
    let text = FeatureText::read(file);
    plan_parsed(&text.parse(&wanted.options), wanted, interner)
}

fn plan_parsed(
    parsed: &ParsedFeature<'_>,
    wanted: &Wanted<'_>,
    interner: &mut Interner,
) -> FilePlan {
    let (file, source) = (parsed.file(), parsed.source());
    let failed = |unparsed: Vec<Unparsed>| FilePlan {
        unparsed,
        ..FilePlan::default()
    };
    let document = match parsed.document(wanted.sources.is_some()) {
        Ok(document) => document,
        Err(unparsed) => return failed(unparsed),
    };
    match select(file, document, wanted.selection, interner) {
        Ok(mut planned) => {
            planned.title = (document.feature.as_ref()).map(|feature| interner.get(feature.name));
            if planned.feature.is_some() {
                planned.source = wanted.sources.as_ref().map(|texts| texts.keep(source));
            }
            let mut overlooked = match &document.feature {
                Some(feature) if wanted.options.for_path(&file.uri).markdown => {
                    markdown_slips(&file.uri, source, feature)
                }
                Some(feature) => overlooked(&file.uri, source, feature, document.flavor),
                None => Vec::new(),
            };
            let feature = document.feature.as_ref();
            overlooked.extend(lone_returns(&file.uri, source, feature));
            let ignores = ignores(source, document);
            mark_ignored(&mut overlooked, &ignores);
            let is_reported = |warning: &FeatureWarning| !warning.is_ignored;
            if wanted.selection.strict_text && overlooked.iter().any(is_reported) {
                overlooked.retain(is_reported);
                return strict(overlooked);
            }
            // Of a file with line numbers only a part is looked at.
            if file.lines.is_none() {
                let makes_nothing = planned.total == 0;
                let mut others = warnings(file, source, document, makes_nothing, overlooked);
                planned.warnings.append(&mut others);
                planned
                    .warnings
                    .sort_by_key(|warning| warning.location.line);
            }
            mark_ignored(&mut planned.warnings, &ignores);
            planned
        }
        Err(error) => {
            failed(parsed.mistakes(std::slice::from_ref(&error), wanted.sources.is_some()))
        }
    }
}

/// The warnings about a whole file, in any order. Those about lines that were overlooked are known.
fn warnings(
    file: &FeatureFile,
    source: &str,
    document: &GherkinDocument<'_>,
    makes_nothing: bool,
    overlooked: Vec<FeatureWarning>,
) -> Vec<FeatureWarning> {
    let feature = document.feature.as_ref();
    let mut warnings = overlooked;
    if let Some(feature) = feature {
        let flavor = document.flavor;
        warnings.extend(empty_blocks(&file.uri, feature, flavor, &warnings));
    }
    if makes_nothing && warnings.is_empty() {
        warnings.push(no_scenarios(file, source, feature));
    }
    if let Some(feature) = feature {
        warnings.extend(duplicates(&file.uri, feature));
        warnings.extend(match document.flavor {
            Flavor::Standard => stray_placeholders(&file.uri, feature),
            // Rows of behave have placeholders without a column, and backgrounds have those of each row.
            Flavor::Behave => behave_forms(&file.uri, feature),
        });
    }
    warnings
}

/// Marks the warnings that comments ask not to report.
fn mark_ignored(warnings: &mut [FeatureWarning], ignores: &[Ignore]) {
    for warning in warnings {
        let line = warning.location.line;
        warning.is_ignored = (ignores.iter()).any(|ignore| ignore.covers(warning.rule, line));
    }
}

/// The plan of a file whose warnings are errors.
fn strict(warnings: Vec<FeatureWarning>) -> FilePlan {
    let unparsed = warnings.into_iter().map(|warning| Unparsed {
        diagnostic: warning.to_string(),
        uri: warning.uri,
        location: Some(warning.location),
        message: warning.message,
        follows: false,
        source: None,
    });
    FilePlan {
        unparsed: unparsed.collect(),
        ..FilePlan::default()
    }
}
