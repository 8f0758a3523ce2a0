//! The rules for feature files: a name and an explanation for each kind of finding.
//!
//! The warnings of `bdd run` and `bdd list` and the findings of `bdd lint` have the same names. What breaks a rule is
//! not known here.

use std::fmt;

/// A rule for feature files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LintRule {
    /// Text that looks like a step, a heading or a cell is ignored.
    IgnoredText,
    /// A file, feature or rule without scenarios.
    NoScenarios,
    /// A scenario without steps.
    NoSteps,
    /// A background without steps.
    EmptyBackground,
    /// An outline or a block of examples without rows.
    NoRows,
    /// Two scenarios of one name.
    DuplicateName,
    /// Two columns of one name.
    DuplicateColumn,
    /// A placeholder without a column.
    UndefinedColumn,
    /// A placeholder where nothing is replaced.
    StrayPlaceholder,
    /// A tag that is nearly one with an effect.
    NearTag,
    /// A form that only behave reads.
    BehaveForm,
    /// A column that nothing uses.
    UnusedColumn,
    /// A Given after a Then, and the like.
    KeywordOrder,
    /// A scenario without a When step.
    MissingWhen,
    /// A scenario without a Then step.
    MissingThen,
    /// The keyword of the step above.
    RepeatedKeyword,
    /// A tag that is inherited anyway.
    RedundantTag,
    /// Two tags that differ only slightly.
    SimilarTags,
    /// A tag that stands in one place only.
    UnusedTag,
    /// Files in several languages.
    MixedLanguages,
    /// A scenario with too many steps.
    LongScenario,
    /// An outline with too many rows.
    LongOutline,
    /// An undefined step that is nearly a defined one.
    NearStep,
    /// A step definition without steps.
    UnusedDefinition,
    /// Two step definitions for one text.
    DuplicateDefinition,
    /// A comment for this command that has no effect.
    UselessIgnore,
}

/// The steps that a scenario may have before it is reported as long, those of backgrounds aside.
pub(crate) const MOST_STEPS: usize = 20;

/// The rows that the examples of an outline may have together.
pub(crate) const MOST_ROWS: usize = 50;

/// What is known of a rule.
struct RuleFacts {
    name: &'static str,
    summary: &'static str,
    explanation: &'static str,
    /// Whether `bdd run` and `bdd list` warn too.
    in_runs: bool,
    /// Whether it applies if the settings do not say so.
    is_on: bool,
    /// Whether only a step program can say what breaks it.
    needs_steps: bool,
}

const fn of_runs(
    name: &'static str,
    summary: &'static str,
    explanation: &'static str,
) -> RuleFacts {
    RuleFacts {
        name,
        summary,
        explanation,
        in_runs: true,
        is_on: true,
        needs_steps: false,
    }
}

const fn of_style(
    name: &'static str,
    summary: &'static str,
    explanation: &'static str,
) -> RuleFacts {
    RuleFacts {
        in_runs: false,
        ..of_runs(name, summary, explanation)
    }
}

const fn optional(
    name: &'static str,
    summary: &'static str,
    explanation: &'static str,
) -> RuleFacts {
    RuleFacts {
        is_on: false,
        ..of_style(name, summary, explanation)
    }
}

const fn of_steps(
    name: &'static str,
    summary: &'static str,
    explanation: &'static str,
) -> RuleFacts {
    RuleFacts {
        needs_steps: true,
        ..of_style(name, summary, explanation)
    }
}

impl LintRule {
    /// All rules, in the order in which they are listed.
    pub const ALL: [Self; 26] = [
        Self::IgnoredText,
        Self::NoScenarios,
        Self::NoSteps,
        Self::EmptyBackground,
        Self::NoRows,
        Self::DuplicateName,
        Self::DuplicateColumn,
        Self::UndefinedColumn,
        Self::StrayPlaceholder,
        Self::NearTag,
        Self::BehaveForm,
        Self::UnusedColumn,
        Self::KeywordOrder,
        Self::MissingWhen,
        Self::MissingThen,
        Self::RepeatedKeyword,
        Self::RedundantTag,
        Self::SimilarTags,
        Self::UnusedTag,
        Self::MixedLanguages,
        Self::LongScenario,
        Self::LongOutline,
        Self::NearStep,
        Self::UnusedDefinition,
        Self::DuplicateDefinition,
        Self::UselessIgnore,
    ];

