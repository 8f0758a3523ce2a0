//! The matched plan: the plan with the definitions of each step. It makes the messages to workers about
//! scenarios, and the results of steps that do not run.

use std::borrow::Cow;
use std::sync::Arc;

use bdd_protocol::{
    self as protocol, DocStringArgument, FeatureInfo, RuleInfo, RunScenario, RunStep,
};
use foldhash::HashMap;

use crate::config::SnippetStyle;
use crate::event::{Event, Snippet, SourceLocation, Status, StepError, StepMatch, StepResult};
use crate::matching::snippet::Snippets;
use crate::matching::{Definitions, Matching, Question, Resolution};
use crate::plan::{
    Plan, PlannedFeature, PlannedRule, PlannedScenario, PlannedStep, StepArgument, TextListIter,
};

use super::hooks::DeclaredHooks;
use super::wordings::MatchedWordings;

/// The plan with the definitions of each step.
#[derive(Debug)]
pub struct MatchedPlan {
    matching: Matching,
    /// What wordings run, if nothing but a wording decides that.
    wordings: MatchedWordings,
    /// What the steps of a scenario run, while a worker has it in hand: it is needed when it is sent and when they finish.
    in_hand: HashMap<u32, Vec<Arc<StepMatch>>>,
    snippets: Snippets,
    /// The features whose steps the snippets do not know yet; none once the first snippet was needed.
    unread: Vec<Arc<PlannedFeature>>,
    hooks: DeclaredHooks,
}

impl MatchedPlan {
    /// Takes the matches of the plan from `matching`. Snippets are written in `language` and `style`.
    pub fn new(
        matching: Matching,
        plan: &Plan,
        language: &str,
        style: SnippetStyle,
        hooks: DeclaredHooks,
    ) -> Self {
        let definitions = matching.definitions();
        let types = Arc::clone(&definitions.types);
        let hook_functions = hooks.shown.iter().map(|hook| hook.function.as_str());
        let taken = definitions.functions().chain(hook_functions);
        let strict = matching.strict_keywords();
        let snippets = Snippets::new(language, style, types, strict, taken);
        Self {
            matching,
            wordings: MatchedWordings::default(),
            in_hand: HashMap::default(),
            snippets,
            unread: plan.features.clone(),
            hooks,
        }
    }

    /// The hooks of the step program.
    pub fn hooks(&self) -> &DeclaredHooks {
        &self.hooks
    }

    /// The same, to add one.
    pub fn hooks_mut(&mut self) -> &mut DeclaredHooks {
        &mut self.hooks
    }

    /// The match that the step program reports for a step that it runs.
    ///
    /// # Errors
    /// When it names an unknown definition.
    pub fn reported(&self, found: &protocol::Match) -> Result<Arc<StepMatch>, String> {
        self.matching.definitions().reported_match(found)
    }

    /// Takes the steps of a scenario that was added to a feature. Returns what the step program has to be
    /// asked about them.
    pub fn learn(&mut self, uri: &Arc<str>, scenario: &PlannedScenario) -> Vec<Question> {
        let steps = scenario.steps.iter();
        let new = steps.filter_map(|step| self.matching.learn(uri, step));
        new.collect()
    }

    /// What the step program is asked about a step that is not in the plan.
    pub fn question(&self, uri: &Arc<str>, step: &PlannedStep) -> Question {
        self.matching.question(uri, step)
    }

    /// Adds what the step program itself matched.
    ///
    /// # Errors
    /// When the answer names an unknown definition, or one whose pattern the runner matches.
    pub fn add(&mut self, question: &Question, matches: &[protocol::Match]) -> Result<(), String> {
        self.matching.add(question, matches)
    }

    /// The id of the definition that a step runs, as the step program knows it; `None` when there is not
    /// exactly one.
    pub fn definition_id(&mut self, uri: &Arc<str>, step: &PlannedStep) -> Option<u32> {
        match self.resolve(uri, step) {
            Resolution::Matched(found) => {
                Some(self.matching.definitions().ids[found.definition as usize])
            }
            Resolution::Undefined | Resolution::Ambiguous(_) => None,
        }
    }

    /// What a step runs.
    fn resolve(&mut self, uri: &Arc<str>, step: &PlannedStep) -> Resolution {
        if let Some(found) = self.wordings.get(step.wording()) {
            return Resolution::Matched(Arc::clone(found));
        }
        let resolution = self.matching.resolve(uri, step);
        if let Resolution::Matched(found) = &resolution
            && !self.has_own_kinds()
        {
            self.wordings.add(step.wording(), found);
        }
        resolution
    }

    /// For each step of a scenario all that matches it.
    pub fn matches(
        &mut self,
        uri: &Arc<str>,
        scenario: &PlannedScenario,
    ) -> Vec<Vec<Arc<StepMatch>>> {
        let steps = scenario.steps.iter();
        steps.map(|step| self.matching.all(uri, step)).collect()
    }

