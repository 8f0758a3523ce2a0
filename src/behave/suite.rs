//! Finds the steps that belong to a path, as behave does: from the path upwards.
//!
//! It looks at the names of files only, never into them.

use std::fs;
use std::path::{Path, PathBuf};

/// What the nearest folder with steps has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NearestSteps {
    /// A suite for behave.
    Python(BehaveSuite),
    /// A step crate.
    Rust,
    /// Both, so a setting must choose.
    Both {
        /// The suite.
        suite: BehaveSuite,
        /// The file that makes it one.
        python: PathBuf,
        /// The manifest of the step crate.
        manifest: PathBuf,
    },
}

/// A suite for behave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BehaveSuite {
    /// The folder with `steps/` or `environment.py`; absolute.
    pub base: PathBuf,
}

/// The names that a suite is recognized by. A stage of behave (`--stage`) has names of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiteNames {
    steps: String,
    environment: String,
}

impl SuiteNames {
    /// The names for a stage; without one, or with an empty one, `steps` and `environment.py`.
    pub fn of_stage(stage: Option<&str>) -> Self {
        let prefix = match stage {
            Some(stage) if !stage.is_empty() => format!("{stage}_"),
            _ => String::new(),
        };
        Self {
            steps: format!("{prefix}steps"),
            environment: format!("{prefix}environment.py"),
        }
    }

    /// The names, for messages.
    pub fn shown(&self) -> String {
        format!("{}/*.py or {}", self.steps, self.environment)
    }

    /// The file that makes a folder the base of a suite.
    fn python_in(&self, folder: &Path) -> Option<PathBuf> {
        let environment = folder.join(&self.environment);
        if environment.is_file() {
            return Some(environment);
        }
        let entries = fs::read_dir(folder.join(&self.steps)).ok()?;
        let mut files: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        files.into_iter().next()
    }
}

/// The steps in `start` or the nearest folder above it.
pub fn nearest_steps(start: &Path, names: &SuiteNames) -> Option<NearestSteps> {
    start.ancestors().find_map(|folder| {
        let manifest = folder.join("steps/Cargo.toml");
        let python = names.python_in(folder);
        let suite = || BehaveSuite {
            base: folder.to_path_buf(),
        };
        match (python, manifest.is_file()) {
            (Some(python), true) => Some(NearestSteps::Both {
                suite: suite(),
                python,
                manifest,
            }),
            (Some(_), false) => Some(NearestSteps::Python(suite())),
            (None, true) => Some(NearestSteps::Rust),
            (None, false) => None,
        }
    })
}

/// Whether the steps in this folder are a step crate and nothing for behave, in any stage.
pub fn is_step_crate(folder: &Path) -> bool {
    let is_python = |path: &Path| path.extension().is_some_and(|extension| extension == "py");
    let holds_python = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.path())
            .any(|path| is_python(&path))
    };
    let steps = folder.join("steps");
    steps.join("Cargo.toml").is_file() && !holds_python(&steps) && !holds_python(folder)
}

/// The suite in `start` or the nearest folder above it, whatever else is there.
pub fn nearest_suite(start: &Path, names: &SuiteNames) -> Option<BehaveSuite> {
    let mut folders = start.ancestors();
    let base = folders.find(|folder| names.python_in(folder).is_some())?;
    Some(BehaveSuite {
        base: base.to_path_buf(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A folder with these files.
    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    fn base(files: &[&str], start: &str) -> Option<String> {
        let folder = folder(files);
        let names = SuiteNames::of_stage(None);
        match nearest_steps(&folder.path().join(start), &names)? {
            NearestSteps::Python(suite) => {
                let base = suite.base.strip_prefix(folder.path()).unwrap();
                Some(base.display().to_string())
            }
            NearestSteps::Rust => Some("rust".to_owned()),
            NearestSteps::Both { .. } => Some("both".to_owned()),
        }
    }

    #[test]
    fn the_nearest_folder_upwards_decides() {
        let shop = "shop/steps/cart.py";
        assert_eq!(base(&[shop], "shop/a/b").as_deref(), Some("shop"));
        assert_eq!(base(&["environment.py"], "a/b").as_deref(), Some(""));
        let both = [shop, "steps/Cargo.toml"];
        assert_eq!(base(&both, "shop").as_deref(), Some("shop"));
        assert_eq!(base(&both, "other").as_deref(), Some("rust"));
        let here = [shop, "shop/steps/Cargo.toml"];
        assert_eq!(base(&here, "shop").as_deref(), Some("both"));
        let environment = ["shop/environment.py", "shop/steps/Cargo.toml"];
        assert_eq!(base(&environment, "shop").as_deref(), Some("both"));
    }

    #[test]
    fn steps_without_python_are_none() {
        assert_eq!(base(&["steps/sub/x.py", "steps/README.md"], ""), None);
        assert_eq!(base(&["src/steps.py"], ""), None);
    }

    #[test]
    fn a_crate_without_python_is_nothing_for_behave() {
        let is_crate = |files: &[&str]| is_step_crate(folder(files).path());
        assert!(is_crate(&["steps/Cargo.toml", "a.feature"]));
        assert!(!is_crate(&["steps/Cargo.toml", "steps/x.py"]));
        assert!(!is_crate(&["steps/Cargo.toml", "environment.py"]));
        assert!(!is_crate(&["steps/x.py"]));
    }

    #[test]
    fn a_stage_has_its_own_names() {
        let folder = folder(&[
            "steps/x.py",
            "a/product_steps/x.py",
            "b/product_environment.py",
        ]);
        let suite = |start: &str, stage| {
            let names = SuiteNames::of_stage(stage);
            nearest_suite(&folder.path().join(start), &names).map(|suite| suite.base)
        };
        let root = folder.path();
        assert_eq!(suite("a", Some("product")), Some(root.join("a")));
        assert_eq!(suite("b", Some("product")), Some(root.join("b")));
        assert_eq!(suite("a", None), Some(root.to_path_buf()));
        assert_eq!(suite("a", Some("")), Some(root.to_path_buf()));
    }
}
