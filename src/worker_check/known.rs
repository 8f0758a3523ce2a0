//! What the program has declared, and what a worker is sent for it.
//!
//! The messages are made here and not taken from the run's own code, so that a mistake there does not
//! hide a host's.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use bdd_protocol::{self as protocol, FeatureInfo, Hello, RuleInfo, RunScenario, RunStep};

use crate::event::HookKind;
use crate::matching::{Definitions, MatchBy, Matching, Resolution};
use crate::paths::from_root;
use crate::plan::{
    KeywordType, Location, Plan, PlannedFeature, PlannedScenario, PlannedStep, StepArgument,
    StepWording,
};
use crate::run::hooks::DeclaredHooks;
use crate::run::matched::run_step;

/// A scenario with what a worker gets before it.
#[derive(Debug, Clone)]
pub struct Ready {
    /// Its feature.
    pub feature: Arc<FeatureInfo>,
    /// The scenario.
    pub scenario: RunScenario,
}

/// What a program is asked to match: a text, and what else decides by its `match_by`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MatchQuestion {
    /// The text.
    pub text: String,
    /// The keyword of the step; empty unless it decides.
    pub keyword: &'static str,
    /// The uri of the feature; empty unless it decides.
    pub uri: String,
    /// What stands below the step; empty unless it decides.
    pub below: &'static str,
}

/// What a program has declared.
#[derive(Debug)]
pub struct DeclaredProgram {
    /// Its hello.
    pub hello: Hello,
    hooks: DeclaredHooks,
    matching: Matching,
    /// What the program has matched itself.
    own: HashMap<MatchQuestion, Vec<protocol::Match>>,
    /// The language of each feature, by uri.
    languages: HashMap<String, String>,
}

impl DeclaredProgram {
    /// Takes a hello whose patterns and hooks can be used.
    ///
    /// # Errors
    /// What cannot be used: of the patterns, and of the hooks.
    pub fn new(hello: &Hello, root: &Path) -> Result<Self, (Vec<String>, Vec<String>)> {
        let place = |file: &str| from_root(file, root);
        match (
            Definitions::new(hello, &place),
            DeclaredHooks::new(&hello.hooks, &place),
        ) {
            (Ok(definitions), Ok(hooks)) => Ok(Self {
                hello: hello.clone(),
                hooks,
                matching: Matching::new(definitions, MatchBy::default(), false),
                own: HashMap::new(),
                languages: HashMap::new(),
            }),
            (patterns, hooks) => Err((
                patterns.err().unwrap_or_default(),
                hooks.err().unwrap_or_default(),
            )),
        }
    }

    /// Whether the program matches some of its patterns itself.
    pub fn has_own_kinds(&self) -> bool {
        self.matching.definitions().has_own_kinds()
    }

    /// Whether a definition is matched by the program itself; `None` for an unknown definition.
    pub fn is_own(&self, definition: u32) -> Option<bool> {
        let mut all = self.hello.definitions.iter();
        let found = all.find(|one| one.id == definition)?;
        Some(!matches!(
            found.kind.as_str(),
            "regex" | "cucumber_expression"
        ))
    }

    /// The ids of all hooks of a kind, in the order in which they run.
    pub fn hooks(&self, kind: HookKind) -> Vec<u32> {
        self.hooks.ids(self.hooks.all(kind))
    }

    /// A hook as sentences name it.
    pub fn hook(&self, id: u32) -> String {
        match self.hooks.by_id(id) {
            Some(hook) => self.hooks.named(hook),
            None => format!("hook {id}"),
        }
    }

    /// The kind of the hook with this id; `None` if there is no such hook.
    pub fn kind(&self, id: u32) -> Option<HookKind> {
        self.hooks.by_id(id).map(|hook| self.hooks.kind(hook))
    }

    /// What the program is asked for a step.
    pub fn question(&self, step: &PlannedStep, uri: &str) -> MatchQuestion {
        let by = |what: &str| self.hello.match_by.iter().any(|one| one == what);
        let keyword = match step.keyword_type {
            KeywordType::Context => "given",
            KeywordType::Action => "when",
            KeywordType::Outcome => "then",
            KeywordType::Unknown => "step",
        };
        let table = |one: &StepArgument| matches!(one, StepArgument::Table(_));
        let below = match (
            step.arguments.iter().any(table),
            step.arguments.iter().any(|one| !table(one)),
        ) {
            (false, false) => "none",
            (true, false) => "table",
            (false, true) => "docstring",
            (true, true) => "both",
        };
        MatchQuestion {
            text: step.text.to_string(),
            keyword: if by("keyword") { keyword } else { "" },
            uri: if by("uri") {
                uri.to_owned()
            } else {
                String::new()
            },
            below: if by("below") { below } else { "" },
        }
    }

