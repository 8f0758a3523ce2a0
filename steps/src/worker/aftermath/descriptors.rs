//! The standard descriptors, which all scenarios of a worker share: one that closes or redirects them
//! would take the output of all later ones with it.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::MetadataExt;

use super::Found;

/// What the standard descriptors were when the worker started, as far as it matters.
pub(super) struct Descriptors {
    /// Standard input, output and error; none when output is not captured. Then they may be anything, and
    /// a step may do with them what it wants.
    were: Option<[Identity; 3]>,
}

/// Which file it is: its device and its number there; none when the descriptor is closed.
type Identity = Option<(u64, u64)>;

const NAMES: [&str; 3] = ["standard input", "standard output", "standard error"];

fn identity(descriptor: BorrowedFd<'_>) -> Identity {
    let file = File::from(descriptor.try_clone_to_owned().ok()?);
    let metadata = file.metadata().ok()?;
    Some((metadata.dev(), metadata.ino()))
}

fn now() -> [Identity; 3] {
    [
        identity(io::stdin().as_fd()),
        identity(io::stdout().as_fd()),
        identity(io::stderr().as_fd()),
    ]
}

impl Descriptors {
    /// Remembers what they are, if output goes to one regular file.
    pub(super) fn new() -> Self {
        let regular = || {
            let file = File::from(io::stdout().as_fd().try_clone_to_owned().ok()?);
            file.metadata().ok().filter(|metadata| metadata.is_file())
        };
        let were = now();
        let captured = regular().is_some() && were[1] == were[2];
        Self {
            were: captured.then_some(were),
        }
    }

    /// Looks at what they are now.
    pub(super) fn check(&self, found: &mut Found) {
        let Some(were) = &self.were else {
            return;
        };
        let are = now();
        if are == *were {
            return;
        }
        found.unfit = Some("has lost its standard input or output".to_owned());
        for (number, name) in NAMES.iter().enumerate() {
            let what = match are[number] {
                now if now == were[number] => continue,
                None => "closed",
                Some(_) => "redirected",
            };
            found.fail(
                "Descriptor",
                format!(
                    "it {what} {name} (descriptor {number}), which it shares with later scenarios"
                ),
            );
        }
    }
}
