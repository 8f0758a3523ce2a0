//! The step definitions of a project, and which steps of its features use them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bdd_protocol::Match;
use foldhash::{HashMap, HashSet};

use super::document::FeatureDocument;
use crate::config::SnippetStyle;
use crate::event::{ArgumentGroup, StepDefinition};
use crate::matching::snippet::Snippets;
use crate::matching::{Question, Resolution, TemplatePart};
use crate::plan::PlannedStep;
use crate::step_catalogue::ProgramKnowledge;

/// How many words may be compared for the hints of a document that was changed: some milliseconds' work. Steps beyond it
/// get their hints after the next change.
const COMPARISONS_OF_CHANGE: usize = 200_000;

/// The same for a question of a person.
const COMPARISONS_OF_QUESTION: usize = 1_000_000;

/// The definitions of a step program with their uses.
#[derive(Debug)]
pub struct UsedDefinitions {
    knowledge: ProgramKnowledge,
    /// What the program was asked and has not answered.
    open: HashSet<Question>,
    /// What it has to be asked.
    unasked: Vec<Question>,
    templates: Vec<Vec<TemplatePart>>,
    /// How many steps use each definition; each row of an outline counts.
    counts: Vec<usize>,
    by_document: HashMap<PathBuf, Vec<StepUse>>,
    /// The documents with steps of which the step program has not said what they match.
    waiting: BTreeSet<PathBuf>,
}

/// What a written step runs, in all rows of its outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepUse {
    /// The line of the step.
    pub line: u32,
    /// The definitions that match, each once.
    pub definitions: Vec<u32>,
    /// For each of them the number of steps of the plan.
    counts: Vec<usize>,
    /// What is wrong with the first row that has no single definition.
    pub problem: Option<UseProblem>,
    /// What the author of an undefined step in an open document probably meant, as a sentence.
    pub hint: Option<String>,
}

/// Why a step cannot run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UseProblem {
    /// No definition matches this text.
    Undefined(Arc<str>),
    /// Several definitions match this text.
    Ambiguous(Arc<str>, Vec<u32>),
}

impl UsedDefinitions {
    /// The definitions of a program. No step is known yet.
    pub fn new(knowledge: ProgramKnowledge) -> Self {
        let definitions = knowledge.matching.definitions();
        let count = definitions.shown.len();
        let template = |at: usize| definitions.template(at).unwrap_or_default();
        Self {
            templates: (0..count).map(template).collect(),
            counts: vec![0; count],
            knowledge,
            open: HashSet::default(),
            unasked: Vec::new(),
            by_document: HashMap::default(),
            waiting: BTreeSet::new(),
        }
    }

    /// All definitions.
    pub fn shown(&self) -> &[StepDefinition] {
        &self.knowledge.matching.definitions().shown
    }

    /// A definition.
    pub fn definition(&self, number: u32) -> &StepDefinition {
        &self.shown()[number as usize]
    }

    /// The documentation of a definition; empty if there is none.
    pub fn doc(&self, number: u32) -> &str {
        &self.knowledge.docs[number as usize]
    }

    /// How many steps use a definition.
    pub fn count(&self, number: u32) -> usize {
        self.counts[number as usize]
    }

    /// The text of a step that a definition matches, with gaps; empty if none can be made.
    pub fn template(&self, number: u32) -> &[TemplatePart] {
        &self.templates[number as usize]
    }

    /// Whether a definition runs only steps of its keyword.
    pub fn strict_keywords(&self) -> bool {
        self.knowledge.matching.strict_keywords()
    }

    /// The uses in a document, in the order of lines.
    pub fn uses_in(&self, path: &Path) -> &[StepUse] {
        self.by_document.get(path).map_or(&[], Vec::as_slice)
    }

    /// What the step in a line of a document runs.
    pub fn use_at(&self, path: &Path, line: u32) -> Option<&StepUse> {
        let uses = self.uses_in(path);
        let at = uses.binary_search_by_key(&line, |one| one.line).ok()?;
        Some(&uses[at])
    }

    /// Matches the steps of a document, new or changed.
    pub fn update(&mut self, document: &FeatureDocument) {
        self.forget(&document.file.path);
        let mut by_line: BTreeMap<u32, StepUse> = BTreeMap::new();
        if let Some(feature) = &document.facts.planned {
            let scenarios = feature.scenarios.iter();
            for step in scenarios.flat_map(|scenario| &scenario.steps) {
                let found = self.all(&feature.uri, step);
                if found.is_none() {
                    self.waiting.insert(document.file.path.clone());
                }
                let line = step.location.line;
                let of_line = by_line.entry(line).or_insert_with(|| StepUse::new(line));
                of_line.add(step, found);
            }
        }
        if document.is_open() {
            self.add_hints(document, &mut by_line);
        }
        let uses: Vec<StepUse> = by_line.into_values().collect();
        for (definition, count) in uses.iter().flat_map(StepUse::counted) {
            self.counts[definition as usize] += count;
        }
        self.by_document.insert(document.file.path.clone(), uses);
    }

    fn add_hints(&mut self, document: &FeatureDocument, by_line: &mut BTreeMap<u32, StepUse>) {
        let matching = &mut self.knowledge.matching;
        matching.renew_hints(COMPARISONS_OF_CHANGE);
        for one in by_line.values_mut() {
            if let Some(UseProblem::Undefined(text)) = &one.problem {
                let steps = document.planned_at(one.line).into_iter();
                let step = steps.into_iter().find(|step| step.text == *text);
                one.hint = step.and_then(|step| matching.hint(&step));
            }
        }
    }

