//! What all pages of the site share: the head with the policy, the navigation, the foot.

use std::fmt::Write as _;

use super::names::to_root;
use crate::html::markup::push_line;
use crate::html::policy::policy;

/// The only style of a page.
const STYLE: &str = concat!(
    include_str!("../html/colours.css"),
    include_str!("assets/page.css"),
    include_str!("assets/feature.css"),
    include_str!("assets/print.css"),
);

/// The only script of a page. All but the search works without it.
const SCRIPT: &str = concat!(
    include_str!("assets/names.js"),
    include_str!("../html/theme.js"),
    include_str!("assets/search.js"),
    include_str!("assets/start.js"),
);

/// What the pages of a site have in common.
pub(super) struct Layout<'s> {
    pub(super) title: &'s str,
    pub(super) has_steps: bool,
    pub(super) has_tags: bool,
}

/// One page.
pub(super) struct PageFrame<'p> {
    /// Its path from the root of the site.
    pub(super) name: &'p str,
    /// Its title, without that of the site.
    pub(super) title: &'p str,
    /// The code of the language that it is written in.
    pub(super) language: &'p str,
}

impl Layout<'_> {
    /// A page with this content between its navigation and its foot.
    pub(super) fn page(&self, frame: &PageFrame<'_>, content: &str) -> String {
        let root = to_root(frame.name);
        let mut out = head(frame.title, self.title, &root);
        out.push_str("<nav class=top aria-label=Site>");
        let links = [
            ("index.html", "Features", true),
            ("tags.html", "Tags", self.has_tags),
            ("steps.html", "Steps", self.has_steps),
            ("search.html", "Search", true),
        ];
        let _ = write!(out, "<a class=home href=\"{root}index.html\">");
        push_line(&mut out, self.title);
        out.push_str("</a>");
        for (page, word, _) in links.into_iter().filter(|(_, _, is_there)| *is_there) {
            let current = if page == frame.name {
                " aria-current=page"
            } else {
                ""
            };
            let _ = write!(out, "<a href=\"{root}{page}\"{current}>{word}</a>");
        }
        out.push_str(
            "<form id=find role=search hidden><input id=word type=search autocomplete=off aria-label=\"Search features\" \
             placeholder=\"Search\"></form><button type=button id=theme hidden>Theme: automatic</button></nav>\n",
        );
        push_main(&mut out, frame.language, content);
        out
    }
}

/// A page that stands alone.
pub(super) fn lone_page(title: &str, content: &str) -> String {
    let mut out = head(title, "", "");
    out.push_str(
        "<nav class=top><button type=button id=theme hidden>Theme: automatic</button></nav>\n",
    );
    push_main(&mut out, "en", content);
    out
}

fn head(title: &str, site: &str, root: &str) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=en data-root=\"{root}\">\n<head>\n<meta charset=utf-8>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=viewport content=\"width=device-width,initial-scale=1\">\n\
         <meta name=color-scheme content=\"light dark\">\n<meta name=generator content=\"bdd {}\">\n<title>",
        policy(STYLE, SCRIPT),
        env!("CARGO_PKG_VERSION")
    );
    push_line(&mut out, title);
    if !site.is_empty() && site != title {
        out.push_str(" · ");
        push_line(&mut out, site);
    }
    let _ = write!(
        out,
        "</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<a class=skip href=\"#content\">To the content</a>\n"
    );
    out
}

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 4] = ["ar", "fa", "he", "ur"];

fn push_main(out: &mut String, language: &str, content: &str) {
    out.push_str("<main id=content lang=\"");
    push_line(out, language);
    out.push('"');
    if RIGHT_TO_LEFT.contains(&language) {
        out.push_str(" dir=rtl");
    }
    let _ = write!(
        out,
        ">\n{content}</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A browser ends both elements at the first such text.
    #[test]
    fn nothing_ends_style_and_script_early() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }
}
