//! The options of reports: `-f NAME,KEY=VALUE:FILE`, and `[reports.NAME]` of the settings.
//!
//! Each is declared once, here. Where settings come from is not known here.

use std::collections::BTreeMap;
use std::fmt;

use super::format_name::FormatName;
use crate::spelling::nearest;

/// An option that a report has.
#[derive(Debug)]
pub struct ReportOption {
    /// The report.
    pub report: FormatName,
    /// The name of the option.
    pub key: &'static str,
    /// The values; the first is the default.
    pub values: &'static [&'static str],
    /// What it decides, in a line.
    pub about: &'static str,
}

const SWITCHED_OFF: &[&str] = &["false", "true"];
const SWITCHED_ON: &[&str] = &["true", "false"];

static KNOWN: [ReportOption; 7] = [
    ReportOption {
        report: FormatName::Junit,
        key: "plain",
        values: SWITCHED_OFF,
        about: "only what the schema of Jenkins has: no attempts, properties, places and times of test cases",
    },
    ReportOption {
        report: FormatName::Junit,
        key: "output",
        values: &["all", "failed", "none"],
        about: "which test cases have a `system-out`",
    },
    ReportOption {
        report: FormatName::Junit,
        key: "skipped",
        values: SWITCHED_ON,
        about: "whether scenarios that were skipped or did not run are test cases",
    },
    ReportOption {
        report: FormatName::Junit,
        key: "naming",
        values: &["title", "file"],
        about: "whether classes are named after the title or the file of a feature",
    },
    ReportOption {
        report: FormatName::Junit,
        key: "attachments",
        values: SWITCHED_ON,
        about: "whether attached files are kept in a folder beside the report",
    },
    ReportOption {
        report: FormatName::Json,
        key: "attachments",
        values: SWITCHED_ON,
        about: "whether the report contains attachments",
    },
    ReportOption {
        report: FormatName::Usage,
        key: "sort",
        values: &["time", "uses", "place"],
        about: "the order of the definitions",
    },
];

impl ReportOption {
    /// All options of all reports.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &KNOWN
    }

    /// The options of a report.
    pub fn of(report: FormatName) -> impl Iterator<Item = &'static Self> {
        KNOWN.iter().filter(move |option| option.report == report)
    }

    /// Whether its values are `true` and `false`.
    #[must_use]
    pub fn is_switch(&self) -> bool {
        self.values.contains(&"true")
    }

    /// The value with this name, if there is one.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'static str> {
        self.values.iter().find(|value| **value == name).copied()
    }
}

/// The options of one report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormatOptions {
    /// Those that were given with the report.
    given: Vec<(&'static str, &'static str)>,
    /// Those of the settings, which are for all reports of this name.
    settings: Vec<(&'static str, &'static str)>,
}

/// The options that settings give to reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionSettings(BTreeMap<(FormatName, &'static str), &'static str>);

impl OptionSettings {
    /// The values by report and key, as events have them.
    #[must_use]
    pub fn named(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let mut named: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for ((report, key), value) in &self.0 {
            let options = named.entry(report.to_string()).or_default();
            options.insert((*key).to_owned(), (*value).to_owned());
        }
        named
    }

    /// Reads what [`Self::named`] gives. Options that only another version of bdd has are ignored.
    #[must_use]
    pub fn of_named(named: &BTreeMap<String, BTreeMap<String, String>>) -> Self {
        let value = |option: &ReportOption| {
            let options = named.get(option.report.as_str())?;
            let value = option.value(options.get(option.key)?)?;
            Some(((option.report, option.key), value))
        };
        Self(KNOWN.iter().filter_map(value).collect())
    }
}

impl FromIterator<((FormatName, &'static str), &'static str)> for OptionSettings {
    fn from_iter<I: IntoIterator<Item = ((FormatName, &'static str), &'static str)>>(
        options: I,
    ) -> Self {
        Self(options.into_iter().collect())
    }
}

/// The order of a `usage` report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UsageOrder {
    Time,
    Uses,
    Place,
}

/// The options of a `junit` report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct JunitOptions {
    pub(super) plain: bool,
    pub(super) output: JunitOutput,
    pub(super) skipped: bool,
    pub(super) by_file: bool,
    pub(super) attachments: bool,
}

/// Which test cases have a `system-out`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JunitOutput {
    All,
    Failed,
    None,
}

impl FormatOptions {
    /// Reads `KEY=VALUE,KEY=VALUE`, the options of a report of this name.
    pub(super) fn parse(report: FormatName, text: &str) -> Result<Self, OptionError> {
        let mut options = Self::default();
        for one in text.split(',') {
            let (key, value) = one.split_once('=').unwrap_or((one, ""));
            let Some(found) = ReportOption::of(report).find(|known| known.key == key) else {
                let keys = ReportOption::of(report).map(|known| known.key).collect();
                return Err(OptionError::Key(report, key.to_owned(), keys));
            };
            let Some(value) = found.value(value) else {
                let value = value.to_owned();
                return Err(OptionError::Value(report, found.key, value, found.values));
            };
            // The last value of a repeated key wins.
            options.given.retain(|(known, _)| *known != found.key);
            options.given.push((found.key, value));
        }
        Ok(options)
    }

    /// The options of a report with this name, with those of the settings below them.
    pub(super) fn with_settings(mut self, report: FormatName, settings: &OptionSettings) -> Self {
        let all = settings.0.iter();
        self.settings = all
            .filter(|((of, _), _)| *of == report)
            .map(|((_, key), value)| (*key, *value))
            .collect();
        self
    }

    fn value(&self, key: &str) -> &str {
        let mut all = self.given.iter().chain(&self.settings);
        let value = all.find(|(known, _)| *known == key);
        value.map_or("", |(_, value)| value)
    }

