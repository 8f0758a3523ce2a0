//! Descriptions as simple Markdown: paragraphs, lists, emphasis, code, quotes, tables, links.
//!
//! Markup in it is shown as text, pictures as links, and a link leads only to the web, to mail, or to a place that is
//! named by a relative path. Headings become bold paragraphs, so that the outline of a page is that of its feature.

use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use crate::html::markup::{push_block, push_line};

/// How deep quotes and lists may lie in each other. The rest of a deeper text is shown without its structure.
const DEEPEST: usize = 50;

/// Adds a description, unless it is empty.
pub(super) fn push_prose(out: &mut String, description: &str) {
    if description.trim().is_empty() {
        return;
    }
    out.push_str("<div class=prose dir=auto>");
    let text = dedented(description);
    let mut prose = Prose {
        out,
        closing: Vec::new(),
        skipped: 0,
        in_head: false,
    };
    for event in Parser::new_ext(
        &text,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
    ) {
        prose.event(event);
    }
    while let Some(end) = prose.closing.pop() {
        prose.out.push_str(end);
    }
    out.push_str("</div>\n");
}

/// The text without the indentation that all lines share: four spaces would make it a block of code.
fn dedented(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = lines.map(indent).min().unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(&line[shared.min(indent(line))..]);
        out.push('\n');
    }
    out
}

struct Prose<'o> {
    out: &'o mut String,
    /// What closes the open elements.
    closing: Vec<&'static str>,
    /// How many elements are open that are shown without their structure.
    skipped: usize,
    in_head: bool,
}

