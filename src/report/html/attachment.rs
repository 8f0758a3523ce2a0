//! Attachments in the page: images and texts are shown, anything else can be saved.

use std::fs::File;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::ansi::push_output;
use crate::event::AttachmentBody;
use crate::html::markup::{push_block, push_escaped, push_line};
use crate::report::text;

/// The media type of a piece of a log.
const LOG: &str = "text/x.cucumber.log+plain";
/// The media type of links.
const LINKS: &str = "text/uri-list";
/// Larger attachments are named and not included.
pub(super) const LARGEST: usize = 4 << 20;
/// Texts up to this size are shown; larger ones can be saved.
const SHOWN_TEXT: usize = 256 << 10;
/// Longer names are cut off after this many letters.
const LONGEST_NAME: usize = 200;

/// An attachment as HTML.
pub(super) struct AttachmentMarkup {
    /// Its name, type and size, or all of it if it is small.
    pub(super) head: String,
    /// Its content; empty when that is not included.
    pub(super) content: String,
}

/// The markup of an attachment.
pub(super) fn markup(
    media_type: &str,
    name: Option<&str>,
    body: &AttachmentBody,
) -> AttachmentMarkup {
    let bytes = match Body::read(body) {
        Ok(read) => read,
        Err(reason) => return headed(media_type, name, &reason, String::new()),
    };
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    match kind.as_str() {
        LOG => return log(&bytes),
        LINKS => return links(&bytes, name),
        _ => {}
    }
    let size = in_units(bytes.size);
    let Some(content) = bytes.whole() else {
        let said = format!("{size}, too large for this page");
        return headed(media_type, name, &said, String::new());
    };
    let content = match std::str::from_utf8(content) {
        _ if is_image(&kind) => image(&kind, name, content),
        Ok(text) if is_text(&kind) && text.len() <= SHOWN_TEXT => shown_text(&kind, text),
        _ => download(name, content),
    };
    headed(media_type, name, &size, content)
}

/// The bytes of an attachment, but not more than [`LARGEST`].
struct Body {
    bytes: Vec<u8>,
    size: u64,
}

impl Body {
    /// Why it cannot be read, otherwise.
    fn read(body: &AttachmentBody) -> Result<Self, String> {
        let bytes = match body {
            AttachmentBody::Text(text) => text.as_bytes().to_vec(),
            AttachmentBody::Base64(code) => match STANDARD.decode(code) {
                Ok(bytes) => bytes,
                Err(_) => return Err("its Base64 is damaged".to_owned()),
            },
            AttachmentBody::File(path) => {
                let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
                let file = File::open(path).map_err(unreadable)?;
                let size = file.metadata().map_err(unreadable)?.len();
                let mut bytes = Vec::new();
                let mut limited = file.take(LARGEST as u64 + 1);
                limited.read_to_end(&mut bytes).map_err(unreadable)?;
                let size = size.max(bytes.len() as u64);
                return Ok(Self { bytes, size });
            }
        };
        let size = bytes.len() as u64;
        Ok(Self { bytes, size })
    }

