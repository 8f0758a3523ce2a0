//! The environment variables.
//!
//! They are never restored: that would need unsafe code, and libraries set variables when they are first used.

use std::env;
use std::ffi::OsString;

use super::change::StateChange;

/// All variables, in the order of the system.
#[derive(Clone)]
pub(super) struct Environment(Vec<(OsString, OsString)>);

impl Environment {
    /// The present ones.
    pub(super) fn now() -> Self {
        Self(env::vars_os().collect())
    }

    /// The names of the variables whose values differ, sorted.
    fn changed(&self, now: &Self) -> Vec<OsString> {
        let missing_in = |one: &Self, other: &Self| -> Vec<OsString> {
            let missing = one.0.iter().filter(|variable| !other.0.contains(variable));
            missing.map(|(name, _)| name.clone()).collect()
        };
        let mut names = missing_in(self, now);
        names.extend(missing_in(now, self));
        names.sort();
        names.dedup();
        names
    }

    fn value(&self, name: &OsString) -> Option<&OsString> {
        let variable = self.0.iter().find(|(one, _)| one == name);
        variable.map(|(_, value)| value)
    }

    /// Takes what has changed between two moments as meant to stay.
    pub(super) fn keep(&mut self, before: &Self, after: &Self) {
        if before.0 == after.0 {
            return;
        }
        for name in before.changed(after) {
            self.0.retain(|(one, _)| *one != name);
            if let Some(value) = after.value(&name) {
                self.0.push((name, value.clone()));
            }
        }
    }

    /// The changes since the last call. Values are not shown: they may be secret.
    pub(super) fn changes(&mut self) -> Vec<StateChange> {
        // Every scenario comes here, and nearly all find no change.
        let mut known = self.0.iter();
        if env::vars_os().all(|now| known.next() == Some(&now)) && known.next().is_none() {
            return Vec::new();
        }
        let now = Self::now();
        let changed = self.changed(&now);
        let change = |name: OsString| {
            let did = match (self.value(&name), now.value(&name)) {
                (None, _) => "set",
                (_, None) => "removed",
                _ => "changed",
            };
            let name = name.display();
            StateChange {
                kind: format!("environment: {name}"),
                message: format!(
                    "it {did} the environment variable {name}; later scenarios see that"
                ),
            }
        };
        let changes = changed.into_iter().map(change).collect();
        *self = now;
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let owned = |(name, value): &(&str, &str)| (name.into(), value.into());
        Environment(variables.iter().map(owned).collect())
    }

    #[test]
    fn changes_are_found_by_variable() {
        let before = environment(&[("A", "1"), ("B", "2"), ("C", "3")]);
        let after = environment(&[("D", "4"), ("A", "1"), ("B", "5")]);
        assert_eq!(before.changed(&after), ["B", "C", "D"]);
        assert_eq!(before.changed(&before), [""; 0]);
        let mut start = environment(&[("X", "0"), ("B", "2"), ("C", "3")]);
        start.keep(&before, &after);
        assert_eq!(
            start.0,
            environment(&[("X", "0"), ("B", "5"), ("D", "4")]).0
        );
    }
}
