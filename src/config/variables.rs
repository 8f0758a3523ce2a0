//! Settings from the environment: `BDD_STEP_TIMEOUT=30s`, a variable for each key of the file.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use bdd_protocol::variables::{self as worker_variables, SOCKET, USERDATA};

use super::origin::{Origin, Sourced};
use super::settings::{KEYS, Layer};
use super::{Environment, Group, report_options, userdata, value};
use crate::report::ReportOption;
use crate::spelling::nearest;

/// The beginning of the names of all variables.
const PREFIX: &str = "BDD_";

/// The variable with the name of the profile.
pub(super) const PROFILE: &str = "BDD_PROFILE";

/// The variable with the path of the settings file.
const CONFIG: &str = "BDD_CONFIG";

/// The variable with groups and their limits.
const GROUPS: &str = "BDD_GROUPS";

/// The settings in the environment.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// The settings.
    pub(super) layer: Layer,
    /// The name of a profile.
    pub(super) profile: Option<String>,
    /// The settings file.
    pub(super) config: Option<PathBuf>,
    /// Variables that are probably misspelt: one line each.
    pub(super) warnings: Vec<String>,
}

/// What a variable sets.
#[derive(Clone, Copy)]
enum Meaning {
    /// The setting with this key.
    Setting(&'static str),
    /// An option of a report.
    Option(&'static ReportOption),
    /// Something that has a variable and no key of its own.
    Other,
}

/// All variables by name.
fn meanings() -> BTreeMap<String, Meaning> {
    let settings = KEYS
        .iter()
        .map(|key| (variable(key), Meaning::Setting(key)));
    let options = ReportOption::all().iter();
    let options = options.map(|option| {
        let key = report_options::full_key(option);
        (variable(&key), Meaning::Option(option))
    });
    let others = [PROFILE, CONFIG, GROUPS, USERDATA];
    let others = others.map(|name| (name.to_owned(), Meaning::Other));
    settings.chain(options).chain(others).collect()
}

/// The variable for a key of the file.
fn variable(key: &str) -> String {
    let name = key.replace(['-', '.'], "_").to_ascii_uppercase();
    format!("{PREFIX}{name}")
}

/// Reads the settings in the environment.
///
/// Inside a run they are ignored. A `bdd` that a step starts inherits the environment of its worker, in which
/// `BDD_JOBS` and other variables describe the outer run or were meant for it.
///
/// # Errors
/// All variables whose values make no sense.
pub(super) fn read(environment: &Environment) -> Result<Variables, Vec<WrongVariable>> {
    let mut variables = Variables::default();
    if environment
        .variable(SOCKET)
        .is_some_and(|socket| !socket.is_empty())
    {
        return Ok(variables);
    }
    let meanings = meanings();
    let mut wrong = Vec::new();
    for (name, value) in &environment.variables {
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else {
            continue;
        };
        let Some(meaning) = meanings.get(name).copied() else {
            variables.warnings.extend(misspelt(name, &meanings));
            continue;
        };
        // Scripts often have no other way to leave a variable out.
        if value.is_empty() {
            continue;
        }
        let result = match value.to_str() {
            _ if name == CONFIG => {
                variables.config = Some(value.into());
                Ok(())
            }
            Some(text) => variables.take(name, meaning, text),
            None => Err("it is not UTF-8".to_owned()),
        };
        if let Err(message) = result {
            let name = name.to_owned();
            wrong.push(WrongVariable { name, message });
        }
    }
    match wrong.is_empty() {
        true => Ok(variables),
        false => Err(wrong),
    }
}

impl Variables {
    fn take(&mut self, name: &str, meaning: Meaning, text: &str) -> Result<(), String> {
        let origin = Origin::Variable(name.to_owned());
        match (name, meaning) {
            (_, Meaning::Setting(key)) => self.layer.read_text(key, text, origin)?,
            (_, Meaning::Option(option)) => {
                let value = report_options::from_text(option, text)?;
                let key = (option.report, option.key);
                self.layer.reports.insert(key, Sourced { value, origin });
            }
            (PROFILE, Meaning::Other) => self.profile = Some(text.to_owned()),
            (GROUPS, Meaning::Other) => {
                for part in value::parts(text) {
                    let (name, value) = Group::named(part)?;
                    let origin = origin.clone();
                    self.layer.groups.insert(name, Sourced { value, origin });
                }
            }
            (_, Meaning::Other) => {
                for (name, value) in userdata::from_text(text)? {
                    let origin = origin.clone();
                    self.layer.userdata.insert(name, Sourced { value, origin });
                }
            }
        }
        Ok(())
    }
}

/// A message about an unknown variable that is probably a misspelt setting.
fn misspelt(name: &str, meanings: &BTreeMap<String, Meaning>) -> Option<String> {
    if worker_variables::ALL.contains(&name) {
        return None;
    }
    // The prefix would make all of them alike.
    let known = meanings.keys().map(|known| &known[PREFIX.len()..]);
    let near = nearest(&name[PREFIX.len()..], known)?;
    Some(format!(
        "the environment variable {name} is not a setting; did you mean {PREFIX}{near}?"
    ))
}

/// A variable whose value makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongVariable {
    name: String,
    message: String,
}

impl fmt::Display for WrongVariable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.message.lines();
        let first = lines.next().unwrap_or_default();
        write!(formatter, "{}: {first}", self.name)?;
        lines.try_for_each(|line| write!(formatter, "\n  {line}"))
    }
}

