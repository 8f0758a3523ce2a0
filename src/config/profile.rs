//! Profiles: named sets of settings. A run may use one of them.
//!
//! This file does not know which settings exist.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use toml::Spanned;

use super::origin::Origin;
use super::settings::Layer;
use crate::spelling::nearest;

/// The name that asks for no profile.
pub(super) const NONE: &str = "default";

/// `[profile.NAME]` of the file.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// The settings of the profile itself.
    pub(super) layer: Layer,
    /// The profile that it inherits from, and the place of that name in the file.
    pub(super) inherits: Option<Spanned<String>>,
}

/// The message about `[profile.default]`.
pub(super) fn reserved() -> (String, Option<String>) {
    (
        format!("`{NONE}` cannot be the name of a profile: it means a run without one"),
        Some("write settings for every run at the top of the file".to_owned()),
    )
}

/// The profiles that inherit from an unknown profile or from themselves: the place, the message and
/// the hint.
pub(super) fn misnamed(
    profiles: &BTreeMap<String, Profile>,
) -> Vec<(Range<usize>, String, Option<String>)> {
    let mut found = Vec::new();
    for (name, profile) in profiles {
        let Some(inherits) = &profile.inherits else {
            continue;
        };
        let (span, base) = (inherits.span(), inherits.get_ref());
        if base == NONE {
            let hint = "leave it out: settings at the top of the file are used by every profile";
            found.push((span, no_profile(base), Some(hint.to_owned())));
        } else if !profiles.contains_key(base) {
            found.push((span, no_profile(base), Some(hint(base, profiles))));
        } else {
            let chain = chain(name, profiles);
            // Each profile of a circle finds it. Only the first by name reports it.
            let circle = (chain.last())
                .and_then(|last| profiles.get(*last)?.inherits.as_ref())
                .is_some_and(|back| back.get_ref() == name);
            if circle && chain.iter().all(|other| *other >= name.as_str()) {
                let names = chain.join("` → `");
                let message = format!("profiles inherit in a circle: `{names}` → `{name}`");
                found.push((span, message, None));
            }
        }
    }
    found
}

fn no_profile(name: &str) -> String {
    format!("unknown profile `{name}`")
}

fn hint(name: &str, profiles: &BTreeMap<String, Profile>) -> String {
    let names: Vec<&str> = profiles.keys().map(String::as_str).collect();
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => format!("add `[profile.{name}]` to bdd.toml"),
        None => format!("the profiles are {}", names.join(", ")),
    }
}

/// A profile and those that it inherits, the lowest last. Each profile of a circle comes once.
fn chain<'p>(name: &'p str, profiles: &'p BTreeMap<String, Profile>) -> Vec<&'p str> {
    let mut names = vec![name];
    let mut next = profiles.get(name);
    while let Some(base) = next.and_then(|profile| profile.inherits.as_ref()) {
        if names.contains(&base.get_ref().as_str()) {
            break;
        }
        names.push(base.get_ref());
        next = profiles.get(base.get_ref());
    }
    names
}

/// The settings of the profile with this name and of those that it inherits, and their names, the lowest
/// last. `asked` is the flag or variable that names the profile.
///
/// # Errors
/// When there is no such profile.
pub(super) fn choose(
    name: &str,
    asked: &Origin,
    mut profiles: BTreeMap<String, Profile>,
) -> Result<(Layer, Vec<String>), UnknownProfileError> {
    if name == NONE {
        return Ok((Layer::default(), Vec::new()));
    }
    if !profiles.contains_key(name) {
        return Err(UnknownProfileError {
            asked: match asked {
                Origin::Flag(flag) => (*flag).to_owned(),
                other => other.to_string(),
            },
            message: no_profile(name),
            hint: hint(name, &profiles),
        });
    }
    let names: Vec<String> = (chain(name, &profiles).into_iter())
        .map(str::to_owned)
        .collect();
    let mut layer = Layer::default();
    for name in &names {
        layer = layer.over(profiles.remove(name).unwrap_or_default().layer);
    }
    Ok((layer, names))
}

/// A run asks for an unknown profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownProfileError {
    asked: String,
    message: String,
    /// What to do about it.
    pub(super) hint: String,
}

impl fmt::Display for UnknownProfileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.asked, self.message)
    }
}

impl std::error::Error for UnknownProfileError {}
