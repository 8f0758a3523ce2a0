//! Tags that nearly say how a scenario runs but do nothing: `@Serial`, `@retry=3`, `@expected-failure`, and what
//! other runners call these things.
//!
//! It knows tags and what the settings say of them, nothing of runs.

use std::collections::HashSet;
use std::sync::Arc;

use super::directives::TagDirective;
use super::tag_places::{TagFiles, TagUse};
use super::warnings::FeatureWarning;
use crate::config::Config;
use crate::rule::LintRule;

/// The tags that have a meaning by settings.
#[derive(Debug, Default)]
pub struct KnownTags<'c> {
    /// The tags that the rules of the settings name, such as `@expected_failure`; one that is near is a slip.
    pub rules: Vec<&'c str>,
    /// The names of all groups.
    pub groups: Vec<&'c str>,
    /// The names of the groups that the tag `@NAME` means.
    pub group_tags: Vec<&'c str>,
    /// Tags that other expressions name: they have an effect as they are.
    pub used: Vec<&'c str>,
}

impl<'c> KnownTags<'c> {
    /// Those of these settings.
    pub fn of(config: &'c Config) -> Self {
        let run = &config.run;
        let rules = [&run.expected_failure_tags, &run.continue_after_failure_tags];
        let groups = run.groups.iter();
        let expressions = groups.clone().filter_map(|(_, group)| group.tags.as_ref());
        let expressions = expressions
            .chain(&config.selection.tags)
            .chain(&run.retry_tags);
        Self {
            rules: (rules.iter())
                .filter_map(|rule| rule.expression())
                .flat_map(|expression| expression.tags())
                .collect(),
            groups: run.groups.keys().map(String::as_str).collect(),
            group_tags: groups
                .filter(|(_, group)| group.tags.is_none())
                .map(|(name, _)| name.as_str())
                .collect(),
            used: expressions
                .flat_map(|expression| expression.tags())
                .collect(),
        }
    }

    /// All tags that have a meaning, each with its `@`.
    pub fn with_effect(&self) -> HashSet<String> {
        let named = self.rules.iter().chain(&self.used);
        let groups = self.group_tags.iter().map(|name| format!("@{name}"));
        named.map(|tag| (*tag).to_owned()).chain(groups).collect()
    }
}

/// From this length of a name on, two wrong letters are a slip. A guess.
const LONG: usize = 10;

/// From this length of a name on, one wrong letter is a slip: shorter words are often other words.
const MEDIUM: usize = 5;

/// Warnings for those tags of a plan that are near one that has an effect but have none: each tag once.
pub fn near_tags(
    tags: &[TagUse<'_>],
    files: TagFiles<'_>,
    known: &KnownTags<'_>,
) -> Vec<FeatureWarning> {
    let near = tags.iter().filter_map(|&TagUse { uri, tag, scenario }| {
        let advice = advice(tag, known)?;
        let place = files.place(uri, tag, scenario);
        Some(FeatureWarning {
            rule: LintRule::NearTag,
            message: format!("the tag `{tag}` has no effect; {advice}"),
            uri: Arc::clone(uri),
            is_ignored: place.as_ref().is_some_and(|place| place.is_ignored),
            location: place.map_or(scenario, |place| place.location),
        })
    });
    near.collect()
}

/// What to write instead of a tag that has no effect, if it is near one that has.
fn advice(tag: &str, known: &KnownTags<'_>) -> Option<String> {
    let name = tag.strip_prefix('@')?;
    let has_effect = TagDirective::of(tag).is_some()
        || known.rules.contains(&tag)
        || known.used.contains(&tag)
        || known.group_tags.contains(&name);
    if has_effect {
        return None;
    }
    let word = TagWord::of(name);
    foreign(&word, known)
        .or_else(|| directive(&word, known))
        .or_else(|| named(&word, known))
}

/// A tag in parts.
struct TagWord<'t> {
    /// What stands before a value: lower case, without `-`, `_` and `.`.
    name: String,
    value: Option<Value<'t>>,
}