    fn whole(&self) -> Option<&[u8]> {
        let whole = self.bytes.len() <= LARGEST && self.bytes.len() as u64 == self.size;
        whole.then_some(&self.bytes)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

fn log(body: &Body) -> AttachmentMarkup {
    let mut head = String::from("<pre class=lg>\n");
    let lines = body.text();
    let lines = lines.trim_end_matches(['\n', '\r']);
    push_output(&mut head, &text::short_argument(lines));
    head.push_str("</pre>");
    AttachmentMarkup {
        head,
        content: String::new(),
    }
}

/// One link per line; lines that begin with `#` are comments. Only the web can be visited: a `javascript:` or `file:`
/// link is shown as text.
fn links(body: &Body, name: Option<&str>) -> AttachmentMarkup {
    let mut head = String::new();
    let lines = body.text();
    let lines = text::short_argument(&lines);
    let links = lines.lines().map(str::trim);
    for link in links.filter(|link| !link.is_empty() && !link.starts_with('#')) {
        head.push_str("<p class=lk>");
        let shown = name.unwrap_or(link);
        if is_web(link) {
            head.push_str("<a rel=\"noopener noreferrer\" href=\"");
            push_escaped(&mut head, link);
            head.push_str("\">");
            push_line(&mut head, cut(shown));
            head.push_str("</a>");
        } else {
            push_line(&mut head, link);
        }
        head.push_str("</p>");
    }
    AttachmentMarkup {
        head,
        content: String::new(),
    }
}

fn is_web(link: &str) -> bool {
    let start = link.get(..8).unwrap_or(link).to_ascii_lowercase();
    (start.starts_with("https://") || start.starts_with("http://"))
        && !link.contains(|c: char| text::is_control(c) || c.is_whitespace())
}

fn headed(media_type: &str, name: Option<&str>, said: &str, content: String) -> AttachmentMarkup {
    let mut head = String::from("<p class=an>");
    if let Some(name) = name {
        push_line(&mut head, cut(name));
        head.push(' ');
    } else {
        head.push_str("attachment ");
    }
    head.push_str("<small>");
    push_line(&mut head, cut(media_type));
    head.push_str(", ");
    push_line(&mut head, said);
    head.push_str("</small></p>");
    AttachmentMarkup { head, content }
}

/// The types that browsers show. In an `img` a drawing in SVG runs no script.
fn is_image(kind: &str) -> bool {
    matches!(
        kind,
        "image/png"
            | "image/jpeg"
            | "image/gif"
            | "image/webp"
            | "image/svg+xml"
            | "image/bmp"
            | "image/avif"
            | "image/x-icon"
    )
}

fn image(kind: &str, name: Option<&str>, bytes: &[u8]) -> String {
    let mut content = String::from("<img class=im loading=lazy alt=\"");
    push_line(&mut content, name.map_or("attached image", cut));
    content.push_str("\" src=\"data:");
    content.push_str(kind);
    content.push_str(";base64,");
    STANDARD.encode_string(bytes, &mut content);
    content.push_str("\">");
    content
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/")
        || is_json(kind)
        || kind.ends_with("+xml")
        || matches!(
            kind,
            "application/xml" | "application/yaml" | "application/toml" | "application/sql"
        )
}

fn is_json(kind: &str) -> bool {
    kind == "application/json" || kind == "application/x-ndjson" || kind.ends_with("+json")
}

fn shown_text(kind: &str, text: &str) -> String {
    let class = if is_json(kind) { "tx js" } else { "tx" };
    let mut content = format!("<pre class=\"{class}\">\n");
    push_block(&mut content, text.trim_end_matches(['\n', '\r']));
    content.push_str("</pre>");
    content
}

/// A link that saves the bytes. Whatever their type, the browser gets them as mere bytes, so it never shows them as a
/// page.
fn download(name: Option<&str>, bytes: &[u8]) -> String {
    let mut content = String::from("<p class=dl><a download=\"");
    push_line(&mut content, name.map_or("attachment", cut));
    content.push_str("\" href=\"data:application/octet-stream;base64,");
    STANDARD.encode_string(bytes, &mut content);
    content.push_str("\">Save</a></p>");
    content
}

fn cut(name: &str) -> &str {
    let end = name.char_indices().nth(LONGEST_NAME).map(|(at, _)| at);
    &name[..end.unwrap_or(name.len())]
}

/// `512 B`, `12.3 KiB`.
fn in_units(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..0x10_0000 => format!("{}.{} KiB", bytes >> 10, ((bytes & 0x3ff) * 10) >> 10),
        _ => format!("{}.{} MiB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(media_type: &str, name: Option<&str>, text: &str) -> String {
        let AttachmentMarkup { head, content } =
            markup(media_type, name, &AttachmentBody::Text(text.into()));
        head + &content
    }

    #[test]
    fn only_links_to_the_web_can_be_visited() {
        for link in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "file:///etc/passwd",
            "https://a\u{202e}b/",
            "//a.example/",
        ] {
            assert!(!of(LINKS, None, link).contains("href"), "{link}");
        }
        assert_eq!(
            of(LINKS, None, "# no\nHTTPS://a.example/?a=1&b=\"2\"\n"),
            "<p class=lk><a rel=\"noopener noreferrer\" href=\"HTTPS://a.example/?a=1&amp;b=&quot;2&quot;\">\
             HTTPS://a.example/?a=1&amp;b=&quot;2&quot;</a></p>"
        );
    }

    #[test]
    fn what_is_no_image_or_text_can_be_saved_as_bytes() {
        let page = of("application/x-thing", Some("a\"b.html"), "<b>");
        assert!(page.contains(
            "download=\"a&quot;b.html\" href=\"data:application/octet-stream;base64,PGI+\""
        ));
        let text = of("text/html", None, "<script>alert(1)</script>");
        assert!(text.ends_with("<pre class=\"tx\">\n&lt;script&gt;alert(1)&lt;/script&gt;</pre>"));
        let image = of("image/svg+xml; charset=utf-8", None, "<svg/>");
        assert!(image.contains("src=\"data:image/svg+xml;base64,PHN2Zy8+\""));
    }

    #[test]
    fn large_ones_are_named() {
        let large = of("image/png", Some("x.png"), &"x".repeat(LARGEST + 1));
        assert_eq!(
            large,
            "<p class=an>x.png <small>image/png, 4.0 MiB, too large for this page</small></p>"
        );
    }
}
