//! The step definitions as a page: of the site, or alone.

use std::fmt::Write as _;

use super::layout::{Layout, PageFrame, lone_page};
use super::names::PageNames;
use super::prose::push_prose;
use crate::html::markup::push_line;
use crate::report::duration;
use crate::step_catalogue::print::{by_file, place, summary};
use crate::step_catalogue::{CatalogueEntry, StepCatalogue};

/// How many texts of steps a definition shows.
const MOST_EXAMPLES: usize = 5;

/// These entries as a page that stands alone.
#[must_use]
pub fn catalogue_page(catalogue: &StepCatalogue, shown: &[usize]) -> String {
    lone_page("Step definitions", &content(catalogue, shown, None))
}

/// All entries as a page of a site, with links to the features.
pub(super) fn site_page(
    catalogue: &StepCatalogue,
    names: &PageNames<'_>,
    layout: &Layout<'_>,
) -> String {
    let shown: Vec<usize> = (0..catalogue.entries().len()).collect();
    let frame = PageFrame {
        name: "steps.html",
        title: "Step definitions",
        language: "en",
    };
    layout.page(&frame, &content(catalogue, &shown, Some(names)))
}

fn content(catalogue: &StepCatalogue, shown: &[usize], names: Option<&PageNames<'_>>) -> String {
    let mut out = format!(
        "<header class=fe><h1>Step definitions</h1>\n<p class=fa>{}</p></header>\n",
        summary(catalogue, shown)
    );
    for (file, positions) in by_file(catalogue, shown) {
        out.push_str("<section class=folder>\n<h2>");
        push_line(&mut out, file);
        out.push_str("</h2>\n");
        for position in positions {
            push_entry(&mut out, catalogue, position, names);
        }
        out.push_str("</section>\n");
    }
    out
}

fn push_entry(
    out: &mut String,
    catalogue: &StepCatalogue,
    position: usize,
    names: Option<&PageNames<'_>>,
) {
    let entry = &catalogue.entries()[position];
    let definition = entry.definition();
    let _ = write!(
        out,
        "<article class=def id=d-{position}>\n<h3 dir=auto><small>"
    );
    push_line(out, &definition.keyword);
    out.push_str("</small> <code>");
    push_line(out, &definition.pattern);
    out.push_str("</code></h3>\n<p class=fa>");
    push_line(out, &place(entry));
    match entry.uses() {
        0 => out.push_str(" · <span class=\"re u\">unused</span>"),
        1 => out.push_str(" · 1 use"),
        uses => {
            let _ = write!(out, " · {uses} uses");
        }
    }
    if let Some(nanos) = entry.mean_nanos() {
        let _ = write!(out, " · mean {}", duration(nanos));
    }
    out.push_str("</p>\n");
    push_prose(out, entry.doc());
    push_examples(out, entry, names);
    for overlap in entry.overlaps() {
        let other = &catalogue.entries()[overlap.with];
        let _ = write!(
            out,
            "<p class=ov>Overlaps <a href=\"#d-{}\"><code>",
            overlap.with
        );
        push_line(out, &other.definition().pattern);
        out.push_str("</code></a>: both match <q>");
        push_line(out, &overlap.text);
        out.push_str("</q></p>\n");
    }
    out.push_str("</article>\n");
}

fn push_examples(out: &mut String, entry: &CatalogueEntry, names: Option<&PageNames<'_>>) {
    if entry.texts().is_empty() {
        return;
    }
    out.push_str("<ul class=uses>\n");
    for used in entry.texts().iter().take(MOST_EXAMPLES) {
        out.push_str("<li dir=auto>");
        push_line(out, &used.text);
        out.push_str(" <small>");
        if let Some(names) = names {
            let _ = write!(out, "<a href=\"{}\">", names.of(&used.uri));
        }
        push_line(out, &format!("{}:{}", used.uri, used.line));
        if names.is_some() {
            out.push_str("</a>");
        }
        out.push_str("</small></li>\n");
    }
    out.push_str("</ul>\n");
}
