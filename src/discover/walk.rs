//! Walks through folders: ignore files, exclusions, links.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::ignore_files::IgnoreFileCheck;
use super::problem::DiscoverProblem;
use super::{FeatureFile, FileSearch, shown};
use crate::config::ExcludeGlob;
use crate::gherkin::Flavor;
use crate::input::dangling_link;
use crate::paths::normalized;
use crate::system_error::reason;

/// A directory that contains a file of this name is skipped.
pub(super) const MARKER: &str = ".freshenignore";
/// The endings of feature files.
pub(super) const ENDINGS: [&str; 2] = [".feature", ".feature.md"];

impl FileSearch<'_> {
    /// Adds the feature files below a folder for which a condition is true. Returns whether there are any.
    pub(super) fn walk(
        &mut self,
        folder: &Path,
        absolute: bool,
        lines: Option<&BTreeSet<u32>>,
        condition: impl Fn(&Path) -> bool,
    ) -> bool {
        let mut any = false;
        let excluded = self.excluded.clone();
        let check = IgnoreFileCheck::default();
        if !check.may_begin_in(folder) {
            self.deep_ignore_rules(&check);
            return false;
        }
        let in_walk = check.clone();
        let mut walk = walk_of(folder);
        match self.flavor {
            Flavor::Standard => {
                // They are in one folder, so this is the order of their names, which would have to be cut off first.
                walk.sort_by_file_path(|left, right| left.as_os_str().cmp(right.as_os_str()));
            }
            Flavor::Behave => as_behave_walks(&mut walk),
        }
        walk.filter_entry(move |entry| {
            entry.depth() == 0
                || !(is_left_out(entry) || excluded.matches(entry.path()))
                    && in_walk.may_enter(entry)
        });
        for entry in walk.build() {
            match entry {
                Ok(entry) => {
                    if let Some(error) = entry.error() {
                        self.found.warnings.push(error.to_string());
                    }
                    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                    let is_feature = match self.flavor {
                        Flavor::Standard => is_feature(entry.path()),
                        Flavor::Behave => is_feature_of_behave(entry.path()),
                    };
                    if is_file && is_feature && condition(entry.path()) {
                        any = true;
                        self.take(entry.path(), absolute, lines);
                    }
                }
                Err(error) => self.walk_error(&error, folder),
            }
        }
        self.deep_ignore_rules(&check);
        any
    }

    fn deep_ignore_rules(&mut self, check: &IgnoreFileCheck) {
        for rule in check.take() {
            self.problems.push(DiscoverProblem::Unreadable {
                path: shown(&rule.file, self.project, false),
                reason: rule.reason(),
            });
        }
    }

    fn walk_error(&mut self, error: &ignore::Error, folder: &Path) {
        let path = path_of(error).unwrap_or(folder).to_path_buf();
        let uri = |path: &Path| shown(path, self.project, false);
        let problem = match root_of(error) {
            ignore::Error::Loop { ancestor, child } => {
                if self.excluded.matches(child) {
                    return;
                }
                let link = first_link(child, folder);
                DiscoverProblem::Loop {
                    target: link.canonicalize().map_or(uri(ancestor), |path| uri(&path)),
                    link: uri(link),
                }
            }
            ignore::Error::Io(error) => {
                if self.excluded.matches(&path) {
                    return;
                }
                match dangling_link(&path) {
                    Some(link) if is_feature(&path) => DiscoverProblem::DanglingLink {
                        link: uri(&path),
                        reason: link.to_string(),
                        named: false,
                    },
                    // Without an ending it may have been a folder of features.
                    Some(link) if path.extension().is_none() => {
                        let uri = uri(&path);
                        let warning = format!("{uri} is left out: {link}");
                        return self.found.warnings.push(warning);
                    }
                    Some(_) => return,
                    None => DiscoverProblem::Unreadable {
                        path: uri(&path),
                        reason: reason(error),
                    },
                }
            }
            // The rules of a file are fine one by one, but not together; the library names no file.
            ignore::Error::Glob { glob: None, .. } => DiscoverProblem::Unreadable {
                path: uri(&path),
                reason: "the rules of an ignore file there are too large".to_owned(),
            },
            other => DiscoverProblem::Unreadable {
                path: uri(&path),
                reason: other.to_string(),
            },
        };
        self.problems.push(problem);
    }
}

/// A walk that leaves out what ignore files name.
pub(super) fn walk_of(folder: &Path) -> WalkBuilder {
    let mut walk = WalkBuilder::new(folder);
    walk.follow_links(true)
        .require_git(false)
        .git_global(false)
        .ignore(false)
        .add_custom_ignore_filename(".bddignore");
    walk
}

/// A walk as behave does it: git's ignore files mean nothing, hidden folders count, and the files of a folder come before
/// the folders in it. Suites that share state depend on that order.
fn as_behave_walks(walk: &mut WalkBuilder) {
    walk.git_ignore(false)
        .git_exclude(false)
        .hidden(false)
        .sort_by_file_path(|left, right| {
            let rank = |path: &Path| (path.is_dir(), path.as_os_str().as_encoded_bytes().to_vec());
            rank(left).cmp(&rank(right))
        });
}

/// All feature files in the folders of these files, without those that ignore files leave out.
pub fn neighbours(files: &[FeatureFile]) -> Vec<PathBuf> {
    let folders = files.iter().filter_map(|file| file.path.parent());
    let folders: BTreeSet<&Path> = folders.collect();
    // A file that is named itself needs no ignore file, so one that cannot be read is no problem here.
    let check = IgnoreFileCheck::default();
    let entries = folders
        .into_iter()
        .filter(|folder| check.may_begin_in(folder))
        .flat_map(|folder| {
            let check = check.clone();
            let filter = move |entry: &DirEntry| entry.depth() == 0 || check.may_enter(entry);
            let mut walk = walk_of(folder);
            walk.max_depth(Some(1)).filter_entry(filter).build()
        });
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(|entry| normalized(entry.path()))
        .filter(|path| is_feature(path))
        .collect()
}

/// What `--exclude` excludes.
#[derive(Clone)]
pub(super) struct Excluded {
    pub(super) globs: Vec<ExcludeGlob>,
    /// The directories that globs are relative to.
    pub(super) bases: [PathBuf; 2],
}

impl Excluded {
    pub(super) fn matches(&self, path: &Path) -> bool {
        if self.globs.is_empty() {
            return false;
        }
        let path = normalized(path);
        self.bases.iter().any(|base| {
            path.strip_prefix(base)
                .is_ok_and(|path| self.globs.iter().any(|glob| glob.matches(path)))
        })
    }
}

/// The first symbolic link on the way from `folder` to `path`: the walker notices a loop only when it is
/// back at its start.
fn first_link<'p>(path: &'p Path, folder: &Path) -> &'p Path {
    path.ancestors()
        .take_while(|part| *part != folder)
        .filter(|part| part.is_symlink())
        .last()
        .unwrap_or(path)
}

fn is_left_out(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir()) && entry.path().join(MARKER).exists()
}

pub(super) fn is_feature(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        !name.starts_with('.') && ENDINGS.iter().any(|ending| name.ends_with(ending))
    })
}

/// behave reads no Markdown.
fn is_feature_of_behave(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "feature")
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}

fn root_of(error: &ignore::Error) -> &ignore::Error {
    match error {
        ignore::Error::WithPath { err, .. }
        | ignore::Error::WithDepth { err, .. }
        | ignore::Error::WithLineNumber { err, .. } => root_of(err),
        other => other,
    }
}
