//! What may be written at a place: keywords in the language of the file, steps, tags.

use std::collections::BTreeMap;
use std::ops::Range;

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionList, Documentation,
    InsertTextFormat, MarkupContent, MarkupKind, TextEdit,
};

use super::client::ClientFeatures;
use super::definitions::UsedDefinitions;
use super::document::FeatureDocument;
use super::line_context::{ExpectedKeywords, LineContext};
use super::project::OpenProject;
use super::step_template::FilledTemplate;
use crate::gherkin::{Dialect, StepKeywordType};

/// The limit of steps in a list. What is typed next narrows it down.
const MOST_STEPS: usize = 500;

/// The kind of the patterns of behave.
const BEHAVE: &str = "behave";

/// The completions at a byte of a document.
pub fn completions(
    project: &OpenProject,
    document: &FeatureDocument,
    offset: usize,
    client: &ClientFeatures,
) -> CompletionList {
    let mut list = CompletionBuilder {
        document,
        client,
        items: Vec::new(),
    };
    let mut is_incomplete = false;
    match LineContext::at(document, offset) {
        LineContext::Keyword { bytes, expected } => list.keywords(&bytes, expected),
        LineContext::Step { bytes, keyword } => {
            // What fits depends on the gaps, which only the server knows. So it is asked again.
            is_incomplete = true;
            if let Some(definitions) = &project.definitions {
                list.steps(&bytes, keyword, definitions);
            }
        }
        LineContext::Tag { bytes } => list.tags(&bytes, project),
        LineContext::Language { bytes } => list.languages(&bytes),
        LineContext::Other => {}
    }
    CompletionList {
        is_incomplete,
        items: list.items,
        ..CompletionList::default()
    }
}

struct CompletionBuilder<'d> {
    document: &'d FeatureDocument,
    client: &'d ClientFeatures,
    items: Vec<CompletionItem>,
}

impl CompletionBuilder<'_> {
    /// An item that takes the place of some bytes. Items are shown in the order in which they are made.
    fn add(&mut self, bytes: &Range<usize>, text: &str, item: CompletionItem) {
        let range = self.document.text.range(bytes.clone(), self.client.unit);
        let edit = TextEdit {
            range,
            new_text: text.to_owned(),
        };
        self.items.push(CompletionItem {
            sort_text: Some(format!("{:05}", self.items.len())),
            text_edit: Some(CompletionItemTextEdit::TextEdit(edit)),
            ..item
        });
    }

    fn keywords(&mut self, bytes: &Range<usize>, expected: ExpectedKeywords) {
        let dialect = self.document.facts.dialect;
        if expected.steps {
            for keyword in distinct(step_keywords(dialect)) {
                self.keyword(bytes, keyword.trim_end(), keyword);
            }
        }
        let mut headings: Vec<&str> = Vec::new();
        if expected.examples {
            headings.extend(dialect.examples);
        }
        if expected.headings {
            headings.extend(dialect.scenario.iter().rev());
            headings.extend(dialect.scenario_outline);
            headings.extend(dialect.background);
            headings.extend(dialect.rule);
        }
        if expected.feature {
            headings.extend(dialect.feature);
        }
        for keyword in distinct(headings.into_iter()) {
            let text = format!("{keyword}: ");
            self.keyword(bytes, text.trim_end(), &text);
        }
        if expected.feature && !self.document.options.markdown {
            self.keyword(bytes, "# language:", "# language: ");
        }
    }

    fn keyword(&mut self, bytes: &Range<usize>, label: &str, text: &str) {
        let item = CompletionItem {
            label: label.to_owned(),
            kind: Some(CompletionItemKind::Keyword),
            ..CompletionItem::default()
        };
        self.add(bytes, text, item);
    }

    /// The steps that fit what is typed, those that are used most first.
    fn steps(&mut self, bytes: &Range<usize>, keyword: &str, definitions: &UsedDefinitions) {
        let typed = &self.document.text.as_str()[bytes.clone()];
        let meant = meaning(self.document, bytes.start, keyword);
        // In behave, a definition runs only steps of its keyword.
        let is_strict = |kind: &str| definitions.strict_keywords() || kind == BEHAVE;
        let mut found: Vec<(FilledTemplate, u32)> = Vec::new();
        for (number, shown) in (0u32..).zip(definitions.shown()) {
            let is_meant = meant.is_none_or(|meant| [meant, "step"].contains(&&*shown.keyword));
            let fits = is_meant || !is_strict(&shown.kind);
            if fits && let Some(filled) = FilledTemplate::of(definitions.template(number), typed) {
                found.push((filled, number));
            }
        }
        found.sort_by(|(one, first), (other, second)| {
            let uses = |number: u32| std::cmp::Reverse(definitions.count(number));
            one.rank
                .cmp(&other.rank)
                .then_with(|| uses(*first).cmp(&uses(*second)))
                .then_with(|| first.cmp(second))
        });
        for (filled, number) in found.into_iter().take(MOST_STEPS) {
            let text = match self.client.snippets {
                true => filled.snippet(),
                false => filled.plain(),
            };
            let item = CompletionItem {
                label: filled.label(),
                // A client would compare what is typed with the label, and does not know what a gap is.
                filter_text: (filled.rank > 0).then(|| typed.to_owned()),
                ..self.step(number, definitions)
            };
            self.add(bytes, &text, item);
        }
    }

    /// What is known of a definition, whatever is typed.
    fn step(&self, number: u32, definitions: &UsedDefinitions) -> CompletionItem {
        let shown = definitions.definition(number);
        let uses = match definitions.count(number) {
            1 => "1 use".to_owned(),
            count => format!("{count} uses"),
        };
        let doc = definitions.doc(number);
        let documentation = MarkupContent {
            kind: MarkupKind::Markdown,
            value: doc.to_owned(),
        };
        CompletionItem {
            kind: Some(CompletionItemKind::Function),
            detail: Some(format!(
                "{uses}, {}:{}",
                shown.location.file, shown.location.line
            )),
            documentation: (!doc.is_empty()).then_some(Documentation::MarkupContent(documentation)),
            insert_text_format: Some(match self.client.snippets {
                true => InsertTextFormat::Snippet,
                false => InsertTextFormat::PlainText,
            }),
            ..CompletionItem::default()
        }
    }

    /// The tags of the project, those that are used most first.
    fn tags(&mut self, bytes: &Range<usize>, project: &OpenProject) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for document in project.documents.values() {
            for (tag, place) in &document.facts.outline.tags {
                // The tag that is being written is none yet.
                let is_this = std::ptr::eq(document, self.document) && place.start == bytes.start;
                if !is_this {
                    *counts.entry(tag).or_default() += 1;
                }
            }
        }
        let mut tags: Vec<(&str, usize)> = counts.into_iter().collect();
        tags.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (tag, count) in tags {
            let item = CompletionItem {
                label: tag.to_owned(),
                kind: Some(CompletionItemKind::Constant),
                detail: Some(match count {
                    1 => "1 place".to_owned(),
                    count => format!("{count} places"),
                }),
                filter_text: Some(tag.to_owned()),
                ..CompletionItem::default()
            };
            self.add(bytes, tag, item);
        }
    }

    fn languages(&mut self, bytes: &Range<usize>) {
        for dialect in Dialect::all() {
            let item = CompletionItem {
                label: dialect.code.to_owned(),
                kind: Some(CompletionItemKind::Value),
                detail: Some(format!("{} ({})", dialect.native, dialect.name)),
                ..CompletionItem::default()
            };
            self.add(bytes, dialect.code, item);
        }
    }
}

