//! The steps of a plan as far as snippets depend on them. It knows neither patterns nor code.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::plan::{KeywordType, PlannedStep, StepArgument};

/// The number of a step among [`KnownSteps`].
pub(super) type StepNumber = usize;

/// Every text of a plan with each of its keywords, once.
#[derive(Debug, Default)]
pub(super) struct KnownSteps {
    steps: Vec<KnownStep>,
    by_text: HashMap<Arc<str>, Vec<StepNumber>>,
    /// By word the texts that have it between spaces or their ends. To try thousands of patterns on all texts would
    /// take minutes.
    by_word: HashMap<String, Vec<Arc<str>>>,
}

/// A text with a keyword.
#[derive(Debug)]
pub(super) struct KnownStep {
    pub(super) text: Arc<str>,
    pub(super) keyword: KeywordType,
    /// Whether a definition matches it, so that no snippet may.
    pub(super) defined: bool,
    pub(super) below: ArgumentsBelow,
}

/// What stands below the steps that are the same otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ArgumentsBelow {
    pub(super) table: Presence,
    pub(super) doc_string: Presence,
}

/// Which of some steps have an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Never,
    Sometimes,
    Always,
}

impl ArgumentsBelow {
    const NOTHING: Self = Self {
        table: Presence::Never,
        doc_string: Presence::Never,
    };

    fn of(step: &PlannedStep) -> Self {
        let is_table = |argument: &StepArgument| matches!(argument, StepArgument::Table(_));
        Self {
            table: Presence::of(step.arguments.iter().any(is_table)),
            doc_string: Presence::of(!step.arguments.iter().all(is_table)),
        }
    }

    /// What stands below these steps and others.
    pub(super) fn and(self, others: Self) -> Self {
        Self {
            table: self.table.and(others.table),
            doc_string: self.doc_string.and(others.doc_string),
        }
    }
}

impl Presence {
    fn of(present: bool) -> Self {
        if present { Self::Always } else { Self::Never }
    }

    fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Sometimes }
    }
}

impl KnownSteps {
    /// Adds a step.
    pub(super) fn add(&mut self, step: &PlannedStep, defined: bool) -> StepNumber {
        self.insert(
            &step.text,
            step.keyword_type,
            defined,
            ArgumentsBelow::of(step),
        )
    }

    /// Adds a text that a definition matches, whether or not a step has it.
    pub(super) fn add_example(&mut self, text: &str, keyword: KeywordType) {
        self.insert(&text.into(), keyword, true, ArgumentsBelow::NOTHING);
    }

    fn insert(
        &mut self,
        text: &Arc<str>,
        keyword: KeywordType,
        defined: bool,
        below: ArgumentsBelow,
    ) -> StepNumber {
        if let Some(known) = self.find(text, keyword) {
            let step = &mut self.steps[known];
            step.below = step.below.and(below);
            return known;
        }
        let number = self.steps.len();
        self.steps.push(KnownStep {
            text: Arc::clone(text),
            keyword,
            defined,
            below,
        });
        let same = self.by_text.entry(Arc::clone(text)).or_default();
        same.push(number);
        number
    }

    /// The step with this text and keyword.
    pub(super) fn find(&self, text: &str, keyword: KeywordType) -> Option<StepNumber> {
        let mut same = self.by_text.get(text)?.iter().copied();
        same.find(|number| self.steps[*number].keyword == keyword)
    }

    pub(super) fn get(&self, number: StepNumber) -> &KnownStep {
        &self.steps[number]
    }

    pub(super) fn numbers(&self) -> std::ops::Range<StepNumber> {
        0..self.steps.len()
    }

    /// All steps with this text.
    pub(super) fn with_text(&self, text: &str) -> &[StepNumber] {
        self.by_text.get(text).map_or(&[], Vec::as_slice)
    }

    /// Makes the index for the patterns of the undefined steps. Words that none of them has are left out.
    pub(super) fn index_words(&mut self) {
        let undefined = self.steps.iter().filter(|step| !step.defined);
        let words: HashSet<&str> = undefined.flat_map(|step| step.text.split(' ')).collect();
        let mut by_word: HashMap<String, Vec<Arc<str>>> = HashMap::new();
        for text in self.by_text.keys() {
            for word in distinct_words(text).filter(|word| words.contains(word)) {
                let texts = by_word.entry(word.to_owned()).or_default();
                texts.push(Arc::clone(text));
            }
        }
        self.by_word = by_word;
    }

    /// The same for a text that was added later.
    pub(super) fn index_words_of(&mut self, text: &Arc<str>) {
        for word in distinct_words(text) {
            let texts = self.by_word.entry(word.to_owned()).or_default();
            texts.push(Arc::clone(text));
        }
    }

    /// Texts among which are all that have these words.
    pub(super) fn with_words<'s>(
        &'s self,
        words: impl Iterator<Item = &'s str>,
    ) -> Box<dyn Iterator<Item = &'s Arc<str>> + 's> {
        let lists = words.map(|word| self.by_word.get(word).map_or(&[][..], Vec::as_slice));
        match lists.min_by_key(|texts| texts.len()) {
            Some(fewest) => Box::new(fewest.iter()),
            None => Box::new(self.by_text.keys()),
        }
    }
}

fn distinct_words(text: &str) -> impl Iterator<Item = &str> {
    let words: HashSet<&str> = text.split(' ').collect();
    words.into_iter()
}
