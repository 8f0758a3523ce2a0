//! Chooses the patterns of the snippets for all undefined steps of a plan together, so that each of these steps
//! matches exactly one of them when all are pasted.
//!
//! A pattern that is right for one step alone can be wrong beside others: `I pay {int} euro` and `I pay {float} euro`
//! both match `I pay 5 euro`. So every pattern that could be suggested is tried on all steps. Those that match the
//! most steps are taken first, and a pattern that matches a step of an earlier one, or a step that has a definition, is
//! not taken. A step that is left over gets its text as the pattern.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::draft::{Draft, Source};
use super::groups::{StepGroup, attribute, common_attribute, groups_of};
use super::steps::{KnownSteps, StepNumber};
use crate::matching::{ParameterTypes, Pattern, keyword_allows};
use crate::plan::PlannedStep;

/// The number of a snippet among those of a [`Choice`].
pub(super) type SnippetNumber = usize;
type GroupNumber = usize;

/// What is written for some steps.
#[derive(Debug)]
pub(super) struct Chosen {
    /// The attribute of the function.
    pub(super) attribute: &'static str,
    /// Drafts that match the same steps; the first is the choice.
    pub(super) drafts: Vec<Draft>,
    /// The steps that it is for.
    pub(super) steps: Vec<StepNumber>,
    pattern: Pattern,
    groups: Vec<GroupNumber>,
}

/// Makes the drafts for a text, the most likely first.
pub(super) trait Drafts {
    /// The usual ones.
    fn usual(&mut self, text: &str) -> Vec<Draft>;

    /// One that is narrower than the usual ones and still has parameters, if there is any.
    fn narrower(&self, text: &str) -> Option<Draft>;

    /// The draft for this text alone.
    fn literal(&self, text: &str) -> Draft;
}

/// The snippets that were chosen so far, and the steps that they were chosen for.
#[derive(Debug)]
pub(super) struct Choice {
    types: Arc<ParameterTypes>,
    strict_keywords: bool,
    steps: KnownSteps,
    /// By step its group; none for those that have a definition.
    group_of: Vec<Option<GroupNumber>>,
    groups: Vec<StepGroup>,
    /// By group its snippet.
    snippet_of: Vec<Option<SnippetNumber>>,
    snippets: Vec<Chosen>,
}

/// A draft, and the groups whose steps it matches.
struct Candidate {
    draft: Draft,
    /// The attribute that it needs where keywords are strict.
    attribute: &'static str,
    pattern: Pattern,
    groups: Vec<GroupNumber>,
    /// Its position among the drafts of its text.
    rank: usize,
}

impl Choice {
    pub(super) fn new(types: Arc<ParameterTypes>, strict_keywords: bool) -> Self {
        Self {
            types,
            strict_keywords,
            steps: KnownSteps::default(),
            group_of: Vec::new(),
            groups: Vec::new(),
            snippet_of: Vec::new(),
            snippets: Vec::new(),
        }
    }

    /// The steps, to add those of a plan before the first choice.
    pub(super) fn steps_mut(&mut self) -> &mut KnownSteps {
        &mut self.steps
    }

    pub(super) fn steps(&self) -> &KnownSteps {
        &self.steps
    }

    pub(super) fn snippets(&self) -> &[Chosen] {
        &self.snippets
    }

    /// The snippet of a step that is known.
    pub(super) fn find(&self, step: &PlannedStep) -> Option<SnippetNumber> {
        let known = self.steps.find(&step.text, step.keyword_type)?;
        self.snippet_of[(*self.group_of.get(known)?)?]
    }

    /// Chooses for all undefined steps that are known.
    pub(super) fn choose_all(&mut self, drafts: &mut dyn Drafts) {
        self.steps.index_words();
        self.groups = groups_of(&self.steps, self.strict_keywords);
        self.snippet_of = vec![None; self.groups.len()];
        self.group_of = vec![None; self.steps.numbers().len()];
        for (number, group) in self.groups.iter().enumerate() {
            for step in &group.steps {
                self.group_of[*step] = Some(number);
            }
        }
        self.choose(0, drafts);
    }

    /// Chooses for an undefined step that was not known when the others were chosen.
    pub(super) fn choose_late(
        &mut self,
        step: &PlannedStep,
        drafts: &mut dyn Drafts,
    ) -> Option<SnippetNumber> {
        let keyword = step.keyword_type;
        let of_others = self.snippets.iter().position(|snippet| {
            self.allows(snippet.attribute, keyword) && matches(&snippet.pattern, &step.text)
        });
        let is_new_text = self.steps.with_text(&step.text).is_empty();
        let known = self.steps.add(step, false);
        if is_new_text {
            self.steps.index_words_of(&step.text);
        }
        let group = self.groups.len();
        self.groups.push(StepGroup {
            attribute: attribute(keyword),
            steps: vec![known],
        });
        self.group_of.resize(self.steps.numbers().len(), None);
        self.group_of[known] = Some(group);
        self.snippet_of.push(of_others);
        self.choose(group, drafts);
        self.snippet_of[group]
    }

