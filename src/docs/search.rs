//! The page that searches: it holds what can be found, as data that a browser does not run.

use serde::Serialize;

use super::feature_page::FeatureSummary;
use super::layout::{Layout, PageFrame};

/// The longest text of a scenario that is searched, in bytes.
const LONGEST: usize = 16 * 1024;

/// Everything that can be found.
#[derive(Debug, Default, Serialize)]
pub(super) struct SearchData {
    /// Page, title, path and description of each feature.
    features: Vec<[String; 4]>,
    /// The feature's position, and anchor, title, tags and text of each scenario.
    scenarios: Vec<(usize, String, String, String, String)>,
}

impl SearchData {
    pub(super) fn add(&mut self, page: &str, summary: &FeatureSummary) {
        let feature = self.features.len();
        self.features.push([
            page.to_owned(),
            summary.title.clone(),
            summary.uri.clone(),
            shortened(&summary.prose),
        ]);
        for scenario in &summary.scenarios {
            self.scenarios.push((
                feature,
                scenario.anchor.clone(),
                scenario.title.clone(),
                scenario.tags.join(" "),
                shortened(&scenario.text),
            ));
        }
    }

    pub(super) fn page(&self, layout: &Layout<'_>) -> String {
        // Maps of strings and numbers can always be written. No `<` may end the element early.
        let data = serde_json::to_string(self)
            .unwrap_or_default()
            .replace('<', "\\u003c");
        let content = format!(
            "<header class=fe><h1>Search</h1></header>\n<noscript><p>The search needs JavaScript. \
             <a href=\"index.html\">All features</a> are listed without it.</p></noscript>\n\
             <p id=found role=status></p>\n<ol id=results class=list></ol>\n\
             <script type=\"application/json\" id=data>{data}</script>\n"
        );
        let frame = PageFrame {
            name: "search.html",
            title: "Search",
            language: "en",
        };
        layout.page(&frame, &content)
    }
}

/// The text on one line, cut off when it is very long.
fn shortened(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LONGEST));
    for word in text.split_whitespace() {
        if out.len() + word.len() > LONGEST {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
