//! Orphans: processes that a worker has started and that have left its process group. They are known by a
//! variable that all of them inherit.
//!
//! Only on Linux, which shows the variables of processes under `/proc`.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use bdd_protocol::variables::SOCKET;
use rustix::process::{Pid, Signal, kill_process};

/// Ends what was started by the worker with this socket.
pub(super) fn end_those_of(socket: &Path) {
    end(|path| path == socket);
}

/// Ends what was started by workers whose sockets are in this folder.
pub(super) fn end_all_below(folder: &Path) {
    end(|path| path.starts_with(folder));
}

/// Looks twice: a process that is just becoming another program has no variables for a moment.
fn end(is_one: impl Fn(&Path) -> bool) {
    for _ in 0..2 {
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.parse().ok());
            let Some(id) = id.and_then(Pid::from_raw) else {
                continue;
            };
            let variables = fs::read(entry.path().join("environ")).unwrap_or_default();
            let sockets = variables.split(|byte| *byte == 0);
            let mut sockets = sockets.filter_map(|variable| {
                variable.strip_prefix(SOCKET.as_bytes())?.strip_prefix(b"=")
            });
            if sockets.any(|path| is_one(Path::new(std::ffi::OsStr::from_bytes(path)))) {
                // One that has just ended needs no signal.
                let _ = kill_process(id, Signal::KILL);
            }
        }
    }
}
