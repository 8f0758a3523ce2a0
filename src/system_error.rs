//! The text of errors of the operating system, as messages of bdd contain it.

use std::io::ErrorKind;

/// The reason of an error, in lower case and without its number.
pub(crate) fn reason(error: &std::io::Error) -> String {
    let text = match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    };
    match text.split_once(" (os error") {
        Some((text, _)) => text.to_lowercase(),
        None => text,
    }
}
