//! What each setting of behave's files is in bdd.

use std::num::NonZeroU32;
use std::path::Path;

use regex::Regex;
use serde_json::json;

use super::formats;
use super::read::{BehaveFiles, FileEntry};
use super::values::{truth, wrong};
use crate::config::origin::Sourced;
use crate::config::settings::{Layer, SettingRow};
use crate::config::value::{Setting as _, Tags};
use crate::config::{
    ColorChoice, ConfigError, FilePatterns, Language, MaxFailures, NamePattern, Project,
    SnippetStyle,
};
use crate::paths::from_directory;
use crate::plan::tags::of_behave;
use crate::report::ConsoleOptions;
use crate::spelling::nearest;

/// The keys that mean something to steps only. behave reads them itself in each worker.
const OF_STEPS: &[&str] = &[
    "capture_hooks",
    "capture_log",
    "capture_stderr",
    "log_capture",
    "logging_clear_handlers",
    "logging_datefmt",
    "logging_filter",
    "logging_format",
    "logging_level",
    "scenario_outline_annotation_schema",
    "stage",
    "stderr_capture",
    "tag_expression_protocol",
    "use_nested_step_modules",
];

/// The keys that bdd takes.
const TAKEN: &[&str] = &[
    "capture",
    "capture_stdout",
    "color",
    "default_format",
    "default_tags",
    "dry_run",
    "exclude_re",
    "format",
    "include_re",
    "jobs",
    "junit",
    "junit_directory",
    "lang",
    "name",
    "outfiles",
    "paths",
    "quiet",
    "show_multiline",
    "show_skipped",
    "show_snippets",
    "show_source",
    "show_timings",
    "stdout_capture",
    "stop",
    "tags",
    "verbose",
];

/// The keys that nobody takes, and why.
const REFUSED: &[(&str, &str)] = &[
    ("runner", "bdd runs scenarios with its own runner"),
    ("steps_catalog", "use `bdd run --dry-run -f usage`"),
    ("summary", "bdd always prints a summary"),
    ("wip", "use `bdd run --wip`"),
];

/// The settings in behave's files.
#[derive(Debug, Default)]
pub(in crate::config) struct BehaveSettings {
    /// Those that have a key in `bdd.toml`.
    pub(in crate::config) layer: Layer,
    /// Patterns for names of scenarios.
    pub(in crate::config) names: Vec<NamePattern>,
    /// Patterns for paths of feature files.
    pub(in crate::config) files: FilePatterns,
    /// Whether steps are only matched.
    pub(in crate::config) dry_run: bool,
    /// What the reports for people show.
    pub(in crate::config) console: ConsoleOptions,
    /// Whether there is a line for each scenario.
    pub(in crate::config) verbose: bool,
    /// Formatters of other packages.
    pub(in crate::config) formatters: Vec<String>,
    /// The settings without a key, as `bdd config` shows them.
    pub(in crate::config) rows: Vec<SettingRow>,
    /// What nobody does.
    pub(in crate::config) warnings: Vec<String>,
}

impl BehaveSettings {
    pub(super) fn new(files: &BehaveFiles, project: &Project) -> Result<Self, ConfigError> {
        let mut settings = Self::default();
        settings.layer.userdata.clone_from(&files.userdata);
        for (key, entry) in &files.settings {
            settings.take(key, entry, files, &project.root)?;
        }
        let asked = formats::of(files, &project.root)?;
        settings.layer.format = asked.formats;
        settings.formatters = asked.formatters;
        settings.warnings.extend(asked.warnings);
        Ok(settings)
    }

