//! Distinguishes equal names by the whole file and the whole folder, whatever was selected.
//!
//! A report that follows scenarios over many runs by their names needs the same names in each run. The report
//! knows only the selected scenarios, so the plan numbers the names.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::fs;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::quality::FixedState;
use serde::{Deserialize, Serialize};

use super::Plan;
use crate::config::Selection;
use crate::discover::FeatureFile;
use crate::gherkin::{self, Pickle};

/// The names of a feature that are not unique.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namesakes {
    /// Whether another feature file of the same folder has the same title.
    #[serde(default, skip_serializing_if = "is_false")]
    pub feature: bool,
    /// For each selected scenario with the name of an earlier one in the file: its line, and its number among
    /// those with this name, from 2. In the order of lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<(u32, u32)>,
}

impl Namesakes {
    /// Whether every name is unique.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.feature && self.scenarios.is_empty()
    }

    /// The number of the scenario at a line among those with its name, from 1.
    #[must_use]
    pub fn number(&self, line: u32) -> u32 {
        let found = self
            .scenarios
            .binary_search_by_key(&line, |(line, _)| *line);
        found.map_or(1, |at| self.scenarios[at].1)
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Numbers the scenarios of one file that have equal names: the rule, the title and the cells of the row.
#[derive(Default)]
pub(super) struct NameNumbers {
    /// By the hash of a name: the number to try for its next scenario. Names are not stored, because a file
    /// may have a million rows.
    next: foldhash::HashMap<u64, u32>,
    name: String,
}

impl NameNumbers {
    /// The number of the next scenario of the file among those with its name, from 1. No other scenario has
    /// the name with this number.
    pub(super) fn number(&mut self, pickle: &Pickle<'_>) -> u32 {
        self.write_name(pickle);
        let plain = hash_of(&self.name);
        let Some(&next) = self.next.get(&plain) else {
            self.next.insert(plain, 2);
            return 1;
        };
        let length = self.name.len();
        let mut number = next;
        loop {
            self.name.truncate(length);
            let _ = write!(self.name, " #{number}");
            let numbered = hash_of(&self.name);
            if !self.next.contains_key(&numbered) {
                self.next.insert(numbered, 2);
                self.next.insert(plain, number + 1);
                return number;
            }
            number += 1;
        }
    }

    fn write_name(&mut self, pickle: &Pickle<'_>) {
        let name = &mut self.name;
        name.clear();
        if let Some(rule) = pickle.rule.filter(|rule| !rule.name.is_empty()) {
            name.push_str(rule.name);
            name.push_str(": ");
        }
        match &*pickle.name {
            "" => name.push_str(pickle.scenario.keyword),
            title => name.push_str(title),
        }
        let Some((examples, row)) = pickle.examples else {
            return;
        };
        let header = examples
            .table_header()
            .into_iter()
            .flat_map(|row| row.cells);
        let mut separator = " [";
        for (column, cell) in header.zip(row.cells) {
            for text in [separator, &column.value, ": ", &cell.value] {
                name.push_str(text);
            }
            separator = ", ";
        }
        if separator == ", " {
            name.push(']');
        }
    }
}

fn hash_of(name: &str) -> u64 {
    FixedState::default().hash_one(name)
}

/// Marks the planned features whose title another feature file of their folder has. `titles` are those of
/// `files`; `neighbours` are the feature files of the same folders, selected or not.
pub fn mark_equal_titles(
    plan: &mut Plan,
    files: &[FeatureFile],
    titles: &[Option<Arc<str>>],
    neighbours: &[PathBuf],
    selection: &Selection,
) {
    let known: HashSet<&Path> = files.iter().map(|file| file.path.as_path()).collect();
    let mut keys: HashMap<&str, (PathBuf, String)> = HashMap::new();
    let mut seen: HashMap<(PathBuf, String), usize> = HashMap::new();
    for (file, title) in files.iter().zip(titles) {
        if let Some(title) = title {
            let key = key(&file.path, title);
            *seen.entry(key.clone()).or_default() += 1;
            keys.insert(&file.uri, key);
        }
    }
    for path in neighbours {
        if !known.contains(path.as_path())
            && let Some(title) = title_of(path, selection)
        {
            *seen.entry(key(path, &title)).or_default() += 1;
        }
    }
    for feature in &mut plan.features {
        let key = keys.get(&*feature.uri);
        if key
            .and_then(|key| seen.get(key))
            .is_some_and(|count| *count > 1)
        {
            Arc::make_mut(feature).namesakes.feature = true;
        }
    }
}

/// The folder and the title. Dots count as `_`, because they end a part of a class.
fn key(path: &Path, title: &str) -> (PathBuf, String) {
    let folder = path.parent().unwrap_or(path).to_owned();
    let title = match title.trim() {
        "" => path.file_name().map_or_else(String::new, |name| {
            let name = name.to_string_lossy();
            let name = name.strip_suffix(".md").unwrap_or(&name);
            name.strip_suffix(".feature").unwrap_or(name).to_owned()
        }),
        title => title.to_owned(),
    };
    (folder, title.replace('.', "_"))
}

/// The title of a feature file; `None` when it does not parse.
fn title_of(path: &Path, selection: &Selection) -> Option<String> {
    let bytes = fs::read(path).ok()?;
    let source = gherkin::decode(&bytes).ok()?;
    let options = selection.parse_options();
    let options = options.for_path(&path.to_string_lossy());
    let document = gherkin::parse(source, &options).ok()?;
    Some(document.feature?.name.to_owned())
}
