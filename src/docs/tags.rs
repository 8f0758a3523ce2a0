//! A page for each tag, with its scenarios, and one with all tags.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use foldhash::HashSet;

use super::feature_page::FeatureSummary;
use super::layout::{Layout, PageFrame};
use super::names::tag_page;
use crate::html::markup::push_line;
use crate::report::plural;

/// The scenarios of each tag, by its name with the `@`.
#[derive(Debug, Default)]
pub(super) struct TagPages {
    tags: BTreeMap<String, Vec<TaggedFeature>>,
}

/// The scenarios of one feature that have a tag.
#[derive(Debug)]
struct TaggedFeature {
    page: String,
    title: String,
    /// The anchor and the title of each.
    scenarios: Vec<(String, String)>,
}

impl TagPages {
    pub(super) fn add(&mut self, page: &str, summary: &FeatureSummary) {
        for scenario in &summary.scenarios {
            for tag in &scenario.tags {
                let features = self.tags.entry(tag.clone()).or_default();
                if features.last().is_none_or(|last| last.page != page) {
                    features.push(TaggedFeature {
                        page: page.to_owned(),
                        title: summary.title.clone(),
                        scenarios: Vec::new(),
                    });
                }
                if let Some(feature) = features.last_mut() {
                    let title = scenario.title.clone();
                    feature.scenarios.push((scenario.anchor.clone(), title));
                }
            }
        }
    }

    pub(super) fn count(&self) -> usize {
        self.tags.len()
    }

    /// The pages with their names. Tags that differ only in case share a page: on some file systems their pages would
    /// be one file.
    pub(super) fn pages<'a>(
        &'a self,
        layout: &'a Layout<'_>,
    ) -> impl Iterator<Item = (String, String)> + 'a {
        let mut by_page: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for tag in self.tags.keys() {
            by_page
                .entry(tag_page(tag).to_lowercase())
                .or_default()
                .push(tag);
        }
        let all = (!self.tags.is_empty()).then(|| ("tags.html".to_owned(), self.all(layout)));
        let pages = by_page.into_values().flat_map(move |tags| {
            let page = self.page(&tags, layout);
            let names: Vec<String> = tags.iter().map(|tag| tag_page(tag)).collect();
            let mut seen = HashSet::default();
            // On a file system that tells case apart, each of them has its own copy.
            let names = names
                .into_iter()
                .filter(move |name| seen.insert(name.clone()));
            names
                .map(move |name| (name, page.clone()))
                .collect::<Vec<_>>()
        });
        all.into_iter().chain(pages)
    }

    fn all(&self, layout: &Layout<'_>) -> String {
        let mut out =
            String::from("<header class=fe><h1>Tags</h1></header>\n<ul class=\"list tg\">\n");
        for (tag, features) in &self.tags {
            let scenarios = features.iter().map(|feature| feature.scenarios.len()).sum();
            let _ = write!(out, "<li><a href=\"{}\">", tag_page(tag));
            push_line(&mut out, tag);
            let _ = writeln!(
                out,
                "</a> <small>{}</small></li>",
                plural(scenarios, "scenario")
            );
        }
        out.push_str("</ul>\n");
        let frame = PageFrame {
            name: "tags.html",
            title: "Tags",
            language: "en",
        };
        layout.page(&frame, &out)
    }

    fn page(&self, tags: &[&String], layout: &Layout<'_>) -> String {
        let mut out = String::new();
        for tag in tags {
            out.push_str("<header class=fe><h1>");
            push_line(&mut out, tag);
            out.push_str("</h1></header>\n");
            for feature in self.tags.get(*tag).into_iter().flatten() {
                let _ = write!(
                    out,
                    "<section class=folder>\n<h2 dir=auto><a href=\"../{}\">",
                    feature.page
                );
                push_line(&mut out, &feature.title);
                out.push_str("</a></h2>\n<ul class=list>\n");
                for (anchor, title) in &feature.scenarios {
                    let _ = write!(
                        out,
                        "<li dir=auto><a href=\"../{}#{anchor}\">",
                        feature.page
                    );
                    push_line(
                        &mut out,
                        if title.is_empty() {
                            "(without a title)"
                        } else {
                            title
                        },
                    );
                    out.push_str("</a></li>\n");
                }
                out.push_str("</ul>\n</section>\n");
            }
        }
        let title = tags.first().map_or("", |tag| tag.as_str());
        let name = tag_page(title);
        let frame = PageFrame {
            name: &name,
            title,
            language: "en",
        };
        layout.page(&frame, &out)
    }
}
