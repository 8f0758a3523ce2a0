//! Warnings about texts such as `<dividnd>` that were probably meant as placeholders but are not replaced: no column
//! has the name, or the step is in a background or in a scenario without examples.
//!
//! Steps also contain such texts on purpose: HTML, keys such as `<Enter>`, types such as `Vec<String>`. In
//! the text of a step and in the cells of its table, a word in `<…>` counts as a placeholder unless it looks
//! like one of these. A docstring is usually a document, so there only a name that is similar to a column
//! counts.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Location;
use super::warnings::{FeatureWarning, Warnings};
use crate::gherkin::{Dialect, Feature, FeatureChild, RuleChild, Scenario, Step};
use crate::rule::LintRule;

/// Words in `<…>` that are rarely placeholders: elements of HTML, and keys.
const OTHER_WORDS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "alt",
    "article",
    "aside",
    "audio",
    "b",
    "backspace",
    "base",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "command",
    "control",
    "ctrl",
    "dd",
    "del",
    "delete",
    "details",
    "dialog",
    "div",
    "dl",
    "down",
    "dt",
    "em",
    "embed",
    "end",
    "enter",
    "esc",
    "escape",
    "f1",
    "f2",
    "f3",
    "f4",
    "f5",
    "f6",
    "f7",
    "f8",
    "f9",
    "f10",
    "f11",
    "f12",
    "fieldset",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "home",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "insert",
    "kbd",
    "label",
    "left",
    "legend",
    "li",
    "link",
    "main",
    "mark",
    "meta",
    "nav",
    "none",
    "null",
    "ol",
    "option",
    "p",
    "pagedown",
    "pageup",
    "param",
    "pre",
    "q",
    "return",
    "right",
    "s",
    "script",
    "section",
    "select",
    "shift",
    "small",
    "source",
    "space",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "tab",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "up",
    "var",
    "video",
    "unknown",
    "unnamed",
    "empty",
    "eof",
    "stdin",
    "stdout",
    "anonymous",
    "module",
    "lambda",
];

/// The limit for the name of a placeholder: longer texts in `<…>` are sentences.
const LONGEST_NAME: usize = 40;

/// The warnings of one file.
pub(super) fn stray_placeholders(uri: &Arc<str>, feature: &Feature<'_>) -> Vec<FeatureWarning> {
    let dialect = Dialect::find(feature.language).unwrap_or_else(Dialect::english);
    let mut search = Search {
        dialect,
        all_columns: columns_of_file(feature),
        warnings: Warnings::new(uri),
    };
    for child in &feature.children {
        match child {
            FeatureChild::Background(background) => search.background(&background.steps),
            FeatureChild::Scenario(scenario) => search.scenario(scenario),
            FeatureChild::Rule(rule) => {
                for child in &rule.children {
                    match child {
                        RuleChild::Background(background) => search.background(&background.steps),
                        RuleChild::Scenario(scenario) => search.scenario(scenario),
                    }
                }
            }
        }
    }
    search.warnings.into_list()
}

/// The names of columns, sorted.
type Columns<'d> = BTreeSet<&'d str>;

fn columns_of_file<'d>(feature: &'d Feature<'_>) -> Columns<'d> {
    let mut columns = Columns::new();
    for child in &feature.children {
        match child {
            FeatureChild::Background(_) => {}
            FeatureChild::Scenario(scenario) => columns.extend(columns_of(scenario)),
            FeatureChild::Rule(rule) => {
                for child in &rule.children {
                    if let RuleChild::Scenario(scenario) = child {
                        columns.extend(columns_of(scenario));
                    }
                }
            }
        }
    }
    columns
}

fn columns_of<'d>(scenario: &'d Scenario<'_>) -> impl Iterator<Item = &'d str> {
    let headers = (scenario.examples.iter()).filter_map(|examples| examples.table_header());
    headers.flat_map(|header| header.cells.iter().map(|cell| &*cell.value))
}

