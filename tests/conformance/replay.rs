//! The streams of the Compatibility Kit, which another tool wrote, read into every format: no scenario is lost, and
//! as messages again they are what they were.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bdd::report::FormatName;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use super::compatibility::{comparable, first_difference};
use super::written::WrittenReports;

/// Streams that are not the same again, and why that is right. One that is the same fails.
const EXCEPTIONS: [(&str, &str); 0] = [];

/// A test for each stream of the kit.
pub fn trials(folder: &Path) -> Vec<Trial> {
    let folders = super::files(folder, &[""]).into_iter();
    let trial = |folder: PathBuf| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let stream = folder.join(format!("{name}.ndjson"));
        Trial::test(format!("replay::{name}"), move || check(&stream))
    };
    folders.filter(|path| path.is_dir()).map(trial).collect()
}

fn check(stream: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(stream)?;
    let messages: Vec<Value> =
        (text.lines().map(serde_json::from_str)).collect::<Result<_, _>>()?;
    let here = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_bdd"));
    command.arg("report").arg(stream).current_dir(here.path());
    for format in FormatName::ALL {
        command.args(["-f", &format!("{format}:{format}")]);
    }
    command.args(["-f", "junit:one.xml"]);
    let outcome = command.output()?;
    let log = String::from_utf8_lossy(&outcome.stderr).into_owned();
    let success = |message: &Value| message["testRunFinished"]["success"].as_bool();
    let success = messages.iter().find_map(success).unwrap_or_default();
    let code = outcome.status.code();
    if code != Some(if success { 0 } else { 1 }) {
        return Err(format!("it exits with {code:?}\n{log}").into());
    }
    let pickles = messages
        .iter()
        .filter(|message| message.get("pickle").is_some());
    let definitions = messages.iter();
    let definitions = definitions.filter(|message| message.get("stepDefinition").is_some());
    let reports = WrittenReports::read(here.path(), pickles.count(), definitions.count())?;
    for format in FormatName::ALL {
        let problem = reports.problem(format);
        if let Some(problem) = problem {
            let text = fs::read_to_string(here.path().join(format.as_str())).unwrap_or_default();
            return Err(format!("{format}: {problem}\n{text}\n{log}").into());
        }
    }
    let again = fs::read_to_string(here.path().join("messages"))?;
    let expected = comparable(&text)?;
    let difference = first_difference(&expected, &comparable(&again)?);
    let name = stream.file_stem().unwrap_or_default().to_string_lossy();
    let exception = EXCEPTIONS.iter().find(|(exception, _)| *exception == name);
    match (exception, difference) {
        (Some((_, reason)), None) => Err(format!("it is no exception any more: {reason}").into()),
        (None, Some(problem)) => Err(format!("{problem}\n{log}").into()),
        _ => Ok(()),
    }
}
