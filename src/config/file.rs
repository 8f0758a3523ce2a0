//! `bdd.toml`: find it, read it, and report the exact place of each mistake.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::Environment;
use super::error::FileError;
use super::groups::{self, Group};
use super::lint::{LintLevel, unknown_rule};
use super::mistake::{Mistake, column_of, described, explain, line_of, unknown_key};
use super::origin::{Origin, Sourced};
use super::profile::{self, Profile};
use super::report_options::{self, ReportOptions};
use super::settings::{KEYS, Layer, Settings};
use super::value::Setting as _;
use super::wrong_type::{mistyped_setting, wrong_type};
use super::{steps, userdata};
use crate::report::FormatName;
use crate::rule::LintRule;

/// The name of the file.
pub const FILE_NAME: &str = "bdd.toml";

/// The settings in the file.
#[derive(Debug, Default)]
pub(super) struct SettingsFile {
    /// The settings at the top of the file, which apply to every run.
    pub(super) top: Layer,
    /// `[profile.NAME]`, by name.
    pub(super) profiles: BTreeMap<String, Profile>,
}

/// The nearest `bdd.toml` in a directory or its parents.
pub(super) fn find(directory: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .map(|folder| folder.join(FILE_NAME))
        // A link to nothing counts: settings that are silently missing change what a run means.
        .find(|path| path.is_file() || path.is_symlink())
}

/// The `bdd.toml` in this directory.
pub(super) fn in_folder(directory: &Path) -> Option<PathBuf> {
    find(directory).filter(|path| path.parent() == Some(directory))
}

/// Reads the file at `path`; `shown` is how messages name it.
///
/// # Errors
/// All mistakes of the file, including those in profiles that this run does not use.
pub(super) fn read(path: &Path, shown: &str) -> Result<SettingsFile, FileError> {
    let bytes = crate::input::read(path).map_err(|error| FileError::Unreadable {
        path: shown.to_owned(),
        error,
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let message = "this is not UTF-8".to_owned();
        FileError::Wrong(vec![Mistake::at(shown, &text, valid..valid, message, None)])
    })?;
    let mut reading = FileReading {
        shown,
        text: &text,
        mistakes: Vec::new(),
    };
    let file = match DeTable::parse(&text) {
        Ok(table) => reading.file(table.into_inner()),
        Err(error) => {
            reading.wrong_value(0..0, &error);
            SettingsFile::default()
        }
    };
    if reading.mistakes.is_empty() {
        return Ok(file);
    }
    reading.mistakes.sort_by_key(Mistake::position);
    Err(FileError::Wrong(reading.mistakes))
}

/// The reading of a file, with the mistakes found so far.
struct FileReading<'t> {
    shown: &'t str,
    text: &'t str,
    mistakes: Vec<Mistake>,
}

/// The part of the file that contains a key.
#[derive(Clone, Copy)]
struct FilePart<'p> {
    /// The name of the profile; none at the top.
    profile: Option<&'p str>,
}

type Key<'i> = Spanned<std::borrow::Cow<'i, str>>;

