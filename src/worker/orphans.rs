//! Orphans: processes that a worker has started and that have outlived it.
//!
//! Two things show whose they are. A variable that all processes of a worker inherit, unless they are given another
//! environment or write over it. And their parent: workers adopt what they have started (see `hello`), and when
//! such a worker is gone, this process adopts what is left. Only on Linux, which lists processes in `/proc`.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use bdd_protocol::variables::{KEEP_PROCESS, SOCKET};
use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitOptions, getpid, kill_process, waitid, waitpid,
};

/// How often to look for orphans: until they have ended, they may start others.
const ROUNDS: usize = 10;

/// How long a killed process may need until it has ended, in each round.
const PAUSE: Duration = Duration::from_millis(2);

/// A process, safe from being confused with a later one of the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ProcessIdentity {
    pid: Pid,
    /// When it was started, in ticks of the system.
    start: u64,
}

/// A line of the list of processes.
struct Listed {
    identity: ProcessIdentity,
    parent: Option<Pid>,
    has_ended: bool,
}

/// Makes this process the parent of orphans. It stays so: what was started before the call, and lost its parent
/// before it, keeps its own.
pub(super) fn adopt() {
    #[cfg(target_os = "linux")]
    // Where the system cannot do it, orphans are found by their variable.
    let _ = rustix::process::set_child_subreaper(Some(getpid()));
}

/// Ends what was started by the worker with this socket.
pub(super) fn end_those_of(socket: &Path) {
    end_with_variable(|path| path == socket);
}

/// Ends what was started by workers whose sockets are in this folder.
pub(super) fn end_all_below(folder: &Path) {
    end_with_variable(|path| path.starts_with(folder));
}

/// Looks twice: a process that is just becoming another program has no variables for a moment.
fn end_with_variable(is_one: impl Fn(&Path) -> bool) {
    for _ in 0..2 {
        for id in ids() {
            let variables = variables(id);
            let mut sockets = values(&variables, SOCKET);
            if sockets.any(|path| is_one(Path::new(OsStr::from_bytes(path)))) && !stays(&variables)
            {
                // One that has just ended needs no signal.
                let _ = kill_process(id, Signal::KILL);
            }
        }
    }
}

/// The children of this process that are not among those known.
pub(super) fn adopted(known: &[Pid]) -> Vec<ProcessIdentity> {
    if has_no_others(known) {
        return Vec::new();
    }
    let listed = list();
    let adopted = listed.iter().filter(|one| is_adopted(one, known));
    adopted.map(|one| one.identity).collect()
}

/// Ends the children of this process that are neither known nor spared, and what they have started.
pub(super) fn end_adopted(known: &[Pid], spared: &[ProcessIdentity]) {
    if has_no_others(known) {
        return;
    }
    for round in 0..ROUNDS {
        if round > 0 {
            thread::sleep(PAUSE);
        }
        let listed = list();
        let mut left = false;
        for (process, root) in families(&listed) {
            let adopted = is_adopted(root, known) && !spared.contains(&root.identity);
            if !adopted || stays(&variables(root.identity.pid)) {
                continue;
            }
            let pid = process.identity.pid;
            if !process.has_ended && !stays(&variables(pid)) {
                let _ = kill_process(pid, Signal::KILL);
                left = true;
            } else if process.has_ended && pid == root.identity.pid {
                // Nobody else waits for it.
                let _ = waitpid(Some(pid), WaitOptions::NOHANG);
            }
        }
        if !left {
            return;
        }
    }
}

/// Whether this process has surely no children but those known. To read the list of all processes takes 1 ms for
/// every 50 of them, at the end of every worker.
fn has_no_others(known: &[Pid]) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    if matches!(waitid(WaitId::All, options), Err(Errno::CHILD)) {
        return true;
    }
    // Some systems list children. They may leave out one while another ends, but hardly twice.
    let only_known = || children().is_some_and(|all| all.iter().all(|pid| known.contains(pid)));
    only_known() && only_known()
}

