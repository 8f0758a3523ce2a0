//! Builds the document from lines that have been understood.
//!
//! Ids are given out when a node is complete, inner nodes first and tags right before their
//! owner: the order of the official parser. After an error the document is never used, so
//! nothing here depends on lines being complete.

use std::borrow::Cow;

use super::ast::{
    Background, Comment, DocString, Examples, Feature, FeatureChild, GherkinDocument, Rule,
    RuleChild, Scenario, Step, Tag,
};
use super::cells::add_cells;
use super::dialects::Dialect;
use super::error::{ErrorKind, Errors};
use super::flavor::Flavor;
use super::line::SourceLine;
use super::location::Location;
use super::matcher::{LineMatch, StepLine, TitleLine};
use super::states::TagsOf;
use super::table::{Table, take_all};
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
    /// The steps of the open scenario or background.
    steps: Vec<Step<'s>>,
    /// Whether the last of them may still get an argument.
    step_is_open: bool,
    /// The rows of the open table.
    table: Table<'s>,
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
            steps: Vec::with_capacity(8),
            step_is_open: false,
            table: Table::with_capacity(8, 32),
            doc_string: None,
            text: Text::default(),
        }
    }

    /// Takes the next line. Tags that may belong to different things come with their owner.
    pub fn line(
        &mut self,
        found: &mut LineMatch<'s>,
        line: &SourceLine<'s>,
        owner: Option<TagsOf>,
        dialect: &'static Dialect,
        errors: &mut Errors,
    ) {
        match found {
            LineMatch::Empty | LineMatch::Language | LineMatch::Comment(None) => {}
            LineMatch::Tags(tags) => self.tags(std::mem::take(tags), owner, errors),
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
            LineMatch::Other(range) => self.text.push(*range),
        }
    }

    /// Takes a line of tags. The first line of them closes what they no longer belong to.
    fn tags(&mut self, tags: Vec<Tag<'s>>, owner: Option<TagsOf>, errors: &mut Errors) {
        match owner {
            Some(TagsOf::Examples) => self.close_scenario_part(errors),
            Some(TagsOf::Scenario) => self.close_scenario(errors),
            Some(TagsOf::Rule) => self.close_rule(errors),
            None => {}
        }
        if self.tags.is_empty() {
            self.tags = tags;
        } else {
            self.tags.extend(tags);
        }
    }

    fn title(
        &mut self,
        title: &TitleLine<'s>,
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
                    table: Table::default(),
                });
            }
        }
    }

    fn open_step(&mut self, step: &StepLine<'s>, line: &SourceLine<'s>, errors: &mut Errors) {
        if !self.text.is_empty() {
            self.close_description();
        }
        self.close_step(errors);
        self.step_is_open = true;
        self.steps.push(Step {
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
        if self.table.is_empty() {
            self.close_description();
        }
        let flavor = self.flavor;
        let add_cells = |cells: &mut Vec<_>| add_cells(line, flavor, cells);
        self.table
            .add_row(line.location(), line.is_open_row(), add_cells);
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
        if let Some(step) = self.open_step_mut() {
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

    /// The open table with its rows numbered. Rows of another length than the first are mistakes.
    fn take_table(&mut self, errors: &mut Errors) -> Table<'s> {
        let next_id = &mut self.next_id;
        self.table.number(|| take_id(next_id));
        let table = self.table.take();
        let mut ragged = table.ragged_rows().into_iter();
        if let (Some(first), Some((location, found))) = (table.first(), ragged.next()) {
            let kind = ErrorKind::CellCount {
                expected: first.cells.len(),
                found,
                first_line: first.location.line,
                more: ragged.collect(),
            };
            errors.add(location, kind);
        }
        table
    }

    fn close_data_table(&mut self, errors: &mut Errors) {
        if self.table.is_empty() {
            return;
        }
        let table = self.take_table(errors);
        if let Some(step) = self.open_step_mut() {
            step.data_table = Some(Box::new(table));
        }
    }

    fn open_step_mut(&mut self) -> Option<&mut Step<'s>> {
        self.steps.last_mut().filter(|_| self.step_is_open)
    }

    fn close_step(&mut self, errors: &mut Errors) {
        if !self.step_is_open {
            return;
        }
        self.close_data_table(errors);
        let id = self.id();
        if let Some(step) = self.steps.last_mut() {
            step.id = id;
        }
        self.step_is_open = false;
    }

    /// Closes what stands before (further) examples.
    fn close_scenario_part(&mut self, errors: &mut Errors) {
        self.close_description();
        self.close_step(errors);
        let Some(mut examples) = self.examples.take() else {
            return;
        };
        examples.table = self.take_table(errors);
        self.number(&mut examples.tags);
        examples.id = self.id();
        if let Some(scenario) = &mut self.scenario {
            scenario.examples.push(examples);
        }
    }

    fn close_scenario(&mut self, errors: &mut Errors) {
        self.close_scenario_part(errors);
        if let Some(mut scenario) = self.scenario.take() {
            scenario.steps = take_all(&mut self.steps);
            self.number(&mut scenario.tags);
            scenario.id = self.id();
            if let Some(rule) = &mut self.rule {
                rule.children.push(RuleChild::Scenario(scenario));
            } else if let Some(feature) = &mut self.feature {
                feature.children.push(FeatureChild::Scenario(scenario));
            }
        } else if let Some(mut background) = self.background.take() {
            background.steps = take_all(&mut self.steps);
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
        self.steps
    }

    fn number(&mut self, tags: &mut [Tag<'s>]) {
        for tag in tags {
            tag.id = self.id();
        }
    }

    fn id(&mut self) -> u32 {
        take_id(&mut self.next_id)
    }
}

fn take_id(next: &mut u32) -> u32 {
    let id = *next;
    *next = id.saturating_add(1);
    id
}
