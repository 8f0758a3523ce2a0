//! Where a new project gets the crate `bdd-steps` from.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::paths::{from_directory, normalized};

/// The source of `bdd-steps`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StepsCrate {
    /// The registry, in the version of this bdd.
    Registry,
    /// A folder.
    Path(PathBuf),
    /// A git repository.
    Git(String),
}

/// Why a source cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SourceError {
    /// It is neither `path=…` nor `git=…`.
    Kind(String),
    /// There is no crate `bdd-steps` in the folder.
    NoCrate(PathBuf),
}

impl fmt::Display for SourceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(text) => write!(formatter, "expected path=FOLDER or git=URL, got `{text}`"),
            Self::NoCrate(path) => {
                write!(formatter, "no crate bdd-steps in {}", path.display())
            }
        }
    }
}

impl std::error::Error for SourceError {}

impl FromStr for StepsCrate {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some(("path", path)) if !path.is_empty() => Ok(Self::Path(path.into())),
            Some(("git", url)) if !url.is_empty() => Ok(Self::Git(url.to_owned())),
            _ => Err(SourceError::Kind(text.to_owned())),
        }
    }
}

impl StepsCrate {
    /// The checkout that this program was built from, if it is still there; else the registry.
    pub(super) fn of_this_build() -> Self {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR"));
        // Cargo marks its own copies of packages, which come and go.
        let is_copy = checkout.join(".cargo-ok").exists();
        match crate_in(checkout) {
            Some(steps) if !is_copy => Self::Path(steps),
            _ => Self::Registry,
        }
    }

    /// The value of `bdd-steps =` in the Cargo.toml of `folder`.
    pub(super) fn dependency(
        &self,
        directory: &Path,
        folder: &Path,
    ) -> Result<String, SourceError> {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        match self {
            Self::Registry => Ok(quoted(env!("CARGO_PKG_VERSION"))),
            Self::Git(url) => Ok(format!("{{ git = {} }}", quoted(url))),
            Self::Path(path) => {
                let steps = crate_in(&directory.join(path))
                    .ok_or_else(|| SourceError::NoCrate(path.clone()))?;
                let shown = if path.is_absolute() {
                    normalized(&steps).display().to_string()
                } else {
                    from_directory(&steps, &normalized(folder))
                };
                Ok(format!("{{ path = {} }}", quoted(&shown)))
            }
        }
    }
}

/// The crate `bdd-steps` in a folder, or in the checkout of bdd that the folder is.
fn crate_in(folder: &Path) -> Option<PathBuf> {
    [folder.to_path_buf(), folder.join("steps")]
        .into_iter()
        .find(|folder| {
            fs::read_to_string(folder.join("Cargo.toml"))
                .ok()
                .and_then(|text| toml::from_str::<toml::Table>(&text).ok())
                .and_then(|manifest| {
                    Some(manifest.get("package")?.get("name")? == &"bdd-steps".into())
                })
                .unwrap_or(false)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_path_or_a_repository() {
        assert_eq!("path=a=b".parse(), Ok(StepsCrate::Path("a=b".into())));
        assert_eq!(
            "git=https://example.org/x".parse(),
            Ok(StepsCrate::Git("https://example.org/x".into()))
        );
        assert!("../steps".parse::<StepsCrate>().is_err());
        assert!("path=".parse::<StepsCrate>().is_err());
    }

    #[test]
    fn a_build_from_a_checkout_uses_the_checkout() {
        let steps = Path::new(env!("CARGO_MANIFEST_DIR")).join("steps");
        assert_eq!(StepsCrate::of_this_build(), StepsCrate::Path(steps));
    }

    #[test]
    fn a_relative_path_counts_from_the_manifest() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("lib/steps")).unwrap();
        fs::write(
            root.join("lib/steps/Cargo.toml"),
            "[package]\nname = 'bdd-steps'\n",
        )
        .unwrap();
        let source = StepsCrate::Path("lib".into());
        assert_eq!(
            source.dependency(root, &root.join("new/features/steps")),
            Ok("{ path = \"../../../lib/steps\" }".into())
        );
        let missing = StepsCrate::Path("nowhere".into());
        assert_eq!(
            missing.dependency(root, root),
            Err(SourceError::NoCrate("nowhere".into()))
        );
    }
}
