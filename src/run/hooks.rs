//! The hooks of a step program: where they apply, and the order in which they run.
//!
//! It consists of functions over data, and knows neither workers nor what has run.

use std::sync::Arc;

use bdd_protocol as protocol;
use foldhash::HashMap;

use crate::event::{Hook, HookKind, SourceLocation, StepError};
use crate::plan::tags::TagExpression;
use crate::plan::{PlannedFeature, PlannedRule, PlannedScenario};

/// The hooks of a step program. In all functions a hook is its position in [`DeclaredHooks::shown`].
#[derive(Debug, Default)]
pub struct DeclaredHooks {
    /// As reports show them, in the order of definition.
    pub shown: Arc<[Hook]>,
    /// The id that the step program gave each.
    ids: Vec<u32>,
    positions: HashMap<u32, u32>,
    conditions: Vec<TagExpression>,
    whole_feature: Vec<bool>,
    /// The number of hooks in the hello. Later hooks were added while the step program ran.
    declared: usize,
    /// For each kind, its hooks in the order in which they run.
    in_order: [Vec<u32>; HookKind::ALL.len()],
}

/// The hooks that apply to a scenario and its steps, each kind in the order in which they run.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ScenarioHooks {
    /// `before_scenario`.
    pub before: Vec<u32>,
    /// `after_scenario`.
    pub after: Vec<u32>,
    /// `before_step`.
    pub before_step: Vec<u32>,
    /// `after_step`.
    pub after_step: Vec<u32>,
}