    /// What a worker needs to know of a feature. `split` says whether other workers may run scenarios of
    /// it, too.
    pub fn feature_info<'p>(
        &self,
        feature: &'p PlannedFeature,
        split: bool,
    ) -> FeatureInfo<Cow<'p, str>> {
        let (before, after) = self.hooks.of_feature(feature);
        FeatureInfo {
            uri: text(&feature.uri),
            name: text(&feature.name),
            tags: feature.tags.iter().map(text).collect(),
            line: feature.location.line,
            before: self.hooks.ids(&before),
            after: self.hooks.ids(&after),
            split,
        }
    }

    /// A worker gets a scenario: the steps before the first that does not have exactly one definition.
    pub fn hand_out(&mut self, feature: &PlannedFeature, scenario: &PlannedScenario) {
        let mut steps = Vec::with_capacity(scenario.steps.len());
        for step in &scenario.steps {
            let Resolution::Matched(found) = self.resolve(&feature.uri, step) else {
                break;
            };
            steps.push(found);
        }
        self.in_hand.insert(scenario.index, steps);
    }

    /// No worker has a scenario in hand any more.
    pub fn take_back(&mut self, scenario: u32) {
        self.in_hand.remove(&scenario);
    }

    fn in_hand(&self, scenario: u32) -> &[Arc<StepMatch>] {
        self.in_hand.get(&scenario).map_or(&[], Vec::as_slice)
    }

    /// What the worker gets for a scenario that it has in hand. Texts are not copied: there are many in each scenario.
    pub fn for_worker<'p>(
        &'p self,
        feature: &'p PlannedFeature,
        scenario: &'p PlannedScenario,
    ) -> RunScenario<Cow<'p, str>> {
        let definitions = self.matching.definitions();
        let steps = scenario.steps.iter().zip(self.in_hand(scenario.index));
        let steps = steps.map(|(step, found)| run_step(step, found, definitions));
        let steps = steps.collect();
        let hooks = self.hooks.of_scenario(scenario);
        RunScenario {
            scenario: scenario.index,
            attempt: 0,
            name: text(&scenario.name),
            line: scenario.location.line,
            tags: scenario.tags.iter().map(text).collect(),
            rule: scenario
                .rule
                .map(|rule| self.rule_info(feature, &feature.rules[rule])),
            before: self.hooks.ids(&hooks.before),
            after: self.hooks.ids(&hooks.after),
            before_step: self.hooks.ids(&hooks.before_step),
            after_step: self.hooks.ids(&hooks.after_step),
            steps,
            ..RunScenario::default()
        }
    }

    /// What a worker needs to know of a rule.
    fn rule_info<'p>(
        &self,
        feature: &'p PlannedFeature,
        rule: &'p PlannedRule,
    ) -> RuleInfo<Cow<'p, str>> {
        let (before, after) = self.hooks.of_rule(feature, rule);
        RuleInfo {
            name: text(&rule.name),
            line: rule.location.line,
            tags: feature.tags.iter().chain(&rule.tags).map(text).collect(),
            before: self.hooks.ids(&before),
            after: self.hooks.ids(&after),
        }
    }

    /// What the worker gets for a step that another step runs from text.
    pub fn run_step(&self, step: &PlannedStep, found: &StepMatch) -> RunStep {
        run_step(step, found, self.matching.definitions())
    }

    /// What a step that is not in the plan runs; `own` is what the step program matched itself.
    ///
    /// # Errors
    /// When it names something that it did not declare.
    pub fn resolve_alone(
        &self,
        step: &PlannedStep,
        own: &[protocol::Match],
    ) -> Result<Resolution, String> {
        self.matching.resolve_alone(step, own)
    }

    /// Whether the step program itself has to match some of its patterns.
    pub fn has_own_kinds(&self) -> bool {
        self.matching.definitions().has_own_kinds()
    }

    /// Code that would define a step, if snippets can be written in the program's language.
    pub fn snippet(&mut self, step: &PlannedStep) -> Option<Snippet> {
        self.snippets_of(step).into_iter().next()
    }

    /// What a person who wrote an undefined step probably meant.
    pub fn hint(&mut self, step: &PlannedStep) -> Option<String> {
        self.matching.hint(step)
    }

    /// The snippets of a step. Before the first, all steps of the plan are matched, so that no two snippets fit
    /// the same step.
    fn snippets_of(&mut self, step: &PlannedStep) -> Vec<Snippet> {
        let unread = std::mem::take(&mut self.unread);
        if !unread.is_empty() && self.snippets.can_write() {
            for (text, keyword) in self.matching.definitions().examples() {
                self.snippets.add_example(&text, keyword);
            }
            for feature in &unread {
                for planned in feature.scenarios.iter().flat_map(|one| &one.steps) {
                    let resolution = self.matching.resolve(&feature.uri, planned);
                    self.snippets
                        .add(planned, resolution != Resolution::Undefined);
                }
            }
            self.snippets.choose();
        }
        self.snippets.of(step)
    }

    /// A definition as messages name it: its place and its pattern.
    pub fn definition(&self, number: u32) -> String {
        let definition = &self.matching.definitions().shown[number as usize];
        let SourceLocation { file, line, .. } = &definition.location;
        format!("{file}:{line}: {}", definition.pattern)
    }

    /// Whether exactly one definition matches the step.
    pub fn can_run(&mut self, uri: &Arc<str>, step: &PlannedStep) -> bool {
        matches!(self.resolve(uri, step), Resolution::Matched(_))
    }

    /// The result of a step of a scenario that a worker has in hand.
    pub fn result_in_hand(
        &mut self,
        uri: &Arc<str>,
        scenario: &PlannedScenario,
        step: u32,
        status: Status,
    ) -> StepResult {
        match self.in_hand(scenario.index).get(step as usize) {
            Some(found) => StepResult {
                step_match: Some(Arc::clone(found)),
                ..StepResult::of_status(status)
            },
            None => self.result(uri, &scenario.steps[step as usize], status),
        }
    }

    /// A result with the match. A step that does not have exactly one definition is undefined or ambiguous.
    pub fn result(&mut self, uri: &Arc<str>, step: &PlannedStep, status: Status) -> StepResult {
        let mut result = StepResult::of_status(status);
        match self.resolve(uri, step) {
            Resolution::Matched(found) => result.step_match = Some(found),
            Resolution::Undefined => {
                result.status = Status::Undefined;
                result.snippets = self.snippets_of(step);
                result.error = self.hint(step).map(StepError::plain);
            }
            Resolution::Ambiguous(candidates) => {
                result.status = Status::Ambiguous;
                result.candidates = candidates;
            }
        }
        result
    }

    /// Emits the results of the steps from `first` on, which do not run. Returns the worst status. `so_far` is the
    /// worst of what ran: after a step or hook that skips the scenario, no step matters any more.
    pub fn leave_out(
        &mut self,
        (uri, scenario): (&Arc<str>, &PlannedScenario),
        attempt: u32,
        first: usize,
        so_far: Status,
        emit: &mut dyn FnMut(Event),
    ) -> Status {
        let mut worst = Status::Passed;
        for (step, planned) in (0u32..).zip(&scenario.steps).skip(first) {
            let result = match so_far {
                Status::Skipped => self.skipped(uri, planned),
                _ => self.result(uri, planned, Status::Skipped),
            };
            worst = worst.max(result.status);
            emit(Event::StepFinished {
                scenario: scenario.index,
                attempt,
                step,
                result,
            });
        }
        worst
    }

    /// The result of a skipped step, which may have no definition.
    fn skipped(&mut self, uri: &Arc<str>, step: &PlannedStep) -> StepResult {
        let mut result = self.result(uri, step, Status::Skipped);
        result.status = Status::Skipped;
        result.candidates.clear();
        result.snippets.clear();
        result.error = None;
        result
    }

    /// Reports all steps as skipped, also those without a definition.
    pub fn skip_all(
        &mut self,
        (uri, scenario): (&Arc<str>, &PlannedScenario),
        attempt: u32,
        emit: &mut dyn FnMut(Event),
    ) {
        for (step, planned) in (0u32..).zip(&scenario.steps) {
            let result = self.skipped(uri, planned);
            emit(Event::StepFinished {
                scenario: scenario.index,
                attempt,
                step,
                result,
            });
        }
    }
}

