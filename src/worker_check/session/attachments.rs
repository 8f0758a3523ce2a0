//! What steps and hooks attach.

use std::path::Path;

use bdd_protocol::{AttachmentBody, FromWorker};

use super::super::rules;
use super::{Go, Session};

impl Session<'_> {
    /// Takes what a step or hook attaches.
    pub(super) fn attachment(&mut self, body: &AttachmentBody, message: &FromWorker) -> Go {
        if !self.is_at_work() {
            let detail = "no step or hook runs";
            return Err(self.fail(&rules::ATTACHMENT_OUTSIDE, Some(message), detail));
        }
        self.seen.attachments += 1;
        match body {
            AttachmentBody::Text(_) => {}
            AttachmentBody::Base64(code) => {
                if !is_base64(code) {
                    self.note(
                        &rules::ATTACHMENT_BASE64,
                        Some(message),
                        "it is something else",
                    );
                }
            }
            AttachmentBody::File(path) => {
                if let Some(problem) = self.file_problem(Path::new(path)) {
                    self.note(&rules::ATTACHMENT_FILE, Some(message), problem);
                } else {
                    // As the runner does when it has read it.
                    let _ = std::fs::remove_file(path);
                }
            }
        }
        Ok(())
    }

    /// What is wrong with an attached file.
    fn file_problem(&self, path: &Path) -> Option<String> {
        let folder = self.books.attachments.canonicalize();
        let parent = path.parent().map(Path::canonicalize);
        match (folder, parent) {
            _ if !path.is_absolute() => Some("the path is not absolute".to_owned()),
            (Ok(folder), Some(Ok(parent))) if parent.starts_with(&folder) => {
                match path.symlink_metadata() {
                    Err(error) => Some(format!("it cannot be read: {error}")),
                    Ok(metadata) if metadata.is_file() => None,
                    Ok(_) => Some("it is not a regular file".to_owned()),
                }
            }
            _ => Some("it is not in that directory".to_owned()),
        }
    }
}

fn is_base64(code: &str) -> bool {
    let body = code.trim_end_matches('=');
    code.len().is_multiple_of(4)
        && code.len() - body.len() <= 2
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_its_alphabet_and_padding() {
        for good in ["", "QQ==", "QUI=", "QUJD", "+/+/"] {
            assert!(is_base64(good), "{good}");
        }
        for bad in ["QQ", "QQ=", "Q===", "QU-_", "Q Q="] {
            assert!(!is_base64(bad), "{bad}");
        }
    }
}
