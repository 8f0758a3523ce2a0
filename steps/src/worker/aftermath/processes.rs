//! Processes, as Linux lists them in `/proc`. On other systems this finds none.

use std::fs::{self, File};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::process::{self, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process, waitid, waitpid,
};

/// A range of process numbers wider than this is not gone through one by one.
const WIDE: u32 = 2000;

/// The number of characters of a command line that are shown.
const SHOWN: usize = 100;

/// How many times a second the system counts the starts of processes, on all that matter.
const TICKS: f64 = 100.0;

/// A process may seem this many ticks older than it is, because the system rounds times down.
const COARSE: f64 = 3.0;

/// A moment, as the number of the last process that was started, if the system shows that.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    last: Option<u32>,
    at: Instant,
}

/// For so long a mark is recent.
const RECENT: Duration = Duration::from_millis(10);

impl Mark {
    /// Whether few processes can have been started since.
    pub(super) fn is_recent(&self) -> bool {
        self.at.elapsed() < RECENT
    }

    /// Whether nothing can have been started between two moments.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.last.is_some() && self.last == other.last
    }

    /// The numbers of processes that were started after this moment, until `other`; `None` if they are
    /// unknown.
    fn until(&self, other: &Self) -> Option<Numbers> {
        Some(Numbers {
            before: self.last?,
            last: other.last?,
        })
    }
}

/// Numbers of processes in the order in which the system gave them. After the highest it begins again.
struct Numbers {
    /// The one before the first.
    before: u32,
    last: u32,
}

impl Numbers {
    fn has(&self, id: u32) -> bool {
        match self.before <= self.last {
            true => self.before < id && id <= self.last,
            false => self.before < id || id <= self.last,
        }
    }

    /// The first and the last, if they are few and without a gap.
    fn few(&self) -> Option<(u32, u32)> {
        let few = self.before <= self.last && self.last - self.before <= WIDE;
        few.then(|| (self.before + 1, self.last))
    }
}

/// The file that shows the number of the last process.
pub(super) struct Counter(Option<File>);

impl Counter {
    /// Opens it, if the system has it.
    pub(super) fn open() -> Self {
        let device = |path: &str| fs::metadata(path).ok().map(|metadata| metadata.dev());
        // In some containers the file is emulated and not always up to date.
        let genuine = device("/proc/loadavg") == device("/proc/self/stat");
        Self(File::open("/proc/loadavg").ok().filter(|_| genuine))
    }

    /// This moment.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            last: self.last(),
            at: Instant::now(),
        }
    }

    /// The last of the words of the line, such as `0.20 0.18 0.12 1/80 11206`.
    fn last(&self) -> Option<u32> {
        let mut line = [0; 128];
        let length = self.0.as_ref()?.read_at(&mut line, 0).ok()?;
        let line = line[..length].trim_ascii_end();
        let space = line.iter().rposition(|&byte| byte == b' ')?;
        let number = str::from_utf8(&line[space + 1..]).ok()?.parse().ok()?;
        (number > 0).then_some(number)
    }
}

/// How far the parents of a process are followed. The system may reuse a number meanwhile, so they could form a
/// circle.
const GENERATIONS: usize = 100;

/// A process of the system.
#[derive(Clone, PartialEq)]
pub(super) struct Process {
    pub(super) id: u32,
    pub(super) parent: u32,
    pub(super) group: u32,
    /// Whether it only waits for its parent to notice its end.
    pub(super) has_ended: bool,
    name: String,
    /// In ticks since the system was started.
    start: f64,
}

impl Process {
    /// The process with a number; `None` if it does not exist or has ended.
    pub(super) fn read(id: u32) -> Option<Self> {
        Self::read_any(id).filter(|process| !process.has_ended)
    }

    /// The process with a number, also one that has ended and was not waited for.
    fn read_any(id: u32) -> Option<Self> {
        let stat = fs::read(format!("/proc/{id}/stat")).ok()?;
        Self::parse(id, &String::from_utf8_lossy(&stat))
    }

    /// Reads a line such as `12 (sh) S 1 12 12 0 …`; the name may hold anything.
    fn parse(id: u32, stat: &str) -> Option<Self> {
        let (before, rest) = stat.rsplit_once(')')?;
        let name = before.split_once('(')?.1.to_owned();
        // The first word is empty: the name is followed by a space.
        let mut words = rest.split(' ');
        words.next()?;
        let has_ended = matches!(words.next()?, "Z" | "X" | "x");
        let parent = words.next()?.parse().ok()?;
        let group = words.next()?.parse().ok()?;
        let start = words.nth(16)?.parse().ok()?;
        Some(Self {
            id,
            parent,
            group,
            has_ended,
            name,
            start,
        })
    }

