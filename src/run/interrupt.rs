//! SIGINT and SIGTERM: the first ends the run in order, the second at once.

use std::io;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Calls `tell` with the number of the first signal; at the second it calls `end` and ends the
/// process.
///
/// With a debugger SIGINT is nothing to `bdd`: Ctrl-C means it alone. It is caught all the same, for what
/// is ignored would be ignored by the programs that are started, too.
///
/// # Errors
/// When the system does not let signals be caught.
pub fn listen(
    debugged: bool,
    tell: impl Fn(i32) + Send + 'static,
    end: impl Fn() + Send + 'static,
) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        let meant = |signal: &i32| !(debugged && *signal == SIGINT);
        let mut arrived = signals.forever().filter(meant);
        if let Some(signal) = arrived.next() {
            // Who is told may have no time to listen, and the second must be heard all the same.
            thread::spawn(move || tell(signal));
        }
        if let Some(signal) = arrived.next() {
            end();
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}
