//! The options of reports: `-f NAME,KEY=VALUE:FILE`.

use std::fmt;

use super::format_name::FormatName;
use crate::spelling::nearest;

/// An option that a report has.
struct KnownOption {
    report: FormatName,
    key: &'static str,
    /// The values; the first is the default.
    values: &'static [&'static str],
    about: &'static str,
}

const SWITCHED_OFF: &[&str] = &["false", "true"];
const SWITCHED_ON: &[&str] = &["true", "false"];

const KNOWN: [KnownOption; 6] = [
    KnownOption {
        report: FormatName::Junit,
        key: "plain",
        values: SWITCHED_OFF,
        about: "only what the schema of Jenkins has: no attempts, properties, places and times of test cases",
    },
    KnownOption {
        report: FormatName::Junit,
        key: "output",
        values: &["all", "failed", "none"],
        about: "which test cases have a `system-out`",
    },
    KnownOption {
        report: FormatName::Junit,
        key: "skipped",
        values: SWITCHED_ON,
        about: "whether scenarios that were skipped or did not run are test cases",
    },
    KnownOption {
        report: FormatName::Junit,
        key: "naming",
        values: &["title", "file"],
        about: "whether classes are named after the title or the file of a feature",
    },
    KnownOption {
        report: FormatName::Json,
        key: "attachments",
        values: SWITCHED_ON,
        about: "whether the report contains attachments",
    },
    KnownOption {
        report: FormatName::Usage,
        key: "sort",
        values: &["time", "uses", "place"],
        about: "the order of the definitions",
    },
];

/// The options of one report, as given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormatOptions(Vec<(&'static str, &'static str)>);

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
            let known = || KNOWN.iter().filter(|known| known.report == report);
            let Some(found) = known().find(|known| known.key == key) else {
                let keys = known().map(|known| known.key).collect();
                return Err(OptionError::Key(report, key.to_owned(), keys));
            };
            let Some(value) = found.values.iter().find(|known| **known == value) else {
                let value = value.to_owned();
                return Err(OptionError::Value(report, found.key, value, found.values));
            };
            // The last value of a repeated key wins.
            options.0.retain(|(known, _)| *known != found.key);
            options.0.push((found.key, value));
        }
        Ok(options)
    }

    fn value(&self, key: &str) -> &str {
        let given = self.0.iter().find(|(known, _)| *known == key);
        given.map_or("", |(_, value)| value)
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
        }
    }

    /// Whether the report contains attachments.
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

/// Prints what `FormatOptions::parse` reads, each after a comma.
impl fmt::Display for FormatOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = self.0.iter();
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
                let known = known.join(", ");
                write!(
                    f,
                    "unknown value `{value}` of the option `{key}` of the format `{report}` (values: {known})"
                )
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
    fn mistakes_say_what_there_is() {
        let error = |name, text| FormatOptions::parse(name, text).unwrap_err().to_string();
        assert_eq!(
            error(FormatName::Junit, "plan=true"),
            "unknown option `plan` of the format `junit`; did you mean `plain`? (options: plain, output, skipped, naming)"
        );
        assert_eq!(
            error(FormatName::Junit, "plain"),
            "unknown value `` of the option `plain` of the format `junit` (values: false, true)"
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
