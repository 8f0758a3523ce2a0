//! Values of settings, and the errors of those that make no sense.

use super::read::{BehaveFiles, FileEntry, FileValue};
use crate::config::ConfigError;
use crate::config::origin::Origin;

/// The error of a value that makes no sense.
pub(super) fn wrong(key: &str, entry: &FileEntry, problem: &dyn std::fmt::Display) -> ConfigError {
    ConfigError::BehaveFile {
        place: entry.origin.to_string(),
        key: key.to_owned(),
        problem: problem.to_string(),
    }
}

/// A value that must be true or false.
pub(super) fn truth(key: &str, entry: &FileEntry) -> Result<bool, ConfigError> {
    let truth = entry.value.truth();
    truth.ok_or_else(|| wrong(key, entry, &"expected true or false"))
}

/// The value of a setting that has one.
pub(super) fn given<'f>(files: &'f BehaveFiles, key: &str) -> Option<(&'f FileValue, &'f Origin)> {
    let entry = files.settings.get(key)?;
    Some((&entry.value, &entry.origin))
}
