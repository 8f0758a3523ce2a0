//! SIGINT and SIGTERM: the first ends the run in order, the second at once.

use std::io;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Calls `notify` with the number of the first signal. At the second signal it calls `end` and exits.
///
/// With a debugger, `bdd` does nothing on SIGINT: Ctrl-C is for the debugger alone. It still catches the signal,
/// because the programs that it starts would inherit an ignored one.
///
/// # Errors
/// When the system does not let signals be caught.
pub fn listen(
    debugged: bool,
    notify: impl Fn(i32) + Send + 'static,
    end: impl Fn() + Send + 'static,
) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        let meant = |signal: &i32| !(debugged && *signal == SIGINT);
        let mut arrived = signals.forever().filter(meant);
        if let Some(signal) = arrived.next() {
            // `notify` may block, and the second signal must be heard meanwhile.
            thread::spawn(move || notify(signal));
        }
        if let Some(signal) = arrived.next() {
            end();
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}
