//! The functions of the system that the standard library has no safe name for.

use std::io;

/// Signal numbers that are the same on Linux and macOS.
pub const SIGKILL: i32 = 9;
/// See [`SIGKILL`].
pub const SIGTERM: i32 = 15;

/// The signal that stops a process; it cannot be caught.
pub const SIGSTOP: i32 = if cfg!(target_os = "linux") { 19 } else { 17 };

/// The limit of a resource, as on every system of 64 bits.
#[repr(C)]
#[derive(Clone, Copy)]
struct Limit {
    soft: u64,
    hard: u64,
}

/// The resource "open files".
const OPEN_FILES: i32 = if cfg!(target_os = "linux") { 7 } else { 8 };

mod c {
    use super::Limit;

    unsafe extern "C" {
        pub fn close(descriptor: i32) -> i32;
        pub fn dup2(from: i32, to: i32) -> i32;
        pub fn fork() -> i32;
        pub fn getppid() -> i32;
        pub fn getrlimit(resource: i32, limit: *mut Limit) -> i32;
        pub fn kill(process: i32, signal: i32) -> i32;
        pub fn setrlimit(resource: i32, limit: *const Limit) -> i32;
        pub fn setsid() -> i32;
        pub fn signal(signal: i32, handler: usize) -> usize;
        pub fn umask(mask: u32) -> u32;
        pub fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
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

/// Copies this process. The copy gets `None`, and the process that is copied waits for it and gets its status.
pub fn fork() -> io::Result<Option<i32>> {
    let mut status = 0;
    // SAFETY: the copy runs on with the memory that it has, as code of users does that forks.
    match unsafe { c::fork() } {
        0 => Ok(None),
        // SAFETY: the status lives until the call returns.
        copy => checked(copy)
            .and_then(|()| checked(unsafe { c::waitpid(copy, &raw mut status, 0) }))
            .map(|()| Some(status)),
    }
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

/// Sets the umask, and returns the one before.
pub fn set_umask(mask: u32) -> u32 {
    // SAFETY: no memory is touched, and it cannot fail.
    unsafe { c::umask(mask) }
}

fn limit_of_open_files() -> io::Result<Limit> {
    let mut limit = Limit { soft: 0, hard: 0 };
    // SAFETY: the limit lives until the call returns.
    checked(unsafe { c::getrlimit(OPEN_FILES, &raw mut limit) })?;
    Ok(limit)
}

/// How many files may be open.
pub fn open_files() -> io::Result<u64> {
    Ok(limit_of_open_files()?.soft)
}

/// Limits how many files may be open; `hard` is for good.
pub fn limit_open_files(count: u64, hard: bool) -> io::Result<()> {
    let limit = Limit {
        soft: count,
        hard: if hard {
            count
        } else {
            limit_of_open_files()?.hard
        },
    };
    // SAFETY: as above.
    checked(unsafe { c::setrlimit(OPEN_FILES, &raw const limit) })
}
