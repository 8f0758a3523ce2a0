//! Attachments of steps and hooks: their owners and their files.

use std::fs;
use std::path::{Path, PathBuf};

use bdd_protocol as protocol;

use crate::event::{AttachmentBody, Event};
use crate::system_error::reason;

use super::Scheduler;

/// An attachment in a message of a worker.
pub struct Attached {
    /// Its media type.
    pub media_type: String,
    /// What it is called.
    pub file_name: Option<String>,
    /// What it is.
    pub body: protocol::AttachmentBody,
}

impl Scheduler<'_> {
    pub(super) fn attached(&mut self, serial: u32, attached: Attached) -> Result<(), String> {
        let Some(source) = self.attempts.attachment_source(serial) else {
            return Err("it attached something while neither a step nor a hook ran".to_owned());
        };
        let body = match attached.body {
            protocol::AttachmentBody::Text(text) => AttachmentBody::Text(text),
            protocol::AttachmentBody::Base64(code) => AttachmentBody::Base64(code),
            protocol::AttachmentBody::File(path) => {
                let file = file_in(self.context.launcher.attachments(), Path::new(&path))
                    .map_err(|why| format!("it attached the file {path:?}, {why}"))?;
                AttachmentBody::File(file)
            }
        };
        let file = match &body {
            AttachmentBody::File(path) => Some(path.clone()),
            _ => None,
        };
        (self.emit)(Event::Attachment {
            source,
            media_type: attached.media_type,
            file_name: attached.file_name,
            body,
            at: (self.context.options.clock)(),
        });
        if let Some(file) = file {
            // What cannot be deleted now goes with the folder at the end of the run.
            let _ = fs::remove_file(file);
        }
        Ok(())
    }
}

/// The path of a regular file in `folder`, without links: it will be read and then deleted.
fn file_in(folder: &Path, path: &Path) -> Result<PathBuf, String> {
    let unreadable = |error: &std::io::Error| format!("which cannot be read: {}", reason(error));
    let elsewhere = || "which does not lie in the folder BDD_ATTACHMENTS".to_owned();
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(elsewhere());
    };
    if !path.is_absolute() {
        return Err(elsewhere());
    }
    let parent = fs::canonicalize(parent).map_err(|error| unreadable(&error))?;
    let folder = fs::canonicalize(folder).map_err(|error| unreadable(&error))?;
    if !parent.starts_with(folder) {
        return Err(elsewhere());
    }
    let path = parent.join(name);
    let found = fs::symlink_metadata(&path).map_err(|error| unreadable(&error))?;
    if found.is_file() {
        Ok(path)
    } else {
        Err("which is not a regular file".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_inside_of_the_folder() {
        let outer = tempfile::tempdir().unwrap();
        let at = |name: &str| outer.path().join(name);
        fs::create_dir_all(at("in/sub")).unwrap();
        for file in ["in/a", "in/sub/b", "out"] {
            fs::write(at(file), "x").unwrap();
        }
        std::os::unix::fs::symlink(at("out"), at("in/link")).unwrap();
        std::os::unix::fs::symlink(outer.path(), at("in/way")).unwrap();
        let check = |name: &str| file_in(&at("in"), &at(name)).map(drop);
        assert_eq!((check("in/a"), check("in/sub/b")), (Ok(()), Ok(())));
        assert_eq!(check("in/sub/../a"), Ok(()));
        let elsewhere = Err("which does not lie in the folder BDD_ATTACHMENTS".to_owned());
        for name in ["out", "in/../out", "in/way/out", "in/.."] {
            assert_eq!(check(name), elsewhere, "{name}");
        }
        assert_eq!(file_in(&at("in"), Path::new("a")).map(drop), elsewhere);
        for name in ["in/link", "in/sub"] {
            assert_eq!(check(name), Err("which is not a regular file".to_owned()));
        }
        let missing = check("in/none").unwrap_err();
        assert!(missing.starts_with("which cannot be read: "), "{missing}");
    }
}
