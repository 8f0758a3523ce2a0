//! Stores equal texts once, because a plan of 100,000 scenarios has few different texts.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::step_table::NewStepTable;
use super::text_list::{NewTextList, TextList};
use super::{
    KeywordType, OutlineRow, PlannedFeature, PlannedRule, PlannedScenario, PlannedStep,
    StepArgument, StepWording,
};
use crate::gherkin::{PickleDocString, PickleTable};

/// The texts and the wordings of steps seen so far, each with its hash: a table that grows needs all hashes again, and
/// would read all texts for them. Texts of a large plan are not in the cache, so only equal hashes are worth a look.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    texts: HashTable<(u64, Arc<str>)>,
    wordings: HashTable<(u64, Arc<StepWording>)>,
    hasher: RandomState,
    list: NewTextList,
    table: NewStepTable,
}

/// A wording that may be known. It is borrowed: two of three steps say what an earlier step said.
pub(super) struct WantedWording<'w> {
    pub(super) keyword: &'w str,
    pub(super) keyword_type: KeywordType,
    pub(super) text: &'w str,
    /// In the order of the file.
    pub(super) arguments: [Option<WantedArgument<'w>>; 2],
    pub(super) background: bool,
}

/// The table or docstring of such a wording.
pub(super) enum WantedArgument<'w> {
    Table(PickleTable<'w>),
    DocString(PickleDocString<'w>),
}

impl WantedWording<'_> {
    fn is(&self, known: &StepWording) -> bool {
        let arguments = || self.arguments.iter().flatten();
        *self.text == *known.text
            && *self.keyword == *known.keyword
            && self.keyword_type == known.keyword_type
            && self.background == known.background
            && arguments().count() == known.arguments.len()
            && arguments()
                .zip(&known.arguments)
                .all(|(one, known)| one.is(known))
    }
}

impl WantedArgument<'_> {
    fn is(&self, known: &StepArgument) -> bool {
        match (self, known) {
            (Self::Table(table), StepArgument::Table(known)) => {
                let (rows, known) = (table.rows(), known.rows());
                rows.len() == known.len()
                    && rows.zip(known).all(|(row, known)| row.cells().eq(known))
            }
            (
                Self::DocString(text),
                StepArgument::DocString {
                    media_type,
                    content,
                },
            ) => text.media_type() == media_type.as_deref() && *text.content() == **content,
            _ => false,
        }
    }

    fn share(&self, interner: &mut Interner) -> StepArgument {
        match self {
            Self::Table(table) => {
                interner.table.extend(table.rows().map(|row| row.cells()));
                StepArgument::Table(interner.table.take())
            }
            Self::DocString(text) => StepArgument::DocString {
                media_type: text.media_type().map(|kind| interner.get(kind)),
                content: interner.get(text.content()),
            },
        }
    }
}

/// Wordings that differ in something else are few: what is hashed decides nearly always.
impl Hash for WantedWording<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
        for argument in self.arguments.iter().flatten() {
            argument.hash(state);
        }
    }
}

impl Hash for WantedArgument<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Table(table) => {
                for row in table.rows() {
                    state.write_usize(row.cells().len());
                    row.cells().for_each(|cell| cell.hash(state));
                }
            }
            Self::DocString(text) => (text.media_type(), text.content()).hash(state),
        }
    }
}

impl Interner {
    /// The shared copy of a text.
    pub(super) fn get(&mut self, text: &str) -> Arc<str> {
        let hash = self.hasher.hash_one(text);
        let is_same = |one: &(u64, Arc<str>)| one.0 == hash && *one.1 == *text;
        if let Some((_, known)) = self.texts.find(hash, is_same) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        let entry = (hash, Arc::clone(&new));
        self.texts.insert_unique(hash, entry, |(hash, _)| *hash);
        new
    }

