//! Builds the document from lines that have been understood.
//!
//! Ids are given out when a node is complete, inner nodes first and tags right before their
//! owner: the order of the official parser. After an error the document is never used, so
//! nothing here depends on lines being complete.

use std::borrow::Cow;

use super::ast::{
    Background, Comment, DataTable, DocString, Examples, Feature, FeatureChild, GherkinDocument,
    Location, Rule, RuleChild, Scenario, Step, TableRow, Tag,
};
use super::dialects::Dialect;
use super::error::{ErrorKind, Errors};
use super::flavor::Flavor;
use super::line::{SourceLine, TagItem};
use super::matcher::{LineMatch, StepLine, TitleLine};
use super::states::TagsOf;
use super::text::Text;
use super::token::TokenKind;

/// The document so far, and the nodes that are still open.
#[derive(Debug)]
pub(super) struct DocumentBuilder<'s> {
    source: &'s str,
    flavor: Flavor,
    next_id: u32,
    comments: Vec<Comment<'s>>,
    tags: Vec<Tag<'s>>,
    feature: Option<Feature<'s>>,
    rule: Option<Rule<'s>>,
    background: Option<Background<'s>>,
    scenario: Option<Scenario<'s>>,
    examples: Option<Examples<'s>>,
    step: Option<Step<'s>>,
    rows: Vec<TableRow<'s>>,
    doc_string: Option<DocString<'s>>,
    /// Lines of the open docstring or description.
    text: Text,
}

impl<'s> DocumentBuilder<'s> {
    pub fn new(source: &'s str, flavor: Flavor) -> Self {
        Self {
            source,
            flavor,
            next_id: 0,
            comments: Vec::new(),
            tags: Vec::new(),
            feature: None,
            rule: None,
            background: None,
            scenario: None,
            examples: None,
            step: None,
            rows: Vec::new(),
            doc_string: None,
            text: Text::default(),
        }
    }

    /// For a text that has only steps: a scenario without a title takes them.
    pub fn of_steps(source: &'s str) -> Self {
        Self {
            scenario: Some(Scenario {
                id: 0,
                location: Location { line: 1, column: 1 },
                tags: Vec::new(),
                keyword: "",
                name: "",
                description: Cow::Borrowed(""),
                steps: Vec::new(),
                examples: Vec::new(),
            }),
            ..Self::new(source, Flavor::Standard)
        }
    }

    /// Takes the next line of any kind but tags.
    pub fn line(
        &mut self,
        found: LineMatch<'s>,
        line: &SourceLine<'s>,
        dialect: &'static Dialect,
        errors: &mut Errors,
    ) {
        match found {
            LineMatch::Empty
            | LineMatch::Language
            | LineMatch::Tags(_)
            | LineMatch::Comment(None) => {}
            LineMatch::Comment(Some(text)) => self.comments.push(Comment {
                location: line.at(1),
                text,
            }),
            LineMatch::Title(title) => self.title(title, line, dialect, errors),
            LineMatch::Step(step) => self.open_step(step, line, errors),
            LineMatch::Separator(delimiter, media_type) => {
                self.separator(delimiter, media_type, line, errors);
            }
            LineMatch::Row => self.row(line),
            LineMatch::Other(range) => self.text.push(range),
        }
    }

    /// Takes a line of tags. The first line of them closes what they no longer belong to.
    pub fn tags(
        &mut self,
        items: Vec<TagItem<'s>>,
        line: &SourceLine<'s>,
        owner: Option<TagsOf>,
        errors: &mut Errors,
    ) {
        match owner {
            Some(TagsOf::Examples) => self.close_scenario_part(errors),
            Some(TagsOf::Scenario) => self.close_scenario(errors),
            Some(TagsOf::Rule) => self.close_rule(errors),
            None => {}
        }
        self.tags
            .extend(items.into_iter().map(|(column, name)| Tag {
                id: 0,
                location: line.at(column),
                name,
            }));
    }

