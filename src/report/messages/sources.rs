//! Feature files: their texts, documents and pickles.

use std::io::{self, Write};
use std::sync::Arc;

use super::cases::{Cases, Pickle};
use super::stream::Stream;
use crate::gherkin::{self, Dialect, Messages, ParseOptions};
use crate::plan::{Location, PlannedFeature};

/// Documents are passed on in pieces of about this size.
const PIECE: usize = 1 << 16;

/// The file whose text came last; its plan comes next.
#[derive(Default)]
pub(super) struct Sources {
    last: Option<File>,
}

/// The pickles of a file, in its order.
struct File {
    uri: Arc<str>,
    /// Where each stands, and its ids.
    pickles: Vec<(Location, Pickle)>,
}

impl Sources {
    /// Writes a file: its text, its document, all its pickles.
    pub(super) fn write(
        &mut self,
        stream: &mut Stream,
        uri: &Arc<str>,
        language: &str,
        text: &str,
    ) -> io::Result<()> {
        let wrong = || {
            invalid(format!(
                "the text of {uri} does not parse, though it was planned"
            ))
        };
        let options = ParseOptions {
            dialect: Dialect::find(language).unwrap_or_else(Dialect::english),
            markdown: false,
        }
        .for_path(uri);
        let document = gherkin::parse(text, &options).map_err(|_| wrong())?;
        let pickles = gherkin::compile(&document).map_err(|_| wrong())?;
        let first_id = stream.ids.first();
        let messages = Messages { uri, first_id };
        let Stream { output, line, ids } = stream;
        line.clear();
        messages.source(line, text, options.markdown);
        messages.document(line, &document);
        let mut known = Vec::with_capacity(pickles.len());
        for pickle in &pickles {
            if line.len() > PIECE {
                output.write_all(line)?;
                line.clear();
            }
            messages.pickle(line, pickle);
            let location = Location {
                line: pickle.location.line,
                column: pickle.location.column,
            };
            let first_step = pickle.steps.first().map_or(pickle.id, |step| step.id);
            let pickle = Pickle {
                id: first_id + u64::from(pickle.id),
                first_step: first_id + u64::from(first_step),
            };
            known.push((location, pickle));
        }
        output.write_all(line)?;
        // The last pickle has the highest id; a file without any is planned by nobody.
        let used = pickles
            .last()
            .map_or(document.next_id, |pickle| pickle.id.saturating_add(1));
        ids.skip(u64::from(used));
        self.last = Some(File {
            uri: Arc::clone(uri),
            pickles: known,
        });
        Ok(())
    }

    /// Finds the pickles of the scenarios that are planned in this file.
    pub(super) fn plan(
        &mut self,
        cases: &mut Cases,
        feature: &Arc<PlannedFeature>,
    ) -> io::Result<()> {
        let missing = |what: &str| invalid(format!("the events hold no {what} of {}", feature.uri));
        let pickles = match self.last.take() {
            Some(file) if file.uri == feature.uri => file.pickles,
            _ => return Err(missing("text")),
        };
        let mut pickles = pickles.into_iter();
        for (position, scenario) in feature.scenarios.iter().enumerate() {
            // Both are in the order of the file.
            let location = scenario.location;
            let (_, pickle) = pickles
                .find(|(place, _)| *place == location)
                .ok_or_else(|| missing(&format!("scenario in line {}", location.line)))?;
            cases.plan(feature, position, pickle);
        }
        Ok(())
    }
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
