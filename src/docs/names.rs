//! The names of pages: the same for a feature in every site, safe in any file system and in an address.

use std::fmt::Write as _;

use foldhash::{HashMap, HashSet};

use crate::plan::hash;

/// The longest part of a path that is kept as it is.
const LONGEST: usize = 80;

/// The page of each feature file.
pub(super) struct PageNames<'u> {
    names: HashMap<&'u str, String>,
}

impl<'u> PageNames<'u> {
    pub(super) fn new(uris: impl IntoIterator<Item = &'u str>) -> Self {
        let mut names = HashMap::default();
        let mut taken: HashSet<String> = HashSet::default();
        for uri in uris {
            if names.contains_key(uri) {
                continue;
            }
            let mut name = page_of(uri);
            // On some file systems `A.html` and `a.html` are one file.
            if !taken.insert(name.to_lowercase()) {
                let plain = name.trim_end_matches(".html").to_owned();
                name = format!("{plain}-{:016x}.html", hash_of(uri));
                taken.insert(name.to_lowercase());
            }
            names.insert(uri, name);
        }
        Self { names }
    }

    /// The path of a feature's page from the root of the site.
    pub(super) fn of(&self, uri: &str) -> &str {
        self.names.get(uri).map_or("index.html", String::as_str)
    }
}

/// `features/shop/cart.feature` has the page `features/shop/cart.html`. All pages are below `features/`.
fn page_of(uri: &str) -> String {
    let path = uri.strip_prefix("features/").unwrap_or(uri);
    let path = path.strip_suffix(".md").unwrap_or(path);
    let path = path.strip_suffix(".feature").unwrap_or(path);
    let parts: Vec<String> = path.split('/').map(safe).collect();
    format!("features/{}.html", parts.join("/"))
}

/// A part of a path that means nothing to a file system or an address. What was changed gets a hash, so that different
/// parts stay different.
fn safe(part: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins_well = part.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    if begins_well && part.len() <= LONGEST && part.chars().all(is_plain) {
        return part.to_owned();
    }
    let kept = part.chars().filter(|c| is_plain(*c) && *c != '.');
    let mut name: String = kept.take(LONGEST / 2).collect();
    let _ = write!(name, "-{:016x}", hash_of(part));
    name.trim_start_matches('-').to_owned()
}

fn hash_of(text: &str) -> u64 {
    hash::mix(hash::of_bytes(text.bytes()))
}

/// The anchor of a scenario, by its stable id: the one that reports of runs use, too.
pub(super) fn anchor(id: &str) -> String {
    format!("s-{:016x}", hash_of(id))
}

/// The page of a tag, which has its `@`.
pub(super) fn tag_page(tag: &str) -> String {
    format!("tags/{}.html", safe(tag.strip_prefix('@').unwrap_or(tag)))
}

/// What leads from a page to the root of the site.
pub(super) fn to_root(page: &str) -> String {
    "../".repeat(page.matches('/').count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_as_their_files() {
        for (uri, page) in [
            ("features/shop/cart.feature", "features/shop/cart.html"),
            ("features/cart.feature.md", "features/cart.html"),
            ("spec/a.b.feature", "features/spec/a.b.html"),
        ] {
            assert_eq!(page_of(uri), page);
        }
    }

    #[test]
    fn no_name_leads_out_of_the_site_or_means_something_in_an_address() {
        let long = format!("{}.feature", "x".repeat(300));
        let uris = [
            "../a.feature",
            "/etc/a.feature",
            "features/../../a.feature",
            "a%2f?b#c.feature",
            "a b.feature",
            "é.feature",
            "..feature",
            "",
            ".feature",
            "a\n.feature",
            "<b>.feature",
            &long,
            ".hidden/a.feature",
            "a//b.feature",
        ];
        let names = PageNames::new(uris);
        let mut seen = HashSet::default();
        for uri in uris {
            let name = names.of(uri);
            assert!(
                name.starts_with("features/") && name.ends_with(".html"),
                "{name}"
            );
            assert!(
                name.split('/')
                    .all(|part| !part.starts_with('.') && !part.is_empty()),
                "{name}"
            );
            assert!(
                name.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b)),
                "{name}"
            );
            assert!(seen.insert(name.to_lowercase()), "{name}");
        }
    }

    #[test]
    fn names_that_differ_in_case_stay_apart() {
        let names = PageNames::new(["A.feature", "a.feature", "a.feature.md"]);
        let all =
            ["A.feature", "a.feature", "a.feature.md"].map(|uri| names.of(uri).to_lowercase());
        let different: HashSet<&String> = all.iter().collect();
        assert_eq!(different.len(), 3, "{all:?}");
    }
}