struct Search<'d> {
    dialect: &'static Dialect,
    all_columns: Columns<'d>,
    warnings: Warnings<'d>,
}

impl Search<'_> {
    fn background(&mut self, steps: &[Step<'_>]) {
        self.without_examples(steps, "a background has no columns");
    }

    fn scenario(&mut self, scenario: &Scenario<'_>) {
        if scenario.examples.is_empty() {
            // An outline without examples has a warning of its own.
            if !self.dialect.scenario_outline.contains(&scenario.keyword) {
                self.without_examples(&scenario.steps, "this scenario has no examples");
            }
            return;
        }
        let columns: Columns<'_> = columns_of(scenario).collect();
        if !columns.is_empty() {
            self.outline(scenario, &columns);
            self.blocks(scenario, &columns);
        }
    }

    /// Placeholders that no column of the outline has.
    fn outline(&mut self, scenario: &Scenario<'_>, columns: &Columns<'_>) {
        let warnings = &mut self.warnings;
        let mut seen = BTreeSet::new();
        let mut unknown = |name: &str, location: Location| {
            if !columns.contains(name) && seen.insert(name.to_owned()) {
                let hint = match nearest(name, columns) {
                    Some(column) => format!("did you mean `<{column}>`?"),
                    None => format!("the columns are {}", listed(columns)),
                };
                warnings.add(
                    LintRule::UndefinedColumn,
                    location,
                    format!("no column has the name of `<{name}>`; {hint}"),
                );
            }
        };
        for name in names(scenario.name, columns, TextPlace::Text) {
            unknown(name, scenario.location);
        }
        for step in &scenario.steps {
            each_name(step, columns, &mut unknown);
        }
    }

    /// Placeholders of which only some `Examples` have a column.
    fn blocks(&mut self, scenario: &Scenario<'_>, columns: &Columns<'_>) {
        if scenario.examples.len() < 2 {
            return;
        }
        let mut used = BTreeSet::new();
        for step in &scenario.steps {
            each_name(step, columns, &mut |name, _| {
                if columns.contains(name) {
                    used.insert(name.to_owned());
                }
            });
        }
        for examples in &scenario.examples {
            let Some(header) = examples.table_header() else {
                continue;
            };
            let missing: Columns<'_> = (used.iter().map(String::as_str))
                .filter(|name| header.cells.iter().all(|cell| cell.value != *name))
                .collect();
            if !missing.is_empty() && examples.table_body().len() > 0 {
                self.warnings.add(
                    LintRule::UndefinedColumn,
                    examples.location,
                    format!("these examples have no column for {}", listed(&missing)),
                );
            }
        }
    }

    /// Steps that no table of examples fills. A name that is or resembles a column of the file is one that was
    /// meant to be filled; another one is if it stands in the text of the step, outside of quotes. A document is left alone: it may be
    /// a feature itself.
    fn without_examples(&mut self, steps: &[Step<'_>], why: &str) {
        let (columns, warnings) = (&self.all_columns, &mut self.warnings);
        for step in steps {
            let mut seen = BTreeSet::new();
            each_name(step, columns, &mut |name, location| {
                let is_column = columns.contains(name) || nearest(name, columns).is_some();
                let is_in_document = (step.doc_string.as_ref())
                    .is_some_and(|document| document.location == location);
                if is_in_document {
                    return;
                }
                let is_in_text = location == step.location && !is_quoted(step.text, name);
                if (is_column || is_in_text) && seen.insert(name.to_owned()) {
                    let known = match columns.is_empty() {
                        true => "the file has no columns".to_owned(),
                        false => format!("the columns of the file are {}", listed(columns)),
                    };
                    warnings.add(
                        LintRule::StrayPlaceholder,
                        location,
                        format!("`<{name}>` stays as it is: {why}; {known}"),
                    );
                }
            });
        }
    }
}

/// Calls `found` with what may be a placeholder in a step, and where the line of it is.
fn each_name(step: &Step<'_>, columns: &Columns<'_>, found: &mut impl FnMut(&str, Location)) {
    let mut look = |text: &str, place: TextPlace, location: Location| {
        for name in names(text, columns, place) {
            found(name, location);
        }
    };
    // Most texts have no placeholder, and this is the shortest way to know it.
    let may_have = |text: &str| text.as_bytes().contains(&b'<');
    if may_have(step.text) {
        look(step.text, TextPlace::Text, step.location);
    }
    for row in step.data_table.iter().flat_map(|table| table.rows()) {
        for cell in row.cells.iter().filter(|cell| may_have(&cell.value)) {
            look(&cell.value, TextPlace::Text, cell.location);
        }
    }
    if let Some(doc_string) = &step.doc_string
        && may_have(&doc_string.content)
    {
        let content = &doc_string.content;
        look(content, TextPlace::Document, doc_string.location);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TextPlace {
    Text,
    Document,
}

/// What may be the name of a placeholder in a text.
fn names<'t>(
    text: &'t str,
    columns: &Columns<'_>,
    place: TextPlace,
) -> impl Iterator<Item = &'t str> {
    pairs(text)
        .filter(move |(start, name)| {
            if columns.contains(name) {
                return true;
            }
            let is_element = || {
                let word = name.split_whitespace().next().unwrap_or_default();
                text.contains(&format!("</{word}"))
            };
            if nearest(name, columns).is_some() {
                return !is_element();
            }
            place == TextPlace::Text
                && is_apart(text, *start, name)
                && is_name(name)
                && !is_element()
        })
        .map(|(_, name)| name)
}

/// The texts between a `<` and the next `>`, with the place of the `<`.
fn pairs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let end = rest + text[rest..].find('>')?;
        let start = text[rest..end].rfind('<').map(|start| rest + start);
        rest = end + 1;
        Some(start.map(|start| (start, &text[start + 1..end])))
    })
    .flatten()
}

