//! Tag directives: tags that say how a scenario runs, such as `@timeout(30s)`, `@retry(3)`, `@serial` and
//! `@group(database)`.
//!
//! It knows neither settings nor workers.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::warnings::FeatureWarning;
use super::{Location, Plan};
use crate::config::TimeLimit;

/// The directives of a scenario. The last of several of the same kind wins, so that the scenario's own tag wins
/// over inherited ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagDirectives<'t> {
    /// `@timeout(TIME)`: how long an attempt may take, and each of its steps.
    pub timeout: Option<TimeLimit>,
    /// `@retry(N)`: how often it is run again at most.
    pub retries: Option<u32>,
    /// `@serial`: nothing runs beside it.
    pub serial: bool,
    /// `@group(NAME)`, in the order of the tags.
    pub groups: Vec<&'t str>,
}

impl<'t> TagDirectives<'t> {
    /// Reads tags. Wrong directives are ignored here; [`mistakes`] reports them.
    pub fn of<T: AsRef<str>>(tags: &'t [T]) -> Self {
        let mut directives = Self::default();
        for tag in tags {
            match TagDirective::of(tag.as_ref()) {
                Some(Ok(TagDirective::Timeout(limit))) => directives.timeout = Some(limit),
                Some(Ok(TagDirective::Retry(count))) => directives.retries = Some(count),
                Some(Ok(TagDirective::Serial)) => directives.serial = true,
                Some(Ok(TagDirective::Group(name))) => directives.groups.push(name),
                Some(Err(_)) | None => {}
            }
        }
        directives
    }
}

/// The directive of one tag.
enum TagDirective<'t> {
    Timeout(TimeLimit),
    Retry(u32),
    Serial,
    Group(&'t str),
}

impl<'t> TagDirective<'t> {
    /// The directive of a tag, if it is one, or why its value is wrong.
    fn of(tag: &'t str) -> Option<Result<Self, String>> {
        let name = tag.strip_prefix('@')?;
        if name == "serial" {
            return Some(Ok(Self::Serial));
        }
        let (name, value) = name.split_once('(')?;
        let value = value.strip_suffix(')');
        let closed = || value.ok_or_else(|| "the closing parenthesis is missing".to_owned());
        Some(match name {
            "timeout" => closed().and_then(|value| {
                let limit = value.parse::<TimeLimit>();
                limit.map(Self::Timeout).map_err(|error| error.to_string())
            }),
            "retry" => closed().and_then(|value| {
                let count = value.parse().map(Self::Retry);
                count.map_err(|_| {
                    format!("`{value}` is not a number of retries: write a number from 0")
                })
            }),
            "group" => closed().map(Self::Group),
            _ => return None,
        })
    }
}

/// A directive with a wrong value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagMistake {
    /// The file as it is shown.
    pub uri: Arc<str>,
    /// Where the first scenario with it stands.
    pub location: Location,
    /// The tag.
    pub tag: Arc<str>,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for TagMistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Location { line, column } = self.location;
        let Self {
            uri, tag, reason, ..
        } = self;
        write!(formatter, "{uri}:{line}:{column}: {tag}: {reason}")
    }
}

/// Warnings for tags of a plan that are nearly a directive but have no effect, such as `@retries(2)` and
/// `@Serial`: each once, at the first scenario that has it.
pub fn misspelt(plan: &Plan) -> Vec<FeatureWarning> {
    let mut known = BTreeSet::new();
    let mut warnings = Vec::new();
    for feature in &plan.features {
        for scenario in &feature.scenarios {
            for tag in &scenario.tags {
                let Some(meant) = nearly(tag).filter(|_| known.insert(tag)) else {
                    continue;
                };
                warnings.push(FeatureWarning {
                    message: format!("the tag `{tag}` has no effect; did you mean `{meant}`?"),
                    uri: Arc::clone(&feature.uri),
                    location: scenario.location,
                });
            }
        }
    }
    warnings
}

/// The directive that was probably meant by a tag without effect.
fn nearly(tag: &str) -> Option<String> {
    if TagDirective::of(tag).is_some() {
        return None;
    }
    let lower = tag.strip_prefix('@')?.to_lowercase();
    let Some((name, value)) = lower.split_once('(') else {
        return (lower == "serial").then(|| "@serial".to_owned());
    };
    let names = [
        ("timeout", "timeout"),
        ("retry", "retry"),
        ("retries", "retry"),
        ("group", "group"),
    ];
    let (_, meant) = names
        .into_iter()
        .find(|(known, _)| strsim::osa_distance(name, known) <= 1)?;
    Some(format!("@{meant}({value}"))
}

/// The wrong directives of a plan, each once, at the first scenario that has it. `groups` says whether a
/// group exists.
#[must_use]
pub fn mistakes(plan: &Plan, groups: &dyn Fn(&str) -> bool) -> Vec<TagMistake> {
    let mut found: Vec<TagMistake> = Vec::new();
    for feature in &plan.features {
        for scenario in &feature.scenarios {
            for tag in &scenario.tags {
                let reason = match TagDirective::of(tag) {
                    Some(Err(reason)) => reason,
                    Some(Ok(TagDirective::Group(name))) if !groups(name) => {
                        format!("unknown group `{name}`: it is not in `[groups]` of bdd.toml")
                    }
                    _ => continue,
                };
                if !found.iter().any(|known| known.tag == *tag) {
                    found.push(TagMistake {
                        uri: Arc::clone(&feature.uri),
                        location: scenario.location,
                        tag: Arc::clone(tag),
                        reason,
                    });
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_say_how_a_scenario_is_run() {
        let tags = [
            "@timeout(30s)",
            "@retry(3)",
            "@serial",
            "@group(db)",
            "@group(net)",
            "@x(1)",
        ];
        let directives = TagDirectives::of(&tags);
        assert_eq!(directives.timeout, Some("30s".parse().unwrap()));
        assert_eq!((directives.retries, directives.serial), (Some(3), true));
        assert_eq!(directives.groups, ["db", "net"]);
        assert_eq!(
            TagDirectives::of(&["@timeouts(1s)", "@retry", "@Serial"]),
            TagDirectives::default()
        );
    }

    #[test]
    fn what_is_nearly_such_a_tag() {
        let meant = |tag| nearly(tag).unwrap_or_default();
        assert_eq!(meant("@retries(2)"), "@retry(2)");
        assert_eq!(meant("@Timeout(1s)"), "@timeout(1s)");
        assert_eq!(meant("@groups(db)"), "@group(db)");
        assert_eq!(meant("@SERIAL"), "@serial");
        // Tags without a special meaning, and directives that are right or wrong.
        for tag in ["@retry", "@entry(1)", "@serials", "@retry(x)", "@serial"] {
            assert_eq!(meant(tag), "", "{tag}");
        }
    }

    #[test]
    fn the_last_holds() {
        let tags = ["@timeout(30s)", "@retry(3)", "@timeout(1s)", "@retry(0)"];
        let directives = TagDirectives::of(&tags);
        assert_eq!(directives.timeout, Some("1s".parse().unwrap()));
        assert_eq!(directives.retries, Some(0));
    }

    #[test]
    fn what_cannot_be_obeyed_says_why() {
        let reason = |tag| match TagDirective::of(tag) {
            Some(Err(reason)) => reason,
            _ => String::new(),
        };
        assert_eq!(reason("@retry(3"), "the closing parenthesis is missing");
        assert!(reason("@retry(-1)").starts_with("`-1` is not a number of retries"));
        assert!(reason("@timeout(30)").starts_with("`30` is not a time"));
        assert_eq!(reason("@retry(3)"), "");
    }
}