/// The children of the main thread; `None` if the system does not list them. Linux gives adopted processes to the first
/// thread that lives (`find_new_reaper` in its `kernel/exit.c`), and the main thread lives as long as this process. To
/// read the lists of all threads would cost the square of the number of workers.
fn children() -> Option<Vec<Pid>> {
    let main = getpid().as_raw_nonzero();
    let listed = fs::read_to_string(format!("/proc/self/task/{main}/children")).ok()?;
    let pids = listed.split_whitespace();
    pids.map(|pid| Pid::from_raw(pid.parse().ok()?)).collect()
}

fn is_adopted(process: &Listed, known: &[Pid]) -> bool {
    process.parent == Some(getpid()) && !known.contains(&process.identity.pid)
}

/// Each process that comes from a child of this one, with that child.
fn families(listed: &[Listed]) -> impl Iterator<Item = (&Listed, &Listed)> {
    let by_pid: HashMap<Pid, &Listed> = listed
        .iter()
        .map(|process| (process.identity.pid, process))
        .collect();
    let own = getpid();
    listed.iter().filter_map(move |process| {
        let mut root = process;
        // The list is no picture of one moment, so parents could form a circle.
        for _ in 0..listed.len() {
            let parent = root.parent?;
            if parent == own {
                return Some((process, root));
            }
            root = by_pid.get(&parent)?;
        }
        None
    })
}

fn ids() -> impl Iterator<Item = Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?))
}

fn list() -> Vec<Listed> {
    ids().filter_map(read).collect()
}

fn read(pid: Pid) -> Option<Listed> {
    let stat = fs::read(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    parse(pid, &String::from_utf8_lossy(&stat))
}

/// Reads a line such as `12 (sh) S 1 12 12 0 …`; the name may contain anything.
fn parse(pid: Pid, stat: &str) -> Option<Listed> {
    let mut words = stat.rsplit_once(") ")?.1.split(' ');
    let has_ended = matches!(words.next()?, "Z" | "X" | "x");
    let parent = Pid::from_raw(words.next()?.parse().ok()?);
    let start = words.nth(17)?.parse().ok()?;
    Some(Listed {
        identity: ProcessIdentity { pid, start },
        parent,
        has_ended,
    })
}

/// The environment that a process was started with.
fn variables(pid: Pid) -> Vec<u8> {
    fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero())).unwrap_or_default()
}

/// The values that a variable has in an environment.
fn values<'v>(variables: &'v [u8], name: &str) -> impl Iterator<Item = &'v [u8]> {
    variables
        .split(|byte| *byte == 0)
        .filter_map(move |variable| variable.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
}

/// Whether the user has declared by a variable that it outlives the run.
fn stays(variables: &[u8]) -> bool {
    values(variables, KEEP_PROCESS).any(|value| value == b"1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn what_was_adopted_is_seen() {
        adopt();
        // The shell ends before its child does.
        let shell = std::process::Command::new("sh")
            .args(["-c", "sleep 60 >/dev/null 2>&1 & echo $!"])
            .output()
            .unwrap();
        let pid = String::from_utf8(shell.stdout).unwrap();
        let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
        assert!(!has_no_others(&[]));
        if let Some(all) = children() {
            assert!(all.contains(&pid), "{all:?}");
        }
        kill_process(pid, Signal::KILL).unwrap();
        waitpid(Some(pid), WaitOptions::empty()).unwrap();
    }

    #[test]
    fn a_name_may_look_like_the_rest_of_the_line() {
        let pid = Pid::from_raw(5).unwrap();
        let rest = "S 7 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4321 0 0";
        let read = parse(pid, &format!("5 (a) Z 1 (b) {rest}")).unwrap();
        assert_eq!(read.parent, Pid::from_raw(7));
        assert_eq!(read.identity, ProcessIdentity { pid, start: 4321 });
        assert!(!read.has_ended);
        assert!(parse(pid, "").is_none());
    }
}
