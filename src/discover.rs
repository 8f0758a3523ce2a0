//! Finds the feature files that the command line, `bdd.toml` or the convention names.
//!
//! It reads directories and `@list` files, never a feature file.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use crate::config::{Paths, Project, Selection};
use crate::gherkin::Flavor;
use crate::input::{self, dangling_link};
use crate::path_glob::PathGlob;
use crate::paths::{from_directory, normalized};
use crate::quoted_path::unquoted;
use crate::spelling::nearest;
use crate::system_error::reason;

mod changed;
mod ignore_files;
mod left_out;
mod problem;
mod walk;

pub use changed::{Changed, ChangedError};
pub use left_out::LeftOut;
pub use problem::DiscoverError;
use problem::DiscoverProblem;
pub use walk::neighbours;
use walk::{Excluded, MARKER, is_feature};

/// A feature file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureFile {
    /// The path to open; absolute.
    pub path: PathBuf,
    /// The path as it is shown: from the project's root, with `/`.
    pub uri: Arc<str>,
    /// The requested lines; `None` means the whole file.
    pub lines: Option<BTreeSet<u32>>,
}

/// The result of a search for feature files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundFiles {
    /// The files: in the order of the paths that name them, sorted within each, each file once.
    pub files: Vec<FeatureFile>,
    /// One line for each path without feature files, and for each broken ignore file.
    pub warnings: Vec<String>,
    /// The places that were searched, as text for messages.
    pub searched: String,
    /// The `@list` files that were read.
    pub lists: Vec<PathBuf>,
    /// What ignore files and `--exclude` left out, if no feature file was found.
    pub left_out: LeftOut,
    /// Whether only `@list` files were named, and all of them are empty.
    pub empty_lists: bool,
}

/// Finds feature files.
///
/// # Errors
/// All paths that do not exist, cannot be read or are invalid.
pub fn discover(project: &Project, selection: &Selection) -> Result<FoundFiles, DiscoverError> {
    let mut search = FileSearch {
        project,
        flavor: selection.flavor,
        excluded: Excluded {
            globs: selection.exclude.clone(),
            bases: [project.root.clone(), project.directory.clone()],
        },
        found: FoundFiles::default(),
        seen: HashMap::new(),
        problems: Vec::new(),
    };
    match &selection.paths {
        Paths::Given(texts) => search.selectors(texts, &project.directory),
        Paths::Configured(texts) => search.selectors(texts, &project.root),
        Paths::Convention => search.convention(),
    }
    let is_taken = |file: &FeatureFile| selection.files.take(&file.uri);
    search.found.files.retain(is_taken);
    if search.problems.is_empty() {
        Ok(search.found)
    } else {
        Err(DiscoverError {
            place: selection.paths_place.clone(),
            problems: search.problems,
        })
    }
}

struct FileSearch<'a> {
    project: &'a Project,
    /// Suites of behave are searched as behave does it.
    flavor: Flavor,
    excluded: Excluded,
    found: FoundFiles,
    /// The place of each file in `found`, by its normalized path. As text it is hashed in one piece.
    seen: HashMap<OsString, usize>,
    problems: Vec<DiscoverProblem>,
}

/// A path of the command line, of `bdd.toml` or of a list.
struct Selector<'t> {
    text: &'t str,
    /// The directory that it is relative to.
    base: &'t Path,
    /// The list and line that it comes from.
    origin: Option<String>,
}