    /// Chooses for all groups from `first` on that have no snippet.
    fn choose(&mut self, first: GroupNumber, drafts: &mut dyn Drafts) {
        let usual = self.candidates(first, &mut |text| drafts.usual(text));
        self.take(usual);
        let narrower = &mut |text: &str| drafts.narrower(text).into_iter().collect();
        let narrower = self.candidates(first, narrower);
        self.take(narrower);
        for group in first..self.groups.len() {
            let draft = drafts.literal(self.text(group));
            if self.snippet_of[group].is_none()
                && let Some(pattern) = draft.source.pattern(&self.types)
            {
                let attribute = self.groups[group].attribute;
                self.add(Candidate {
                    draft,
                    attribute,
                    pattern,
                    groups: vec![group],
                    rank: 0,
                });
            }
        }
    }

    /// The drafts for all groups from `first` on without a snippet that match nothing but whole groups.
    fn candidates(
        &self,
        first: GroupNumber,
        drafts: &mut dyn FnMut(&str) -> Vec<Draft>,
    ) -> Vec<Candidate> {
        let mut tried: HashSet<(Source, &str)> = HashSet::new();
        let mut candidates = Vec::new();
        let open = (first..self.groups.len()).filter(|group| self.snippet_of[*group].is_none());
        for group in open {
            let attribute = match self.strict_keywords {
                true => self.groups[group].attribute,
                false => "step",
            };
            for (rank, draft) in drafts(self.text(group)).into_iter().enumerate() {
                if tried.insert((draft.source.clone(), attribute))
                    && let Some(pattern) = draft.source.pattern(&self.types)
                    && let Some(groups) = self.covered(&draft, &pattern, attribute, group)
                {
                    candidates.push(Candidate {
                        // Compiled patterns are large, and most are not needed again.
                        pattern: draft.source.pattern(&self.types).unwrap_or(pattern),
                        draft,
                        attribute,
                        groups,
                        rank,
                    });
                }
            }
        }
        candidates
    }

    /// Takes the candidates that match the most groups first, as long as they do not match those of others.
    fn take(&mut self, mut candidates: Vec<Candidate>) {
        // The sort is stable: among equals the order of the plan decides.
        candidates.sort_by_key(|candidate| (Reverse(candidate.groups.len()), candidate.rank));
        for candidate in candidates {
            let owner = candidate
                .groups
                .first()
                .and_then(|group| self.snippet_of[*group]);
            let same = owner
                .map(|owner| &mut self.snippets[owner])
                .filter(|owner| owner.groups == candidate.groups);
            if let Some(same) = same {
                same.drafts.push(candidate.draft);
            } else if candidate
                .groups
                .iter()
                .all(|group| self.snippet_of[*group].is_none())
            {
                self.add(candidate);
            }
        }
    }

    fn add(&mut self, candidate: Candidate) {
        for group in &candidate.groups {
            self.snippet_of[*group] = Some(self.snippets.len());
        }
        let groups = candidate.groups.iter().map(|group| &self.groups[*group]);
        let steps: Vec<StepNumber> = groups.flat_map(|group| &group.steps).copied().collect();
        let keywords = steps.iter().map(|step| self.steps.get(*step).keyword);
        self.snippets.push(Chosen {
            attribute: match self.strict_keywords {
                true => candidate.attribute,
                false => common_attribute(keywords),
            },
            drafts: vec![candidate.draft],
            steps,
            pattern: candidate.pattern,
            groups: candidate.groups,
        });
    }

    /// The groups that a draft for the group `own` matches; none if it matches a part of a group only, or a step
    /// that has a definition.
    fn covered(
        &self,
        draft: &Draft,
        pattern: &Pattern,
        attribute: &str,
        own: GroupNumber,
    ) -> Option<Vec<GroupNumber>> {
        let mut groups = BTreeSet::new();
        let mut hits = 0;
        for text in self.steps.with_words(draft.certain_words()) {
            // A draft matches the text that it is made from. To compile the pattern costs the most by far, and often
            // no other text has its words.
            if **text != *self.text(own) && !matches(pattern, text) {
                continue;
            }
            for step in self.steps.with_text(text) {
                if self.allows(attribute, self.steps.get(*step).keyword) {
                    hits += 1;
                    groups.insert(self.group_of[*step]?);
                }
            }
        }
        let steps_of = |group: &GroupNumber| self.groups[*group].steps.len();
        let whole: usize = groups.iter().map(steps_of).sum();
        (hits == whole && groups.contains(&own)).then(|| groups.into_iter().collect())
    }

    fn text(&self, group: GroupNumber) -> &str {
        // A group has at least one step, and all of them have the same text.
        &self.steps.get(self.groups[group].steps[0]).text
    }

    fn allows(&self, attribute: &str, keyword: crate::plan::KeywordType) -> bool {
        !self.strict_keywords || keyword_allows(attribute, keyword)
    }
}

fn matches(pattern: &Pattern, text: &str) -> bool {
    text.starts_with(pattern.prefix().unwrap_or_default()) && pattern.arguments(text).is_some()
}
