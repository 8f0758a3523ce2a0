//! The working directory: every scenario begins in the same one.

use bdd_protocol::variables::JOBS;
use std::cell::RefCell;
use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;

use super::Leftovers;

/// The directory that all workers share.
pub(super) struct Directory {
    /// Where the worker was started, or where a hook outside of scenarios has changed to; `None` if that does
    /// not exist.
    home: RefCell<Option<PathBuf>>,
    /// Whether other workers may have deleted it.
    shared: bool,
}

impl Directory {
    /// Remembers no directory.
    pub(super) fn new() -> Self {
        Self {
            home: RefCell::default(),
            shared: env::var(JOBS).is_ok_and(|jobs| jobs != "1"),
        }
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
        let back = match env::current_dir() {
            Ok(now) if now == *home => return,
            // A directory that was deleted or renamed may have been replaced: entering it shows that.
            Ok(_) | Err(_) => env::set_current_dir(home),
        };
        let Err(error) = back else {
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
