//! All settings that `bdd.toml` can have, each declared once: its key, its type and its default.
//!
//! What one source says is a [`Layer`]; layers are put above each other, and with the defaults below
//! them they are the [`Settings`] of a run. What a setting means is not known here.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

use super::origin::{Origin, Sourced};
use super::tag_rule::TagRule;
use super::value::{CommandLine, Setting, Tags};
use super::{
    ByteSize, ColorChoice, Environment, ExcludeGlob, Flaky, Group, Language, Leaks, MaxFailures,
    Order, ParallelBy, RetryDelay, SnippetStyle, TimeLimit,
};
use crate::plan::tags::TagExpression;
use crate::report::Format;

/// A row of `bdd config`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The key in `bdd.toml`, with that of its table before it: `jobs`, `steps.path`.
    pub key: String,
    /// The value; null when there is none.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
}

/// Declares the settings: `field "key": Type = default`, in the order in which they are shown.
macro_rules! settings {
    ($environment:ident; $($field:ident $key:literal: $type:ty = $default:expr;)+) => {
        /// The keys that have a value; those of `[steps]` begin with `steps.`.
        pub(super) const KEYS: &[&str] = &[$($key),+];

        /// What one source says; what it does not speak of is absent.
        #[derive(Debug, Clone, Default)]
        pub(super) struct Layer {
            $(pub(super) $field: Option<Sourced<$type>>,)+
            /// `[groups]`, by name.
            pub(super) groups: BTreeMap<String, Sourced<Group>>,
            /// `[userdata]`, by name.
            pub(super) userdata: BTreeMap<String, Sourced<String>>,
        }

        /// The settings of a run, each with where it comes from.
        #[derive(Debug, Clone)]
        pub(super) struct Settings {
            $(pub(super) $field: Sourced<$type>,)+
            pub(super) groups: BTreeMap<String, Sourced<Group>>,
            pub(super) userdata: BTreeMap<String, Sourced<String>>,
        }

        impl Layer {
            /// Takes the value of a key from the file; false if there is no such key.
            pub(super) fn read_toml(
                &mut self,
                key: &str,
                value: Spanned<DeValue<'_>>,
                origin: Origin,
            ) -> Result<bool, toml::de::Error> {
                match key {
                    $($key => {
                        let value = Deserialize::deserialize(ValueDeserializer::from(value))?;
                        self.$field = Some(Sourced { value, origin });
                    })+
                    _ => return Ok(false),
                }
                Ok(true)
            }

            /// Takes the value of one of the [`KEYS`] from a text.
            pub(super) fn read_text(
                &mut self,
                key: &str,
                text: &str,
                origin: Origin,
            ) -> Result<(), String> {
                match key {
                    $($key => {
                        let value = Setting::from_text(text)?;
                        self.$field = Some(Sourced { value, origin });
                    })+
                    _ => {}
                }
                Ok(())
            }

            /// This layer above a lower one.
            pub(super) fn over(self, lower: Self) -> Self {
                let lower = self.hiding(lower);
                Self {
                    $($field: self.$field.or(lower.$field),)+
                    groups: groups_over(self.groups, lower.groups),
                    userdata: self.userdata.into_iter().fold(
                        lower.userdata,
                        |mut all, (name, text)| {
                            all.insert(name, text);
                            all
                        },
                    ),
                }
            }
        }

        impl Settings {
            /// The layer above the defaults.
            pub(super) fn new(layer: Layer, $environment: &Environment) -> Self {
                Self {
                    $($field: layer.$field.unwrap_or_else(|| Sourced::default($default)),)+
                    groups: layer.groups,
                    userdata: layer.userdata,
                }
            }

            /// All of them, as `bdd config` shows them.
            pub(super) fn rows(&self) -> Vec<Row> {
                let mut rows = vec![$(Row {
                    key: $key.to_owned(),
                    value: self.$field.value.shown(),
                    origin: self.$field.origin.clone(),
                }),+];
                rows.extend(self.groups.iter().map(|(name, group)| Row {
                    key: format!("groups.{name}"),
                    value: group.value.shown(),
                    origin: group.origin.clone(),
                }));
                rows.extend(self.userdata.iter().map(|(name, text)| Row {
                    key: format!("userdata.{name}"),
                    value: text.value.shown(),
                    origin: text.origin.clone(),
                }));
                rows
            }
        }
    };
}