impl FileSearch<'_> {
    fn convention(&mut self) {
        match &self.project.features {
            Some(folder) if self.dangles(folder) => {}
            Some(folder) => {
                self.found.searched = shown(folder, self.project, false);
                if !folder.join(MARKER).exists() && !self.walk(folder, false, None, |_| true) {
                    self.look_for_left_out(folder);
                }
            }
            None => {
                self.found.searched = format!(
                    "{} or its parents: there is no folder `features`",
                    self.project.directory.display()
                );
            }
        }
    }

    fn selectors(&mut self, texts: &[String], base: &Path) {
        self.found.searched = texts.join(", ");
        let mut only_empty_lists = true;
        for text in texts {
            match text.strip_prefix('@') {
                Some(list) => only_empty_lists &= self.list(list, base),
                None => {
                    only_empty_lists = false;
                    self.selector(&Selector {
                        text,
                        base,
                        origin: None,
                    });
                }
            }
        }
        self.found.empty_lists = only_empty_lists;
    }

    /// Adds all that a list names; true if the list is empty.
    fn list(&mut self, name: &str, base: &Path) -> bool {
        // As every other path: from the base, else from the project's root. Lists of the report `rerun`
        // usually have names that begin with `@`; they need no second `@`.
        let literal = format!("@{name}");
        let names = [name, literal.as_str()];
        let path = (names.iter())
            .flat_map(|name| [base, &self.project.root].map(|folder| folder.join(name)))
            .find(|path| path.exists())
            .unwrap_or_else(|| base.join(name));
        self.found.lists.push(path.clone());
        let content = match input::read(&path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()),
            Err(error) => Err(reason(&error)),
        };
        let content = match content {
            Ok(content) => content,
            Err(reason) => {
                self.problems.push(DiscoverProblem::UnreadableList {
                    path: name.to_owned(),
                    reason,
                });
                return false;
            }
        };
        let mut empty = true;
        for (index, line) in content.trim_start_matches('\u{feff}').lines().enumerate() {
            let text = line.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            empty = false;
            let origin = format!("{name}:{}", index + 1);
            if text.starts_with('@') {
                self.problems.push(DiscoverProblem::NestedList(origin));
                continue;
            }
            // A list written by a run names paths from the project's root.
            let selector = Selector {
                text,
                base: &self.project.directory,
                origin: Some(origin),
            };
            match unquoted(text) {
                Some((path, lines)) if self.existing(&selector, text.as_ref()).is_none() => {
                    self.quoted(&selector, &path, lines);
                }
                _ => self.selector(&selector),
            }
        }
        empty
    }

    fn selector(&mut self, selector: &Selector<'_>) {
        if let Some(path) = self.existing(selector, selector.text.as_ref()) {
            return self.path(selector, &path, None);
        }
        let (front, lines) = split_lines(selector.text);
        if lines.is_some_and(|lines| lines.contains(&0)) {
            return self
                .problems
                .push(DiscoverProblem::LineZero(selector.text.into()));
        }
        if front.len() < selector.text.len()
            && let Some(path) = self.existing(selector, front.as_ref())
        {
            let (_, lines) = split_lines(selector.text);
            return self.path(selector, &path, lines);
        }
        if front.contains(['*', '?', '[', '{']) {
            let (_, lines) = split_lines(selector.text);
            return self.glob(selector, front, lines);
        }
        if self.dangles(&selector.base.join(front)) {
            return;
        }
        self.problems.push(DiscoverProblem::Missing {
            text: front.to_owned(),
            origin: selector.origin.clone(),
            near: near_path(selector.base, front),
        });
    }

    /// Whether a named path does not exist because of a link, which is a problem then.
    fn dangles(&mut self, path: &Path) -> bool {
        let link = dangling_link(path);
        self.problems
            .extend(link.iter().map(|link| DiscoverProblem::DanglingLink {
                link: shown(&link.link, self.project, false),
                reason: link.to_string(),
                named: true,
            }));
        link.is_some()
    }

    /// Adds a quoted path, which is taken literally, and the line numbers after it.
    fn quoted(&mut self, selector: &Selector<'_>, path: &Path, after: &str) {
        let (rest, lines) = split_lines(after);
        if !rest.is_empty() {
            let text = selector.text.to_owned();
            return self.problems.push(DiscoverProblem::AfterQuotes(text));
        }
        if lines.as_ref().is_some_and(|lines| lines.contains(&0)) {
            let text = selector.text.to_owned();
            return self.problems.push(DiscoverProblem::LineZero(text));
        }
        match self.existing(selector, path) {
            Some(path) => self.path(selector, &path, lines),
            None if self.dangles(&selector.base.join(path)) => {}
            None => self.problems.push(DiscoverProblem::Missing {
                text: selector.text.to_owned(),
                origin: selector.origin.clone(),
                near: None,
            }),
        }
    }

    /// The path of a text, from its base, else from the project's root.
    fn existing(&self, selector: &Selector<'_>, text: &Path) -> Option<PathBuf> {
        let root = Some(self.project.root.as_path()).filter(|root| *root != selector.base);
        if text.as_os_str().is_empty() {
            return None;
        }
        let mut bases = [Some(selector.base), root].into_iter().flatten();
        let existing = (bases.clone().map(|base| base.join(text))).find(|path| path.exists());
        existing.or_else(|| bases.find_map(|base| shown_path(base, text)))
    }

    fn path(&mut self, selector: &Selector<'_>, path: &Path, lines: Option<BTreeSet<u32>>) {
        let absolute = Path::new(selector.text).is_absolute();
        if !path.is_dir() {
            self.take(path, absolute, lines.as_ref());
        } else if lines.is_some() {
            self.problems
                .push(DiscoverProblem::LineOfFolder(selector.text.to_owned()));
        } else if !self.walk(path, absolute, None, |_| true) {
            let left_out = self.look_for_left_out(path);
            (self.found.warnings).push(format!("no feature files in {}{left_out}", selector.text));
        }
    }

    fn glob(&mut self, selector: &Selector<'_>, text: &str, lines: Option<BTreeSet<u32>>) {
        let parts: Vec<&str> = text.split('/').collect();
        let literal = parts
            .iter()
            .take_while(|part| !part.contains(['*', '?', '[', '{', '\\']))
            .count();
        let (front, rest) = parts.split_at(literal);
        let folder = match front {
            [] => selector.base.to_path_buf(),
            [""] => PathBuf::from("/"),
            front => selector.base.join(front.join("/")),
        };
        let glob = match PathGlob::new(rest.join("/").trim_end_matches('/')) {
            Ok(glob) => glob,
            Err(reason) => {
                return self.problems.push(DiscoverProblem::BadGlob {
                    text: text.to_owned(),
                    reason,
                });
            }
        };
        let matches = |path: &Path| {
            let path = path.strip_prefix(&folder);
            path.is_ok_and(|path| glob.matches(path))
        };
        let absolute = Path::new(text).is_absolute();
        if self.dangles(&folder) {
            return;
        }
        let any = folder.is_dir() && self.walk(&folder, absolute, lines.as_ref(), matches);
        if !any {
            self.found
                .warnings
                .push(format!("no feature file matches {}", selector.text));
        }
    }

    fn take(&mut self, path: &Path, absolute: bool, lines: Option<&BTreeSet<u32>>) {
        if self.excluded.matches(path) {
            self.found.left_out.excluded += 1;
            return;
        }
        let path = normalized(path);
        if let Some(&at) = self.seen.get(path.as_os_str()) {
            let known = &mut self.found.files[at].lines;
            match (known.as_mut(), lines) {
                (Some(known), Some(lines)) => known.extend(lines),
                _ => *known = None,
            }
            return;
        }
        let number = self.found.files.len();
        self.seen.insert(path.clone().into_os_string(), number);
        self.found.files.push(FeatureFile {
            uri: shown_normalized(&path, self.project, absolute).into(),
            path,
            lines: lines.cloned(),
        });
    }
}

