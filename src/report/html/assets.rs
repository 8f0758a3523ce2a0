//! The style and the script of the page, and the policy that allows them and nothing else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The only style of the page.
pub(super) const STYLE: &str = concat!(
    include_str!("style/colours.css"),
    include_str!("style/page.css"),
    include_str!("style/overview.css"),
    include_str!("style/scenarios.css"),
    include_str!("style/steps.css"),
    include_str!("style/print.css"),
);

/// The only script of the page. The page can be read without it.
pub(super) const SCRIPT: &str = concat!(
    include_str!("script/rows.js"),
    include_str!("script/lazy.js"),
    include_str!("script/filter.js"),
    include_str!("script/links.js"),
    include_str!("script/keys.js"),
    include_str!("script/theme.js"),
    include_str!("script/start.js"),
);

/// The content of the `Content-Security-Policy`. Text of a feature or of output that got into the page as markup could
/// run nothing and load nothing: the style and the script are named by their hashes, and only inline images load.
pub(super) fn policy() -> String {
    format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(STYLE),
        hash(SCRIPT),
    )
}

fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A browser ends both elements at the first such text.
    #[test]
    fn nothing_ends_them_early() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }

    #[test]
    fn hashes_are_those_of_the_standard() {
        assert_eq!(hash("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