    fn title(
        &mut self,
        title: TitleLine<'s>,
        line: &SourceLine<'s>,
        dialect: &'static Dialect,
        errors: &mut Errors,
    ) {
        let location = line.at(title.column);
        let keyword = title.keyword.unwrap_or_default();
        let name = title.name;
        let description = Cow::Borrowed("");
        match title.kind {
            TokenKind::FeatureLine => {
                self.feature = Some(Feature {
                    location,
                    tags: std::mem::take(&mut self.tags),
                    language: dialect.code,
                    keyword: title.keyword,
                    name,
                    description,
                    children: Vec::new(),
                });
            }
            TokenKind::RuleLine => {
                self.close_rule(errors);
                self.rule = Some(Rule {
                    id: 0,
                    location,
                    tags: std::mem::take(&mut self.tags),
                    keyword,
                    name,
                    description,
                    children: Vec::new(),
                });
            }
            TokenKind::BackgroundLine => {
                self.close_scenario(errors);
                self.background = Some(Background {
                    id: 0,
                    location,
                    keyword,
                    name,
                    description,
                    steps: Vec::new(),
                });
            }
            TokenKind::ScenarioLine => {
                self.close_scenario(errors);
                self.scenario = Some(Scenario {
                    id: 0,
                    location,
                    tags: std::mem::take(&mut self.tags),
                    keyword,
                    name,
                    description,
                    steps: Vec::new(),
                    examples: Vec::new(),
                });
            }
            _ => {
                self.close_scenario_part(errors);
                self.examples = Some(Examples {
                    id: 0,
                    location,
                    tags: std::mem::take(&mut self.tags),
                    keyword,
                    name,
                    description,
                    table_header: None,
                    table_body: Vec::new(),
                });
            }
        }
    }

    fn open_step(&mut self, step: StepLine<'s>, line: &SourceLine<'s>, errors: &mut Errors) {
        self.close_description();
        self.close_step(errors);
        self.step = Some(Step {
            id: 0,
            location: line.at(step.column),
            keyword: step.keyword,
            keyword_type: step.keyword_type,
            text: step.text,
            data_table: None,
            doc_string: None,
        });
    }

    fn row(&mut self, line: &SourceLine<'s>) {
        if self.rows.is_empty() {
            self.close_description();
        }
        let width = self.rows.last().map_or(4, |row| row.cells.len());
        self.rows.push(TableRow {
            id: 0,
            location: line.location(),
            cells: line.cells(width, self.flavor),
            is_open: line.is_open_row(),
        });
    }

