//! SIGINT and SIGTERM: the first ends the run in order, the second at once.

use std::io;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Calls `tell` with the number of the first signal; at the second it calls `end` and ends the
/// process.
///
/// # Errors
/// When the system does not let signals be caught.
pub fn listen(
    tell: impl Fn(i32) + Send + 'static,
    end: impl Fn() + Send + 'static,
) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        let mut arrived = signals.forever();
        if let Some(signal) = arrived.next() {
            tell(signal);
        }
        if let Some(signal) = arrived.next() {
            end();
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}