impl std::error::Error for WrongVariable {}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment {
            variables: (variables.iter())
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            ..Environment::default()
        }
    }

    #[test]
    fn every_key_has_a_variable_of_its_own() {
        let names = meanings();
        assert_eq!(names.len(), KEYS.len() + ReportOption::all().len() + 4);
        assert!(names.contains_key("BDD_STEP_TIMEOUT"));
        assert!(names.contains_key("BDD_STEPS_START_TIMEOUT"));
        assert!(names.contains_key("BDD_REPORTS_JUNIT_PLAIN"));
        // `BDD_USERDATA` and these mean the same in a worker.
        let shared = ["BDD_JOBS", "BDD_LEAKS", "BDD_STATE_CHANGES", USERDATA];
        for name in worker_variables::ALL {
            let one_meaning = shared.contains(&name) || !names.contains_key(name);
            assert!(one_meaning, "{name} has two meanings");
        }
    }

    #[test]
    fn a_value_and_its_variable() {
        let variables = read(&environment(&[
            ("BDD_JOBS", "3"),
            ("BDD_RETRIES", ""),
            ("BDD_GROUPS", "db=1,net=2"),
            ("BDD_PROFILE", "ci"),
        ]))
        .unwrap();
        let jobs = variables.layer.jobs.unwrap();
        assert_eq!(jobs.value.get(), 3);
        assert_eq!(jobs.origin.to_string(), "BDD_JOBS");
        assert!(variables.layer.retries.is_none(), "an empty one is none");
        assert_eq!(variables.layer.groups["net"].value.limit.get(), 2);
        assert_eq!(variables.profile.as_deref(), Some("ci"));
        assert_eq!(variables.warnings, [""; 0]);
    }

    #[test]
    fn inside_a_run_there_are_none() {
        let variables = [("BDD_JOBS", "x"), ("BDD_STEP_TIMEOT", "1s")];
        assert_eq!(read(&environment(&variables)).unwrap_err().len(), 1);
        let inside = [&variables[..], &[(SOCKET, "/tmp/socket")]].concat();
        let variables = read(&environment(&inside)).unwrap();
        assert!(variables.layer.jobs.is_none() && variables.warnings.is_empty());
    }

    #[test]
    fn a_misspelt_setting_is_reported() {
        let warned = |name| {
            !read(&environment(&[(name, "1")]))
                .unwrap()
                .warnings
                .is_empty()
        };
        for name in [
            "BDD_STEP_TIMEOT",
            "BDD_RETRY",
            "BDD_JOB",
            "BDD_TAG",
            "BDD_FORMATS",
            "BDD_MAX_FAILURE",
            "BDD_STEPS",
            "BDD_PROFIL",
            "BDD_USER_DATA",
            "BDD_GROUP",
        ] {
            assert!(warned(name), "{name}");
        }
        for name in [
            "BDD_RUN_ID",
            "BDD_WORKER_INDEX",
            "BDD_EXE",
            "BDD_CONFORMANCE",
            "BDD_BLESS",
            "BDD_SHOW",
            "BDD_BROWSER",
            "BDD_DATABASE_URL",
            "BDD_SERVER_PORT",
            "OTHER_JOB",
        ] {
            assert!(!warned(name), "{name}");
        }
    }
}
