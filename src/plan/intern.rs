//! Stores equal texts once, because a plan of 100,000 scenarios has few different texts.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;
use foldhash::{HashMap, HashSet};

use super::{
    KeywordType, OutlineRow, PlannedFeature, PlannedRule, PlannedScenario, PlannedStep,
    StepArgument, StepWording,
};

/// The texts and the wordings of steps seen so far.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    texts: HashSet<Arc<str>>,
    /// By their hashes. Of two with one hash, the last is known.
    wordings: HashMap<u64, Arc<StepWording>>,
    hasher: RandomState,
}

/// A wording that may be known.
#[derive(Hash)]
pub(super) struct WantedWording<'w> {
    pub(super) keyword: &'w str,
    pub(super) keyword_type: KeywordType,
    pub(super) text: &'w str,
    pub(super) arguments: Vec<StepArgument>,
    pub(super) background: bool,
}

impl WantedWording<'_> {
    fn is(&self, known: &StepWording) -> bool {
        *self.text == *known.text
            && *self.keyword == *known.keyword
            && self.keyword_type == known.keyword_type
            && self.background == known.background
            && self.arguments == known.arguments
    }
}

impl Interner {
    /// The shared copy of a text.
    pub(super) fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.texts.insert(new.clone());
        new
    }

    /// The shared copy of a wording.
    pub(super) fn wording(&mut self, wanted: WantedWording<'_>) -> Arc<StepWording> {
        let key = self.hasher.hash_one(&wanted);
        if let Some(known) = self.wordings.get(&key).filter(|known| wanted.is(known)) {
            return Arc::clone(known);
        }
        let new = Arc::new(StepWording {
            keyword: self.get(wanted.keyword),
            keyword_type: wanted.keyword_type,
            text: self.get(wanted.text),
            arguments: wanted.arguments,
            background: wanted.background,
        });
        self.wordings.insert(key, Arc::clone(&new));
        new
    }

    fn share(&mut self, text: &mut Arc<str>) {
        match self.texts.get(&**text) {
            Some(known) => *text = Arc::clone(known),
            None => drop(self.texts.insert(Arc::clone(text))),
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
        let key = texts.hasher.hash_one(&self.wording);
        let known = texts.wordings.get(&key);
        match known.filter(|known| **known == self.wording) {
            Some(known) => self.wording = Arc::clone(known),
            None => {
                (**self).share_texts(texts);
                texts.wordings.insert(key, Arc::clone(&self.wording));
            }
        }
    }
}

impl StepWording {
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
