//! Attachments of steps and hooks.
//!
//! Texts are sent in the message. Bytes and files are written into a directory that the runner has named,
//! and the runner takes them from there: neither side holds a whole file in memory.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use super::Context;
use crate::attachments::explained;
use bdd_protocol::{AttachmentBody, FromWorker};

/// Lines of a log.
const LOG: &str = "text/x.cucumber.log+plain";

/// Links.
const LINKS: &str = "text/uri-list";

/// The content of an attachment: a text, such as a `&str` or a `String`, or bytes, such as a `&[u8]` or a
/// `Vec<u8>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
}

/// Implements the conversions to [`Content`].
macro_rules! content {
    ($variant:ident $($of:ty as |$value:ident| $into:expr;)*) => {
        $(impl<'a> From<$of> for Content<'a> {
            fn from($value: $of) -> Self {
                Self::$variant($into)
            }
        })*
    };
}

content! { Text
    &'a str as |text| Cow::Borrowed(text);
    &'a String as |text| Cow::Borrowed(text);
    String as |text| Cow::Owned(text);
    Cow<'a, str> as |text| text;
}

content! { Bytes
    &'a [u8] as |bytes| Cow::Borrowed(bytes);
    &'a Vec<u8> as |bytes| Cow::Borrowed(bytes);
    Vec<u8> as |bytes| Cow::Owned(bytes);
    Cow<'a, [u8]> as |bytes| bytes;
}

impl<'a, const SIZE: usize> From<&'a [u8; SIZE]> for Content<'a> {
    fn from(bytes: &'a [u8; SIZE]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl Context {
    /// Attaches a text or bytes to the running step or hook. `media_type` is the type of the content, such as
    /// `image/png`.
    ///
    /// Reports contain the attachment even if the process dies right after the call.
    ///
    /// ```
    /// use bdd_steps::{Context, then};
    ///
    /// #[then("^the page looks right$")]
    /// fn page(cx: &Context) -> std::io::Result<()> {
    ///     let screenshot: Vec<u8> = vec![0x89, 0x50, 0x4e, 0x47];
    ///     cx.attach(screenshot, "image/png")?;
    ///     cx.attach("{\"width\": 80}", "application/json")
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// If bytes cannot be written, for example because the disk is full. Attaching a text never fails.
    pub fn attach<'a>(
        &self,
        content: impl Into<Content<'a>>,
        media_type: impl Into<String>,
    ) -> io::Result<()> {
        self.attach_content(content.into(), media_type.into(), None)
    }

    /// Attaches a text or bytes with a file name; otherwise like [`attach`](Self::attach).
    ///
    /// # Errors
    /// As for [`attach`](Self::attach).
    pub fn attach_named<'a>(
        &self,
        file_name: impl Into<String>,
        content: impl Into<Content<'a>>,
        media_type: impl Into<String>,
    ) -> io::Result<()> {
        self.attach_content(content.into(), media_type.into(), Some(file_name.into()))
    }

    /// Attaches a copy of a file under its own name. The file is copied in small pieces, whatever its size,
    /// and can be changed or removed afterwards.
    ///
    /// ```
    /// use bdd_steps::{Context, after_scenario, Status};
    ///
    /// #[after_scenario]
    /// fn keep_the_log(cx: &Context) -> std::io::Result<()> {
    ///     if cx.status() == Status::Failed {
    ///         cx.attach_file("server.log", "text/plain")?;
    ///     }
    ///     Ok(())
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// If it is not a regular file, or cannot be read or copied. The error names the file.
    pub fn attach_file(
        &self,
        path: impl AsRef<Path>,
        media_type: impl Into<String>,
    ) -> io::Result<()> {
        let path = path.as_ref();
        let attachments = &self.shared.attachments;
        let file = attachments
            .copy(path)
            .map_err(|error| explained(&format!("cannot attach {}", path.display()), &error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into());
        self.report_attachment(AttachmentBody::File(file), media_type.into(), name);
        Ok(())
    }

    /// Adds a text to the log of the running step or hook.
    pub fn log(&self, text: impl Into<String>) {
        self.report_attachment(AttachmentBody::Text(text.into()), LOG.to_owned(), None);
    }

    /// Attaches a link to the running step or hook.
    pub fn link(&self, url: impl Into<String>) {
        self.report_attachment(AttachmentBody::Text(url.into()), LINKS.to_owned(), None);
    }

    /// Attaches several links to the running step or hook, as one attachment.
    pub fn links<U: AsRef<str>>(&self, urls: impl IntoIterator<Item = U>) {
        let mut list = String::new();
        for url in urls {
            if !list.is_empty() {
                list.push('\n');
            }
            list.push_str(url.as_ref());
        }
        self.link(list);
    }

    fn attach_content(
        &self,
        content: Content<'_>,
        media_type: String,
        file_name: Option<String>,
    ) -> io::Result<()> {
        let body = match content {
            Content::Text(text) => AttachmentBody::Text(text.into_owned()),
            Content::Bytes(bytes) => {
                let file = self.shared.attachments.write(&bytes).map_err(|error| {
                    let name = file_name.as_deref().unwrap_or("bytes");
                    explained(&format!("cannot attach {name}"), &error)
                })?;
                AttachmentBody::File(file)
            }
        };
        self.report_attachment(body, media_type, file_name);
        Ok(())
    }

    fn report_attachment(
        &self,
        body: AttachmentBody,
        media_type: String,
        file_name: Option<String>,
    ) {
        self.shared.report(&FromWorker::Attachment {
            media_type,
            file_name,
            body,
        });
        // It only fails when the runner is gone, and then the listener ends the process.
        let _ = self.shared.send();
    }
}
