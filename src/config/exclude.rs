//! A glob of what to leave out.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::Deserialize;

use crate::path_glob::PathGlob;

/// The GLOB of `--exclude`. Without a `/` it matches a name anywhere, with one a path; a folder
/// that matches is left out with all that is in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct ExcludeGlob {
    text: String,
    glob: PathGlob,
}

impl ExcludeGlob {
    /// Whether a relative path, or a folder above it, matches.
    pub fn matches(&self, path: &Path) -> bool {
        self.glob.matches(path)
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
        Ok(Self {
            glob: PathGlob::new(&pattern)?,
            text: text.to_owned(),
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
