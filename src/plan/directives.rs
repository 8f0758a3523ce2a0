//! Tag directives: tags that say how a scenario runs, such as `@timeout(30s)`, `@retry(3)`, `@serial` and
//! `@group(database)`.
//!
//! This file knows neither settings nor workers.

use std::fmt;
use std::sync::Arc;

use super::Location;
use super::tag_places::{TagFiles, TagUse};
use crate::config::TimeLimit;

/// The directives of a scenario. The last of several of the same kind wins, so the scenario's own tag wins
/// over inherited ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagDirectives<'t> {
    /// `@timeout(TIME)`: how long an attempt may take, and each of its steps.
    pub timeout: Option<TimeLimit>,
    /// `@retry(N)`: how often it is retried at most.
    pub retries: Option<u32>,
    /// `@serial`: nothing else runs at the same time.
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
pub(super) enum TagDirective<'t> {
    Timeout(TimeLimit),
    Retry(u32),
    Serial,
    Group(&'t str),
}

/// Whether a tag says how a scenario runs, such as `@serial`.
pub fn is_directive(tag: &str) -> bool {
    TagDirective::of(tag).is_some()
}

impl<'t> TagDirective<'t> {
    /// The directive of a tag, if it is one, or why its value is wrong.
    pub(super) fn of(tag: &'t str) -> Option<Result<Self, String>> {
        let name = tag.strip_prefix('@')?;
        if name == "serial" {
            return Some(Ok(Self::Serial));
        }
        // This is asked several times for each tag of each scenario, and nearly all tags are no directives. To
        // compare names is cheaper than to search for the parenthesis.
        let mut names = ["timeout", "retry", "group"].into_iter();
        let (name, value) =
            names.find_map(|known| Some((known, name.strip_prefix(known)?.strip_prefix('(')?)))?;
        // What follows a closing parenthesis makes it another tag, such as `@retry(2).after(1s)`.
        if value.find(')').is_some_and(|at| at + 1 < value.len()) {
            return None;
        }
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
                    format!(
                        "`{value}` is not a number of retries: write a number from 0 to {}",
                        u32::MAX
                    )
                })
            }),
            _ => closed().map(Self::Group),
        })
    }
}

/// A directive with a wrong value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagMistake {
    /// The file as it is shown.
    pub uri: Arc<str>,
    /// Its place at the first scenario that has it.
    pub location: Location,
    /// The line that it stands in; `None` if the file has changed since.
    pub line: Option<String>,
    /// The tag.
    pub tag: Arc<str>,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for TagMistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            uri,
            location,
            tag,
            reason,
            ..
        } = self;
        write!(formatter, "{uri}:{location}: {tag}: {reason}")?;
        let Some(text) = &self.line else {
            return Ok(());
        };
        let number = location.line.to_string();
        let margin = " ".repeat(number.len());
        let text = text.replace('\t', " ");
        let indent = " ".repeat(location.column.saturating_sub(1) as usize);
        let carets = "^".repeat(tag.chars().count());
        write!(
            formatter,
            "\n {number} | {text}\n {margin} | {indent}{carets}"
        )
    }
}

/// The wrong directives of a plan, each once, at the first scenario that has it. `groups` says whether a
/// group exists.
#[must_use]
pub fn mistakes(
    tags: &[TagUse<'_>],
    files: TagFiles<'_>,
    groups: &dyn Fn(&str) -> bool,
) -> Vec<TagMistake> {
    let wrong = tags.iter().filter_map(|&TagUse { uri, tag, scenario }| {
        let reason = match TagDirective::of(tag)? {
            Err(reason) => reason,
            Ok(TagDirective::Group(name)) if !groups(name) => {
                format!("unknown group `{name}`: it is not in `[groups]` of bdd.toml")
            }
            Ok(_) => return None,
        };
        let place = files.place(uri, tag, scenario);
        Some(TagMistake {
            uri: Arc::clone(uri),
            location: (place.as_ref()).map_or(scenario, |place| place.location),
            line: place.map(|place| place.line),
            tag: Arc::clone(tag),
            reason,
        })
    });
    wrong.collect()
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