    /// Whether one of the processes that it comes from is this.
    pub(super) fn any_parent(&self, mut wanted: impl FnMut(&Self) -> bool) -> bool {
        let mut next = self.parent;
        for _ in 0..GENERATIONS {
            if next <= 1 {
                return false;
            }
            let Some(parent) = Self::read(next) else {
                return false;
            };
            if wanted(&parent) {
                return true;
            }
            next = parent.parent;
        }
        false
    }

    /// Whether it comes from the process with this number.
    pub(super) fn is_below(&self, id: u32) -> bool {
        self.parent == id || self.any_parent(|process| process.parent == id)
    }

    fn pid(&self) -> Option<Pid> {
        i32::try_from(self.id).ok().and_then(Pid::from_raw)
    }

    /// Ends it at once, if it is still there.
    pub(super) fn kill(&self) {
        if let Some(pid) = self.pid() {
            // The caller looks whether it is gone.
            let _ = kill_process(pid, Signal::KILL);
        }
    }

    /// Takes it out of the list of processes, if it is a child of this one and has ended.
    pub(super) fn reap(&self) {
        if let Some(pid) = self.pid() {
            // It is no error that it still runs, or is the child of another process.
            let _ = waitpid(Some(pid), WaitOptions::NOHANG);
        }
    }

    /// Whether the number is that of a thread of a process with another number.
    pub(super) fn is_thread(&self) -> bool {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id)).unwrap_or_default();
        let group = status.lines().find_map(|line| line.strip_prefix("Tgid:"));
        group.is_some_and(|group| group.trim() != self.id.to_string())
    }

    /// Whether it was started with this variable, such as `NAME=value`.
    pub(super) fn has_variable(&self, variable: &[u8]) -> bool {
        let environment = fs::read(format!("/proc/{}/environ", self.id)).unwrap_or_default();
        let mut rest = &environment[..];
        while let Some(end) = rest.iter().position(|&byte| byte == 0) {
            if &rest[..end] == variable {
                return true;
            }
            rest = &rest[end + 1..];
        }
        false
    }

    /// The text for messages: its command line and its number.
    pub(super) fn title(&self) -> String {
        let words = fs::read(format!("/proc/{}/cmdline", self.id)).unwrap_or_default();
        let words = String::from_utf8_lossy(&words);
        let line = match words.trim_end_matches('\0') {
            "" => &self.name,
            words => words,
        };
        let mut shown = String::new();
        for (count, character) in line.chars().enumerate() {
            if count == SHOWN {
                shown.push('…');
                break;
            }
            shown.push(if character.is_control() {
                ' '
            } else {
                character
            });
        }
        format!("`{shown}` (process {})", self.id)
    }
}

/// Whether a process was started in a period: decided by its number if numbers are known, otherwise by the
/// time, which is coarse. The system reuses numbers, so a process that is known to be older does not count.
pub(super) struct Clock {
    now: Instant,
    /// The same, in ticks since the system was started.
    ticks: f64,
}

impl Clock {
    /// Reads the time since the system was started.
    pub(super) fn read() -> Option<Self> {
        let uptime = fs::read_to_string("/proc/uptime").ok()?;
        let seconds: f64 = uptime.split_ascii_whitespace().next()?.parse().ok()?;
        Some(Self {
            now: Instant::now(),
            ticks: seconds * TICKS,
        })
    }

    fn ticks(&self, moment: Instant) -> f64 {
        self.ticks - (self.now - moment).as_secs_f64() * TICKS
    }

    /// Whether a process was started after a moment and not after another one.
    pub(super) fn between(&self, process: &Process, from: &Mark, to: &Mark) -> bool {
        let (earliest, latest) = (self.ticks(from.at), self.ticks(to.at) + 1.0);
        match from.until(to) {
            Some(numbers) => numbers.has(process.id) && earliest - COARSE < process.start,
            None => earliest < process.start && process.start <= latest,
        }
    }
}

/// The processes of the system that were started between two moments, also those that have ended.
pub(super) fn started(clock: &Clock, from: &Mark, to: &Mark) -> Vec<Process> {
    let numbers = from.until(to).and_then(|numbers| numbers.few());
    let Some((first, last)) = numbers else {
        let mut found = list(Process::read_any);
        found.retain(|process| clock.between(process, from, to));
        return found;
    };
    let mut found = Vec::new();
    let mut id = first;
    while id <= last {
        if let Some(process) = Process::read_any(id)
            && clock.between(&process, from, to)
        {
            found.push(process);
        }
        id += 1;
    }
    found
}

/// All processes of the system that run.
pub(super) fn all() -> Vec<Process> {
    list(Process::read)
}