/// The keywords of steps, the star last.
fn step_keywords(dialect: &'static Dialect) -> impl Iterator<Item = &'static str> {
    let lists = dialect.step_keywords();
    let all: Vec<&str> = lists
        .iter()
        .flat_map(|(_, list)| list.iter().copied())
        .collect();
    let (stars, words): (Vec<_>, Vec<_>) = all.into_iter().partition(|word| *word == "* ");
    words.into_iter().chain(stars)
}

fn distinct<'k>(keywords: impl Iterator<Item = &'k str>) -> Vec<&'k str> {
    let mut all: Vec<&str> = Vec::new();
    for keyword in keywords {
        if !all.contains(&keyword) {
            all.push(keyword);
        }
    }
    all
}

/// What a keyword in a document means, as definitions name it: that of a step above if it is a conjunction.
fn meaning(document: &FeatureDocument, offset: usize, keyword: &str) -> Option<&'static str> {
    let dialect = document.facts.dialect;
    let text = document.text.as_str();
    let mut kind = dialect.keyword_type(keyword);
    let mut line = document.text.gherkin_line_of(offset);
    while kind == StepKeywordType::Conjunction && line > 1 {
        line -= 1;
        let above = text[document.text.gherkin_line(line)].trim_start();
        let above = match document.options.markdown {
            true => above.trim_start_matches(['*', '+', '-']).trim_start(),
            false => above,
        };
        let found = step_keywords(dialect)
            .filter(|keyword| above.starts_with(keyword))
            .max_by_key(|keyword| keyword.len());
        kind = found.map_or(kind, |found| dialect.keyword_type(found));
    }
    match kind {
        StepKeywordType::Context => Some("given"),
        StepKeywordType::Action => Some("when"),
        StepKeywordType::Outcome => Some("then"),
        StepKeywordType::Conjunction | StepKeywordType::Unknown => None,
    }
}