impl Prose<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(end),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                push_block(self.out, &text);
            }
            Event::Code(text) => {
                self.out.push_str("<code>");
                push_block(self.out, &text);
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            // Extensions that are not enabled.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                push_block(self.out, &text);
            }
            Event::TaskListMarker(done) => self.out.push_str(if done { "☑ " } else { "☐ " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        if self.closing.len() >= DEEPEST {
            self.skipped += 1;
            return;
        }
        let end = match tag {
            Tag::Paragraph => self.open("<p>", "</p>\n"),
            Tag::Heading { .. } => self.open("<p class=hd><b>", "</b></p>\n"),
            Tag::BlockQuote(_) => self.open("<blockquote>", "</blockquote>\n"),
            Tag::CodeBlock(kind) => {
                if let CodeBlockKind::Fenced(language) = &kind
                    && !language.is_empty()
                {
                    self.out.push_str("<small class=mt>");
                    push_line(self.out, language);
                    self.out.push_str("</small>");
                }
                self.open("<pre>", "</pre>\n")
            }
            Tag::List(None) => self.open("<ul>", "</ul>\n"),
            Tag::List(Some(first)) => {
                let _ = write!(self.out, "<ol start={first}>");
                "</ol>\n"
            }
            Tag::Item => self.open("<li>", "</li>\n"),
            Tag::Emphasis => self.open("<em>", "</em>"),
            Tag::Strong => self.open("<strong>", "</strong>"),
            Tag::Strikethrough => self.open("<s>", "</s>"),
            // A link in a link is none.
            Tag::Image { .. } if self.closing.contains(&"</a>") => self.open("<span>", "</span>"),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.link(&dest_url),
            Tag::Table(_) => self.open("<div class=scroll><table>", "</table></div>\n"),
            Tag::TableHead => {
                self.in_head = true;
                self.open("<thead><tr>", "</tr></thead>\n")
            }
            Tag::TableRow => self.open("<tr>", "</tr>\n"),
            Tag::TableCell if self.in_head => self.open("<th>", "</th>"),
            Tag::TableCell => self.open("<td>", "</td>"),
            // Blocks of HTML are text; the others belong to extensions that are not enabled.
            _ => self.open("<p>", "</p>\n"),
        };
        self.closing.push(end);
    }

    fn open(&mut self, start: &str, end: &'static str) -> &'static str {
        self.out.push_str(start);
        end
    }

    fn link(&mut self, target: &CowStr<'_>) -> &'static str {
        if !is_harmless(target) {
            return self.open("<span>", "</span>");
        }
        self.out.push_str("<a rel=\"noopener noreferrer\" href=\"");
        push_line(self.out, target);
        self.open("\">", "</a>")
    }

    fn end(&mut self, end: TagEnd) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        if end == TagEnd::TableHead {
            self.in_head = false;
        }
        if let Some(end) = self.closing.pop() {
            self.out.push_str(end);
        }
    }
}

/// Whether following a link runs nothing and opens nothing but a page, a file beside the site, or a mail.
fn is_harmless(target: &str) -> bool {
    let scheme = target.split(['/', '?', '#']).next().unwrap_or_default();
    // Browsers ignore some characters in a scheme, and take `\` for `/`.
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if target.chars().any(is_odd) || target.starts_with("//") {
        return false;
    }
    match scheme.split_once(':') {
        None => true,
        Some((scheme, _)) => ["http", "https", "mailto"].contains(&&*scheme.to_ascii_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(text: &str) -> String {
        let mut out = String::new();
        push_prose(&mut out, text);
        let out = out.replace("<div class=prose dir=auto>", "");
        out.trim_end()
            .trim_end_matches("</div>")
            .trim_end()
            .to_owned()
    }

    #[test]
    fn simple_markdown_becomes_markup() {
        for (text, expected) in [
            (
                "As a *reader*\n  I want `code`",
                "<p>As a <em>reader</em>\nI want <code>code</code></p>",
            ),
            (
                "    a\n    b\n\n    - c\n    - d",
                "<p>a\nb</p>\n<ul><li>c</li>\n<li>d</li>\n</ul>",
            ),
            ("# Title\ntext", "<p class=hd><b>Title</b></p>\n<p>text</p>"),
            ("3. a\n4. b", "<ol start=3><li>a</li>\n<li>b</li>\n</ol>"),
            (
                "[a](https://example.org/?a=1&b=2) [b](other.html)",
                "<p><a rel=\"noopener noreferrer\" href=\"https://example.org/?a=1&amp;b=2\">a</a> \
                 <a rel=\"noopener noreferrer\" href=\"other.html\">b</a></p>",
            ),
            ("  ", ""),
        ] {
            assert_eq!(prose(text), expected, "{text:?}");
        }
    }

    #[test]
    fn nothing_that_was_written_becomes_markup() {
        for text in [
            "<script>x</script>",
            "a <b onclick=x>b</b>",
            "<div>\n\n<img src=x onerror=y>",
            "&lt;i&gt;<i>",
            "`<b>`",
            "```html\n<b>\n```",
            "| <b> | <i> |\n|---|---|\n| <u> | \"x\" |",
            "<!-- <b> -->",
            "<?php <b> ?>",
            "![<b>](x)",
            "<https://a<b>>",
        ] {
            let out = prose(text);
            for forbidden in [
                "<script", "<b ", "<img", "<i>", "<u>", "<div>", "<!--", "<?",
            ] {
                assert!(!out.contains(forbidden), "{text:?} gave {out}");
            }
        }
    }

    #[test]
    fn links_lead_only_where_nothing_runs() {
        for target in [
            "https://a.example",
            "mailto:a@b.example",
            "a/b.html#c",
            "#x",
            "../a",
            "a?b:c",
        ] {
            assert!(is_harmless(target), "{target}");
        }
        for target in [
            "javascript:x",
            "JavaScript:x",
            "java\tscript:x",
            " javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "//evil.example",
            "\\\\evil.example",
            "file:///etc/passwd",
            "\u{1}javascript:x",
        ] {
            assert!(!is_harmless(target), "{target}");
        }
        assert_eq!(prose("[x](javascript:alert)"), "<p><span>x</span></p>");
    }

    #[test]
    fn deep_structure_ends() {
        let out = prose(&"> ".repeat(10_000));
        assert!(
            out.matches("<blockquote>").count() <= DEEPEST,
            "{}",
            out.len()
        );
        prose(&"[".repeat(20_000));
        prose(&"- ".repeat(5_000));
    }
}
