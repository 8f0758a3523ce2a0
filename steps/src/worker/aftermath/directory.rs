//! The working directory: every scenario begins in the same one.

use std::cell::RefCell;
use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;

use super::Found;

/// The directory in which the worker was started, or to which a hook outside of scenarios has gone; none if
/// there is none.
pub(super) struct Directory(RefCell<Option<PathBuf>>);

impl Directory {
    /// Remembers no directory.
    pub(super) fn new() -> Self {
        Self(RefCell::default())
    }

    /// Remembers the directory.
    pub(super) fn remember(&self) {
        self.0.replace(env::current_dir().ok());
    }

    /// Goes back there, if the scenario has left it. It has failed if the directory is gone.
    pub(super) fn check(&self, found: &mut Found) {
        let home = self.0.borrow();
        let Some(home) = &*home else {
            return;
        };
        let back = match env::current_dir() {
            Ok(now) if now == *home => return,
            // Whether one that is gone or renamed has been replaced shows when it is entered.
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
        let what = format!("it deleted the working directory {shown}");
        let made = fs::create_dir_all(home).and_then(|()| env::set_current_dir(home));
        let message = match made {
            Ok(()) => format!("{what}; there is an empty one in its place"),
            Err(error) => {
                found.unfit = Some("has lost its working directory".to_owned());
                format!("{what}, and none can be made in its place: {error}")
            }
        };
        found.fail("WorkingDirectory", message);
    }
}
