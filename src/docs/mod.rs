//! Living documentation: the features as a static site that people read in a browser.
//!
//! The site needs no server, no network and no step program. Every page is made from text that anybody may have
//! written: all of it goes through `html`, so nothing of it becomes markup, and the policy of each page forbids
//! everything but the site's own style and script.

mod catalogue_page;
mod feature_page;
mod layout;
mod names;
mod overview;
mod prose;
mod results;
mod search;
mod site_folder;
mod steps;
mod tags;

use std::path::PathBuf;
use std::sync::Arc;

pub use catalogue_page::catalogue_page;
pub use site_folder::{SiteError, SiteFolder};

use crate::gherkin::{self, GherkinDocument, ParseOptions};
use crate::history::History;
use crate::input;
use crate::plan::PlannedFeature;
use crate::step_catalogue::StepCatalogue;
use crate::system_error::reason;
use layout::Layout;
use names::PageNames;
use overview::Overview;
use results::LastResults;
use search::SearchData;
use tags::TagPages;

/// A feature file to document.
#[derive(Debug)]
pub struct DocumentedFile<'p> {
    /// The path to open.
    pub path: PathBuf,
    /// The path as it is shown.
    pub uri: Arc<str>,
    /// What is selected of it; `None` if it has no scenario.
    pub planned: Option<&'p PlannedFeature>,
    /// Whether everything in it is selected.
    pub whole: bool,
}

/// What a site is made from.
#[derive(Debug)]
pub struct SiteSource<'p> {
    /// The title of all pages.
    pub title: String,
    /// The feature files, in order.
    pub files: Vec<DocumentedFile<'p>>,
    /// How files without a language are read.
    pub options: ParseOptions,
    /// The record of earlier runs.
    pub history: Option<History>,
    /// The step definitions, if a step program was asked for them.
    pub catalogue: Option<StepCatalogue>,
}

/// What a site has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteCounts {
    /// The number of features.
    pub features: usize,
    /// The number of scenarios; each row of an outline counts.
    pub scenarios: usize,
    /// The number of different tags.
    pub tags: usize,
}

/// Writes all pages of a site.
///
/// # Errors
/// When a feature file cannot be read any more, or a page cannot be written.
pub fn write(source: &SiteSource<'_>, folder: &mut SiteFolder) -> Result<SiteCounts, SiteError> {
    let names = PageNames::new(source.files.iter().map(|file| &*file.uri));
    let layout = Layout {
        title: &source.title,
        has_steps: source.catalogue.is_some(),
        has_tags: source.files.iter().any(|file| {
            let planned = file.planned.into_iter();
            let mut scenarios = planned.flat_map(|feature| &feature.scenarios);
            scenarios.any(|scenario| !scenario.tags.is_empty())
        }),
    };
    let results = LastResults::new(source.history.as_ref());
    let mut overview = Overview::default();
    let mut search = SearchData::default();
    let mut tags = TagPages::default();
    for file in &source.files {
        let text = read(file)?;
        let document = parse(file, &text, &source.options)?;
        let Some(feature) = &document.feature else {
            continue;
        };
        let name = names.of(&file.uri);
        let (page, summary) = feature_page::page(file, feature, name, &layout, &results);
        folder.file(name, &page)?;
        search.add(name, &summary);
        tags.add(name, &summary);
        overview.add(name, summary);
    }
    let counts = SiteCounts {
        features: overview.features(),
        scenarios: overview.scenarios(),
        tags: tags.count(),
    };
    folder.file("index.html", &overview.page(&layout))?;
    folder.file("search.html", &search.page(&layout))?;
    for (name, page) in tags.pages(&layout) {
        folder.file(&name, &page)?;
    }
    if let Some(catalogue) = &source.catalogue {
        let page = catalogue_page::site_page(catalogue, &names, &layout);
        folder.file("steps.html", &page)?;
    }
    Ok(counts)
}

fn read(file: &DocumentedFile<'_>) -> Result<String, SiteError> {
    let unreadable = |why: String| SiteError::new(format!("cannot read {}: {why}", file.uri));
    let bytes = input::read(&file.path).map_err(|error| unreadable(reason(&error)))?;
    let text = gherkin::decode(&bytes).map_err(|error| unreadable(error.message()))?;
    Ok(text.to_owned())
}

/// Parses a file that was parsed before. It may have changed since.
fn parse<'t>(
    file: &DocumentedFile<'_>,
    text: &'t str,
    options: &ParseOptions,
) -> Result<GherkinDocument<'t>, SiteError> {
    let options = options.for_path(&file.uri);
    gherkin::parse(text, &options)
        .map_err(|errors| SiteError::new(gherkin::render_errors(&errors, &file.uri, text)))
}