/// The displayed path of a file: relative to the project's root if the file is inside of it, else as it was
/// given.
fn shown(path: &Path, project: &Project, absolute: bool) -> String {
    shown_normalized(&normalized(path), project, absolute)
}

fn shown_normalized(path: &Path, project: &Project, absolute: bool) -> String {
    match path.strip_prefix(&project.root) {
        Ok(rest) if rest.as_os_str().is_empty() => ".".to_owned(),
        Ok(rest) => rest.display().to_string(),
        Err(_) if absolute => path.display().to_string(),
        Err(_) => from_directory(path, &project.root),
    }
}

/// Cuts `:LINE[:LINE…]` off the end of a text.
fn split_lines(text: &str) -> (&str, Option<BTreeSet<u32>>) {
    let mut front = text;
    let mut lines = BTreeSet::new();
    while let Some((rest, digits)) = front.rsplit_once(':')
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(line) = digits.parse()
    {
        lines.insert(line);
        front = rest;
    }
    (front, (!lines.is_empty()).then_some(lines))
}

/// The path that is shown as `text`: a report has the character U+FFFD for what is not UTF-8 in a name.
fn shown_path(base: &Path, text: &Path) -> Option<PathBuf> {
    if !text.to_str()?.contains(char::REPLACEMENT_CHARACTER) {
        return None;
    }
    let mut path = base.to_path_buf();
    for part in text {
        let part = part.to_str()?;
        if part.contains(char::REPLACEMENT_CHARACTER) {
            let entries = fs::read_dir(&path).ok()?.filter_map(Result::ok);
            let mut same = entries.filter(|entry| entry.file_name().to_string_lossy() == part);
            let only = same.next().filter(|_| same.next().is_none())?;
            path = only.path();
        } else {
            path.push(part);
        }
    }
    path.exists().then_some(path)
}

/// An existing path with a similar name in the same folder.
fn near_path(base: &Path, text: &str) -> Option<String> {
    let missing = Path::new(text);
    let name = missing.file_name()?.to_string_lossy();
    let folder = missing.parent()?;
    let names: Vec<String> = fs::read_dir(base.join(folder))
        .ok()?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir() || is_feature(&entry.path()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    let near = nearest(&name, names)?;
    Some(folder.join(near).display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_off_the_end() {
        let lines = |numbers: &[u32]| Some(numbers.iter().copied().collect::<BTreeSet<_>>());
        assert_eq!(split_lines("a.feature"), ("a.feature", None));
        assert_eq!(split_lines("a.feature:3"), ("a.feature", lines(&[3])));
        assert_eq!(
            split_lines("a.feature:30:4"),
            ("a.feature", lines(&[4, 30]))
        );
        assert_eq!(split_lines("a:b:4"), ("a:b", lines(&[4])));
        assert_eq!(split_lines("a.feature:"), ("a.feature:", None));
        assert_eq!(
            split_lines("a:99999999999"),
            ("a:99999999999", None),
            "a number that is too large for a line is part of the name"
        );
    }
}