impl DeclaredHooks {
    /// Takes the hooks of a hello; `place` makes a source path presentable.
    ///
    /// # Errors
    /// All hooks that cannot be used, each with its place.
    pub fn new(
        hooks: &[protocol::Hook],
        place: &dyn Fn(&str) -> String,
    ) -> Result<Self, Vec<String>> {
        let mut known = Self::default();
        let mut shown = Vec::with_capacity(hooks.len());
        let mut order = Vec::with_capacity(hooks.len());
        let mut problems = Vec::new();
        for (position, hook) in (0u32..).zip(hooks) {
            let location = SourceLocation {
                file: place(&hook.file),
                line: hook.line,
                column: hook.column,
            };
            let mut problem = |what: String| {
                problems.push(format!("{}:{}: {what}", location.file, location.line));
            };
            if known.positions.insert(hook.id, position).is_some() {
                problem(format!("a second hook has the id {}", hook.id));
            }
            let kind = HookKind::find(&hook.kind);
            match kind {
                None => problem(format!("there is no kind of hook `{}`", hook.kind)),
                Some(kind) if kind.is_outside_features() && !hook.tags.trim().is_empty() => {
                    problem(format!(
                        "a {} hook runs for no feature or scenario, so it cannot have tags; leave out `{}`",
                        hook.kind, hook.tags
                    ));
                }
                Some(_) => {}
            }
            let condition = hook.tags.parse().unwrap_or_else(|error| {
                problem(format!("{error}"));
                TagExpression::default()
            });
            let some = |text: &String| (!text.is_empty()).then(|| text.clone());
            known.ids.push(hook.id);
            known.conditions.push(condition);
            known.whole_feature.push(hook.whole_feature);
            order.push(hook.order);
            if let Some(kind) = kind {
                known.in_order[kind as usize].push(position);
                shown.push(Hook {
                    kind,
                    name: some(&hook.name),
                    tags: some(&hook.tags),
                    location,
                    function: hook.function.clone(),
                });
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        for kind in HookKind::ALL {
            let hooks = &mut known.in_order[kind as usize];
            // The sort is stable: among equals the definition decides.
            hooks.sort_by_key(|&hook| order[hook as usize]);
            if !kind.is_before() {
                hooks.reverse();
            }
        }
        known.declared = shown.len();
        known.shown = shown.into();
        Ok(known)
    }

    /// Adds a hook while the step program runs, which decides when it runs. Returns its number, and whether
    /// it is new: several processes of the program may add the same.
    ///
    /// # Errors
    /// When its kind is unknown, or its id is that of a declared hook.
    pub fn add(
        &mut self,
        hook: &protocol::Hook,
        place: &dyn Fn(&str) -> String,
    ) -> Result<(u32, bool), String> {
        let kind = HookKind::find(&hook.kind)
            .ok_or_else(|| format!("it added a hook of the unknown kind `{}`", hook.kind))?;
        if self.by_id(hook.id).is_some() {
            return Err(format!(
                "it added a hook with the id {}, which another hook has",
                hook.id
            ));
        }
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        let added = Hook {
            kind,
            name: some(&hook.name),
            tags: some(&hook.tags),
            location: SourceLocation {
                file: place(&hook.file),
                line: hook.line,
                column: hook.column,
            },
            function: hook.function.clone(),
        };
        let of_added = self.shown.iter().skip(self.declared);
        let known = of_added.into_iter().position(|known| *known == added);
        let number = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
        if let Some(position) = known {
            return Ok((number(self.declared + position), false));
        }
        let new = number(self.shown.len());
        let all = self.shown.iter().cloned().chain([added]);
        self.shown = all.collect();
        Ok((new, true))
    }

    /// Whether a hook was added while the step program ran.
    pub fn is_added(&self, hook: u32) -> bool {
        hook as usize >= self.declared
    }

    /// The hook that the step program knows by this id.
    pub fn by_id(&self, id: u32) -> Option<u32> {
        self.positions.get(&id).copied()
    }

    /// The ids by which the step program knows these hooks.
    pub fn ids(&self, hooks: &[u32]) -> Vec<u32> {
        hooks.iter().map(|&hook| self.ids[hook as usize]).collect()
    }

    /// The kind of a hook.
    pub fn kind(&self, hook: u32) -> HookKind {
        self.shown[hook as usize].kind
    }

    /// All hooks of a kind, in the order in which they run.
    pub fn all(&self, kind: HookKind) -> &[u32] {
        &self.in_order[kind as usize]
    }

    /// The hooks of a kind that apply to these tags, in the order in which they run.
    pub fn applying<T: AsRef<str>>(&self, kind: HookKind, tags: &[T]) -> Vec<u32> {
        let holds = |hook: &u32| self.conditions[*hook as usize].matches(tags);
        self.all(kind).iter().copied().filter(holds).collect()
    }

    /// The hooks before and after a feature.
    pub fn of_feature(&self, feature: &PlannedFeature) -> (Vec<u32>, Vec<u32>) {
        (
            self.applying(HookKind::BeforeFeature, &feature.tags),
            self.applying(HookKind::AfterFeature, &feature.tags),
        )
    }

    /// The hooks before and after a rule of a feature.
    pub fn of_rule(&self, feature: &PlannedFeature, rule: &PlannedRule) -> (Vec<u32>, Vec<u32>) {
        if self.all(HookKind::BeforeRule).is_empty() && self.all(HookKind::AfterRule).is_empty() {
            return (Vec::new(), Vec::new());
        }
        let tags: Vec<&Arc<str>> = feature.tags.iter().chain(&rule.tags).collect();
        (
            self.applying(HookKind::BeforeRule, &tags),
            self.applying(HookKind::AfterRule, &tags),
        )
    }

    /// The hooks of a scenario and of its steps.
    pub fn of_scenario(&self, scenario: &PlannedScenario) -> ScenarioHooks {
        let of = |kind| self.applying(kind, &scenario.tags);
        ScenarioHooks {
            before: of(HookKind::BeforeScenario),
            after: of(HookKind::AfterScenario),
            before_step: of(HookKind::BeforeStep),
            after_step: of(HookKind::AfterStep),
        }
    }

    /// Whether a hook needs all scenarios of the feature on one worker.
    pub fn keep_whole(&self, feature: &PlannedFeature) -> bool {
        let any = |(before, after): (Vec<u32>, Vec<u32>)| !before.is_empty() || !after.is_empty();
        let wants = |scenario: &PlannedScenario| {
            let hooks = self.of_scenario(scenario);
            [
                hooks.before,
                hooks.after,
                hooks.before_step,
                hooks.after_step,
            ]
            .iter()
            .flatten()
            .any(|&hook| self.whole_feature[hook as usize])
        };
        any(self.of_feature(feature))
            || (feature.rules.iter()).any(|rule| any(self.of_rule(feature, rule)))
            || (self.whole_feature.contains(&true) && feature.scenarios.iter().any(wants))
    }

    /// Whether there are closing hooks.
    pub fn any_closing(&self) -> bool {
        self.shown.iter().any(|hook| !hook.kind.is_before())
    }

    /// The error of a closing hook that did not run because its process died.
    pub fn not_run(&self, hook: u32, why: &str) -> StepError {
        let location = &self.shown[hook as usize].location;
        StepError {
            kind: "Hook".to_owned(),
            message: format!("{} did not run: {why}", self.named(hook)),
            trace: String::new(),
            location: (!location.file.is_empty()).then(|| location.clone()),
        }
    }

    /// The name of a hook in sentences: ``the before_all hook `seed` (steps/hooks.rs:12)``.
    pub fn named(&self, hook: u32) -> String {
        let hook = &self.shown[hook as usize];
        let kind = hook.kind;
        let name = match hook.name.as_deref().unwrap_or(&hook.function) {
            "" => String::new(),
            name => format!(" `{name}`"),
        };
        let place = match &hook.location {
            SourceLocation { file, .. } if file.is_empty() => String::new(),
            SourceLocation { file, line, .. } => format!(" ({file}:{line})"),
        };
        format!("the {kind} hook{name}{place}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hook(id: u32, kind: &str, tags: &str, order: i32) -> protocol::Hook {
        protocol::Hook {
            id,
            kind: kind.to_owned(),
            tags: tags.to_owned(),
            order,
            file: "hooks.rs".to_owned(),
            line: id + 1,
            function: format!("f{id}"),
            ..protocol::Hook::default()
        }
    }

    fn hooks(all: &[protocol::Hook]) -> DeclaredHooks {
        DeclaredHooks::new(all, &str::to_owned).unwrap()
    }

    #[test]
    fn all_problems_are_reported_with_their_places() {
        let problems = DeclaredHooks::new(
            &[
                hook(0, "before_everything", "@a and", 0),
                hook(1, "before_all", "@a", 0),
                hook(2, "before_scenario", "(", 0),
                hook(2, "after_step", "", 0),
            ],
            &|file| format!("steps/{file}"),
        )
        .unwrap_err();
        assert_eq!(
            problems,
            [
                "steps/hooks.rs:1: there is no kind of hook `before_everything`",
                "steps/hooks.rs:1: Tag expression \"@a and\" could not be parsed because of syntax error: Expected operand.\n    @a and\n          ^ a tag is missing here",
                "steps/hooks.rs:2: a before_all hook runs for no feature or scenario, so it cannot have tags; leave out `@a`",
                "steps/hooks.rs:3: Tag expression \"(\" could not be parsed because of syntax error: Unmatched (.\n    (\n    ^ this parenthesis is not closed",
                "steps/hooks.rs:3: a second hook has the id 2",
            ]
        );
    }

    #[test]
    fn order_then_definition_decides_and_closing_hooks_run_the_other_way_round() {
        let all = |kind: &str| {
            let ids = [(4, 10), (9, 0), (2, 0), (7, -1)];
            hooks(&ids.map(|(id, order)| hook(id, kind, "", order)))
        };
        let before = all("before_scenario");
        let in_order = before.applying(HookKind::BeforeScenario, &["@a"]);
        assert_eq!(before.ids(&in_order), [7, 9, 2, 4]);
        let after = all("after_scenario");
        let in_order = after.applying(HookKind::AfterScenario, &["@a"]);
        assert_eq!(after.ids(&in_order), [4, 2, 9, 7]);
        assert!(after.applying(HookKind::AfterStep, &["@a"]).is_empty());
    }

    #[test]
    fn a_hook_is_named_with_its_place() {
        let mut named = hook(3, "before_feature", "", 0);
        named.name = "seed".to_owned();
        let mut bare = hook(4, "after_all", "", 0);
        bare.function.clear();
        bare.file.clear();
        let known = hooks(&[named, hook(5, "after_step", "", 0), bare]);
        assert_eq!(
            known.named(0),
            "the before_feature hook `seed` (hooks.rs:4)"
        );
        assert_eq!(known.named(1), "the after_step hook `f5` (hooks.rs:6)");
        assert_eq!(known.named(2), "the after_all hook");
    }

    /// A feature with a rule; the tags are those of the feature, the rule and the scenario in it.
    fn feature(tags: [&[&str]; 3]) -> PlannedFeature {
        let text = |text: &str| Arc::from(text);
        let location = crate::plan::Location { line: 1, column: 1 };
        let own = tags.map(|tags| tags.iter().map(|tag| text(tag)).collect::<Vec<Arc<str>>>());
        PlannedFeature {
            uri: text("a.feature"),
            language: text("en"),
            keyword: text("Feature"),
            name: text(""),
            description: text(""),
            tags: own[0].clone(),
            location,
            rules: vec![PlannedRule {
                keyword: text("Rule"),
                name: text(""),
                description: text(""),
                tags: own[1].clone(),
                location,
            }],
            scenarios: vec![PlannedScenario {
                index: 0,
                id: text("a"),
                keyword: text("Scenario"),
                name: text(""),
                description: text(""),
                row: None,
                location,
                tags: own.concat().into(),
                rule: Some(0),
                steps: Vec::new(),
            }],
            namesakes: crate::plan::Namesakes::default(),
        }
    }

    #[test]
    fn features_rules_and_scenarios_have_their_own_and_inherited_tags() {
        let feature = feature([&["@f"], &["@r"], &["@s"]]);
        for (tags, of_feature, of_rule, of_scenario) in [
            ("@f", true, true, true),
            ("@r", false, true, true),
            ("@s", false, false, true),
            ("not @s", true, true, false),
        ] {
            let kinds = HookKind::ALL.map(HookKind::name);
            let all: Vec<_> = (0..)
                .zip(&kinds[4..])
                .map(|(id, kind)| hook(id, kind, tags, 0))
                .collect();
            let all = hooks(&all);
            let both = |applies, first: u32| match applies {
                true => (vec![first], vec![first + 1]),
                false => (vec![], vec![]),
            };
            assert_eq!(all.of_feature(&feature), both(of_feature, 0), "{tags}");
            assert_eq!(
                all.of_rule(&feature, &feature.rules[0]),
                both(of_rule, 2),
                "{tags}"
            );
            let (before, after) = both(of_scenario, 4);
            let (before_step, after_step) = both(of_scenario, 6);
            let expected = ScenarioHooks {
                before,
                after,
                before_step,
                after_step,
            };
            assert_eq!(all.of_scenario(&feature.scenarios[0]), expected, "{tags}");
        }
    }

    #[test]
    fn what_keeps_a_feature_whole() {
        let feature = feature([&["@f"], &["@r"], &["@s"]]);
        let whole = |kind, tags, whole_feature| {
            let hook = protocol::Hook {
                whole_feature,
                ..hook(0, kind, tags, 0)
            };
            hooks(&[hook]).keep_whole(&feature)
        };
        assert!(!DeclaredHooks::default().keep_whole(&feature));
        for kind in ["before_feature", "after_feature"] {
            assert!(whole(kind, "@f", false) && !whole(kind, "@r", false));
        }
        for kind in ["before_rule", "after_rule"] {
            assert!(whole(kind, "@f and @r", false) && !whole(kind, "@s", false));
        }
        for kind in [
            "before_scenario",
            "after_scenario",
            "before_step",
            "after_step",
        ] {
            assert!(whole(kind, "@s", true));
            assert!(!whole(kind, "@s", false) && !whole(kind, "@x", true));
        }
        for kind in ["before_run", "after_run", "before_all", "after_all"] {
            assert!(!whole(kind, "", true));
        }
    }

    proptest! {
        /// Closing hooks run in exactly the reverse order of opening hooks, whatever applies.
        #[test]
        fn closing_mirrors_opening(
            orders in prop::collection::vec((-3..3_i32, 0..4_usize), 0..12),
            tags in prop::sample::subsequence(vec!["@a", "@b"], 0..=2),
        ) {
            let conditions = ["", "@a", "@b", "not @a"];
            let of = |kind: &str| {
                let all: Vec<_> = (0..).zip(&orders)
                    .map(|(id, (order, condition))| hook(id, kind, conditions[*condition], *order))
                    .collect();
                hooks(&all)
            };
            let before = of("before_step").applying(HookKind::BeforeStep, &tags);
            let mut after = of("after_step").applying(HookKind::AfterStep, &tags);
            after.reverse();
            prop_assert_eq!(&before, &after);
            let order = |hook: &u32| (orders[*hook as usize].0, *hook);
            prop_assert!(before.is_sorted_by_key(order));
        }
    }
}