/// Whether a placeholder stands in a text with quotes around it, which is mostly a value as it is.
fn is_quoted(text: &str, name: &str) -> bool {
    let before = text.split(&format!("<{name}>")).next().unwrap_or_default();
    before.matches('"').count() % 2 == 1
}

/// Whether it is not a part of a word, as in `Vec<String>` or `<a><b>`.
fn is_apart(text: &str, start: usize, name: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '<' | '>' | '_' | '\\');
    let before = text[..start].chars().next_back();
    let after = text[start + name.len() + 2..].chars().next();
    !before.is_some_and(joins) && !after.is_some_and(joins)
}

/// Whether it could be the name of a column.
fn is_name(name: &str) -> bool {
    name.chars().count() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.ends_with(|c: char| c.is_alphanumeric() || c == '_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.'))
        && name.split(' ').count() <= 3
        && !OTHER_WORDS.contains(&name.to_lowercase().as_str())
}

/// The column that a name probably means.
fn nearest<'c>(name: &str, columns: &Columns<'c>) -> Option<&'c str> {
    if name.len() > 4 * LONGEST_NAME {
        return None;
    }
    let found = folded(name);
    let distance = |column: &&str| {
        let known = folded(column);
        let distance = strsim::osa_distance(&found, &known);
        let most = match known.chars().count() {
            0..=3 => 0,
            4..=7 => 1,
            _ => 2,
        };
        (distance <= most && !found.is_empty()).then_some(distance)
    };
    let near = columns
        .iter()
        .filter_map(|column| Some((distance(column)?, *column)));
    near.min().map(|(_, column)| column)
}

fn folded(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// The columns as a message lists them: not all of a wide table.
fn listed(columns: &Columns<'_>) -> String {
    const MOST: usize = 10;
    let mut texts: Vec<String> = columns
        .iter()
        .take(MOST)
        .map(|name| format!("`<{name}>`"))
        .collect();
    if let Some(more @ 1..) = columns.len().checked_sub(MOST) {
        texts.push(format!("{more} more"));
    }
    texts.join(", ")
}
