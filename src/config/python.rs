//! The steps beside the features: a step crate, or a suite of behave, and what that changes in the settings.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use super::behave_files::OfBehave;
use super::flags::BehaveRequest;
use super::origin::Origin;
use super::settings::Layer;
use super::steps::{MissingStepsError, StepsError};
use super::{Environment, ParallelBy, Project, Sourced, StepLanguage};
use crate::behave::suite::{BehaveSuite, NearestSteps, SuiteNames, nearest_steps, nearest_suite};
use crate::gherkin::Flavor;
use crate::input;
use crate::paths::{from_directory, normalized};
use crate::quoted_path::unquoted;

/// The variable with behave's stage.
const STAGE: &str = "BEHAVE_STAGE";

/// What is beside the features, where no setting names a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StepsBeside {
    /// No suite: a step crate, or nothing.
    NoSuite,
    /// A suite of behave.
    Suite(BehaveSuite),
    /// No suite, although the settings ask for one.
    Missing(MissingStepsError),
    /// A crate and a suite, and no setting chooses.
    Both {
        /// The folder of both, as messages name it.
        folder: String,
        /// What to say.
        error: StepsError,
    },
}

impl StepsBeside {
    /// The suite that behave has found for `bdd behave`.
    pub(super) fn of_request(request: &BehaveRequest) -> Self {
        Self::Suite(BehaveSuite {
            base: request.base.clone(),
        })
    }

    /// The Gherkin of the features.
    pub(super) fn flavor(&self) -> Flavor {
        match self {
            Self::Suite(_) => Flavor::Behave,
            _ => Flavor::Standard,
        }
    }
}

/// Looks for the steps beside the features that the settings in `layer` select.
pub(super) fn steps_beside(
    layer: &Layer,
    project: &Project,
    environment: &Environment,
    files: &OfBehave,
) -> StepsBeside {
    let names_program = layer.steps_path.is_some()
        || layer.steps_package.is_some()
        || layer.steps_target.is_some()
        || layer.steps_command.is_some();
    let language = layer.steps_language.as_ref();
    let language = language.and_then(|language| language.value);
    if names_program || language == Some(StepLanguage::Rust) {
        return StepsBeside::NoSuite;
    }
    let of_files = files.stage();
    let stage = environment.variable(STAGE).and_then(|stage| stage.to_str());
    let names = SuiteNames::of_stage(of_files.as_deref().or(stage));
    let start = start(layer, project, files, &names);
    let shown = |path: &Path| from_directory(path, &project.directory);
    if language == Some(StepLanguage::Python) {
        return match nearest_suite(&start, &names) {
            Some(suite) => StepsBeside::Suite(suite),
            None => StepsBeside::Missing(MissingStepsError::NoSuite {
                start: shown(&start),
                names: names.shown(),
            }),
        };
    }
    match nearest_steps(&start, &names) {
        Some(NearestSteps::Python(suite)) => StepsBeside::Suite(suite),
        Some(NearestSteps::Both {
            suite,
            python,
            manifest,
        }) => StepsBeside::Both {
            folder: shown(&suite.base),
            error: StepsError::TwoLanguages {
                manifest: shown(&manifest),
                python: shown(&python),
            },
        },
        Some(NearestSteps::Rust) | None => StepsBeside::NoSuite,
    }
}

/// What is different by default where the steps are a suite of behave. Such suites share files and databases, so
/// nothing runs at the same time unless somebody asks for it, and then whole features.
pub(super) fn defaults() -> Layer {
    Layer {
        jobs: Some(Sourced::default(NonZeroU32::MIN)),
        parallel_by: Some(Sourced::default(ParallelBy::Feature)),
        steps_language: Some(Sourced::default(Some(StepLanguage::Python))),
        ..Layer::default()
    }
}

/// The settings of `bdd behave` below its own command line. behave selects, so nothing else may; and output is captured,
/// because behave's own formatters show it.
pub(super) fn of_command(layer: Layer) -> Layer {
    let layer = Layer {
        tags: None,
        exclude: None,
        capture: None,
        ..layer
    };
    layer.over(defaults())
}