    /// Forgets a document.
    pub fn forget(&mut self, path: &Path) {
        self.waiting.remove(path);
        let uses = self.by_document.remove(path).unwrap_or_default();
        for (definition, count) in uses.iter().flat_map(StepUse::counted) {
            self.counts[definition as usize] -= count;
        }
    }

    /// The definitions that match a step; `None` while the step program has not answered.
    fn all(&mut self, uri: &Arc<str>, step: &PlannedStep) -> Option<Vec<u32>> {
        let matching = &mut self.knowledge.matching;
        if let Some(question) = matching.learn(uri, step) {
            self.open.insert(question.clone());
            self.unasked.push(question);
        }
        let found = matching.all(uri, step);
        let is_open = !self.open.is_empty() && self.open.contains(&matching.question(uri, step));
        let found = found.iter().map(|one| one.definition).collect();
        (!is_open).then_some(found)
    }

    /// The definitions that match a step which may not be in a document; empty if that is not known.
    pub fn of_step(&mut self, uri: &Arc<str>, step: &PlannedStep) -> Vec<u32> {
        self.all(uri, step).unwrap_or_default()
    }

    /// What a definition captures in a step.
    pub fn arguments(
        &mut self,
        uri: &Arc<str>,
        step: &PlannedStep,
        definition: u32,
    ) -> Option<Vec<ArgumentGroup>> {
        let found = self.knowledge.matching.all(uri, step);
        let found = found.iter().find(|one| one.definition == definition)?;
        Some(found.arguments.clone())
    }

    /// What the step program must be asked. It counts as asked then.
    pub fn take_questions(&mut self) -> Vec<Question> {
        std::mem::take(&mut self.unasked)
    }

    /// The documents that must be matched again after answers.
    pub fn take_waiting(&mut self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.waiting)
    }

    /// Takes answers. Documents that wait must be matched again after it.
    ///
    /// # Errors
    /// When an answer names an unknown definition.
    pub fn answer(&mut self, answers: &[(Question, Vec<Match>)]) -> Result<(), String> {
        for (question, found) in answers {
            self.open.remove(question);
            self.knowledge.matching.add(question, found)?;
        }
        Ok(())
    }

    /// The text that was probably meant by that of an undefined step.
    pub fn suggestion(&mut self, text: &Arc<str>) -> Option<String> {
        self.knowledge.matching.renew_hints(COMPARISONS_OF_QUESTION);
        self.knowledge.matching.suggestion(text)
    }

    /// What a person who wrote an undefined step probably meant, as a sentence.
    pub fn hint(&mut self, step: &PlannedStep) -> Option<String> {
        self.knowledge.matching.renew_hints(COMPARISONS_OF_QUESTION);
        self.knowledge.matching.hint(step)
    }

    /// The code that `bdd run` suggests for an undefined step of these documents.
    pub fn snippet<'d>(
        &mut self,
        step: &PlannedStep,
        style: SnippetStyle,
        documents: impl Iterator<Item = &'d FeatureDocument>,
    ) -> Option<String> {
        let strict = self.strict_keywords();
        let matching = &mut self.knowledge.matching;
        let definitions = matching.definitions();
        let types = Arc::clone(&definitions.types);
        let hooks = self.knowledge.hooks.iter().map(String::as_str);
        let taken = definitions.functions().chain(hooks);
        let language = &self.knowledge.language;
        let mut snippets = Snippets::new(language, style, types, strict, taken);
        if snippets.can_write() {
            for (text, keyword) in definitions.examples() {
                snippets.add_example(&text, keyword);
            }
            for feature in documents.filter_map(|one| one.facts.planned.as_ref()) {
                for planned in feature.scenarios.iter().flat_map(|one| &one.steps) {
                    let resolution = matching.resolve(&feature.uri, planned);
                    snippets.add(planned, resolution != Resolution::Undefined);
                }
            }
            snippets.choose();
        }
        Some(snippets.of(step).into_iter().next()?.code)
    }

    /// The language of the steps, such as `rust`.
    pub fn language(&self) -> &str {
        &self.knowledge.language
    }
}

impl StepUse {
    fn new(line: u32) -> Self {
        Self {
            line,
            definitions: Vec::new(),
            counts: Vec::new(),
            problem: None,
            hint: None,
        }
    }

    /// Adds a step of the plan that is written here. `found` is unknown while the step program has not answered.
    fn add(&mut self, step: &PlannedStep, found: Option<Vec<u32>>) {
        let Some(found) = found else {
            return;
        };
        if self.problem.is_none() {
            self.problem = match found.len() {
                0 => Some(UseProblem::Undefined(Arc::clone(&step.text))),
                1 => None,
                _ => Some(UseProblem::Ambiguous(Arc::clone(&step.text), found.clone())),
            };
        }
        for definition in found {
            match self.definitions.iter().position(|one| *one == definition) {
                Some(at) => self.counts[at] += 1,
                None => {
                    self.definitions.push(definition);
                    self.counts.push(1);
                }
            }
        }
    }

    fn counted(&self) -> impl Iterator<Item = (u32, usize)> {
        let definitions = self.definitions.iter().copied();
        definitions.zip(self.counts.iter().copied())
    }
}