    fn take(
        &mut self,
        key: &str,
        entry: &FileEntry,
        files: &BehaveFiles,
        root: &Path,
    ) -> Result<(), ConfigError> {
        let origin = || entry.origin.clone();
        let sourced = |value| {
            Some(Sourced {
                value,
                origin: origin(),
            })
        };
        match key {
            "paths" => {
                let paths = entry.value.list().into_iter();
                let value = paths
                    .map(|path| from_directory(&entry.folder.join(path), root))
                    .collect();
                self.layer.features = Some(Sourced {
                    value,
                    origin: origin(),
                });
            }
            "tags" => self.tags(key, entry)?,
            "default_tags" if !files.settings.contains_key("tags") => self.tags(key, entry)?,
            "name" => {
                for name in entry.value.list() {
                    let pattern = name.parse();
                    let pattern =
                        pattern.map_err(|error: regex::Error| wrong(key, entry, &error))?;
                    self.names.push(pattern);
                }
                self.row("name", json!(entry.value.list()), entry);
            }
            "include_re" | "exclude_re" => {
                let text = entry.value.text();
                let pattern = Regex::new(&text).map_err(|error| wrong(key, entry, &error))?;
                match key {
                    "include_re" => self.files.include = Some(pattern),
                    _ => self.files.exclude = Some(pattern),
                }
                self.row(&key.replace('_', "-"), json!(text), entry);
            }
            "lang" => {
                let language = Language::from_text(&entry.value.text());
                let value = language.map_err(|error| wrong(key, entry, &error))?;
                self.layer.language = Some(Sourced {
                    value,
                    origin: origin(),
                });
            }
            "jobs" => {
                let count: u32 = (entry.value.text().trim().parse())
                    .map_err(|_| wrong(key, entry, &"expected a number"))?;
                let value = NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
                self.layer.jobs = Some(Sourced {
                    value,
                    origin: origin(),
                });
            }
            "color" => {
                let value = match entry.value.text().as_str() {
                    "on" | "always" | "true" => ColorChoice::Always,
                    "off" | "never" | "false" => ColorChoice::Never,
                    _ => ColorChoice::Auto,
                };
                self.layer.color = Some(Sourced {
                    value,
                    origin: origin(),
                });
            }
            "stop" if truth(key, entry)? => {
                let value = Some(MaxFailures::FIRST);
                self.layer.max_failures = Some(Sourced {
                    value,
                    origin: origin(),
                });
            }
            "dry_run" if truth(key, entry)? => {
                self.dry_run = true;
                self.row("dry-run", json!(true), entry);
            }
            "capture" | "capture_stdout" | "stdout_capture" if !truth(key, entry)? => {
                self.layer.capture = sourced(false);
            }
            "show_snippets" if !truth(key, entry)? => self.no_snippets(entry),
            "quiet" if truth(key, entry)? => {
                self.no_snippets(entry);
                self.console.no_source = true;
            }
            "verbose" => self.verbose = truth(key, entry)?,
            "show_source" => self.console.no_source |= !truth(key, entry)?,
            "show_multiline" => self.console.no_multiline = !truth(key, entry)?,
            "show_skipped" => self.console.no_skipped = !truth(key, entry)?,
            "show_timings" => self.console.show_timings = truth(key, entry)?,
            key if TAKEN.contains(&key) || OF_STEPS.contains(&key) => {}
            key => self.warnings.extend(refused(key, entry)),
        }
        Ok(())
    }

    /// Captures output although a file says otherwise, because a higher source asks for several workers: their output
    /// would be mixed up.
    pub(in crate::config) fn capture_again(&mut self) {
        if let Some(off) = self.layer.capture.take() {
            self.warnings.push(format!(
                "{}: output is captured all the same, because there are several workers",
                off.origin
            ));
        }
    }

    fn tags(&mut self, key: &str, entry: &FileEntry) -> Result<(), ConfigError> {
        let tags = of_behave(&entry.value.list()).map_err(|error| wrong(key, entry, &error))?;
        self.layer.tags = Some(Sourced {
            value: Tags(tags),
            origin: entry.origin.clone(),
        });
        Ok(())
    }

    fn no_snippets(&mut self, entry: &FileEntry) {
        self.layer.snippets = Some(Sourced {
            value: SnippetStyle::None,
            origin: entry.origin.clone(),
        });
    }

    fn row(&mut self, key: &str, value: serde_json::Value, entry: &FileEntry) {
        self.rows.push(SettingRow {
            key: key.to_owned(),
            value,
            origin: entry.origin.clone(),
        });
    }
}

/// The warning about a key that nobody takes, unless its value asks for nothing.
fn refused(key: &str, entry: &FileEntry) -> Option<String> {
    let place = &entry.origin;
    if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| *refused == key) {
        let asks = match key {
            "runner" => !["default", "behave.runner:Runner"].contains(&entry.value.text().as_str()),
            "summary" => entry.value.truth() == Some(false),
            _ => entry.value.truth() != Some(false),
        };
        return asks.then(|| format!("{place}: `{key}` has no effect here: {why}"));
    }
    let refused = REFUSED.iter().map(|(key, _)| *key);
    let known = TAKEN.iter().chain(OF_STEPS).copied().chain(refused);
    let meant =
        nearest(key, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Some(format!(
        "{place}: neither bdd nor behave knows the setting `{key}`{meant}"
    ))
}
