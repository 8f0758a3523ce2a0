//! The page of one feature.

use std::fmt::Write as _;
use std::path::Path;

use foldhash::{HashMap, HashSet};

use super::DocumentedFile;
use super::layout::{Layout, PageFrame};
use super::names::{anchor, tag_page, to_root};
use super::prose::push_prose;
use super::results::{LastResults, ResultCounts, push_result};
use super::steps::{push_examples, push_steps, push_with_placeholders};
use crate::gherkin::{Background, Feature, FeatureChild, Rule, RuleChild, Scenario, Step, Tag};
use crate::html::markup::push_line;
use crate::plan::PlannedScenario;

/// What other pages need of a feature.
#[derive(Debug, Clone)]
pub(super) struct FeatureSummary {
    pub(super) title: String,
    pub(super) uri: String,
    /// The folder of its file, as it is shown.
    pub(super) folder: String,
    pub(super) results: ResultCounts,
    /// How many scenarios it has; each row of an outline counts.
    pub(super) total: usize,
    pub(super) prose: String,
    pub(super) scenarios: Vec<ScenarioSummary>,
}

/// What other pages need of a scenario or an outline.
#[derive(Debug, Clone)]
pub(super) struct ScenarioSummary {
    pub(super) anchor: String,
    pub(super) title: String,
    /// Its own and those that it inherits.
    pub(super) tags: Vec<String>,
    /// Everything below its title.
    pub(super) text: String,
}

/// The page of a feature, and its summary.
pub(super) fn page(
    file: &DocumentedFile<'_>,
    feature: &Feature<'_>,
    name: &str,
    layout: &Layout<'_>,
    results: &LastResults<'_>,
) -> (String, FeatureSummary) {
    let folder = Path::new(&*file.uri).parent();
    let folder = folder.map_or(String::new(), |folder| folder.display().to_string());
    let planned = file
        .planned
        .into_iter()
        .flat_map(|feature| &feature.scenarios);
    let mut builder = PageBuilder {
        planned: planned.map(|one| (one.location.line, one)).collect(),
        whole: file.whole,
        uri: &file.uri,
        root: to_root(name),
        results,
        anchors: HashSet::default(),
        body: String::new(),
        contents: String::new(),
        summary: FeatureSummary {
            title: match feature.name {
                "" => file.uri.to_string(),
                name => name.to_owned(),
            },
            uri: file.uri.to_string(),
            folder,
            results: ResultCounts::default(),
            total: 0,
            prose: feature.description.trim().to_owned(),
            scenarios: Vec::new(),
        },
    };
    builder.children(feature);
    let content = builder.content(feature);
    let frame = PageFrame {
        name,
        title: &builder.summary.title,
        language: feature.language,
    };
    (layout.page(&frame, &content), builder.summary)
}

struct PageBuilder<'b> {
    /// What is selected, by the line of the scenario or of its row.
    planned: HashMap<u32, &'b PlannedScenario>,
    whole: bool,
    uri: &'b str,
    root: String,
    results: &'b LastResults<'b>,
    anchors: HashSet<String>,
    body: String,
    /// The list of scenarios at the top of the page.
    contents: String,
    summary: FeatureSummary,
}

impl<'b> PageBuilder<'b> {
    fn content(&self, feature: &Feature<'_>) -> String {
        let mut out = String::from("<header class=fe><p class=pa>");
        push_line(&mut out, self.uri);
        out.push_str("</p>\n<h1 dir=auto><small>");
        push_line(&mut out, feature.keyword.unwrap_or("Feature"));
        out.push_str("</small> ");
        push_line(&mut out, &self.summary.title);
        out.push_str("</h1>\n");
        self.push_tags(&mut out, &feature.tags);
        self.summary.results.push(&mut out);
        push_prose(&mut out, &feature.description);
        out.push_str("</header>\n");
        if self.summary.scenarios.len() > 1 {
            let _ = write!(
                out,
                "<nav class=toc aria-label=Scenarios><ul>\n{}</ul></nav>\n",
                self.contents
            );
        }
        out.push_str(&self.body);
        out
    }

