//! A feature file that is read once and parsed once, for its plan and for whatever else looks at it.

use std::borrow::Cow;
use std::sync::Arc;

use super::file_plan::Unparsed;
use crate::discover::FeatureFile;
use crate::gherkin::{self, GherkinDocument, ParseError, ParseOptions};
use crate::input;
use crate::system_error::reason;

/// The content of a feature file, or why it cannot be read.
#[derive(Debug)]
pub struct FeatureText<'f> {
    file: &'f FeatureFile,
    bytes: Result<Vec<u8>, String>,
}

impl<'f> FeatureText<'f> {
    /// Reads a file.
    pub fn read(file: &'f FeatureFile) -> Self {
        let bytes = input::read(&file.path)
            .map_err(|error| format!("cannot read {}: {}", file.uri, reason(&error)));
        Self { file, bytes }
    }

    /// Parses it. `options` are those of the project; the file may be Markdown.
    pub fn parse(&self, options: &ParseOptions) -> ParsedFeature<'_> {
        let (file, options) = (self.file, options.for_path(&self.file.uri));
        let (source, document) = match &self.bytes {
            Err(message) => ("".into(), Err(NoDocument::Unread(message.clone()))),
            Ok(bytes) => match gherkin::decode(bytes) {
                Ok(source) => {
                    let document = gherkin::parse(source, &options);
                    (source.into(), document.map_err(NoDocument::Mistakes))
                }
                Err(error) => (
                    String::from_utf8_lossy(bytes),
                    Err(NoDocument::Mistakes(vec![error])),
                ),
            },
        };
        ParsedFeature {
            file,
            source,
            document,
        }
    }
}

/// A feature file with its document, or with what is wrong with it.
#[derive(Debug)]
pub struct ParsedFeature<'s> {
    file: &'s FeatureFile,
    source: Cow<'s, str>,
    document: Result<GherkinDocument<'s>, NoDocument>,
}

/// Why a file has no document.
#[derive(Debug)]
enum NoDocument {
    /// It cannot be read.
    Unread(String),
    /// It does not parse.
    Mistakes(Vec<ParseError>),
}

impl<'s> ParsedFeature<'s> {
    /// A file with a text that may differ from the one on the disk, and what that says.
    pub fn unsaved(file: &'s FeatureFile, source: &'s str, document: GherkinDocument<'s>) -> Self {
        Self {
            file,
            source: source.into(),
            document: Ok(document),
        }
    }

    /// The file.
    pub fn file(&self) -> &'s FeatureFile {
        self.file
    }

    /// Its text; empty if it cannot be read.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Its text and what it says, if it parses.
    pub fn into_document(self) -> Option<(&'s str, GherkinDocument<'s>)> {
        match (self.source, self.document) {
            (Cow::Borrowed(source), Ok(document)) => Some((source, document)),
            _ => None,
        }
    }

    /// What it says.
    ///
    /// # Errors
    /// All its mistakes. `keep_source` keeps the text with the first.
    pub(super) fn document(
        &self,
        keep_source: bool,
    ) -> Result<&GherkinDocument<'s>, Vec<Unparsed>> {
        self.document.as_ref().map_err(|why| match why {
            NoDocument::Mistakes(errors) => self.mistakes(errors, keep_source),
            NoDocument::Unread(message) => vec![Unparsed {
                uri: Arc::clone(&self.file.uri),
                location: None,
                diagnostic: message.clone(),
                message: message.clone(),
                follows: false,
                source: None,
            }],
        })
    }

    /// These mistakes of the file.
    pub(super) fn mistakes(&self, errors: &[ParseError], keep_source: bool) -> Vec<Unparsed> {
        let uri = &self.file.uri;
        let shown = gherkin::worth_showing(errors).into_iter();
        let mut all: Vec<Unparsed> = shown
            .map(|(error, is_shown)| Unparsed {
                uri: Arc::clone(uri),
                location: Some(error.location),
                message: error.message(),
                diagnostic: match is_shown {
                    true => error.render(uri, &self.source),
                    false => String::new(),
                },
                follows: !is_shown,
                source: None,
            })
            .collect();
        if keep_source && let Some(first) = all.first_mut() {
            first.source = Some((*self.source).into());
        }
        all
    }
}
