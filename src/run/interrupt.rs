//! SIGINT and SIGTERM: the first ends the run in order, the second at once.

use std::io;
use std::sync::mpsc;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Calls `notify` with the number of the first signal. At the second signal it calls `end` and exits.
///
/// With a debugger, `bdd` does nothing on SIGINT: Ctrl-C is for the debugger alone. It still catches the signal,
/// because the programs that it starts would inherit an ignored one.
///
/// # Errors
/// When the system does not let signals be caught, or has no thread left.
pub fn listen(
    debugged: bool,
    notify: impl Fn(i32) + Send + 'static,
    end: impl Fn() + Send + 'static,
) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    // `notify` may block, and the second signal must be heard meanwhile: it has a thread of its own, which is
    // there before a signal comes.
    let (first, heard) = mpsc::channel();
    spawn("notifies of signals", move || {
        if let Ok(signal) = heard.recv() {
            notify(signal);
        }
    })?;
    spawn("hears signals", move || {
        let meant = |signal: &i32| !(debugged && *signal == SIGINT);
        let mut arrived = signals.forever().filter(meant);
        if let Some(signal) = arrived.next() {
            // The other thread waits for this.
            let _ = first.send(signal);
        }
        if let Some(signal) = arrived.next() {
            end();
            std::process::exit(128 + signal);
        }
    })
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(work).map(drop)
}
