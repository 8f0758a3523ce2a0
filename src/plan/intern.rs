//! Stores equal texts once, because a plan of 100,000 scenarios has few different texts.

use std::sync::Arc;

use foldhash::HashSet;

use super::{OutlineRow, PlannedFeature, PlannedRule, PlannedScenario, PlannedStep, StepArgument};

/// The texts seen so far.
#[derive(Debug, Default)]
pub(crate) struct Interner(HashSet<Arc<str>>);

impl Interner {
    /// The shared copy of a text.
    pub(super) fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.0.insert(new.clone());
        new
    }

    fn share(&mut self, text: &mut Arc<str>) {
        match self.0.get(&**text) {
            Some(known) => *text = Arc::clone(known),
            None => drop(self.0.insert(Arc::clone(text))),
        }
    }

    fn share_all<'t>(&mut self, texts: impl IntoIterator<Item = &'t mut Arc<str>>) {
        for text in texts {
            self.share(text);
        }
    }
}

impl PlannedFeature {
    /// Makes a feature that was read from a file as small as one that was planned.
    pub(crate) fn share_texts(&mut self, texts: &mut Interner) {
        texts.share_all([
            &mut self.language,
            &mut self.keyword,
            &mut self.name,
            &mut self.description,
        ]);
        texts.share_all(&mut self.tags);
        for rule in &mut self.rules {
            rule.share_texts(texts);
        }
        self.scenarios.shrink_to_fit();
        for scenario in &mut self.scenarios {
            scenario.share_texts(texts);
        }
    }
}

impl PlannedRule {
    fn share_texts(&mut self, texts: &mut Interner) {
        texts.share_all([&mut self.keyword, &mut self.name, &mut self.description]);
        texts.share_all(&mut self.tags);
    }
}

impl PlannedScenario {
    fn share_texts(&mut self, texts: &mut Interner) {
        texts.share_all([&mut self.keyword, &mut self.name, &mut self.description]);
        self.tags.shrink_to_fit();
        texts.share_all(&mut self.tags);
        if let Some(row) = &mut self.row {
            row.share_texts(texts);
        }
        self.steps.shrink_to_fit();
        for step in &mut self.steps {
            step.share_texts(texts);
        }
    }
}

impl OutlineRow {
    fn share_texts(&mut self, texts: &mut Interner) {
        texts.share_all([&mut self.outline, &mut self.examples]);
        self.header.shrink_to_fit();
        self.cells.shrink_to_fit();
        texts.share_all(self.header.iter_mut().chain(&mut self.cells));
    }
}

impl PlannedStep {
    fn share_texts(&mut self, texts: &mut Interner) {
        texts.share_all([&mut self.keyword, &mut self.text]);
        self.arguments.shrink_to_fit();
        for argument in &mut self.arguments {
            match argument {
                StepArgument::Table(rows) => {
                    rows.shrink_to_fit();
                    for row in rows {
                        row.shrink_to_fit();
                        texts.share_all(row);
                    }
                }
                StepArgument::DocString {
                    media_type,
                    content,
                } => texts.share_all(media_type.iter_mut().chain([content])),
            }
        }
    }
}