struct Value<'t> {
    text: &'t str,
    /// Whether it stands in brackets, not after a `=` or `:`.
    in_brackets: bool,
    /// What follows the closing bracket.
    after: &'t str,
}

impl<'t> TagWord<'t> {
    fn of(name: &'t str) -> Self {
        let name = name.trim_end_matches([',', ';', '.', ':', '!']);
        let Some(at) = name.find(['(', '[', '{', '（', '=', ':']) else {
            return Self {
                name: folded(name),
                value: None,
            };
        };
        let (head, rest) = name.split_at(at);
        let opening = rest.chars().next().unwrap_or_default();
        let rest = &rest[opening.len_utf8()..];
        let in_brackets = !matches!(opening, '=' | ':');
        let (text, after) = match rest.split_once([')', ']', '}', '）']) {
            Some((text, after)) if in_brackets => (text, after),
            _ => (rest.trim_end_matches([')', ']', '}']), ""),
        };
        Self {
            name: folded(head),
            value: Some(Value {
                text: text.trim_matches(['"', '\'']),
                in_brackets,
                after,
            }),
        }
    }

    fn value(&self) -> &'t str {
        self.value.as_ref().map_or("", |value| value.text)
    }
}

/// A name without what people write differently.
fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn did_you_mean(tag: &str) -> String {
    format!("did you mean `{tag}`?")
}

/// The forms of other runners.
fn foreign(word: &TagWord<'_>, known: &KnownTags<'_>) -> Option<String> {
    let delay = match &word.value {
        Some(value) if word.name == "retry" && !value.after.is_empty() => {
            value.after.split_once('(').map(|(_, delay)| delay)
        }
        Some(value) if word.name == "retryafter" => Some(value.text),
        _ => None,
    };
    if let Some(delay) = delay {
        let count = word.value().parse().unwrap_or(1_u32);
        let delay = delay.trim_end_matches(')');
        return Some(format!(
            "write `@retry({count})`; the delay is `retry-delay = \"{delay}\"` in bdd.toml or `--retry-delay {delay}`"
        ));
    }
    let has = |names: &[&str]| names.contains(&word.name.as_str());
    if has(&["allowskipped", "allowundefined", "allowpending"]) {
        return Some(
            "`--no-strict`, or `strict = false` in bdd.toml, lets undefined and pending steps pass"
                .to_owned(),
        );
    }
    if has(&["xfail", "expecttofail", "expectedtofail"]) {
        let rule = known.rules.first()?;
        return Some(format!(
            "write `{rule}`, or name this tag in `expected-failure-tags` of bdd.toml"
        ));
    }
    if has(&[
        "continueafterfailedstep",
        "runnercontinueafterfailedstep",
        "continueonfailure",
    ]) {
        return Some(
            "write `@continue_after_failure`, or name this tag in `continue-after-failure-tags` of bdd.toml"
                .to_owned(),
        );
    }
    let is_retry = word.value.is_some() && has(&["flaky", "rerun", "reruns"]);
    let is_serial = has(&["nonparallelizable", "notparallelizable", "donotparallelize"]);
    if is_retry {
        return Some(did_you_mean(&retry(word.value())));
    }
    is_serial.then(|| did_you_mean("@serial"))
}

