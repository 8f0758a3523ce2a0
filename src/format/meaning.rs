//! Whether two documents say the same: everything but places, indents and the space around comments.

use std::borrow::Cow;

use crate::gherkin::{
    Background, Examples, Feature, FeatureChild, GherkinDocument, Rule, RuleChild, Scenario, Step,
    Table, Tag, trim,
};

/// Whether two documents have the same features, with the same texts and comments. Then their pickles are equal too.
pub(super) fn same_meaning(one: &GherkinDocument<'_>, other: &GherkinDocument<'_>) -> bool {
    Facts::of(one) == Facts::of(other)
}

/// All that a document says, as texts in the order of the document. A word before each kind of text keeps texts of
/// different kinds apart.
#[derive(Debug, Default, PartialEq)]
struct Facts<'d>(Vec<Cow<'d, str>>);

impl<'d> Facts<'d> {
    fn of(document: &'d GherkinDocument<'_>) -> Self {
        let mut facts = Self::default();
        for comment in &document.comments {
            facts.add("comment", trim(comment.text));
        }
        if let Some(feature) = &document.feature {
            facts.feature(feature);
        }
        facts
    }

    fn add(&mut self, what: &'static str, text: impl Into<Cow<'d, str>>) {
        self.0.push(Cow::Borrowed(what));
        self.0.push(text.into());
    }

    fn feature(&mut self, feature: &'d Feature<'_>) {
        self.add("language", feature.language);
        self.heading(
            feature.keyword.unwrap_or_default(),
            feature.name,
            &feature.description,
        );
        self.tags(&feature.tags);
        for child in &feature.children {
            match child {
                FeatureChild::Background(background) => self.background(background),
                FeatureChild::Scenario(scenario) => self.scenario(scenario),
                FeatureChild::Rule(rule) => self.rule(rule),
            }
        }
    }

    fn rule(&mut self, rule: &'d Rule<'_>) {
        self.add("rule", "");
        self.heading(rule.keyword, rule.name, &rule.description);
        self.tags(&rule.tags);
        for child in &rule.children {
            match child {
                RuleChild::Background(background) => self.background(background),
                RuleChild::Scenario(scenario) => self.scenario(scenario),
            }
        }
    }

    fn background(&mut self, background: &'d Background<'_>) {
        self.heading(background.keyword, background.name, &background.description);
        self.steps(&background.steps);
    }

    fn scenario(&mut self, scenario: &'d Scenario<'_>) {
        self.heading(scenario.keyword, scenario.name, &scenario.description);
        self.tags(&scenario.tags);
        self.steps(&scenario.steps);
        for examples in &scenario.examples {
            self.examples(examples);
        }
    }

    fn examples(&mut self, examples: &'d Examples<'_>) {
        self.add("examples", "");
        self.heading(examples.keyword, examples.name, &examples.description);
        self.tags(&examples.tags);
        self.rows(&examples.table);
    }

    fn heading(&mut self, keyword: &'d str, name: &'d str, description: &'d str) {
        self.add("keyword", keyword);
        self.add("name", name);
        for line in trim(description).split('\n') {
            self.add("description", trim(line));
        }
    }

    fn tags(&mut self, tags: &'d [Tag<'_>]) {
        for tag in tags {
            self.add("tag", tag.name);
        }
    }

    fn steps(&mut self, steps: &'d [Step<'_>]) {
        for step in steps {
            self.add("step", step.keyword);
            self.add("text", step.text);
            if let Some(table) = &step.data_table {
                self.table(table);
            }
            if let Some(text) = &step.doc_string {
                self.add("delimiter", text.delimiter);
                self.add("media type", text.media_type.unwrap_or_default());
                self.add("content", text.content.as_ref());
            }
        }
    }

    fn table(&mut self, table: &'d Table<'_>) {
        self.add("table", "");
        self.rows(table);
    }

    fn rows(&mut self, table: &'d Table<'_>) {
        for row in table.rows() {
            self.add("row", "");
            for cell in row.cells {
                self.add("cell", cell.value.as_ref());
            }
        }
    }
}