impl FileReading<'_> {
    fn mistake(
        &mut self,
        span: Range<usize>,
        (message, hint): (impl Into<String>, Option<String>),
    ) {
        let mistake = Mistake::at(self.shown, self.text, span, message.into(), hint);
        self.mistakes.push(mistake);
    }

    /// Adds an error of the `toml` crate about a value. `span` is the place if the error has none.
    fn wrong_value(&mut self, span: Range<usize>, error: &toml::de::Error) {
        self.mistake(error.span().unwrap_or(span), explain(error.message()));
    }

    fn origin(&self, part: FilePart<'_>, at: usize) -> Origin {
        let file = self.shown.to_owned();
        let (line, column) = (line_of(self.text, at), column_of(self.text, at));
        match part.profile {
            None => Origin::File { file, line, column },
            Some(name) => Origin::Profile {
                name: name.to_owned(),
                file,
                line,
                column,
            },
        }
    }

    fn file(&mut self, mut table: DeTable<'_>) -> SettingsFile {
        let profiles = match table.remove("profile") {
            Some(value) => self.profiles(value),
            None => BTreeMap::new(),
        };
        for (span, message, hint) in profile::misnamed(&profiles) {
            self.mistake(span, (message, hint));
        }
        let top = self.layer(table, FilePart { profile: None });
        SettingsFile { top, profiles }
    }

    fn profiles(&mut self, value: Spanned<DeValue<'_>>) -> BTreeMap<String, Profile> {
        let mut profiles = BTreeMap::new();
        for (key, value) in self.table(value) {
            let name = key.get_ref().to_string();
            if name == profile::NONE {
                self.mistake(key.span(), profile::reserved());
                continue;
            }
            let mut table: DeTable<'_> = self.table(value);
            let inherits = match table.remove("inherits") {
                Some(value) => self.text(value),
                None => None,
            };
            let part = FilePart {
                profile: Some(&name),
            };
            let layer = self.layer(table, part);
            profiles.insert(name, Profile { layer, inherits });
        }
        profiles
    }

    /// What stands at the top, or in a profile.
    fn layer(&mut self, mut table: DeTable<'_>, part: FilePart<'_>) -> Layer {
        let mut layer = Layer {
            reports: self.all_reports(&mut table, part),
            ..Layer::default()
        };
        for (key, value) in table {
            match &**key.get_ref() {
                "steps" => self.steps(&mut layer, value, part),
                "fmt" => self.settings(&mut layer, "fmt.", value, part),
                "lint" => layer.lint = self.lint(value, part),
                "groups" => layer.groups = self.groups(value, part),
                "userdata" => layer.userdata = self.userdata(value, part),
                _ => self.setting(&mut layer, "", key, value, part),
            }
        }
        layer
    }

    /// The options in `[reports.NAME]` and in `[junit]`, which is short for `[reports.junit]`.
    fn all_reports(&mut self, table: &mut DeTable<'_>, part: FilePart<'_>) -> ReportOptions {
        let mut options = ReportOptions::new();
        let mut long = None;
        if let Some((_, value)) = table.remove_entry(report_options::TABLE) {
            for (key, value) in self.table(value) {
                match report_options::report(key.get_ref()) {
                    Ok(report) => {
                        long = long.or((report == FormatName::Junit).then(|| key.span()));
                        self.options(&mut options, report, value, part);
                    }
                    Err(told) => self.mistake(key.span(), told),
                }
            }
        }
        let Some((short, value)) = table.remove_entry(report_options::JUNIT) else {
            return options;
        };
        self.options(&mut options, FormatName::Junit, value, part);
        if let Some(long) = long {
            // At the later of both, whichever that is.
            let span = if long.start > short.span().start {
                long
            } else {
                short.span()
            };
            let message = "`[junit]` and `[reports.junit]` are the same table";
            let hint = "write all options of the format `junit` in one of them";
            self.mistake(span, (message, Some(hint.to_owned())));
        }
        options
    }

    /// The options in the table of one report.
    fn options(
        &mut self,
        options: &mut ReportOptions,
        report: FormatName,
        table: Spanned<DeValue<'_>>,
        part: FilePart<'_>,
    ) {
        for (key, value) in self.table(table) {
            let origin = self.origin(part, key.span().start);
            let option = match report_options::option(report, key.get_ref()) {
                Ok(option) => option,
                Err(told) => {
                    self.mistake(key.span(), told);
                    continue;
                }
            };
            match report_options::from_toml(option, value.get_ref()) {
                Ok(value) => {
                    options.insert((report, option.key), Sourced { value, origin });
                }
                Err(told) => self.mistake(value.span(), told),
            }
        }
    }

    fn groups(
        &mut self,
        value: Spanned<DeValue<'_>>,
        part: FilePart<'_>,
    ) -> BTreeMap<String, Sourced<Group>> {
        let mut groups = BTreeMap::new();
        for (key, value) in self.table(value) {
            let (span, origin) = (value.span(), self.origin(part, key.span().start));
            if let Some(message) = groups::misnamed(key.get_ref()) {
                self.mistake(key.span(), (message, None));
                continue;
            }
            match Group::deserialize(ValueDeserializer::from(value)) {
                Ok(value) => {
                    groups.insert(key.into_inner().into(), Sourced { value, origin });
                }
                Err(error) => self.wrong_value(span, &error),
            }
        }
        groups
    }

    fn lint(
        &mut self,
        value: Spanned<DeValue<'_>>,
        part: FilePart<'_>,
    ) -> BTreeMap<String, Sourced<LintLevel>> {
        let mut levels = BTreeMap::new();
        for (key, value) in self.table(value) {
            let (span, origin) = (value.span(), self.origin(part, key.span().start));
            if LintRule::named(key.get_ref()).is_none() {
                self.mistake(key.span(), unknown_rule(key.get_ref()));
                continue;
            }
            match LintLevel::deserialize(ValueDeserializer::from(value.clone())) {
                Ok(value) => {
                    levels.insert(key.into_inner().into(), Sourced { value, origin });
                }
                Err(error) => match wrong_type(&LintLevel::schema(), "", &value) {
                    Some((span, message)) => self.mistake(span, (message, None)),
                    None => self.wrong_value(span, &error),
                },
            }
        }
        levels
    }

    fn userdata(
        &mut self,
        value: Spanned<DeValue<'_>>,
        part: FilePart<'_>,
    ) -> BTreeMap<String, Sourced<String>> {
        let mut all = BTreeMap::new();
        for (key, value) in self.table(value) {
            let origin = self.origin(part, key.span().start);
            match userdata::from_toml(value.get_ref()) {
                Ok(value) => {
                    all.insert(key.into_inner().into(), Sourced { value, origin });
                }
                Err(message) => self.mistake(value.span(), (message, None)),
            }
        }
        all
    }

    /// The keys of `[steps]`, which must not contradict each other.
    fn steps(&mut self, layer: &mut Layer, value: Spanned<DeValue<'_>>, part: FilePart<'_>) {
        let table = value.get_ref().as_table();
        let spans: BTreeMap<String, Range<usize>> = (table.into_iter().flatten())
            .map(|(key, value)| (key.get_ref().to_string(), value.span()))
            .collect();
        self.settings(layer, "steps.", value, part);
        let alone = Settings::new(layer.clone(), &Environment::default());
        if let Err(error) = steps::check(&alone)
            && let Some(span) = error.key().and_then(|key| spans.get(key))
        {
            let hint = error.hint().map(str::to_owned);
            self.mistake(span.clone(), (error.to_string(), hint));
        }
    }

    /// The keys of a table; `table` is what stands before them in [`KEYS`].
    fn settings(
        &mut self,
        layer: &mut Layer,
        table: &str,
        value: Spanned<DeValue<'_>>,
        part: FilePart<'_>,
    ) {
        for (key, value) in self.table(value) {
            self.setting(layer, table, key, value, part);
        }
    }

    /// A key with a value of its own; `table` is what stands before it in [`KEYS`].
    fn setting(
        &mut self,
        layer: &mut Layer,
        table: &str,
        key: Key<'_>,
        value: Spanned<DeValue<'_>>,
        part: FilePart<'_>,
    ) {
        let (name, span) = (format!("{table}{}", key.get_ref()), value.span());
        let origin = self.origin(part, span.start);
        // A dot in a key, which takes quotes to write, would look like the dot after a table's name.
        let read = match key.get_ref().contains('.') {
            true => Ok(false),
            false => layer.read_toml(&name, value.clone(), origin),
        };
        match read {
            Ok(true) => {}
            Ok(false) => {
                let known = known(table, part);
                self.mistake(key.span(), unknown_key(key.get_ref(), &known));
            }
            Err(error) => match mistyped_setting(&name, key.get_ref(), &value) {
                Some((span, told)) => self.mistake(span, told),
                None => self.wrong_value(span, &error),
            },
        }
    }

    fn table<'i>(&mut self, value: Spanned<DeValue<'i>>) -> DeTable<'i> {
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(table) => table,
            other => {
                let message = format!("expected a table, not {}", described(&other));
                self.mistake(span, (message, None));
                DeTable::new()
            }
        }
    }

    fn text(&mut self, value: Spanned<DeValue<'_>>) -> Option<Spanned<String>> {
        let span = value.span();
        match value.get_ref().as_str() {
            Some(text) => Some(Spanned::new(span, text.to_owned())),
            None => {
                let message = format!("expected a text, not {}", described(value.get_ref()));
                self.mistake(span, (message, None));
                None
            }
        }
    }
}

/// The keys that may stand in a table.
fn known(table: &str, part: FilePart<'_>) -> Vec<&'static str> {
    if !table.is_empty() {
        let keys = KEYS.iter();
        return keys.filter_map(|key| key.strip_prefix(table)).collect();
    }
    let at_top = |key: &&'static str| !key.contains('.');
    let mut known: Vec<&str> = KEYS.iter().copied().filter(at_top).collect();
    known.extend([
        "steps",
        "fmt",
        report_options::TABLE,
        report_options::JUNIT,
        "groups",
        "lint",
        "userdata",
    ]);
    known.push(match part.profile {
        None => "profile",
        Some(_) => "inherits",
    });
    known
}
