//! Signals. SIGINT, SIGTERM, SIGQUIT and SIGHUP: the first ends the run in order, the second at once.

use std::fs;
use std::io;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::Signals;

/// Calls `notify` with the number of the first signal. At the second signal it calls `end` and exits.
///
/// With a debugger, `bdd` does nothing on SIGINT and SIGQUIT: Ctrl-C and Ctrl-\ are for the debugger alone. It still
/// catches the signals, because the programs that it starts would inherit ignored ones.
///
/// SIGHUP is left alone when it is ignored, as under `nohup`. After one SIGHUP others do nothing: when a terminal is
/// closed, the system sends one and the shell another.
///
/// # Errors
/// When the system does not let signals be caught, or has no thread left.
pub fn listen(
    debugged: bool,
    notify: impl Fn(i32) + Send + 'static,
    end: impl Fn() + Send + 'static,
) -> io::Result<()> {
    let mut wanted = vec![SIGINT, SIGTERM, SIGQUIT];
    if !is_ignored(SIGHUP) {
        wanted.push(SIGHUP);
    }
    let mut signals = Signals::new(wanted)?;
    // `notify` may block, and the second signal must be heard meanwhile: it has a thread of its own, which is
    // there before a signal comes.
    let (notifier, heard) = mpsc::channel();
    spawn("notifies of signals", move || {
        if let Ok(signal) = heard.recv() {
            notify(signal);
        }
    })?;
    spawn("hears signals", move || {
        let meant = |signal: &i32| !(debugged && [SIGINT, SIGQUIT].contains(signal));
        let mut arrived = signals.forever().filter(meant);
        let first = arrived.next();
        if let Some(signal) = first {
            // The other thread waits for this.
            let _ = notifier.send(signal);
        }
        let is_second = |signal: &i32| !(*signal == SIGHUP && first == Some(SIGHUP));
        if let Some(signal) = arrived.find(is_second) {
            end();
            std::process::exit(128 + signal);
        }
    })
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(work).map(drop)
}

/// Whether this process ignores a signal. Only Linux shows that without unsafe code; elsewhere a signal that may be
/// ignored is taken for one that is, since a run under `nohup` must go on.
fn is_ignored(signal: i32) -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignored_signals(&status).is_none_or(|ignored| ignored & (1 << (signal - 1)) != 0)
}

/// The set of ignored signals in `/proc/PID/status`; bit 0 is signal 1.
fn ignored_signals(status: &str) -> Option<u64> {
    let mut lines = status.lines();
    let set = lines.find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(set.trim(), 16).ok()
}

/// A write beyond the limit of file sizes (`ulimit -f`) becomes an error of that write, instead of the end of this
/// process. A handler does that as well as ignoring the signal, and the programs that this process starts have the
/// usual behaviour: only ignored signals are inherited.
///
/// # Errors
/// When the system does not let the signal be caught.
pub fn survive_file_size_limit() -> io::Result<()> {
    let ignored = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGXFSZ, ignored).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_of_ignored_signals_is_read() {
        let status =
            "Name:\tbdd\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t0\n";
        assert_eq!(ignored_signals(status), Some(0x1001));
        assert_eq!(ignored_signals("Name:\tbdd\n"), None);
    }
}
