//! The steps of a plan as far as snippets depend on them. It knows neither patterns nor code.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use crate::plan::{KeywordType, PlannedStep, StepArgument};

/// The number of a step among [`KnownSteps`].
pub(super) type StepNumber = usize;

/// Every text of a plan with each of its keywords, once.
#[derive(Debug, Default)]
pub(super) struct KnownSteps {
    steps: Vec<KnownStep>,
    by_text: BTreeMap<Arc<str>, Vec<StepNumber>>,
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

    /// The texts that begin with `prefix`, each with its steps.
    pub(super) fn beginning_with<'s>(
        &'s self,
        prefix: &'s str,
    ) -> impl Iterator<Item = (&'s str, &'s [StepNumber])> {
        let texts = self
            .by_text
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        let texts = texts.map(|(text, steps)| (&**text, steps.as_slice()));
        texts.take_while(move |(text, _)| text.starts_with(prefix))
    }
}