/// The folder in which the search for steps begins: that of the first path, as in behave. The paths of behave's files do
/// not lead away from a step crate beside `features`.
fn start(layer: &Layer, project: &Project, files: &OfBehave, names: &SuiteNames) -> PathBuf {
    let features = layer.features.as_ref();
    let first = features.and_then(|features| features.value.first());
    let base = match features.map(|features| &features.origin) {
        Some(origin) if origin.counts_from_root() => &project.root,
        _ => &project.directory,
    };
    match first {
        Some(text) => folder_of(text, base, &project.root),
        None => {
            let features = project.features.clone();
            let features = features.unwrap_or_else(|| project.root.join("features"));
            match files.first_path() {
                Some(first) if nearest_steps(&features, names) != Some(NearestSteps::Rust) => {
                    folder_of(&first.to_string_lossy(), &project.root, &project.root)
                }
                _ => features,
            }
        }
    }
}

/// The folder that a path of the command line means: a path, `FILE:LINE`, a glob or `@LIST`.
pub(super) fn folder_of(text: &str, base: &Path, root: &Path) -> PathBuf {
    if let Some(list) = text.strip_prefix('@').filter(|_| !base.join(text).exists()) {
        return first_of_list(list, base, root).unwrap_or_else(|| base.to_path_buf());
    }
    let existing = |text: &str| {
        let paths = [base.join(text), root.join(text)];
        paths.into_iter().find(|path| path.exists())
    };
    let front =
        text.trim_end_matches(|character: char| character.is_ascii_digit() || character == ':');
    let found = existing(text).or_else(|| existing(front));
    let path = found.unwrap_or_else(|| {
        let is_literal = |part: &&str| !part.contains(['*', '?', '[', '{', '\\']);
        let parts: Vec<&str> = text.split('/').take_while(is_literal).collect();
        match parts.as_slice() {
            [""] => PathBuf::from("/"),
            parts => base.join(parts.join("/")),
        }
    });
    let path = normalized(&path);
    match path.is_file() {
        true => path.parent().map(Path::to_path_buf).unwrap_or(path),
        false => path,
    }
}

/// The folder of the first path in a list. Only a regular file is read: what is read from a pipe is lost to the search
/// for features.
fn first_of_list(list: &str, base: &Path, root: &Path) -> Option<PathBuf> {
    let mut paths = [base.join(list), root.join(list)].into_iter();
    let path = paths.find(|path| path.is_file())?;
    let content = String::from_utf8(input::read(&path).ok()?).ok()?;
    let mut lines = content
        .trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(['#', '@']))?;
    Some(match unquoted(first) {
        Some((path, _)) => folder_of(&path.to_string_lossy(), base, root),
        None => folder_of(first, base, root),
    })
}

/// A path that a setting names: a word stays one, which is searched for in `PATH`.
pub(super) fn program(path: &Path, base: &Path) -> PathBuf {
    match path.components().count() {
        1 => path.to_path_buf(),
        _ => base.join(path),
    }
}

/// Paths of the command line or of `bdd.toml` as they are from the project's root, where workers run.
pub(super) fn from_root(texts: &[String], origin: &Origin, project: &Project) -> Vec<String> {
    let from_root = origin.counts_from_root() || project.directory == project.root;
    let moved = |text: &String| match text.strip_prefix('@') {
        _ if from_root => text.clone(),
        Some(list) => format!(
            "@{}",
            from_directory(&project.directory.join(list), &project.root)
        ),
        None => from_directory(&project.directory.join(text), &project.root),
    };
    texts.iter().map(moved).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_first_path_leads_to_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("shop/sub")).unwrap();
        fs::write(root.join("shop/a.feature"), "").unwrap();
        fs::write(root.join("list"), "# all\n\nshop/a.feature:3\nother\n").unwrap();
        fs::write(root.join("quoted"), "\"shop/a.feature\"\n").unwrap();
        for (text, expected) in [
            ("shop", "shop"),
            ("./shop/sub/..", "shop"),
            ("shop/a.feature", "shop"),
            ("shop/a.feature:12:14", "shop"),
            ("shop/*/x*.feature", "shop"),
            ("*.feature", ""),
            ("shop/none", "shop/none"),
            ("@list", "shop"),
            ("@quoted", "shop"),
            ("@none", ""),
        ] {
            let path = folder_of(text, root, root);
            assert_eq!(path, normalized(&root.join(expected)), "{text}");
        }
    }
}
