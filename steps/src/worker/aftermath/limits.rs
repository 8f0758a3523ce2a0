//! The limits of resources: `ulimit`.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::change::StateChange;

/// The limits that are compared, as programmers and shells call them.
const WATCHED: [(Resource, &str, &str); 9] = [
    (Resource::Nofile, "RLIMIT_NOFILE", "ulimit -n"),
    (Resource::Fsize, "RLIMIT_FSIZE", "ulimit -f"),
    (Resource::As, "RLIMIT_AS", "ulimit -v"),
    (Resource::Cpu, "RLIMIT_CPU", "ulimit -t"),
    (Resource::Core, "RLIMIT_CORE", "ulimit -c"),
    (Resource::Data, "RLIMIT_DATA", "ulimit -d"),
    (Resource::Stack, "RLIMIT_STACK", "ulimit -s"),
    (Resource::Nproc, "RLIMIT_NPROC", "ulimit -u"),
    (Resource::Memlock, "RLIMIT_MEMLOCK", "ulimit -l"),
];

/// The limits of this process.
#[derive(Clone)]
pub(super) struct Limits([Rlimit; WATCHED.len()]);

impl Limits {
    /// The present ones.
    pub(super) fn now() -> Self {
        Self(WATCHED.map(|(resource, ..)| getrlimit(resource)))
    }

    /// Takes what has changed between two moments as meant to stay.
    pub(super) fn keep(&mut self, before: &Self, after: &Self) {
        for (kept, (before, after)) in self.0.iter_mut().zip(before.0.iter().zip(&after.0)) {
            if before != after {
                *kept = *after;
            }
        }
    }

    /// Sets those again that have changed. One that cannot be set is taken as it is now.
    pub(super) fn restore(&mut self) -> Vec<StateChange> {
        let mut changes = Vec::new();
        for (kept, (resource, name, shell)) in self.0.iter_mut().zip(WATCHED) {
            let now = getrlimit(resource);
            if now == *kept {
                continue;
            }
            let change = format!(
                "it changed the limit {name} (`{shell}`) from {} to {}",
                shown(kept),
                shown(&now)
            );
            let end = match set_again(resource, kept, &now) {
                true => "it was restored",
                false => "it cannot be restored, and later scenarios have it too",
            };
            *kept = getrlimit(resource);
            changes.push(StateChange {
                kind: name.to_owned(),
                message: format!("{change}; {end}"),
            });
        }
        changes
    }
}

/// Sets a limit as it was. The hard one, above which nothing can be set, may only be lowered.
fn set_again(resource: Resource, before: &Rlimit, now: &Rlimit) -> bool {
    let soft = Rlimit {
        current: before.current,
        maximum: now.maximum,
    };
    setrlimit(resource, *before).is_ok() || setrlimit(resource, soft).is_ok()
}

fn shown(limit: &Rlimit) -> String {
    let number = |limit: Option<u64>| limit.map_or("unlimited".to_owned(), |n| n.to_string());
    match (limit.current, limit.maximum) {
        (current, maximum) if current == maximum => number(current),
        (current, maximum) => format!("{} (at most {})", number(current), number(maximum)),
    }
}
