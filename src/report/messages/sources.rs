//! Feature files: their texts, documents and pickles.

use std::io;
use std::sync::Arc;

use super::cases::{Cases, PickleIds};
use super::stream::Stream;
use crate::gherkin::{self, Dialect, Flavor, Messages, ParseOptions};
use crate::json::Json;
use crate::plan::{
    KeywordType, Location, PlannedFeature, PlannedScenario, PlannedStep, StepArgument,
};

/// The file whose text came last. Its plan follows.
#[derive(Default)]
pub(super) struct FeatureFiles {
    last: Option<File>,
}

/// The pickles of a file, in its order.
struct File {
    uri: Arc<str>,
    /// Where each stands, and its ids.
    pickles: Vec<(Location, PickleIds)>,
}

impl FeatureFiles {
    /// Writes a file: its text, its document, all its pickles. Of one that does not parse only the text.
    pub(super) fn write(
        &mut self,
        stream: &mut Stream,
        uri: &Arc<str>,
        (language, flavor): (&str, Flavor),
        text: &str,
    ) -> io::Result<()> {
        let options = ParseOptions {
            dialect: Dialect::find(language).unwrap_or_else(Dialect::english),
            markdown: false,
            flavor,
        }
        .for_path(uri);
        let document = gherkin::parse(text, &options).ok();
        let pickles = document.as_ref().map(gherkin::compile);
        let first_id = stream.ids.first();
        let messages = Messages {
            uri,
            first_id,
            empty_keyword: true,
        };
        let Stream { output, ids } = stream;
        let (Some(document), Some(Ok(pickles))) = (&document, &pickles) else {
            // The errors of the file come next.
            return output.add_lines(|lines| {
                messages.source(lines, text, options.markdown);
                Ok(())
            });
        };
        output.add_lines(|lines| {
            messages.source(lines, text, options.markdown);
            messages.document(lines, document);
            Ok(())
        })?;
        let mut known = Vec::with_capacity(pickles.len());
        for pickle in pickles {
            output.add_lines(|lines| {
                messages.pickle(lines, pickle);
                Ok(())
            })?;
            let location = Location {
                line: pickle.location.line,
                column: pickle.location.column,
            };
            let first_step = pickle.steps.first().map_or(pickle.id, |step| step.id);
            let id = first_id + u64::from(pickle.id);
            let ids = PickleIds::new(id, first_id + u64::from(first_step));
            known.push((location, ids));
        }
        // The last pickle has the highest id. A file without pickles is in no plan.
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

/// Writes a pickle for a scenario that is added while the run lasts. No document has it, and the
/// schema demands at least one node for each pickle and step: they get ids that no node has.
pub(super) fn add(
    stream: &mut Stream,
    cases: &mut Cases,
    feature: &PlannedFeature,
    planned: &PlannedScenario,
) -> io::Result<()> {
    let count = 1 + planned.steps.len() as u64;
    let id = stream.ids.skip(2 * count);
    let node = id + count;
    stream.write("pickle", |json| {
        json.id("id", id);
        json.string("uri", &feature.uri);
        json.string("name", &planned.name);
        json.string("language", &feature.language);
        let steps = (id + 1..).zip(&planned.steps);
        json.objects("steps", steps, |json, (id, step)| {
            json.ids("astNodeIds", std::iter::once(id + count));
            added_step(json, id, step);
        });
        json.objects("tags", &*planned.tags, |json, tag| {
            json.string("name", tag);
            json.id("astNodeId", node);
        });
        json.ids("astNodeIds", std::iter::once(node));
    })?;
    let alone = PlannedFeature {
        scenarios: vec![planned.clone()],
        rules: Vec::new(),
        uri: Arc::clone(&feature.uri),
        language: Arc::clone(&feature.language),
        keyword: Arc::clone(&feature.keyword),
        name: Arc::clone(&feature.name),
        description: Arc::clone(&feature.description),
        tags: feature.tags.clone(),
        location: feature.location,
        namesakes: crate::plan::Namesakes::default(),
    };
    cases.plan(&Arc::new(alone), 0, PickleIds::new(id, id + 1));
    Ok(())
}

fn added_step(json: &mut Json<'_>, id: u64, step: &PlannedStep) {
    json.id("id", id);
    json.string("text", &step.text);
    let kind = match step.keyword_type {
        KeywordType::Unknown => "Unknown",
        KeywordType::Context => "Context",
        KeywordType::Action => "Action",
        KeywordType::Outcome => "Outcome",
    };
    json.word("type", kind);
    if step.arguments.is_empty() {
        return;
    }
    json.member("argument", |json| {
        for argument in &step.arguments {
            match argument {
                StepArgument::Table(table) => json.member("dataTable", |json| {
                    json.objects("rows", table.rows(), |json, row| {
                        json.objects("cells", row, |json, cell| json.string("value", cell));
                    });
                }),
                StepArgument::DocString {
                    media_type,
                    content,
                } => json.member("docString", |json| {
                    if let Some(media_type) = media_type {
                        json.string("mediaType", media_type);
                    }
                    json.string("content", content);
                }),
            }
        }
    });
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