/// The directive that was meant.
fn directive(word: &TagWord<'_>, known: &KnownTags<'_>) -> Option<String> {
    if let Some(advice) = glued(word, known) {
        return Some(advice);
    }
    let value = word.value.as_ref();
    let in_brackets = value.is_some_and(|value| value.in_brackets);
    let near = |directive: &str| {
        word.name == directive
            || is_plural(&word.name, directive) && value.is_some()
            || in_brackets && is_slip(&word.name, directive)
    };
    if near("retry") || word.name == "retries" {
        return Some(did_you_mean(&retry(word.value())));
    }
    let bare_slip = |directive: &str| {
        value.is_none() && is_slip(&word.name, directive) && !is_plural(&word.name, directive)
    };
    if near("timeout") || bare_slip("timeout") {
        return Some(did_you_mean(&timeout(word.value())));
    }
    if near("serial") || bare_slip("serial") {
        return Some(match word.value() {
            "" | "true" | "1" | "yes" => did_you_mean("@serial"),
            group => format!(
                "write `@serial`, or `@group({group})` with a limit for `{group}` in `[groups]` of bdd.toml"
            ),
        });
    }
    if near("group") {
        return match value {
            None => Some(did_you_mean("@group(NAME)")),
            Some(Value { text: "", .. }) => Some(did_you_mean("@group(NAME)")),
            Some(value) => Some(did_you_mean(&format!("@group({})", value.text))),
        };
    }
    None
}

/// A value that is joined to the name: `@retry-3`, `@timeout30s`, `@group_database`.
fn glued(word: &TagWord<'_>, known: &KnownTags<'_>) -> Option<String> {
    if word.value.is_some() {
        return None;
    }
    let value = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| word.name.strip_prefix(name));
        values.find(|value| value.starts_with(|c: char| c.is_ascii_digit()))
    };
    if let Some(count) = value(&["retry", "retries"]) {
        let digits = count.trim_end_matches([')', 'x']);
        return Some(did_you_mean(&retry(digits)));
    }
    if let Some(time) = value(&["timeouts", "timeout"]) {
        return Some(did_you_mean(&timeout(time.trim_end_matches(')'))));
    }
    let group = word.name.strip_prefix("group")?;
    let group = known.groups.iter().find(|known| folded(known) == group)?;
    Some(did_you_mean(&format!("@group({group})")))
}

fn retry(count: &str) -> String {
    let digits: String = count.chars().filter(char::is_ascii_digit).collect();
    format!("@retry({})", digits.parse().unwrap_or(1_u32))
}

fn timeout(time: &str) -> String {
    match time {
        "" => "@timeout(30s)".to_owned(),
        seconds if seconds.chars().all(|c| c.is_ascii_digit()) => format!("@timeout({seconds}s)"),
        time => format!("@timeout({time})"),
    }
}

/// The tag of the settings that was meant.
fn named(word: &TagWord<'_>, known: &KnownTags<'_>) -> Option<String> {
    let rules = known.rules.iter().map(|rule| (*rule).to_owned());
    let groups = known.group_tags.iter().map(|group| format!("@{group}"));
    let near = |tag: &String| {
        let meant = folded(tag.trim_start_matches('@'));
        let is_short_form = word.name.len() >= LONG && meant.starts_with(&word.name);
        word.name == meant || is_slip(&word.name, &meant) || is_short_form
    };
    rules.chain(groups).find(near).map(|tag| did_you_mean(&tag))
}

fn is_plural(found: &str, meant: &str) -> bool {
    found.strip_suffix('s') == Some(meant) || (meant, found) == ("retry", "retries")
}