    /// A list of texts, which is not shared: others with the same texts are few.
    pub(super) fn list<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) -> TextList {
        self.list.extend(texts);
        self.list.take()
    }

    /// The shared copy of a wording.
    pub(super) fn wording(&mut self, wanted: &WantedWording<'_>) -> Arc<StepWording> {
        let hash = self.hasher.hash_one(wanted);
        let is_same = |one: &(u64, Arc<StepWording>)| one.0 == hash && wanted.is(&one.1);
        let known = self.wordings.find(hash, is_same);
        if let Some((_, known)) = known {
            return Arc::clone(known);
        }
        let arguments = wanted.arguments.iter().flatten();
        let arguments: Vec<_> = arguments.map(|one| one.share(self)).collect();
        let new = Arc::new(StepWording {
            keyword: self.get(wanted.keyword),
            keyword_type: wanted.keyword_type,
            // Few other wordings have the text, unless they differ in what is below it.
            text: match arguments[..] {
                [] => wanted.text.into(),
                _ => self.get(wanted.text),
            },
            arguments,
            background: wanted.background,
        });
        self.add_wording(hash, &new);
        new
    }

    fn add_wording(&mut self, hash: u64, new: &Arc<StepWording>) {
        let entry = (hash, Arc::clone(new));
        self.wordings.insert_unique(hash, entry, |(hash, _)| *hash);
    }

    fn share(&mut self, text: &mut Arc<str>) {
        let hash = self.hasher.hash_one(&**text);
        let is_same = |(_, known): &(u64, Arc<str>)| *known == *text;
        match self.texts.entry(hash, is_same, |(hash, _)| *hash) {
            Entry::Occupied(known) => *text = Arc::clone(&known.get().1),
            Entry::Vacant(free) => {
                free.insert((hash, Arc::clone(text)));
            }
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
        let mut before: Option<&mut PlannedScenario> = None;
        for scenario in &mut self.scenarios {
            scenario.share_texts(before.as_deref(), texts);
            before = Some(scenario);
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
    /// `before` is the scenario before it in the feature.
    fn share_texts(&mut self, before: Option<&Self>, texts: &mut Interner) {
        texts.share_all([&mut self.keyword, &mut self.name, &mut self.description]);
        match before.filter(|before| before.tags == self.tags) {
            Some(before) => self.tags = Arc::clone(&before.tags),
            None => texts.share_all(Arc::make_mut(&mut self.tags)),
        }
        if let Some(row) = &mut self.row {
            row.share_texts(before.and_then(|before| before.row.as_deref()), texts);
        }
        self.steps.shrink_to_fit();
        for step in &mut self.steps {
            step.share_texts(texts);
        }
    }
}

impl OutlineRow {
    fn share_texts(&mut self, before: Option<&Self>, texts: &mut Interner) {
        texts.share_all([&mut self.outline, &mut self.examples]);
        if let Some(before) = before.filter(|before| before.header == self.header) {
            self.header = Arc::clone(&before.header);
        }
    }
}

impl PlannedStep {
    fn share_texts(&mut self, texts: &mut Interner) {
        let hash = texts.hasher.hash_one(&self.wording);
        let known = texts
            .wordings
            .find(hash, |(_, known)| *known == self.wording);
        if let Some((_, known)) = known {
            self.wording = Arc::clone(known);
        } else {
            (**self).share_texts(texts);
            texts.add_wording(hash, &self.wording);
        }
    }
}

impl StepWording {
    fn share_texts(&mut self, texts: &mut Interner) {
        texts.share_all([&mut self.keyword, &mut self.text]);
        self.arguments.shrink_to_fit();
        for argument in &mut self.arguments {
            match argument {
                StepArgument::Table(_) => {}
                StepArgument::DocString {
                    media_type,
                    content,
                } => texts.share_all(media_type.iter_mut().chain([content])),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::gherkin::Dialect;
    use crate::plan::steps_of;

    #[test]
    fn steps_that_say_the_same_share_their_wording() {
        let text = "* a\n  | x | y |\n* a\n  | x | y |\n* a\n  | x |\n  | y |\n* a\n  | x | z |\n\
                    * a\n* a\n  \"\"\"\n  x\n  \"\"\"\n* a\n  \"\"\" y\n  x\n  \"\"\"\n* a\n  \"\"\"\n  x\n  \"\"\"\n\
                    Given a\n* a\n  | x | y |\n  \"\"\"\n  x\n  \"\"\"\n* a\n  \"\"\"\n  x\n  \"\"\"\n  | x | y |\n";
        let steps = steps_of(text, Dialect::english()).unwrap();
        let first = |step: &PlannedStep| {
            let mut all = steps.iter();
            all.position(|other| Arc::ptr_eq(&other.wording, &step.wording))
        };
        let first: Vec<_> = steps.iter().filter_map(first).collect();
        assert_eq!(first, [0, 0, 2, 3, 4, 5, 6, 5, 8, 9, 10]);
        let mut interner = Interner::default();
        let mut copies = steps.clone();
        for step in &mut copies {
            step.wording = Arc::new((*step.wording).clone());
            step.share_texts(&mut interner);
        }
        assert!(Arc::ptr_eq(&copies[0].wording, &copies[1].wording));
        assert!(!Arc::ptr_eq(&copies[1].wording, &copies[2].wording));
        assert_eq!(copies, steps);
    }
}
