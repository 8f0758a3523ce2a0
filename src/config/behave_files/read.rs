//! Finds behave's settings files, reads them, and lays them over each other as behave does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ini::Ini;
use crate::config::mistake::line_of;
use crate::config::origin::{Origin, Sourced};
use crate::config::{ConfigError, FileError, Mistake};
use crate::input;
use crate::paths::from_directory;

/// The files, the one that wins last.
const NAMES: [&str; 5] = [
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
    ".behaverc",
    "behave.ini",
];

/// A value as a file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileValue {
    /// A text, perhaps of several lines.
    Text(String),
    /// The list of a TOML file.
    List(Vec<String>),
    /// The truth value of a TOML file.
    Bool(bool),
}

impl FileValue {
    /// The value as a text.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(list) => list.join("\n"),
            Self::Bool(value) => value.to_string(),
        }
    }

    /// The value as a list: one element on each line.
    pub(super) fn list(&self) -> Vec<String> {
        match self {
            Self::List(list) => list.clone(),
            Self::Text(text) => (text.lines().map(str::trim))
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
            Self::Bool(value) => vec![value.to_string()],
        }
    }

    /// The value as a truth value, in one of the words of `configparser`.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::List(_) => None,
            Self::Text(text) => match text.to_ascii_lowercase().as_str() {
                "1" | "yes" | "true" | "on" => Some(true),
                "0" | "no" | "false" | "off" => Some(false),
                _ => None,
            },
        }
    }
}

/// A value, where it stands, and the folder of its file.
#[derive(Debug, Clone)]
pub(super) struct FileEntry {
    pub(super) value: FileValue,
    pub(super) origin: Origin,
    pub(super) folder: PathBuf,
}

/// All files as one.
#[derive(Debug, Default)]
pub(super) struct BehaveFiles {
    /// `[behave]`, by key.
    pub(super) settings: BTreeMap<String, FileEntry>,
    /// `[behave.userdata]`.
    pub(super) userdata: BTreeMap<String, Sourced<String>>,
    /// `[behave.formatters]`: classes by their names.
    pub(super) formatters: BTreeMap<String, String>,
}

/// Reads the files in `root` and, below them, those in `home`.
///
/// # Errors
/// When one that exists cannot be read.
pub(super) fn read(
    root: &Path,
    home: Option<&Path>,
    directory: &Path,
) -> Result<BehaveFiles, ConfigError> {
    let mut files = BehaveFiles::default();
    let folders = [home, Some(root)];
    for folder in folders.into_iter().flatten() {
        for name in NAMES {
            let path = folder.join(name);
            if path.is_file() {
                let shown = from_directory(&path, directory);
                files.lay(&path, folder, &shown)?;
            }
        }
    }
    Ok(files)
}

impl BehaveFiles {
    /// Lays a file over those before it.
    fn lay(&mut self, path: &Path, folder: &Path, shown: &str) -> Result<(), ConfigError> {
        let bytes = input::read(path).map_err(|error| FileError::Unreadable {
            path: shown.to_owned(),
            error,
        })?;
        let text = String::from_utf8_lossy(&bytes);
        match path.extension().is_some_and(|ending| ending == "toml") {
            true => self.toml(&text, folder, shown),
            false => {
                self.ini(&text, folder, shown);
                Ok(())
            }
        }
    }

    fn ini(&mut self, text: &str, folder: &Path, shown: &str) {
        let ini = Ini::parse(text);
        let origin = |line| Origin::File {
            file: shown.to_owned(),
            line,
            column: 0,
        };
        for entry in ini.section("behave") {
            let entry_of_file = FileEntry {
                value: FileValue::Text(entry.value),
                origin: origin(entry.line),
                folder: folder.to_owned(),
            };
            self.settings.insert(entry.key, entry_of_file);
        }
        // behave takes the user data and formatters of one file alone, even if it has none.
        let userdata = ini.section("behave.userdata").into_iter();
        self.userdata = userdata
            .map(|entry| {
                let origin = origin(entry.line);
                let value = entry.value;
                (entry.key, Sourced { value, origin })
            })
            .collect();
        let formatters = ini.section("behave.formatters").into_iter();
        self.formatters = formatters.map(|entry| (entry.key, entry.value)).collect();
    }

    fn toml(&mut self, text: &str, folder: &Path, shown: &str) -> Result<(), ConfigError> {
        let table = DeTable::parse(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().to_owned();
            let mistake = Mistake::at(shown, text, span, message, None);
            ConfigError::File(FileError::Wrong(vec![mistake]))
        })?;
        let mut table = table.into_inner();
        let Some(mut tool) = table.remove("tool").and_then(table_of) else {
            return Ok(());
        };
        let behave = tool.remove("behave").and_then(table_of).unwrap_or_default();
        (self.userdata, self.formatters) = Default::default();
        for (key, value) in behave {
            let origin = Origin::File {
                file: shown.to_owned(),
                line: line_of(text, key.span().start),
                column: 0,
            };
            match (&**key.get_ref(), value.into_inner()) {
                ("userdata", DeValue::Table(table)) => {
                    for (name, value) in table {
                        let origin = Origin::File {
                            file: shown.to_owned(),
                            line: line_of(text, name.span().start),
                            column: 0,
                        };
                        if let Some(value) = scalar(value.get_ref()) {
                            let value = value.text();
                            let name = name.into_inner().into_owned();
                            self.userdata.insert(name, Sourced { value, origin });
                        }
                    }
                }
                ("formatters", DeValue::Table(table)) => {
                    for (name, value) in table {
                        if let Some(class) = scalar(value.get_ref()) {
                            let name = name.into_inner().into_owned();
                            self.formatters.insert(name, class.text());
                        }
                    }
                }
                (name, value) => {
                    if let Some(value) = scalar(&value) {
                        let folder = folder.to_owned();
                        let entry = FileEntry {
                            value,
                            origin,
                            folder,
                        };
                        self.settings.insert(name.to_owned(), entry);
                    }
                }
            }
        }
        Ok(())
    }
}

fn table_of<'i>(value: Spanned<DeValue<'i>>) -> Option<DeTable<'i>> {
    match value.into_inner() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// A value that is no table.
fn scalar(value: &DeValue<'_>) -> Option<FileValue> {
    Some(match value {
        DeValue::String(text) => FileValue::Text(text.to_string()),
        DeValue::Boolean(value) => FileValue::Bool(*value),
        DeValue::Integer(number) => FileValue::Text(number.to_string()),
        DeValue::Float(number) => FileValue::Text(number.to_string()),
        DeValue::Array(values) => {
            let texts = values.iter().filter_map(|value| scalar(value.get_ref()));
            FileValue::List(texts.map(|value| value.text()).collect())
        }
        DeValue::Datetime(_) | DeValue::Table(_) => return None,
    })
}