    pub(super) fn junit(&self) -> JunitOptions {
        JunitOptions {
            plain: self.value("plain") == "true",
            output: match self.value("output") {
                "failed" => JunitOutput::Failed,
                "none" => JunitOutput::None,
                _ => JunitOutput::All,
            },
            skipped: self.value("skipped") != "false",
            by_file: self.value("naming") == "file",
            attachments: self.attachments(),
        }
    }

    /// Whether the report contains attachments, or has them beside it.
    pub(super) fn attachments(&self) -> bool {
        self.value("attachments") != "false"
    }

    pub(super) fn usage(&self) -> UsageOrder {
        match self.value("sort") {
            "uses" => UsageOrder::Uses,
            "place" => UsageOrder::Place,
            _ => UsageOrder::Time,
        }
    }
}

/// Prints what `FormatOptions::parse` reads, each after a comma: without those of the settings.
impl fmt::Display for FormatOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = self.given.iter();
        all.try_for_each(|(key, value)| write!(f, ",{key}={value}"))
    }
}

/// Why options are not valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionError {
    /// The report does not have this option; those that it has.
    Key(FormatName, String, Vec<&'static str>),
    /// The option does not have this value; those that it has.
    Value(FormatName, &'static str, String, &'static [&'static str]),
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OptionError::Key(report, key, known) => {
                let key = super::text::line(key);
                write!(f, "unknown option `{key}` of the format `{report}`")?;
                if let Some(nearest) = nearest(&key, known.iter().copied()) {
                    write!(f, "; did you mean `{nearest}`?")?;
                }
                match known.as_slice() {
                    [] => write!(f, " (it has none)"),
                    known => write!(f, " (options: {})", known.join(", ")),
                }
            }
            OptionError::Value(report, key, value, known) => {
                let value = super::text::line(value);
                write!(
                    f,
                    "unknown value `{value}` of the option `{key}` of the format `{report}`"
                )?;
                if let Some(nearest) = nearest(&value, known.iter().copied()) {
                    write!(f, "; did you mean `{nearest}`?")?;
                }
                write!(f, " (values: {})", known.join(", "))
            }
        }
    }
}

/// The list of all formats and their options, for `-f help`.
#[must_use]
pub fn list() -> String {
    let mut out = "Formats, for -f NAME[,KEY=VALUE…][:FILE]:\n".to_owned();
    for name in FormatName::ALL {
        out.push_str(&format!("  {:<15} {}\n", name.as_str(), name.about()));
    }
    out.push_str("\nOptions (the first value is the default):\n");
    for option in &KNOWN {
        let key = format!("{},{}=", option.report, option.key);
        let values = option.values.join("|");
        out.push_str(&format!("  {key}{values}\n      {}\n", option.about));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_read_themselves() {
        let options = FormatOptions::parse(FormatName::Junit, "plain=true,output=none").unwrap();
        assert_eq!(options.to_string(), ",plain=true,output=none");
        assert!(options.junit().plain && options.junit().output == JunitOutput::None);
        let twice = FormatOptions::parse(FormatName::Usage, "sort=uses,sort=place").unwrap();
        assert_eq!(twice.usage(), UsageOrder::Place);
    }

    #[test]
    fn what_is_given_wins_over_settings() {
        let (junit, usage) = (FormatName::Junit, FormatName::Usage);
        let settings: OptionSettings = [
            ((junit, "plain"), "true"),
            ((junit, "output"), "failed"),
            ((usage, "sort"), "uses"),
        ]
        .into_iter()
        .collect();
        let given = FormatOptions::parse(junit, "output=none").unwrap();
        let options = given.with_settings(junit, &settings);
        assert!(options.junit().plain && options.junit().output == JunitOutput::None);
        assert_eq!(options.to_string(), ",output=none");
        let options = FormatOptions::default().with_settings(usage, &settings);
        assert_eq!(options.usage(), UsageOrder::Uses);
    }

    #[test]
    fn settings_are_read_as_they_are_named() {
        let settings: OptionSettings = [((FormatName::Junit, "naming"), "file")]
            .into_iter()
            .collect();
        let mut named = settings.named();
        assert_eq!(OptionSettings::of_named(&named), settings);
        let later = BTreeMap::from([("x".to_owned(), "y".to_owned())]);
        named.insert("paper".to_owned(), later.clone());
        named.insert("json".to_owned(), later);
        assert_eq!(OptionSettings::of_named(&named), settings);
    }

    #[test]
    fn mistakes_say_what_there_is() {
        let error = |name, text| FormatOptions::parse(name, text).unwrap_err().to_string();
        assert_eq!(
            error(FormatName::Junit, "plan=true"),
            "unknown option `plan` of the format `junit`; did you mean `plain`? (options: plain, output, skipped, naming, attachments)"
        );
        assert_eq!(
            error(FormatName::Junit, "plain"),
            "unknown value `` of the option `plain` of the format `junit` (values: false, true)"
        );
        assert_eq!(
            error(FormatName::Junit, "output=faild"),
            "unknown value `faild` of the option `output` of the format `junit`; did you mean `failed`? (values: all, failed, none)"
        );
        assert_eq!(
            error(FormatName::Tap, "x=1"),
            "unknown option `x` of the format `tap` (it has none)"
        );
    }

    #[test]
    fn help_lists_every_format_in_one_line() {
        let list = list();
        for name in FormatName::ALL {
            let begins = format!("  {name} ");
            assert_eq!(
                list.lines()
                    .filter(|line| line.starts_with(&begins))
                    .count(),
                1
            );
        }
    }
}
