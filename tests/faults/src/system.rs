//! The functions of the system that the standard library has no safe name for.

use std::io;

/// Signal numbers that are the same on Linux and macOS.
pub const SIGKILL: i32 = 9;
/// See [`SIGKILL`].
pub const SIGTERM: i32 = 15;

/// The signal that stops a process; it cannot be caught.
pub const SIGSTOP: i32 = if cfg!(target_os = "linux") { 19 } else { 17 };

mod c {
    unsafe extern "C" {
        pub fn close(descriptor: i32) -> i32;
        pub fn dup2(from: i32, to: i32) -> i32;
        pub fn getppid() -> i32;
        pub fn kill(process: i32, signal: i32) -> i32;
        pub fn setsid() -> i32;
        pub fn signal(signal: i32, handler: usize) -> usize;
        pub fn write(descriptor: i32, bytes: *const u8, count: usize) -> isize;
    }
}

fn checked(result: i32) -> io::Result<()> {
    match result {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Closes a descriptor, also if other code owns it.
pub fn close(descriptor: i32) -> io::Result<()> {
    // SAFETY: no memory is touched. That others lose their descriptor is the fault to be tested.
    checked(unsafe { c::close(descriptor) })
}

/// Makes descriptor `to` another name of `from`.
pub fn redirect(from: i32, to: i32) -> io::Result<()> {
    // SAFETY: as for `close`.
    checked(unsafe { c::dup2(from, to) })
}

/// Writes to a descriptor, also if other code owns it. Does nothing if it is closed.
pub fn write(descriptor: i32, bytes: &[u8]) {
    // SAFETY: the bytes live until the call returns.
    unsafe { c::write(descriptor, bytes.as_ptr(), bytes.len()) };
}

/// Sends a signal.
pub fn kill(process: u32, signal: i32) -> io::Result<()> {
    let process = i32::try_from(process).map_err(io::Error::other)?;
    // SAFETY: no memory is touched.
    checked(unsafe { c::kill(process, signal) })
}

/// The process that started this one.
pub fn parent() -> u32 {
    // SAFETY: no memory is touched, and it cannot fail.
    unsafe { c::getppid() }.unsigned_abs()
}

/// Leaves the process group and the session of the worker.
pub fn leave_session() -> io::Result<()> {
    // SAFETY: no memory is touched.
    checked(unsafe { c::setsid() })
}

/// Has this process ignore a signal.
pub fn ignore(signal: i32) {
    const SIG_IGN: usize = 1;
    // SAFETY: no function of this program becomes a handler.
    unsafe { c::signal(signal, SIG_IGN) };
}