    fn separator(
        &mut self,
        delimiter: &'s str,
        media_type: &'s str,
        line: &SourceLine<'s>,
        errors: &mut Errors,
    ) {
        let Some(mut doc_string) = self.doc_string.take() else {
            self.close_data_table(errors);
            self.doc_string = Some(DocString {
                location: line.location(),
                media_type: (!media_type.is_empty()).then_some(media_type),
                content: Cow::Borrowed(""),
                delimiter,
            });
            return;
        };
        let escape = match delimiter {
            _ if self.flavor == Flavor::Behave => None,
            "\"\"\"" => Some((r#"\"\"\""#, delimiter)),
            "```" => Some((r"\`\`\`", delimiter)),
            _ => None,
        };
        doc_string.content = self.text.take_content(self.source, escape);
        if let Some(step) = &mut self.step {
            step.doc_string = Some(Box::new(doc_string));
        }
    }

    /// The open docstring, if there is one.
    pub fn open_doc_string(&self) -> Option<(String, Location)> {
        let doc_string = self.doc_string.as_ref()?;
        Some((doc_string.delimiter.to_owned(), doc_string.location))
    }

    fn close_description(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = self.text.take_description(self.source);
        // The innermost node that is open is the one that has just been begun.
        let description = if let Some(examples) = &mut self.examples {
            &mut examples.description
        } else if let Some(scenario) = &mut self.scenario {
            &mut scenario.description
        } else if let Some(background) = &mut self.background {
            &mut background.description
        } else if let Some(rule) = &mut self.rule {
            &mut rule.description
        } else if let Some(feature) = &mut self.feature {
            &mut feature.description
        } else {
            return;
        };
        *description = text;
    }

    /// Numbers the rows of the open table, and finds those of another length.
    fn take_rows(&mut self, errors: &mut Errors) -> Vec<TableRow<'s>> {
        let mut rows = std::mem::take(&mut self.rows);
        for row in &mut rows {
            row.id = self.id();
        }
        if let Some(first) = rows.first() {
            let expected = first.cells.len();
            let ragged = rows.iter().filter(|row| row.cells.len() != expected);
            let mut ragged = ragged.map(|row| (row.location, row.cells.len()));
            if let Some((location, found)) = ragged.next() {
                let kind = ErrorKind::CellCount {
                    expected,
                    found,
                    first_line: first.location.line,
                    more: ragged.collect(),
                };
                errors.add(location, kind);
            }
        }
        rows
    }

    fn close_data_table(&mut self, errors: &mut Errors) {
        let rows = self.take_rows(errors);
        if let (Some(first), Some(step)) = (rows.first(), &mut self.step) {
            step.data_table = Some(Box::new(DataTable {
                location: first.location,
                rows,
            }));
        }
    }

    fn close_step(&mut self, errors: &mut Errors) {
        if self.step.is_none() {
            return;
        }
        self.close_data_table(errors);
        if let Some(mut step) = self.step.take() {
            step.id = self.id();
            if let Some(scenario) = &mut self.scenario {
                scenario.steps.push(step);
            } else if let Some(background) = &mut self.background {
                background.steps.push(step);
            }
        }
    }

    /// Closes what stands before (further) examples.
    fn close_scenario_part(&mut self, errors: &mut Errors) {
        self.close_description();
        self.close_step(errors);
        let Some(mut examples) = self.examples.take() else {
            return;
        };
        let mut rows = self.take_rows(errors).into_iter();
        examples.table_header = rows.next();
        examples.table_body = rows.collect();
        self.number(&mut examples.tags);
        examples.id = self.id();
        if let Some(scenario) = &mut self.scenario {
            scenario.examples.push(examples);
        }
    }

    fn close_scenario(&mut self, errors: &mut Errors) {
        self.close_scenario_part(errors);
        if let Some(mut scenario) = self.scenario.take() {
            self.number(&mut scenario.tags);
            scenario.id = self.id();
            if let Some(rule) = &mut self.rule {
                rule.children.push(RuleChild::Scenario(scenario));
            } else if let Some(feature) = &mut self.feature {
                feature.children.push(FeatureChild::Scenario(scenario));
            }
        } else if let Some(mut background) = self.background.take() {
            background.id = self.id();
            if let Some(rule) = &mut self.rule {
                rule.children.push(RuleChild::Background(background));
            } else if let Some(feature) = &mut self.feature {
                feature.children.push(FeatureChild::Background(background));
            }
        }
    }

    fn close_rule(&mut self, errors: &mut Errors) {
        self.close_scenario(errors);
        if let Some(mut rule) = self.rule.take() {
            self.number(&mut rule.tags);
            rule.id = self.id();
            if let Some(feature) = &mut self.feature {
                feature.children.push(FeatureChild::Rule(rule));
            }
        }
    }

    /// Closes all that is open, at the end of the file.
    pub fn close(&mut self, errors: &mut Errors) {
        if self.feature.is_none() {
            // The file is empty, or has only steps, which stay where they are.
            return self.close_scenario_part(errors);
        }
        self.close_rule(errors);
        if let Some(mut feature) = self.feature.take() {
            self.number(&mut feature.tags);
            self.feature = Some(feature);
        }
    }

    /// The document.
    pub fn finish(self) -> GherkinDocument<'s> {
        GherkinDocument {
            feature: self.feature,
            comments: self.comments,
            next_id: self.next_id,
            flavor: self.flavor,
        }
    }

    /// The steps of a text that has only steps.
    pub fn finish_steps(self) -> Vec<Step<'s>> {
        self.scenario
            .map_or_else(Vec::new, |scenario| scenario.steps)
    }

    fn number(&mut self, tags: &mut [Tag<'s>]) {
        for tag in tags {
            tag.id = self.id();
        }
    }

    fn id(&mut self) -> u32 {
        let id = self.next_id;
        self.next_id = id.saturating_add(1);
        id
    }
}