/// All processes of the system, as they are read. (Loops instead of iterators: every step crate compiles this.)
fn list(read: fn(u32) -> Option<Process>) -> Vec<Process> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir("/proc") else {
        return found;
    };
    for entry in entries {
        let Ok(entry) = entry else {
            continue;
        };
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.parse().ok());
        if let Some(process) = id.and_then(read) {
            found.push(process);
        }
    }
    found
}

/// Whether this process leads a process group of its own, so that it started all processes in it.
pub(super) fn leads_group() -> bool {
    let own = process::id();
    Process::read(own).is_some_and(|process| process.group == own)
}

/// Whether this process has no children, not even one that has ended.
pub(super) fn has_no_children() -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    matches!(waitid(WaitId::All, options), Err(Errno::CHILD))
}

/// Makes this process the parent of all processes that it has started and whose own parents have ended. The
/// result is whether the system can do that.
pub(super) fn adopt_orphans() -> bool {
    #[cfg(target_os = "linux")]
    let adopts = rustix::process::set_child_subreaper(Some(rustix::process::getpid())).is_ok();
    #[cfg(not(target_os = "linux"))]
    let adopts = false;
    adopts
}

/// Ends the process `$1`, its group, its children, and all processes with the variable `$2`, but for those with
/// the variable `$3`. The process is stopped first: otherwise it could start others that are not found. A process
/// that is just becoming another program has no variables for a moment, and the children of a process that ends
/// become those of `$1`, so the search runs several times.
const END: &str = r#"kill -STOP "$1"
end() {
    id=${1#/proc/}
    id=${id%/*}
    [ "$id" != "$main" ] && [ "$id" != $$ ] || return
    grep -qzxF -e "$keep" "/proc/$id/environ" || kill -KILL "$id"
}
main=$1
keep=$3
[ -z "$2" ] || for round in 1 2 3; do
    for file in $(grep -lzxF -e "$2" /proc/[0-9]*/environ); do end "$file"; done
    for file in $(grep -lE "^PPid:[[:blank:]]*$1\$" /proc/[0-9]*/status); do end "$file"; done
done
kill -KILL 0"#;

/// Ends this process and its group, and, if a variable is given, all processes with it and all its children, in
/// whatever group, but for those with the variable `keep`.
///
/// A shell does it: this process cannot look for others while it is stopped.
pub(super) fn end_group(variable: &str, keep: &str) {
    let ended = Command::new("/bin/sh")
        .args(["-c", END, "sh", &process::id().to_string(), variable, keep])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if ended.is_err() {
        // The system has no process left for the shell. What has left the group was ended before, as far as it
        // was there.
        let _ = rustix::process::kill_current_process_group(Signal::KILL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_look_like_the_rest_of_the_line() {
        let rest = "S 7 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4321 0 0";
        let process = Process::parse(5, &format!("5 (a) Z 1 (b) {rest}"));
        let process = process.expect("a process");
        assert_eq!((process.parent, process.group), (7, 8));
        assert_eq!(process.name, "a) Z 1 (b");
        assert_eq!(process.start, 4321.0);
    }

    #[test]
    fn an_ended_process_is_marked() {
        let rest = "Z 7 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4321 0 0";
        let ended = Process::parse(5, &format!("5 (a) {rest}"));
        assert!(ended.expect("a process").has_ended);
        assert!(Process::parse(5, "").is_none());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_is_found_among_those_that_were_started() {
        let counter = Counter::open();
        let clock = |to: &Mark| {
            let clock = Clock::read().expect("the time");
            assert!(to.at <= clock.now);
            clock
        };
        let before = counter.mark();
        let mut child = Command::new("sleep").arg("60").spawn().expect("a process");
        let after = counter.mark();
        assert!(!before.same(&after));
        let id = child.id();
        let found = |from: &Mark, to: &Mark| {
            let started = started(&clock(to), from, to);
            started.iter().any(|process| process.id == id)
        };
        assert!(found(&before, &after));
        assert!(!found(&after, &counter.mark()));
        // The system has reused numbers in between.
        let long_before = Mark {
            last: Some(u32::MAX),
            ..before
        };
        assert!(found(&long_before, &after));
        // By time, as on systems without numbers; it is coarse.
        let long_ago = Mark {
            last: None,
            at: before.at - std::time::Duration::from_millis(100),
        };
        assert!(found(&long_ago, &after));
        // Its number is in the range, but it is older: the system has reused numbers since.
        std::thread::sleep(std::time::Duration::from_millis(100));
        let now = std::time::Instant::now();
        let mark = |last| Mark {
            last: Some(last),
            at: now,
        };
        assert!(!found(&mark(id - 1), &mark(id)));
        child.kill().expect("it runs");
        child.wait().expect("it ran");
        assert!(!found(&before, &after));
    }
}