    fn children(&mut self, feature: &Feature<'_>) {
        for child in &feature.children {
            match child {
                FeatureChild::Background(background) => self.background(background),
                FeatureChild::Scenario(scenario) => self.scenario(scenario, None, &feature.tags),
                FeatureChild::Rule(rule) => self.rule(rule, &feature.tags),
            }
        }
    }

    fn background(&mut self, background: &Background<'_>) {
        self.body
            .push_str("<section class=bg>\n<h2 dir=auto><small>");
        push_line(&mut self.body, background.keyword);
        self.body.push_str("</small> ");
        push_line(&mut self.body, background.name);
        self.body.push_str("</h2>\n");
        push_prose(&mut self.body, &background.description);
        push_steps(&mut self.body, &background.steps, &[]);
        self.body.push_str("</section>\n");
    }

    fn rule(&mut self, rule: &Rule<'_>, inherited: &[Tag<'_>]) {
        let is_shown = |child: &RuleChild<'_>| match child {
            RuleChild::Scenario(scenario) => self.is_shown(scenario),
            RuleChild::Background(_) => false,
        };
        if !self.whole && !rule.children.iter().any(is_shown) {
            return;
        }
        let id = self.anchor(&format!("{}::{}", self.uri, rule.name), "r-");
        let _ = write!(
            self.body,
            "<section class=rule id={id}>\n<h2 dir=auto><small>"
        );
        push_line(&mut self.body, rule.keyword);
        self.body.push_str("</small> ");
        push_line(&mut self.body, rule.name);
        let _ = writeln!(self.body, "{}</h2>", link_here(&id));
        let mut tags = String::new();
        self.push_tags(&mut tags, &rule.tags);
        self.body.push_str(&tags);
        push_prose(&mut self.body, &rule.description);
        let _ = write!(self.contents, "<li class=ru dir=auto><a href=\"#{id}\">");
        push_line(&mut self.contents, rule.keyword);
        self.contents.push_str(": ");
        push_line(&mut self.contents, rule.name);
        self.contents.push_str("</a>\n");
        let all: Vec<Tag<'_>> = inherited.iter().chain(&rule.tags).cloned().collect();
        for child in &rule.children {
            match child {
                RuleChild::Background(background) => self.background(background),
                RuleChild::Scenario(scenario) => self.scenario(scenario, Some(rule), &all),
            }
        }
        self.body.push_str("</section>\n");
    }

    /// What is selected of a scenario.
    fn selected(&self, scenario: &Scenario<'_>) -> Vec<&'b PlannedScenario> {
        let rows = scenario.examples.iter().flat_map(|one| one.table_body());
        let rows = rows.map(|row| row.location.line);
        let lines = [scenario.location.line].into_iter().chain(rows);
        lines
            .filter_map(|line| self.planned.get(&line).copied())
            .collect()
    }

    fn is_shown(&self, scenario: &Scenario<'_>) -> bool {
        self.whole || !self.selected(scenario).is_empty()
    }

    fn scenario(
        &mut self,
        scenario: &Scenario<'_>,
        rule: Option<&Rule<'_>>,
        inherited: &[Tag<'_>],
    ) {
        if !self.is_shown(scenario) {
            return;
        }
        let selected = self.selected(scenario);
        let is_outline = !scenario.examples.is_empty();
        let id = match &selected[..] {
            [only] if !is_outline => {
                let id = anchor(&only.id);
                self.anchors.insert(id.clone());
                id
            }
            _ => {
                let rule = rule.map_or(String::new(), |rule| format!("::{}", rule.name));
                self.anchor(&format!("{}{rule}::{}", self.uri, scenario.name), "o-")
            }
        };
        let mut results = ResultCounts::default();
        for one in &selected {
            results.add(self.results.of(&one.id));
        }
        self.summary.total += selected.len();
        self.summary.results.add_all(&results);
        let level = if rule.is_some() { 3 } else { 2 };
        let mut out = String::new();
        let _ = write!(
            out,
            "<article class=sc id={id}>\n<h{level} dir=auto><small>"
        );
        push_line(&mut out, scenario.keyword);
        out.push_str("</small> ");
        let columns = columns(scenario);
        push_with_placeholders(&mut out, scenario.name, &columns);
        out.push_str(&link_here(&id));
        if let ([only], false) = (&selected[..], is_outline) {
            push_result(&mut out, self.results.of(&only.id));
        }
        let _ = writeln!(out, "</h{level}>");
        self.push_tags(&mut out, &scenario.tags);
        push_prose(&mut out, &scenario.description);
        push_steps(&mut out, &scenario.steps, &columns);
        for examples in &scenario.examples {
            let _ = write!(
                out,
                "<section class=exs>\n<h{0} dir=auto><small>",
                level + 1
            );
            push_line(&mut out, examples.keyword);
            out.push_str("</small> ");
            push_line(&mut out, examples.name);
            let _ = writeln!(out, "</h{}>", level + 1);
            self.push_tags(&mut out, &examples.tags);
            push_prose(&mut out, &examples.description);
            let planned = |line: u32| self.planned.get(&line).copied();
            push_examples(&mut out, examples, &planned, self.whole, self.results);
            out.push_str("</section>\n");
        }
        out.push_str("</article>\n");
        self.body.push_str(&out);
        let _ = write!(self.contents, "<li dir=auto><a href=\"#{id}\">");
        match scenario.name {
            "" => push_line(&mut self.contents, scenario.keyword),
            name => push_line(&mut self.contents, name),
        }
        self.contents.push_str("</a> ");
        results.push_short(&mut self.contents);
        self.contents.push('\n');
        let of_examples = scenario.examples.iter().flat_map(|one| &one.tags);
        let tags = inherited.iter().chain(&scenario.tags).chain(of_examples);
        let mut tags: Vec<String> = tags.map(|tag| tag.name.to_string()).collect();
        let mut seen = HashSet::default();
        tags.retain(|tag| seen.insert(tag.clone()));
        self.summary.scenarios.push(ScenarioSummary {
            anchor: id,
            title: scenario.name.to_owned(),
            tags,
            text: text_of(scenario),
        });
    }

    /// An anchor that no other element of the page has, made from a text that does not change.
    fn anchor(&mut self, text: &str, prefix: &str) -> String {
        let id = anchor(text).replacen("s-", prefix, 1);
        let mut numbered = id.clone();
        let mut number = 1;
        while !self.anchors.insert(numbered.clone()) {
            number += 1;
            numbered = format!("{id}-{number}");
        }
        numbered
    }

    fn push_tags(&self, out: &mut String, tags: &[Tag<'_>]) {
        if tags.is_empty() {
            return;
        }
        out.push_str("<p class=tags>");
        for tag in tags {
            let _ = write!(out, "<a href=\"{}{}\">", self.root, tag_page(tag.name));
            push_line(out, tag.name);
            out.push_str("</a> ");
        }
        out.push_str("</p>\n");
    }
}

/// A link to a place, to copy its address.
fn link_here(id: &str) -> String {
    format!(" <a class=here href=\"#{id}\" aria-label=\"Link to this place\">#</a> ")
}

/// The names of all columns of an outline.
fn columns<'s>(scenario: &'s Scenario<'_>) -> Vec<&'s str> {
    let headers = scenario
        .examples
        .iter()
        .filter_map(|one| one.table_header());
    let cells = headers.flat_map(|header| header.cells);
    cells.map(|cell| &*cell.value).collect()
}

/// What a search finds of a scenario.
fn text_of(scenario: &Scenario<'_>) -> String {
    let mut text = scenario.description.trim().to_owned();
    let mut add = |part: &str| {
        text.push(' ');
        text.push_str(part);
    };
    for Step {
        text: step,
        data_table,
        doc_string,
        ..
    } in &scenario.steps
    {
        add(step);
        let rows = data_table.iter().flat_map(|table| table.rows());
        rows.flat_map(|row| row.cells)
            .for_each(|cell| add(&cell.value));
        if let Some(doc_string) = doc_string {
            add(&doc_string.content);
        }
    }
    for examples in &scenario.examples {
        add(examples.name);
        add(&examples.description);
        let rows = examples.table.rows();
        rows.flat_map(|row| row.cells)
            .for_each(|cell| add(&cell.value));
    }
    text
}
