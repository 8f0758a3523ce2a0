//! The value of `-f NAME[:FILE]`.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

use super::format_name::FormatName;
use super::options::{FormatOptions, OptionError, OptionSettings};
use crate::spelling::nearest;

/// What may be written as the file of a report on standard output. It has room for one report: with two, the text of one would
/// be in the middle of the other.
const STANDARD_OUTPUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// A report that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Format {
    /// Which report.
    pub name: FormatName,
    /// Its options.
    pub options: FormatOptions,
    /// The file or directory to write to, as given; `None` for standard output.
    pub file: Option<PathBuf>,
}

/// Prints what [`Format::from_str`] reads.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{}{}:{}", self.name, self.options, file.display()),
            None => write!(f, "{}{}", self.name, self.options),
        }
    }
}

impl TryFrom<String> for Format {
    type Error = FormatError;

    fn try_from(text: String) -> Result<Self, FormatError> {
        text.parse()
    }
}

impl Format {
    /// JUnit, with a file for each feature in this folder.
    pub fn junit_folder(folder: &str) -> Self {
        let folder = format!("{}/", folder.trim_end_matches('/'));
        Self {
            name: FormatName::Junit,
            options: FormatOptions::default(),
            file: Some(PathBuf::from(folder)),
        }
    }
}

impl FromStr for Format {
    type Err = FormatError;

    /// Reads `NAME,KEY=VALUE:FILE`, with any number of options, and without a file for standard output.
    fn from_str(text: &str) -> Result<Self, FormatError> {
        let (head, file) = match text.split_once(':') {
            Some((head, file)) => (head, Some(file)),
            None => (text, None),
        };
        let (name, options) = match head.split_once(',') {
            Some((name, options)) => (name, Some(options)),
            None => (head, None),
        };
        let Some(name) = FormatName::ALL
            .into_iter()
            .find(|known| known.as_str() == name)
        else {
            return Err(FormatError::Unknown(name.to_owned()));
        };
        let options = options.map(|options| FormatOptions::parse(name, options));
        let options = options.transpose().map_err(FormatError::Option)?;
        let file = match file {
            Some("") => return Err(FormatError::NoFile(name)),
            None => None,
            Some(file) if STANDARD_OUTPUT.contains(&file) => None,
            Some(file) => Some(PathBuf::from(file)),
        };
        Ok(Format {
            name,
            options: options.unwrap_or_default(),
            file,
        })
    }
}

impl Format {
    /// The same with the home folder in place of `~` at the start of the path: a shell replaces it only at the
    /// start of a word.
    #[must_use]
    pub(crate) fn with_home(mut self, home: Option<&OsStr>) -> Self {
        if let (Some(file), Some(home)) = (&self.file, home.filter(|home| !home.is_empty()))
            && let Ok(rest) = file.strip_prefix("~")
        {
            let mut path = PathBuf::from(home).join(rest).into_os_string();
            let folder = file.as_os_str().to_string_lossy().ends_with('/');
            if folder && !path.to_string_lossy().ends_with('/') {
                path.push("/");
            }
            self.file = Some(path.into());
        }
        self
    }

    /// The same with the options of the settings below its own.
    #[must_use]
    pub(crate) fn with_settings(mut self, settings: &OptionSettings) -> Self {
        self.options = self.options.with_settings(self.name, settings);
        self
    }

    /// Whether a `junit` report goes into a directory, one file per feature: the path ends in
    /// `/`, is a directory, or does not end in `.xml`. `directory` is where paths begin.
    pub(crate) fn is_directory(&self, directory: &Path) -> bool {
        let Some(file) = self
            .file
            .as_deref()
            .filter(|_| self.name == FormatName::Junit)
        else {
            return false;
        };
        if file.as_os_str().to_string_lossy().ends_with('/') {
            return true;
        }
        match std::fs::metadata(directory.join(file)) {
            Ok(found) => found.is_dir(),
            Err(_) => !file
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("xml")),
        }
    }
}

/// Why a text is not a valid `NAME[:FILE]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatError {
    /// No report has this name.
    Unknown(String),
    /// The file after the colon is missing.
    NoFile(FormatName),
    /// An option is not valid.
    Option(OptionError),
}

impl std::error::Error for FormatError {}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::Unknown(name) => {
                write!(f, "unknown format `{}`", super::text::line(name))?;
                let names: Vec<&str> = FormatName::ALL
                    .into_iter()
                    .map(FormatName::as_str)
                    .collect();
                if let Some(nearest) = nearest(name, names.iter().copied()) {
                    write!(f, "; did you mean `{nearest}`?")?;
                }
                write!(f, " (formats: {})", names.join(", "))
            }
            FormatError::Option(error) => error.fmt(f),
            FormatError::NoFile(name) => write!(
                f,
                "format `{name}:` has no file; write `{name}:FILE` or `{name}`"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_read_themselves() {
        assert_eq!(
            "pretty".parse(),
            Ok(Format {
                name: FormatName::Pretty,
                options: FormatOptions::default(),
                file: None
            })
        );
        for file in ["", ":-", ":/dev/stdout", ":/dev/fd/1", ":/proc/self/fd/1"] {
            assert_eq!(
                format!("events{file}").parse(),
                Ok(Format {
                    name: FormatName::Events,
                    options: FormatOptions::default(),
                    file: None
                })
            );
        }
        assert_eq!(
            "junit:a:b.xml".parse(),
            Ok(Format {
                name: FormatName::Junit,
                options: FormatOptions::default(),
                file: Some("a:b.xml".into())
            })
        );
        assert_eq!(
            "junit:".parse::<Format>(),
            Err(FormatError::NoFile(FormatName::Junit))
        );
    }

    #[test]
    fn unknown_formats_get_a_hint() {
        let message = |text: &str| text.parse::<Format>().unwrap_err().to_string();
        assert_eq!(
            message("prety:x"),
            "unknown format `prety`; did you mean `pretty`? (formats: pretty, progress, junit, html, messages, events, rerun, json, github, github-summary, tap, usage, summary)"
        );
        assert_eq!(
            message("xhtml"),
            "unknown format `xhtml`; did you mean `html`? (formats: pretty, progress, junit, html, messages, events, rerun, json, github, github-summary, tap, usage, summary)"
        );
    }

    #[test]
    fn junit_goes_to_directories() {
        let here = tempfile::tempdir().unwrap();
        std::fs::create_dir(here.path().join("odd.xml")).unwrap();
        let directory = |text: &str| text.parse::<Format>().unwrap().is_directory(here.path());
        assert!(
            directory("junit:reports") && directory("junit:reports/") && directory("junit:x.xml/")
        );
        assert!(
            directory("junit:odd.xml") && !directory("junit:x.xml") && !directory("junit:r/x.XML")
        );
        assert!(!directory("junit") && !directory("events:reports"));
    }
}
