//! The signals that are ignored or blocked: the programs that a step starts inherit both.
//!
//! Only on Linux, which shows them without unsafe code. Nothing safe sets them, so a changed worker is replaced.

use std::cell::Cell;
use std::fs::File;
use std::os::unix::fs::FileExt;

use super::change::StateChange;

/// Position of the set of blocked signals among the words after the name. That of ignored ones follows.
const BLOCKED: usize = 29;

/// The names of signals by number, where they are the same on every machine that runs Linux, as far as they matter.
const NAMES: [(u32, &str); 12] = [
    (1, "SIGHUP"),
    (2, "SIGINT"),
    (3, "SIGQUIT"),
    (6, "SIGABRT"),
    (8, "SIGFPE"),
    (11, "SIGSEGV"),
    (13, "SIGPIPE"),
    (14, "SIGALRM"),
    (15, "SIGTERM"),
    (24, "SIGXCPU"),
    (25, "SIGXFSZ"),
    (28, "SIGWINCH"),
];

/// Sets of signals; bit 0 is signal 1.
#[derive(Clone, Copy, PartialEq, Debug)]
struct SignalSets {
    blocked: u64,
    ignored: u64,
}

/// The signals of the thread that runs scenarios.
pub(super) struct Signals {
    /// The statistics of the thread. They also hold signals, and are cheaper to read than the readable form.
    file: Option<File>,
    at_start: Cell<Option<SignalSets>>,
}

impl Signals {
    /// Opens the file of the calling thread, if the system has it.
    pub(super) fn open() -> Self {
        Self {
            file: File::open("/proc/thread-self/stat").ok(),
            at_start: Cell::new(None),
        }
    }

    /// Remembers the present sets.
    pub(super) fn remember(&self) {
        self.at_start.set(self.now());
    }

    fn now(&self) -> Option<SignalSets> {
        let mut line = [0; 1024];
        let length = self.file.as_ref()?.read_at(&mut line, 0).ok()?;
        parse(str::from_utf8(&line[..length]).ok()?)
    }

    /// What has changed, and why the worker must be replaced.
    pub(super) fn check(&self) -> Option<(StateChange, String)> {
        let (before, now) = (self.at_start.get()?, self.now()?);
        if before == now {
            return None;
        }
        let parts = [
            (now.ignored & !before.ignored, "ignores"),
            (before.ignored & !now.ignored, "no longer ignores"),
            (now.blocked & !before.blocked, "blocks"),
            (before.blocked & !now.blocked, "no longer blocks"),
        ];
        let parts = parts.into_iter().filter(|(set, _)| *set != 0);
        let parts: Vec<_> = parts
            .map(|(set, does)| format!("{does} {}", names(set)))
            .collect();
        let changed = parts.join(" and ");
        let change = StateChange {
            kind: format!("signals: {changed}"),
            message: format!("after it, the worker {changed}; a new worker takes its place"),
        };
        Some((change, changed))
    }
}

/// Reads the line of statistics. The name in it may hold anything.
fn parse(line: &str) -> Option<SignalSets> {
    let (_, words) = line.rsplit_once(") ")?;
    let mut words = words.split(' ').skip(BLOCKED);
    Some(SignalSets {
        blocked: words.next()?.parse().ok()?,
        ignored: words.next()?.parse().ok()?,
    })
}

fn names(set: u64) -> String {
    let numbers = (1..=64).filter(|number| set & (1 << (number - 1)) != 0);
    let name = |number| {
        let known = NAMES.iter().find(|(one, _)| *one == number);
        known.map_or_else(
            || format!("signal {number}"),
            |(_, name)| (*name).to_owned(),
        )
    };
    let names: Vec<String> = numbers.map(name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_sets_are_read_from_the_line_of_statistics() {
        let line = "7 (a ) 1) S 1 7 7 0 -1 4194304 9 0 0 0 1 2 0 0 20 0 1 0 99 1000 10 18446744073709551615 1 1 1 1 1 0 16384 4096 2 0 0 0 17 1 0 0\n";
        let sets = SignalSets {
            blocked: 16384,
            ignored: 4096,
        };
        assert_eq!(parse(line), Some(sets));
        assert_eq!(
            names(sets.blocked | sets.ignored | 1 << 40),
            "SIGPIPE, SIGTERM, signal 41"
        );
        assert_eq!(parse("7 (a) S 1"), None);
    }
}