/// A step for a message, whose texts are borrowed or copied.
pub(crate) fn run_step<'p, T: From<&'p str> + From<String> + Default>(
    step: &'p PlannedStep,
    found: &'p StepMatch,
    definitions: &Definitions,
) -> RunStep<T> {
    let (table, docstring) = below(step);
    RunStep {
        definition: definitions.ids[found.definition as usize],
        text: text(&step.text),
        keyword: step.keyword.trim_end().into(),
        line: step.location.line,
        arguments: found
            .arguments
            .iter()
            .map(|group| definitions.types.argument(group))
            .collect(),
        table,
        docstring,
    }
}

/// A text for a message.
fn text<'p, T: From<&'p str>>(shared: &'p Arc<str>) -> T {
    T::from(shared)
}

type SentArguments<T> = (Option<Vec<Vec<T>>>, Option<DocStringArgument<T>>);

fn below<'p, T: From<&'p str>>(step: &'p PlannedStep) -> SentArguments<T> {
    let (mut table, mut docstring) = (None, None);
    for argument in &step.arguments {
        match argument {
            StepArgument::Table(rows) => {
                let cells = |row: TextListIter<'p>| row.map(T::from).collect();
                table = Some(rows.rows().map(cells).collect());
            }
            StepArgument::DocString {
                media_type,
                content,
            } => {
                let media_type = media_type.as_ref().map(text);
                docstring = Some(DocStringArgument {
                    media_type,
                    content: text(content),
                });
            }
        }
    }
    (table, docstring)
}