settings! {
    environment;
    features "features": Vec<String> = Vec::new();
    exclude "exclude": Vec<ExcludeGlob> = Vec::new();
    tags "tags": Tags = Tags::default();
    language "language": Language = Language::default();
    jobs "jobs": NonZeroU32 = environment.cores;
    order "order": Order = Order::default();
    history "history": bool = true;
    parallel_by "parallel-by": ParallelBy = ParallelBy::default();
    capture "capture": bool = true;
    strict "strict": bool = true;
    strict_keywords "strict-keywords": bool = false;
    retries "retries": u32 = 0;
    retry_delay "retry-delay": Option<RetryDelay> = None;
    retry_tags "retry-tags": Option<TagExpression> = None;
    flaky "flaky": Flaky = Flaky::default();
    max_failures "max-failures": Option<MaxFailures> = None;
    step_timeout "step-timeout": Option<TimeLimit> = None;
    scenario_timeout "scenario-timeout": Option<TimeLimit> = None;
    hook_timeout "hook-timeout": Option<TimeLimit> = None;
    run_timeout "run-timeout": Option<TimeLimit> = None;
    slow_after "slow-after": Option<TimeLimit> = None;
    grace "grace": TimeLimit = TimeLimit::seconds(2);
    // A step that prints without end must not fill the disk.
    output_limit "output-limit": ByteSize = ByteSize::mebibytes(1024);
    leaks "leaks": Leaks = Leaks::default();
    expected_failure_tags "expected-failure-tags": TagRule = TagRule::tag("@expected_failure");
    continue_after_failure_tags "continue-after-failure-tags": TagRule =
        TagRule::tag("@continue_after_failure");
    format "format": Vec<Format> = Vec::new();
    snippets "snippets": SnippetStyle = SnippetStyle::default();
    color "color": ColorChoice = ColorChoice::default();
    steps_path "steps.path": Option<PathBuf> = None;
    steps_package "steps.package": Option<String> = None;
    steps_target "steps.target": Option<String> = None;
    steps_command "steps.command": Option<CommandLine> = None;
    steps_release "steps.release": bool = false;
    steps_profile "steps.profile": Option<String> = None;
    steps_features "steps.features": Vec<String> = Vec::new();
    steps_start_timeout "steps.start-timeout": TimeLimit = TimeLimit::seconds(30);
    steps_finish_timeout "steps.finish-timeout": TimeLimit = TimeLimit::seconds(10);
}

/// The keys of `[steps]` that name a program.
pub(super) const PROGRAM_KEYS: [&str; 4] = [
    "steps.path",
    "steps.package",
    "steps.target",
    "steps.command",
];

impl Layer {
    /// A lower layer without what only makes sense together with what it says itself: a program is
    /// named by several keys, and so is the way in which it is built.
    fn hiding(&self, mut lower: Self) -> Self {
        let names_program = self.steps_path.is_some()
            || self.steps_package.is_some()
            || self.steps_target.is_some()
            || self.steps_command.is_some();
        if names_program {
            lower.steps_path = None;
            lower.steps_package = None;
            lower.steps_target = None;
            lower.steps_command = None;
        }
        if self.steps_release.is_some() || self.steps_profile.is_some() {
            lower.steps_release = None;
            lower.steps_profile = None;
        }
        lower
    }
}

/// Groups above others. One that has only a limit keeps the tags of the one below.
fn groups_over(
    upper: BTreeMap<String, Sourced<Group>>,
    mut lower: BTreeMap<String, Sourced<Group>>,
) -> BTreeMap<String, Sourced<Group>> {
    for (name, mut group) in upper {
        if group.value.tags.is_none()
            && let Some(below) = lower.remove(&name)
        {
            group.value.tags = below.value.tags;
        }
        lower.insert(name, group);
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(keys: &[(&str, &str)], flag: &'static str) -> Layer {
        let mut layer = Layer::default();
        for (key, text) in keys {
            assert!(KEYS.contains(key));
            layer.read_text(key, text, Origin::Flag(flag)).unwrap();
        }
        layer
    }

    #[test]
    fn the_upper_layer_wins_key_by_key() {
        let upper = layer(&[("jobs", "2")], "--upper");
        let lower = layer(&[("jobs", "3"), ("retries", "1")], "--lower");
        let settings = Settings::new(upper.over(lower), &Environment::default());
        assert_eq!(settings.jobs.value.get(), 2);
        assert_eq!(settings.jobs.origin, Origin::Flag("--upper"));
        assert_eq!(settings.retries.origin, Origin::Flag("--lower"));
        assert_eq!(settings.grace.origin, Origin::Default);
    }

    #[test]
    fn a_program_is_named_by_one_layer() {
        let lower = &[
            ("steps.path", "x"),
            ("steps.target", "y"),
            ("steps.release", "true"),
        ];
        let upper = layer(&[("steps.command", "z")], "--upper").over(layer(lower, "--lower"));
        assert!(upper.steps_path.is_none() && upper.steps_target.is_none());
        assert!(upper.steps_release.is_some());
        let upper = layer(&[("steps.profile", "z")], "--upper").over(layer(lower, "--lower"));
        assert!(upper.steps_path.is_some() && upper.steps_target.is_some());
        assert!(upper.steps_release.is_none());
    }

    #[test]
    fn a_bare_limit_keeps_the_tags_of_the_group_below() {
        let group = |limit, tags: Option<&str>| {
            let limit = NonZeroU32::new(limit).unwrap();
            let tags = tags.map(|tags| tags.parse().unwrap());
            let group = Sourced::flag(Group { limit, tags }, "--flag");
            BTreeMap::from([("db".to_owned(), group)])
        };
        let lower = group(2, Some("@db"));
        assert_eq!(
            groups_over(group(1, None), lower.clone()),
            group(1, Some("@db"))
        );
        assert_eq!(
            groups_over(group(1, Some("@sql")), lower),
            group(1, Some("@sql"))
        );
    }
}
