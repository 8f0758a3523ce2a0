//! The standard descriptors, which all scenarios of a worker share: if one closes or redirects them, the
//! output of all later scenarios is lost.

use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::MetadataExt;

use super::Leftovers;

/// What the standard descriptors were when the worker started.
pub(super) struct Descriptors {
    /// The file that output goes to. None when it is not captured: then descriptors may be anything, and a
    /// step may do with them what it wants.
    captured: Option<Identity>,
}

/// Which file it is: its device and its number there.
type Identity = (u64, u64);

fn copy(descriptor: BorrowedFd<'_>) -> io::Result<File> {
    descriptor.try_clone_to_owned().map(File::from)
}

fn metadata(descriptor: BorrowedFd<'_>) -> io::Result<Metadata> {
    copy(descriptor)?.metadata()
}

/// Whether no descriptor is left for a copy, so that nothing is known of the original: `ENFILE` or `EMFILE`.
fn is_full<T>(tried: &io::Result<T>) -> bool {
    let error = tried.as_ref().err().and_then(io::Error::raw_os_error);
    matches!(error, Some(23 | 24))
}

fn identity(metadata: &Metadata) -> Identity {
    (metadata.dev(), metadata.ino())
}

impl Descriptors {
    /// Remembers what they are, if output goes to one regular file.
    pub(super) fn new() -> Self {
        let output = metadata(io::stdout().as_fd()).ok();
        let output = output.filter(Metadata::is_file);
        let (output, errors) = (
            output.as_ref().map(identity),
            metadata(io::stderr().as_fd()).ok().as_ref().map(identity),
        );
        Self {
            captured: output.filter(|_| output == errors),
        }
    }

    /// Compares them with now. Two inputs cannot be distinguished, so the check of input is only whether it is open.
    /// The same system call also gives the length of the captured output.
    pub(super) fn check(&self, found: &mut Leftovers) {
        let Some(captured) = self.captured else {
            return;
        };
        let output = metadata(io::stdout().as_fd());
        let errors = metadata(io::stderr().as_fd());
        let input = copy(io::stdin().as_fd());
        if is_full(&output) || is_full(&errors) || is_full(&input) {
            return found.full();
        }
        let is_captured = |now: &io::Result<Metadata>| {
            let now = now.as_ref();
            now.is_ok_and(|now| identity(now) == captured)
        };
        if is_captured(&output) {
            found.output = output.as_ref().ok().map(Metadata::len);
        } else {
            found.lost(1, "standard output", output.is_ok());
        }
        if !is_captured(&errors) {
            found.lost(2, "standard error", errors.is_ok());
        }
        if input.is_err() {
            found.lost(0, "standard input", false);
        }
    }
}

impl Leftovers {
    #[cold]
    pub(super) fn full(&mut self) {
        let message = "it left no descriptor free, which later scenarios need";
        self.fail("Descriptor", message.to_owned());
        self.unfit = Some("has no descriptor left".to_owned());
    }

    #[cold]
    fn lost(&mut self, number: u32, name: &str, open: bool) {
        let did = if open { "redirected" } else { "closed" };
        self.fail(
            "Descriptor",
            format!("it {did} {name} (descriptor {number}), which later scenarios need"),
        );
        self.unfit = Some(format!("has lost its {name}"));
    }
}
