//! The standard descriptors, which all scenarios of a worker share: if one closes or redirects them, the
//! output of all later scenarios is lost.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use rustix::fs::{FileType, Stat, fstat};
use rustix::io::Errno;
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

use super::Leftovers;
use bdd_protocol::Failure;

/// What the standard descriptors were when the worker started.
pub(super) struct Descriptors {
    /// The file that output goes to. None when it is not captured: then descriptors may be anything, and a
    /// step may do with them what it wants.
    captured: Option<Identity>,
}

/// Which file it is: its device and its number there.
type Identity = (i128, u64);

fn identity(stat: &Stat) -> Identity {
    (i128::from(stat.st_dev), stat.st_ino)
}

fn is_file(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode).is_file()
}

impl Descriptors {
    /// Remembers what they are, if output goes to one regular file.
    pub(super) fn new() -> Self {
        let output = fstat(io::stdout()).ok().filter(is_file);
        let errors = fstat(io::stderr()).ok();
        let (output, errors) = (output.as_ref().map(identity), errors.as_ref().map(identity));
        Self {
            captured: output.filter(|_| output == errors),
        }
    }

    /// Compares them with now, and repairs what is lost: output goes to `capture` again. The first loss is the failure of code
    /// outside of scenarios; a later scenario should not fail for it.
    pub(super) fn repair(&self, capture: Option<&File>) -> Option<Failure> {
        let mut found = Leftovers::default();
        self.check(&mut found);
        let lost = found.errors.into_iter().next()?;
        if let Some(capture) = capture {
            let _ = dup2_stdout(capture);
            let _ = dup2_stderr(capture);
        }
        if let Err(Errno::BADF) = fstat(io::stdin())
            && let Ok(nothing) = File::open("/dev/null")
        {
            let _ = dup2_stdin(nothing);
        }
        Some(lost)
    }

    /// Compares them with now. Two inputs cannot be distinguished, so the check of input is only whether it is open:
    /// a copy of it also shows whether a descriptor is left. The length of the captured output comes with the rest.
    pub(super) fn check(&self, found: &mut Leftovers) {
        let Some(captured) = self.captured else {
            return;
        };
        let input = io::stdin().as_fd().try_clone_to_owned();
        if let Err(error) = &input
            && matches!(
                Errno::from_io_error(error),
                Some(Errno::NFILE | Errno::MFILE)
            )
        {
            return found.full();
        }
        let (output, errors) = (fstat(io::stdout()), fstat(io::stderr()));
        let is_captured = |now: &rustix::io::Result<Stat>| {
            let now = now.as_ref();
            now.is_ok_and(|now| identity(now) == captured)
        };
        if is_captured(&output) {
            let length = output.as_ref().map(|output| output.st_size);
            found.output = length.ok().and_then(|length| u64::try_from(length).ok());
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