    /// A question about a text that is in no feature.
    pub fn question_of_text(&self, text: &str) -> MatchQuestion {
        let step = PlannedStep::new(
            StepWording {
                keyword: "*".into(),
                keyword_type: KeywordType::Unknown,
                text: text.into(),
                arguments: Vec::new(),
                background: false,
            },
            Location { line: 1, column: 1 },
        );
        self.question(&step, "no.feature")
    }

    /// All questions about the steps of plans, each once.
    pub fn questions(&self, plans: [&Plan; 2]) -> Vec<MatchQuestion> {
        let features = plans.into_iter().flat_map(|plan| &plan.features);
        let steps = features.flat_map(|feature| {
            let scenarios = feature.scenarios.iter();
            let steps = scenarios.flat_map(|scenario| &scenario.steps);
            steps.map(|step| self.question(step, &feature.uri))
        });
        let distinct: BTreeSet<MatchQuestion> = steps.collect();
        distinct.into_iter().collect()
    }

    /// Takes what the program has matched itself. Wrong answers are left out; they are a finding.
    pub fn learn(&mut self, question: &MatchQuestion, matches: &[protocol::Match]) {
        let own = |found: &&protocol::Match| self.is_own(found.definition) == Some(true);
        let matches = matches.iter().filter(own).cloned().collect();
        self.own.insert(question.clone(), matches);
    }

    /// The language that steps from text have in a feature.
    pub fn language(&self, uri: &str) -> &str {
        self.languages.get(uri).map_or("en", String::as_str)
    }

    /// All scenarios of a plan as a worker gets them.
    pub fn ready(&mut self, plan: &Plan) -> Vec<Ready> {
        let mut all = Vec::new();
        for feature in &plan.features {
            let uri = feature.uri.to_string();
            self.languages.insert(uri, feature.language.to_string());
            let info = Arc::new(self.feature_info(feature));
            for scenario in &feature.scenarios {
                all.push(Ready {
                    feature: Arc::clone(&info),
                    scenario: self.scenario(feature, scenario),
                });
            }
        }
        all
    }

    fn feature_info(&self, feature: &PlannedFeature) -> FeatureInfo {
        let (before, after) = self.hooks.of_feature(feature);
        FeatureInfo {
            uri: feature.uri.to_string(),
            name: feature.name.to_string(),
            tags: texts(&feature.tags),
            line: feature.location.line,
            before: self.hooks.ids(&before),
            after: self.hooks.ids(&after),
            ..FeatureInfo::default()
        }
    }

    fn scenario(&self, feature: &PlannedFeature, scenario: &PlannedScenario) -> RunScenario {
        let hooks = self.hooks.of_scenario(scenario);
        let mut steps = Vec::new();
        for step in &scenario.steps {
            let own = self.own.get(&self.question(step, &feature.uri));
            let own = own.map_or(&[][..], Vec::as_slice);
            match self.step(step, own) {
                Ok(step) => steps.push(step),
                Err(_) => break,
            }
        }
        RunScenario {
            scenario: scenario.index,
            name: scenario.name.to_string(),
            line: scenario.location.line,
            tags: texts(&scenario.tags),
            rule: scenario.rule.map(|number| {
                let rule = &feature.rules[number];
                let (before, after) = self.hooks.of_rule(feature, rule);
                RuleInfo {
                    name: rule.name.to_string(),
                    line: rule.location.line,
                    tags: [texts(&feature.tags), texts(&rule.tags)].concat(),
                    before: self.hooks.ids(&before),
                    after: self.hooks.ids(&after),
                }
            }),
            before: self.hooks.ids(&hooks.before),
            after: self.hooks.ids(&hooks.after),
            before_step: self.hooks.ids(&hooks.before_step),
            after_step: self.hooks.ids(&hooks.after_step),
            steps,
            ..RunScenario::default()
        }
    }

    /// A step as a worker gets it; `own` is what the program matched for it.
    ///
    /// # Errors
    /// When not exactly one definition matches.
    pub fn step(&self, step: &PlannedStep, own: &[protocol::Match]) -> Result<RunStep, String> {
        let problem = match self.matching.resolve_alone(step, own) {
            Ok(Resolution::Matched(found)) => {
                return Ok(run_step(step, &found, self.matching.definitions()));
            }
            Ok(Resolution::Undefined) => "no step definition matches",
            Ok(Resolution::Ambiguous(_)) | Err(_) => "several step definitions match",
        };
        let (line, text) = (step.location.line, &step.text);
        Err(format!("line {line} of the steps: {problem} `{text}`"))
    }
}

fn texts(shared: &[Arc<str>]) -> Vec<String> {
    shared.iter().map(ToString::to_string).collect()
}
