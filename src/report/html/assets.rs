//! The style and the script of the page, and the policy that allows them and nothing else.

/// The only style of the page.
pub(super) const STYLE: &str = concat!(
    include_str!("../../html/colours.css"),
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
    include_str!("../../html/theme.js"),
    include_str!("script/start.js"),
);

/// The content of the `Content-Security-Policy`.
pub(super) fn policy() -> String {
    crate::html::policy::policy(STYLE, SCRIPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A browser ends both elements at the first such text.
    #[test]
    fn nothing_ends_them_early() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }
}
