//! What rules about several files need to know of each. It outlives the text of the file.

use std::sync::Arc;

use super::LintedFile;
use super::walk::each_tag;
use crate::gherkin::Location;

/// The language and the tags of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// The path as it is shown.
    pub uri: Arc<str>,
    /// The code of the language, and where the heading of the feature is; `None` without a feature.
    pub language: Option<(&'static str, Location)>,
    /// All tags as they are written, each with its place.
    pub tags: Vec<(Arc<str>, Location)>,
}

impl FileFacts {
    /// Those of a file.
    pub fn of(file: &LintedFile<'_>) -> Self {
        let mut tags = Vec::new();
        let feature = file.document.feature.as_ref();
        if let Some(feature) = feature {
            each_tag(feature, &mut |tag| {
                tags.push((Arc::from(tag.name), tag.location))
            });
        }
        Self {
            uri: Arc::clone(&file.uri),
            language: feature.map(|feature| (feature.language, feature.location)),
            tags,
        }
    }
}
