//! The reports that behave's files ask for.

use std::path::Path;

use super::read::BehaveFiles;
use super::values::{given, truth};
use crate::config::ConfigError;
use crate::config::origin::{Origin, Sourced};
use crate::paths::from_directory;
use crate::report::Format;

/// The folder of behave's JUnit reports.
const JUNIT: &str = "reports";

/// What behave's files ask for.
#[derive(Debug, Default)]
pub(super) struct AskedFormats {
    /// The reports of bdd.
    pub(super) formats: Option<Sourced<Vec<Format>>>,
    /// Formatters that behave runs.
    pub(super) formatters: Vec<String>,
    /// What nobody writes.
    pub(super) warnings: Vec<String>,
}

/// The reports that the files ask for.
pub(super) fn of(files: &BehaveFiles, root: &Path) -> Result<AskedFormats, ConfigError> {
    let mut asked = AskedFormats::default();
    let mut formats = Vec::new();
    let mut origins = Origin::Default;
    if let Some((name, origin)) = given(files, "default_format") {
        let name = name.text();
        match console_format(&name) {
            Some(format) => {
                formats.push(format.to_owned());
                origins = origins.and(origin.clone());
            }
            None => asked.warnings.push(not_written(&name, origin)),
        }
    }
    for (name, file, origin) in outputs(files, root) {
        match Output::of(&name, &file, files) {
            Output::Own(format) => {
                formats.push(format);
                origins = origins.and(origin);
            }
            Output::Foreign(formatter) => asked.formatters.push(formatter),
            Output::Nothing => {}
            Output::Unknown => asked.warnings.push(not_written(&name, &origin)),
        }
    }
    if let Some(entry) = files.settings.get("junit")
        && truth("junit", entry)?
    {
        let folder = given(files, "junit_directory").map(|(folder, _)| folder.text());
        let folder = folder.unwrap_or_else(|| JUNIT.to_owned());
        formats.push(format!("junit:{}/", folder.trim_end_matches('/')));
        origins = origins.and(entry.origin.clone());
    }
    let formats: Vec<Format> = formats
        .iter()
        .filter_map(|text| text.parse().ok())
        .collect();
    if !formats.is_empty() {
        asked.formats = Some(Sourced {
            value: formats,
            origin: origins,
        });
    }
    Ok(asked)
}

/// What a formatter of behave is here.
enum Output {
    /// A report of bdd.
    Own(String),
    /// A formatter of another package, with its file.
    Foreign(String),
    /// It writes nothing.
    Nothing,
    /// A formatter of behave that has no counterpart.
    Unknown,
}

impl Output {
    fn of(name: &str, file: &str, files: &BehaveFiles) -> Self {
        let class = files.formatters.get(name).map(String::as_str);
        match (name, class.or_else(|| name.contains(':').then_some(name))) {
            (_, Some(class)) => Self::Foreign(format!("{class}:{file}")),
            ("rerun", _) => Self::Own(format!("rerun:{file}")),
            ("null", _) => Self::Nothing,
            (name, _) => match console_format(name) {
                Some(format) => Self::Own(format!("{format}:{file}")),
                None => Self::Unknown,
            },
        }
    }
}

/// The report for people that a formatter is.
fn console_format(name: &str) -> Option<&'static str> {
    match name {
        "pretty" | "plain" => Some("pretty"),
        "progress" | "progress2" | "progress3" => Some("progress"),
        _ => None,
    }
}

fn not_written(name: &str, origin: &Origin) -> String {
    format!(
        "{origin}: `bdd run` does not write the format `{name}` of behave; `bdd behave` does if it is json, \
         and `bdd run -f help` lists the formats of bdd"
    )
}

/// The formatters with their files. One without a file has its own, as in behave.
fn outputs(files: &BehaveFiles, root: &Path) -> Vec<(String, String, Origin)> {
    let Some(entry) = files.settings.get("format") else {
        return Vec::new();
    };
    let outfiles = files.settings.get("outfiles");
    let mut outfiles = outfiles
        .map(|entry| entry.value.list())
        .unwrap_or_default()
        .into_iter();
    let names = entry.value.list().into_iter();
    names
        .map(|name| {
            let file = outfiles.next().unwrap_or_else(|| format!("{name}.output"));
            let file = from_directory(&entry.folder.join(file), root);
            (name, file, entry.origin.clone())
        })
        .collect()
}
