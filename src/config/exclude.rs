//! A glob of what to leave out.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use globset::{GlobBuilder, GlobMatcher};
use serde::Deserialize;

/// The GLOB of `--exclude`. Without a `/` it matches a name anywhere, with one a path; a folder
/// that matches is left out with all that is in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct ExcludeGlob {
    text: String,
    matcher: GlobMatcher,
}

impl ExcludeGlob {
    /// Whether a relative path, or a folder above it, matches.
    pub fn matches(&self, path: &Path) -> bool {
        path.ancestors()
            .filter(|part| !part.as_os_str().is_empty())
            .any(|part| self.matcher.is_match(part))
    }
}

impl fmt::Display for ExcludeGlob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for ExcludeGlob {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path = text
            .strip_prefix("./")
            .unwrap_or(text)
            .trim_end_matches('/');
        let pattern = match path.contains('/') {
            true => path.to_owned(),
            false => format!("**/{path}"),
        };
        // The pattern that the whole error shows is not the one that was written.
        let glob = GlobBuilder::new(&pattern)
            .literal_separator(true)
            .build()
            .map_err(|error| error.kind().to_string())?;
        Ok(Self {
            text: text.to_owned(),
            matcher: glob.compile_matcher(),
        })
    }
}

impl TryFrom<String> for ExcludeGlob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

super::value::setting_by_display!(
    ExcludeGlob,
    "draft_*",
    serde_json::json!({ "type": "string" })
);

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(glob: &str, path: &str) -> bool {
        glob.parse::<ExcludeGlob>()
            .unwrap()
            .matches(Path::new(path))
    }

    #[test]
    fn a_name_matches_anywhere() {
        assert!(matches("draft_*", "features/draft_1.feature"));
        assert!(matches("old", "features/old/deep/a.feature"));
        assert!(!matches("old", "features/older/a.feature"));
    }

    #[test]
    fn a_path_matches_from_the_start() {
        assert!(matches("features/old/", "features/old/a.feature"));
        assert!(matches("./features/*.feature", "features/a.feature"));
        assert!(!matches("features/*.feature", "features/deep/a.feature"));
        assert!(matches("features/**/a.feature", "features/deep/a.feature"));
        assert!(!matches("old/", "older"));
    }
}