    /// The rule with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// The name, such as `ignored-text`. It never changes.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// One sentence: what a finding of the rule is.
    pub fn summary(self) -> &'static str {
        self.facts().summary
    }

    /// Why it is a problem, and what to do.
    pub fn explanation(self) -> &'static str {
        self.facts().explanation
    }

    /// Whether `bdd run` and `bdd list` warn about it too.
    pub fn is_in_runs(self) -> bool {
        self.facts().in_runs
    }

    /// Whether it applies if the settings do not say so.
    pub fn is_on(self) -> bool {
        self.facts().is_on
    }

    /// Whether only a step program can say what breaks it.
    pub fn needs_steps(self) -> bool {
        self.facts().needs_steps
    }

    fn facts(self) -> RuleFacts {
        match self {
            Self::IgnoredText => of_runs(
                "ignored-text",
                "Text that looks like a step, a heading or a cell is ignored.",
                "Gherkin reads a line below a heading that is not a step as a description, and ignores what follows the \
                 last bar of a row. A misspelt keyword or a missing colon turns a step or a scenario into prose, and \
                 nothing fails. Correct the line; the message says how. `strict-text` in bdd.toml makes it an error in \
                 runs.",
            ),
            Self::NoScenarios => of_runs(
                "no-scenarios",
                "A file, feature or rule has no scenarios.",
                "It tests nothing, and nobody notices. Write a scenario, or delete the file or rule.",
            ),
            Self::NoSteps => of_runs(
                "no-steps",
                "A scenario has no steps.",
                "It passes without testing anything. Write its steps, or delete it.",
            ),
            Self::EmptyBackground => of_runs(
                "empty-background",
                "A background has no steps.",
                "It has no effect. Write steps below it, or remove it. `--fix` removes one that is a single line.",
            ),
            Self::NoRows => of_runs(
                "no-rows",
                "An outline or a block of examples has no rows.",
                "Each row below the header of examples makes a scenario. Without rows nothing runs. Write rows, or \
                 remove the block.",
            ),
            Self::DuplicateName => of_style(
                "duplicate-name",
                "Two scenarios of a feature or rule have the same name.",
                "Reports, records and people tell scenarios apart by their names. Give each one a name of its own.",
            ),
            Self::DuplicateColumn => of_runs(
                "duplicate-column",
                "Two columns of examples have the same name.",
                "A placeholder takes its values from the first column, and the second one has no effect. Rename one.",
            ),
            Self::UndefinedColumn => of_runs(
                "undefined-column",
                "An outline uses a placeholder that no column of its examples has.",
                "The placeholder stays in the text as it is. Correct its name, or add the column.",
            ),
            Self::StrayPlaceholder => of_runs(
                "stray-placeholder",
                "A placeholder stands in a background or in a scenario without examples.",
                "Only the steps of an outline are filled with values. Add examples, or write the value.",
            ),
            Self::NearTag => of_runs(
                "near-tag",
                "A tag is nearly one that says how a scenario runs, and has no effect.",
                "`@Serial` or `@retry=2` look as if they did something. Write the tag that bdd knows; the message names it.",
            ),
            Self::BehaveForm => of_runs(
                "behave-form",
                "A suite of behave uses a form that only behave reads.",
                "behave takes keywords of steps in any case, and docstrings between `'''`. Editors and other tools of \
                 Gherkin do not. Write what the message says, or turn this rule off. Of each form, a file gets one warning.",
            ),
            Self::UnusedColumn => of_style(
                "unused-column",
                "No step uses a column of the examples.",
                "A value that changes nothing is misleading: the reader looks for its effect. Use it in a step or in the \
                 name of the outline, or remove the column.",
            ),
            Self::KeywordOrder => of_style(
                "keyword-order",
                "A Given stands after a When or Then, or a When after a Then.",
                "A scenario describes a context, an action and an outcome, in this order. Several rounds in one scenario \
                 are several scenarios: a failure of the first hides the others.",
            ),
            Self::MissingWhen => of_style(
                "missing-when",
                "A scenario has no When step.",
                "The reader does not see what is done. A step of its background counts.",
            ),
            Self::MissingThen => of_style(
                "missing-then",
                "A scenario has no Then step.",
                "A scenario that checks nothing passes whatever happens.",
            ),
            Self::RepeatedKeyword => of_style(
                "repeated-keyword",
                "A step repeats the keyword of the step above.",
                "`And` reads better: Given, And, And, When. `--fix` replaces the keyword; its meaning stays.",
            ),
            Self::RedundantTag => of_style(
                "redundant-tag",
                "A tag stands twice, or is inherited anyway.",
                "Scenarios have the tags of their feature and rule. A second one has no effect and is forgotten when the \
                 first is changed.",
            ),
            Self::SimilarTags => of_style(
                "similar-tags",
                "Two tags differ only in case, separators or a plural.",
                "`@slow-test` and `@slow_tests` are two tags. An expression with one of them misses the other. Use one.",
            ),
            Self::UnusedTag => optional(
                "unused-tag",
                "A tag stands in one place only, and no setting names it.",
                "A tag groups scenarios. This rule is off unless `[lint]` turns it on: many projects tag each scenario \
                 with the number of a ticket.",
            ),
            Self::MixedLanguages => of_style(
                "mixed-languages",
                "A file is written in another language than most files of its folder.",
                "Steps of one language cannot be reused in another. The rule looks at one folder at a time.",
            ),
            Self::LongScenario => of_style(
                "long-scenario",
                "A scenario has more than 20 steps.",
                "Nobody reads it to the end. Move what is always the same into a background or into one step.",
            ),
            Self::LongOutline => of_style(
                "long-outline",
                "The examples of an outline have more than 50 rows.",
                "Examples illustrate a rule. Test many values below the surface, in the language of the program.",
            ),
            Self::NearStep => of_steps(
                "near-step",
                "An undefined step is nearly one that a step definition matches.",
                "A slip, another order of words or a full stop makes a new step of a known one. Write the step as its \
                 definition has it; the message names it.",
            ),
            Self::UnusedDefinition => of_steps(
                "unused-definition",
                "No step of the project uses a step definition.",
                "Code that nothing calls misleads its readers. Use the definition or remove it. Only definitions in \
                 the project are looked at, and only if all features are checked and all of them parse. A definition \
                 that only other steps run counts as unused.",
            ),
            Self::DuplicateDefinition => of_steps(
                "duplicate-definition",
                "Two step definitions match the same text.",
                "A step with this text is ambiguous and fails. Remove one definition, or make its pattern narrower. \
                 `bdd steps --overlapping` lists all of them.",
            ),
            Self::UselessIgnore => of_style(
                "useless-ignore",
                "A `bdd-lint: ignore` comment has no effect.",
                "It names no rule, or nothing breaks the rule there. `--fix` removes the comment.",
            ),
        }
    }
}

impl fmt::Display for LintRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_name_of_its_own() {
        for (at, rule) in LintRule::ALL.into_iter().enumerate() {
            assert_eq!(LintRule::named(rule.name()), Some(rule));
            assert_eq!(rule as usize, at);
        }
        assert_eq!(LintRule::named("nothing"), None);
    }
}
