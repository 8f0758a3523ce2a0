//! The first page: all features by folder.

use std::fmt::Write as _;

use super::feature_page::FeatureSummary;
use super::layout::{Layout, PageFrame};
use super::results::ResultCounts;
use crate::html::markup::push_line;
use crate::report::plural;

/// The features of the site.
#[derive(Debug, Default)]
pub(super) struct Overview {
    features: Vec<ListedFeature>,
}

#[derive(Debug)]
struct ListedFeature {
    page: String,
    title: String,
    uri: String,
    folder: String,
    total: usize,
    results: ResultCounts,
}

impl Overview {
    pub(super) fn add(&mut self, page: &str, summary: FeatureSummary) {
        self.features.push(ListedFeature {
            page: page.to_owned(),
            title: summary.title,
            uri: summary.uri,
            folder: summary.folder,
            total: summary.total,
            results: summary.results,
        });
    }

    pub(super) fn features(&self) -> usize {
        self.features.len()
    }

    pub(super) fn scenarios(&self) -> usize {
        self.features.iter().map(|feature| feature.total).sum()
    }

    pub(super) fn page(&self, layout: &Layout<'_>) -> String {
        let mut results = ResultCounts::default();
        self.features
            .iter()
            .for_each(|one| results.add_all(&one.results));
        let mut out = String::from("<header class=fe><h1>");
        push_line(&mut out, layout.title);
        let _ = writeln!(
            out,
            "</h1>\n<p class=fa>{}, {}</p>",
            plural(self.features(), "feature"),
            plural(self.scenarios(), "scenario")
        );
        results.push(&mut out);
        out.push_str("</header>\n");
        let mut folders: Vec<(&str, Vec<&ListedFeature>)> = Vec::new();
        for feature in &self.features {
            match folders
                .iter_mut()
                .find(|(folder, _)| *folder == feature.folder)
            {
                Some((_, features)) => features.push(feature),
                None => folders.push((&feature.folder, vec![feature])),
            }
        }
        for (folder, features) in folders {
            out.push_str("<section class=folder>\n<h2>");
            push_line(&mut out, if folder.is_empty() { "." } else { folder });
            out.push_str("</h2>\n<ul class=list>\n");
            for feature in features {
                push_feature(&mut out, feature);
            }
            out.push_str("</ul>\n</section>\n");
        }
        let frame = PageFrame {
            name: "index.html",
            title: layout.title,
            language: "en",
        };
        layout.page(&frame, &out)
    }
}

fn push_feature(out: &mut String, feature: &ListedFeature) {
    let _ = write!(out, "<li dir=auto><a href=\"{}\">", feature.page);
    push_line(out, &feature.title);
    let _ = write!(
        out,
        "</a> <small>{}</small> ",
        plural(feature.total, "scenario")
    );
    feature.results.push_short(out);
    if feature.title != feature.uri {
        out.push_str("<small class=pa>");
        push_line(out, &feature.uri);
        out.push_str("</small>");
    }
    out.push_str("</li>\n");
}
