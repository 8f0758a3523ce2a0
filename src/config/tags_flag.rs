//! The value of `--tags`. What it means depends on the suite, which is known later: behave has further forms.

use std::convert::Infallible;
use std::str::FromStr;

use super::ConfigError;
use super::origin::Sourced;
use super::value::Tags;
use crate::gherkin::Flavor;
use crate::plan::tags::{TagExpression, TagExpressionError, of_behave};

/// A tag expression as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagsFlag {
    text: String,
    standard: Result<TagExpression, TagExpressionError>,
}

impl FromStr for TagsFlag {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self {
            text: text.to_owned(),
            standard: text.parse(),
        })
    }
}

/// The expressions of all flags, and a warning for each that is written in a form of behave.
///
/// # Errors
/// When one cannot be read.
pub(super) fn read(
    flags: &[TagsFlag],
    flavor: Flavor,
) -> Result<(Option<Sourced<Tags>>, Vec<String>), ConfigError> {
    if flags.is_empty() {
        return Ok((None, Vec::new()));
    }
    let wrong = |text: &str, error: TagExpressionError| ConfigError::TagsFlag {
        text: text.to_owned(),
        error,
    };
    let (mut tags, mut warnings) = (Vec::new(), Vec::new());
    match flavor {
        Flavor::Standard => {
            for flag in flags {
                let expression = flag.standard.clone();
                tags.push(expression.map_err(|error| wrong(&flag.text, error))?);
            }
        }
        Flavor::Behave => {
            let texts: Vec<String> = flags.iter().map(|flag| flag.text.clone()).collect();
            tags = of_behave(&texts).map_err(|error| wrong(&texts.join(" "), error))?;
            for (flag, expression) in flags.iter().zip(&tags) {
                if flag.standard.is_err() {
                    warnings.push(format!(
                        "only behave reads `--tags {}`: the standard form is `{expression}`",
                        flag.text
                    ));
                }
            }
        }
    }
    Ok((Some(Sourced::flag(Tags(tags), "--tags")), warnings))
}
