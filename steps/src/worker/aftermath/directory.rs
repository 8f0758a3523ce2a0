//! The working directory: every scenario begins in the same one.

use bdd_protocol::variables::JOBS;
use rustix::process::getcwd;
use std::cell::{Cell, RefCell};
use std::env;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::Leftovers;

/// The directory that all workers share.
pub(super) struct Directory {
    /// Where the worker was started, or where a hook outside of scenarios has changed to; `None` if that does
    /// not exist.
    home: RefCell<Option<PathBuf>>,
    /// Whether other workers may have deleted it.
    shared: bool,
    /// Room for the present directory, so that to ask for it allocates nothing.
    room: Cell<Vec<u8>>,
}

impl Directory {
    /// Remembers no directory.
    pub(super) fn new() -> Self {
        Self {
            home: RefCell::default(),
            shared: env::var(JOBS).is_ok_and(|jobs| jobs != "1"),
            room: Cell::default(),
        }
    }

    /// Whether this is the present directory.
    fn is_at(&self, home: &Path) -> bool {
        let Ok(now) = getcwd(self.room.take()) else {
            return false;
        };
        let is_at = now.to_bytes() == home.as_os_str().as_bytes();
        self.room.set(now.into_bytes());
        is_at
    }

    /// Remembers the directory.
    pub(super) fn remember(&self) {
        self.home.replace(env::current_dir().ok());
    }

    /// Goes back there, if the scenario has left it. If the directory is gone, the scenario fails; but if other
    /// workers share the directory, it is unknown which scenario deleted it, and the run fails instead.
    pub(super) fn check(&self, found: &mut Leftovers) {
        let home = self.home.borrow();
        let Some(home) = &*home else {
            return;
        };
        if self.is_at(home) {
            return;
        }
        // A directory that was deleted or renamed may have been replaced: entering it shows that.
        let Err(error) = env::set_current_dir(home) else {
            return;
        };
        let shown = home.display();
        if error.kind() != io::ErrorKind::NotFound {
            found.unfit = Some("has lost its working directory".to_owned());
            let message = format!(
                "it left the working directory {shown}, which cannot be entered again: {error}"
            );
            return found.fail("WorkingDirectory", message);
        }
        let what = match self.shared {
            true => format!(
                "the working directory {shown} was deleted, by this scenario or one beside it"
            ),
            false => format!("it deleted the working directory {shown}"),
        };
        let made = fs::create_dir_all(home).and_then(|()| env::set_current_dir(home));
        let message = match &made {
            Ok(()) => format!("{what}; there is an empty one in its place"),
            Err(error) => format!("{what}, and none can be made in its place: {error}"),
        };
        if made.is_err() {
            found.unfit = Some("has lost its working directory".to_owned());
        }
        match self.shared {
            true => found.run_errors.push(message),
            false => found.fail("WorkingDirectory", message),
        }
    }
}
