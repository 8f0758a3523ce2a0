//! Documents, pickles and errors as Cucumber Messages: one JSON envelope per line.

use super::ast::{
    Background, DocString, Examples, Feature, FeatureChild, GherkinDocument, Rule, RuleChild,
    Scenario, Step, Tag,
};
use super::error::ParseError;
use super::location::Location;
use super::pickle::{Pickle, PickleStep};
use super::table::{Table, TableRow};
use crate::json::Json;

/// Writes the messages of one file to the end of a buffer.
///
/// Ids are those of the document plus `first_id`, so that they can be unique over a stream
/// of several files.
#[derive(Debug, Clone, Copy)]
pub struct Messages<'u> {
    /// The path of the file as the messages give it.
    pub uri: &'u str,
    /// What is added to every id.
    pub first_id: u64,
    /// Whether a Markdown file without a heading for its feature gets an empty keyword. The schema demands a keyword,
    /// and the official parser writes none.
    pub empty_keyword: bool,
}

impl Messages<'_> {
    /// The text of the file.
    pub fn source(&self, out: &mut Vec<u8>, source: &str, markdown: bool) {
        let media_type = match markdown {
            true => "text/x.cucumber.gherkin+markdown",
            false => "text/x.cucumber.gherkin+plain",
        };
        self.envelope(out, "source", |json| {
            json.string("uri", self.uri);
            json.string("data", source);
            json.word("mediaType", media_type);
        });
    }

    /// The document.
    pub fn document(&self, out: &mut Vec<u8>, document: &GherkinDocument<'_>) {
        self.envelope(out, "gherkinDocument", |json| {
            json.string("uri", self.uri);
            if let Some(feature) = &document.feature {
                json.member("feature", |json| self.feature(json, feature));
            }
            json.objects("comments", &document.comments, |json, comment| {
                location(json, comment.location);
                json.string("text", comment.text);
            });
        });
    }

    /// A scenario ready to run.
    pub fn pickle(&self, out: &mut Vec<u8>, pickle: &Pickle<'_>) {
        self.envelope(out, "pickle", |json| {
            self.id(json, "id", pickle.id);
            json.string("uri", self.uri);
            location(json, pickle.location);
            json.string("name", &pickle.name);
            json.string("language", pickle.feature.language);
            json.objects("steps", &pickle.steps, |json, step| {
                self.pickle_step(json, step);
            });
            json.objects("tags", pickle.tags(), |json, tag| {
                json.string("name", tag.name);
                self.id(json, "astNodeId", tag.ast_node_id);
            });
            let ids = pickle.ast_node_ids().map(|id| self.number(id));
            json.ids("astNodeIds", ids);
        });
    }

    /// A mistake in the file.
    pub fn parse_error(&self, out: &mut Vec<u8>, error: &ParseError) {
        self.envelope(out, "parseError", |json| {
            json.member("source", |json| {
                json.string("uri", self.uri);
                location(json, error.location);
            });
            json.string("message", &error.message());
        });
    }

    fn envelope(&self, out: &mut Vec<u8>, name: &str, fill: impl FnOnce(&mut Json<'_>)) {
        Json::object(out, |json| json.member(name, fill));
        out.push(b'\n');
    }

    fn number(&self, id: u32) -> u64 {
        u64::from(id) + self.first_id
    }

    fn id(&self, json: &mut Json<'_>, key: &str, id: u32) {
        json.id(key, self.number(id));
    }

    fn feature(&self, json: &mut Json<'_>, feature: &Feature<'_>) {
        location(json, feature.location);
        self.tags(json, &feature.tags);
        json.string("language", feature.language);
        if let Some(keyword) = feature.keyword.or(self.empty_keyword.then_some("")) {
            json.string("keyword", keyword);
        }
        json.string("name", feature.name);
        json.string("description", &feature.description);
        json.objects("children", &feature.children, |json, child| match child {
            FeatureChild::Background(background) => {
                json.member("background", |json| self.background(json, background));
            }
            FeatureChild::Scenario(scenario) => {
                json.member("scenario", |json| self.scenario(json, scenario));
            }
            FeatureChild::Rule(rule) => json.member("rule", |json| self.rule(json, rule)),
        });
    }

    fn rule(&self, json: &mut Json<'_>, rule: &Rule<'_>) {
        self.id(json, "id", rule.id);
        location(json, rule.location);
        self.tags(json, &rule.tags);
        title(json, rule.keyword, rule.name, &rule.description);
        json.objects("children", &rule.children, |json, child| match child {
            RuleChild::Background(background) => {
                json.member("background", |json| self.background(json, background));
            }
            RuleChild::Scenario(scenario) => {
                json.member("scenario", |json| self.scenario(json, scenario));
            }
        });
    }

    fn background(&self, json: &mut Json<'_>, background: &Background<'_>) {
        self.id(json, "id", background.id);
        location(json, background.location);
        let description = &background.description;
        title(json, background.keyword, background.name, description);
        self.steps(json, &background.steps);
    }

    fn scenario(&self, json: &mut Json<'_>, scenario: &Scenario<'_>) {
        self.id(json, "id", scenario.id);
        location(json, scenario.location);
        self.tags(json, &scenario.tags);
        title(json, scenario.keyword, scenario.name, &scenario.description);
        self.steps(json, &scenario.steps);
        json.objects("examples", &scenario.examples, |json, examples| {
            self.examples(json, examples);
        });
    }

    fn examples(&self, json: &mut Json<'_>, examples: &Examples<'_>) {
        self.id(json, "id", examples.id);
        location(json, examples.location);
        self.tags(json, &examples.tags);
        title(json, examples.keyword, examples.name, &examples.description);
        if let Some(header) = examples.table_header() {
            json.member("tableHeader", |json| self.row(json, header));
        }
        json.objects("tableBody", examples.table_body(), |json, row| {
            self.row(json, row);
        });
    }

    fn steps(&self, json: &mut Json<'_>, steps: &[Step<'_>]) {
        json.objects("steps", steps, |json, step| {
            self.id(json, "id", step.id);
            location(json, step.location);
            json.string("keyword", step.keyword);
            json.word("keywordType", step.keyword_type.as_str());
            json.string("text", step.text);
            if let Some(table) = &step.data_table {
                json.member("dataTable", |json| self.data_table(json, table));
            }
            if let Some(text) = &step.doc_string {
                json.member("docString", |json| doc_string(json, text));
            }
        });
    }

    fn data_table(&self, json: &mut Json<'_>, table: &Table<'_>) {
        if let Some(first) = table.first() {
            location(json, first.location);
        }
        json.objects("rows", table.rows(), |json, row| self.row(json, row));
    }

    fn row(&self, json: &mut Json<'_>, row: TableRow<'_>) {
        self.id(json, "id", row.id);
        location(json, row.location);
        json.objects("cells", row.cells, |json, cell| {
            location(json, cell.location);
            json.string("value", &cell.value);
        });
    }

    fn tags(&self, json: &mut Json<'_>, tags: &[Tag<'_>]) {
        json.objects("tags", tags, |json, tag| {
            self.id(json, "id", tag.id);
            location(json, tag.location);
            json.string("name", tag.name);
        });
    }

    fn pickle_step(&self, json: &mut Json<'_>, step: &PickleStep<'_>) {
        self.id(json, "id", step.id);
        json.word("type", step.keyword_type.as_str());
        json.string("text", &step.text);
        let ids = step.ast_node_ids().map(|id| self.number(id));
        json.ids("astNodeIds", ids);
        if step.step.data_table.is_none() && step.step.doc_string.is_none() {
            return;
        }
        let indexes = step.argument_indexes();
        json.member("argument", |json| {
            if let Some(table) = step.data_table() {
                json.member("dataTable", |json| {
                    argument_index(json, indexes.map(|(table, _)| table));
                    // The schema knows no row without cells, as a line `|` makes it, but the official parsers do.
                    json.objects("rows", table.rows(), |json, row| {
                        json.objects("cells", row.cells(), |json, cell| {
                            json.string("value", cell)
                        });
                    });
                });
            }
            if let Some(text) = step.doc_string() {
                json.member("docString", |json| {
                    argument_index(json, indexes.map(|(_, text)| text));
                    if let Some(media_type) = text.media_type() {
                        json.string("mediaType", media_type);
                    }
                    json.string("content", text.content());
                });
            }
        });
    }
}

fn argument_index(json: &mut Json<'_>, index: Option<u32>) {
    if let Some(index) = index {
        json.number("argumentIndex", index);
    }
}

fn doc_string(json: &mut Json<'_>, text: &DocString<'_>) {
    location(json, text.location);
    if let Some(media_type) = text.media_type {
        json.string("mediaType", media_type);
    }
    json.string("content", &text.content);
    json.string("delimiter", text.delimiter);
}

fn title(json: &mut Json<'_>, keyword: &str, name: &str, description: &str) {
    json.string("keyword", keyword);
    json.string("name", name);
    json.string("description", description);
}

fn location(json: &mut Json<'_>, location: Location) {
    json.member("location", |json| {
        json.number("line", location.line);
        if location.column > 0 {
            json.number("column", location.column);
        }
    });
}
