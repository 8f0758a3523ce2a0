//! Features of the check's own making: what can be run with the declared hooks alone.
//!
//! Their scenarios have no steps that a definition matches. Tags make the hooks apply.

use std::fs;
use std::io;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use bdd_protocol::Hello;

use crate::config::Selection;
use crate::discover::FeatureFile;
use crate::plan::tags::TagExpression;
use crate::plan::{Plan, plan};

/// A text that no definition should match.
pub const UNDEFINED: &str = "worker-check asks for a step that nobody defines \u{1f980}";

/// More sets of tags than this make no new case.
const MOST_TAG_SETS: usize = 12;

/// A plan of features for these hooks, written below `folder`. Scenarios are numbered from `first`.
///
/// # Errors
/// When the files cannot be written.
pub fn features(
    hello: &Hello,
    folder: &Path,
    selection: &Selection,
    first: u32,
) -> io::Result<Plan> {
    let mut files = Vec::new();
    let sets = tag_sets(hello);
    let features = sets.iter().map(|tags| around(tags));
    for (number, text) in features.chain([inside(&sets)]).enumerate() {
        let name = format!("worker-check-{number}.feature");
        let path = folder.join(&name);
        fs::write(&path, text)?;
        files.push(FeatureFile {
            path,
            uri: name.into(),
            lines: None,
        });
    }
    let selection = Selection {
        tags: Vec::new(),
        names: Vec::new(),
        ..selection.clone()
    };
    let mut plan = plan(&files, &selection, NonZeroU32::MIN, false).plan;
    let mut index = first;
    for feature in &mut plan.features {
        let feature = Arc::make_mut(feature);
        // Out of a rule and back into it: a run may shuffle.
        if !feature.rules.is_empty() {
            feature.scenarios.swap(1, 2);
        }
        for scenario in &mut feature.scenarios {
            scenario.index = index;
            index += 1;
        }
    }
    Ok(plan)
}

/// A feature with these tags: hooks of features and rules apply, too.
fn around(tags: &[String]) -> String {
    format!(
        "# language: en\n{}\nFeature: worker-check\n  \
         Scenario: without steps\n  \
         Scenario: undefined\n    * {UNDEFINED}\n  \
         Rule: first\n    Scenario: in the first rule\n    Scenario: again in the first rule\n  \
         Rule: second\n    Scenario: in the second rule\n",
        tags.join(" ")
    )
}

/// A feature without tags, with a scenario for each set: a hook of the feature cannot keep it from
/// running.
fn inside(sets: &[Vec<String>]) -> String {
    let mut text = "# language: en\nFeature: worker-check scenarios\n".to_owned();
    for tags in sets {
        text += &format!("  {}\n  Scenario: tagged\n", tags.join(" "));
    }
    text
}

/// Sets of tags such that each hook applies with one of them, if one can be found.
fn tag_sets(hello: &Hello) -> Vec<Vec<String>> {
    let mut sets = vec![Vec::new()];
    for hook in &hello.hooks {
        let Ok(condition) = hook.tags.parse::<TagExpression>() else {
            continue;
        };
        if let Some(tags) = smallest(&condition)
            && !sets.contains(&tags)
            && sets.len() < MOST_TAG_SETS
        {
            sets.push(tags);
        }
    }
    sets
}

/// The fewest tags with which a condition holds.
fn smallest(condition: &TagExpression) -> Option<Vec<String>> {
    let mut tags: Vec<&str> = condition.tags().collect();
    tags.sort_unstable();
    tags.dedup();
    tags.truncate(10);
    let mut subsets: Vec<u32> = (0..1 << tags.len()).collect();
    subsets.sort_by_key(|subset: &u32| subset.count_ones());
    subsets.into_iter().find_map(|subset| {
        let chosen = (0..tags.len()).filter(|at| subset & (1 << at) != 0);
        let chosen: Vec<String> = chosen.map(|at| tags[at].to_owned()).collect();
        condition.matches(&chosen).then_some(chosen)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_tags_with_which_a_hook_applies() {
        let smallest = |text: &str| smallest(&text.parse().unwrap());
        let tags = |tags: &[&str]| Some(tags.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(smallest(""), tags(&[]));
        assert_eq!(smallest("not @a"), tags(&[]));
        assert_eq!(smallest("@a and (@b or @c)"), tags(&["@a", "@b"]));
        assert_eq!(smallest("@a and not @a"), None);
    }
}