/// Whether a name is probably a slip of another. The first letter is rarely wrong, and words that differ in it,
/// such as `aerial` and `serial`, are mostly two words.
fn is_slip(found: &str, meant: &str) -> bool {
    let most = match meant.chars().count() {
        LONG.. => 2,
        MEDIUM.. => 1,
        _ => 0,
    };
    let distance = strsim::osa_distance(found, meant);
    (1..=most).contains(&distance) && found.chars().next() == meant.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> KnownTags<'static> {
        KnownTags {
            rules: vec!["@expected_failure", "@continue_after_failure"],
            groups: vec!["database", "net"],
            group_tags: vec!["database"],
            used: vec!["@Serial-port"],
        }
    }

    #[test]
    fn near_tags_name_what_was_meant() {
        for (tag, meant) in [
            ("@Serial", "@serial"),
            ("@SERIAL", "@serial"),
            ("@serail", "@serial"),
            ("@serial,", "@serial"),
            ("@serial()", "@serial"),
            ("@serial=true", "@serial"),
            ("@serial(true)", "@serial"),
            ("@retry", "@retry(1)"),
            ("@Retry(2)", "@retry(2)"),
            ("@retries(2)", "@retry(2)"),
            ("@rety(2)", "@retry(2)"),
            ("@retry=2", "@retry(2)"),
            ("@retry:2", "@retry(2)"),
            ("@retry-2", "@retry(2)"),
            ("@retry_2", "@retry(2)"),
            ("@retry2", "@retry(2)"),
            ("@retry[2]", "@retry(2)"),
            ("@retry（2）", "@retry(2)"),
            ("@retry2)", "@retry(2)"),
            ("@retry(2),", "@retry(2)"),
            ("@flaky(reruns=2)", "@retry(2)"),
            ("@timeout", "@timeout(30s)"),
            ("@timeout=3s", "@timeout(3s)"),
            ("@timeout:30", "@timeout(30s)"),
            ("@time-out(3s)", "@timeout(3s)"),
            ("@timeout_3s", "@timeout(3s)"),
            ("@TimeOut(3s)", "@timeout(3s)"),
            ("@timeouts(2m)", "@timeout(2m)"),
            ("@timout(2m)", "@timeout(2m)"),
            ("@groups(database)", "@group(database)"),
            ("@group=database", "@group(database)"),
            ("@group-database", "@group(database)"),
            ("@group", "@group(NAME)"),
            ("@Database", "@database"),
            ("@databse", "@database"),
            ("@Expected_failure", "@expected_failure"),
            ("@expected_failur", "@expected_failure"),
            ("@expected-failure", "@expected_failure"),
            ("@expectedFailure", "@expected_failure"),
            ("@expected.failure", "@expected_failure"),
            ("@expected_fail", "@expected_failure"),
            ("@expect_failure", "@expected_failure"),
            ("@expected_failure(bug 3)", "@expected_failure"),
            ("@continue-after-failure", "@continue_after_failure"),
            ("@continue_after_failures", "@continue_after_failure"),
        ] {
            let advice = advice(tag, &known());
            assert_eq!(advice, Some(did_you_mean(meant)), "{tag}");
        }
    }

    #[test]
    fn foreign_forms_say_what_the_form_is_here() {
        for (tag, part) in [
            (
                "@retry(2).after(1s)",
                "write `@retry(2)`; the delay is `retry-delay = \"1s\"`",
            ),
            ("@retry.after(1s)", "write `@retry(1)`; the delay is"),
            ("@allow.skipped", "`--no-strict`"),
            ("@allow_skipped", "`--no-strict`"),
            ("@serial(group)", "write `@serial`, or `@group(group)`"),
            ("@xfail", "write `@expected_failure`, or name this tag"),
            ("@NonParallelizable", "did you mean `@serial`?"),
        ] {
            let advice = advice(tag, &known()).unwrap_or_default();
            assert!(advice.contains(part), "{tag}: {advice}");
        }
    }

    #[test]
    fn other_tags_are_left_alone() {
        for tag in [
            "@serial",
            "@serials",
            "@aerial",
            "@series",
            "@retro",
            "@entry",
            "@entry(1)",
            "@retry(3)",
            "@retry(x)",
            "@retry(3",
            "@timeouts",
            "@timeout(30)",
            "@group(disk)",
            "@groups",
            "@grouping",
            "@group_admin",
            "@slow",
            "@failure",
            "@expected",
            "@continue",
            "@database",
            "@Serial-port",
            "@JIRA-123",
            "@skip",
            "@flaky",
            "@wip",
            "@smoke",
            "@issue(3)",
            "@serialization",
            "@unexpected_failure",
        ] {
            assert_eq!(advice(tag, &known()), None, "{tag}");
        }
    }
}
