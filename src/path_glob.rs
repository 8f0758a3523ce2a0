//! Globs over paths. Every glob of a user is made here.
//!
//! The library that compiles them panics when the regular expression of a glob is too large, and overflows the stack
//! when braces are nested some ten thousand deep. Neither can happen here.

use std::path::Path;

use globset::{ErrorKind, GlobBuilder, GlobSet, GlobSetBuilder};

/// How deep braces may be nested. The parser of regular expressions stops at 250 groups.
pub(crate) const DEEPEST: usize = 100;

/// A glob. `*` and `?` do not match `/`.
#[derive(Debug, Clone)]
pub(crate) struct PathGlob(GlobSet);

impl PathGlob {
    /// Parses a glob.
    ///
    /// # Errors
    /// The reason, as a lower-case fragment. It does not contain the glob.
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        if depth_of_braces(pattern.as_bytes()) > DEEPEST {
            return Err(format!("braces are nested more than {DEEPEST} deep"));
        }
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        // `Glob::compile_matcher` panics if the glob is too large; a set of one glob returns the error.
        let set = glob.and_then(|glob| GlobSetBuilder::new().add(glob).build());
        set.map(Self).map_err(|error| match error.kind() {
            ErrorKind::Regex(_) => "it is too large".to_owned(),
            kind => kind.to_string(),
        })
    }

    /// Whether a relative path, or a folder above it, matches.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        path.ancestors()
            .filter(|part| !part.as_os_str().is_empty())
            .any(|part| self.0.is_match(part))
    }
}

/// How deep braces are nested. Braces in a class such as `[{]` are counted too: a glob that is refused for those
/// would have a hundred of them.
pub(crate) fn depth_of_braces(glob: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut bytes = glob.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> String {
        format!("{}a{}", "{".repeat(depth), "}".repeat(depth))
    }

    #[test]
    fn globs_that_are_nested_too_deeply_are_errors() {
        assert!(
            PathGlob::new(&nested(DEEPEST))
                .unwrap()
                .matches(Path::new("a"))
        );
        for depth in [DEEPEST + 1, 260, 1_000_000] {
            let error = PathGlob::new(&nested(depth)).unwrap_err();
            assert_eq!(error, "braces are nested more than 100 deep");
        }
        // Unclosed braces and empty alternatives are of this kind too.
        assert!(PathGlob::new(&"{".repeat(1_000_000)).is_err());
        assert!(PathGlob::new(&"{,".repeat(1_000_000)).is_err());
        assert!(PathGlob::new(&r"\{".repeat(1_000)).is_ok());
    }

    #[test]
    fn globs_that_are_too_large_are_errors() {
        let error = PathGlob::new(&"[a-z]*?".repeat(100_000)).unwrap_err();
        assert_eq!(error, "it is too large");
        assert_eq!(
            PathGlob::new("[b-a]").unwrap_err(),
            "invalid range; 'b' > 'a'"
        );
    }
}
