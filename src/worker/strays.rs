//! Ends what a worker has started and what left its process group: a daemon, say.
//!
//! A worker that ends as it should has looked after its own processes; this is for one that died. It
//! knows them by the variable of the environment that names the worker's socket, which they inherit.
//! Linux tells it, and other systems do not.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process};

/// Ends the processes whose `BDD_SOCKET` is one of these, whatever they do. Those that they start
/// meanwhile are ended, too.
pub fn end(sockets: impl Fn(&Path) -> bool) {
    // Between a look and a signal a process can only start so many others.
    for _ in 0..ROUNDS {
        let is_one = |pid: &Pid| socket_of(*pid).is_some_and(|socket| sockets(&socket));
        let strays: Vec<Pid> = all().filter(is_one).collect();
        for pid in &strays {
            let _ = kill_process(*pid, Signal::KILL);
        }
        if strays.is_empty() {
            return;
        }
    }
}

/// How often it is looked again.
const ROUNDS: usize = 10;

/// The processes that can be seen.
fn all() -> impl Iterator<Item = Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| number(&entry.file_name()))
}

fn number(name: &OsStr) -> Option<Pid> {
    Pid::from_raw(name.to_str()?.parse().ok()?)
}

/// The `BDD_SOCKET` that a process was started with; one that has ended has none.
fn socket_of(pid: Pid) -> Option<PathBuf> {
    let environment = fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero())).ok()?;
    let mut variables = environment.split(|&byte| byte == 0);
    let socket = variables.find_map(|variable| variable.strip_prefix(b"BDD_SOCKET="))?;
    Some(OsStr::from_bytes(socket).into())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn only_those_with_the_socket_are_ended() {
        let sleep = |socket: &str| {
            let mut command = Command::new("sleep");
            command.arg("60").env("BDD_SOCKET", socket).spawn().unwrap()
        };
        let (mut mine, mut other) = (sleep("/nowhere/7"), sleep("/nowhere/77"));
        end(|socket| socket == Path::new("/nowhere/7"));
        assert!(!mine.wait().unwrap().success());
        assert!(other.try_wait().unwrap().is_none());
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
