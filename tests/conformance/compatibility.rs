//! The Cucumber Compatibility Kit: each folder is a run, whose stream of messages must equal the
//! one that lies beside the features.
//!
//! What the steps of a run do is in `tests/compatibility/src/bin/`, a program for each folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::{env, fs};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use super::built::built;
use super::json_schema::JsonSchema;
use super::messages;

/// Runs that differ, and why that is right. One that does not differ fails.
const EXCEPTIONS: [(&str, &str); 0] = [];

/// What is not compared, wherever it stands.
const IGNORED: [&str; 21] = [
    "meta",
    "uri",
    "line",
    "astNodeId",
    "astNodeIds",
    "hookId",
    "id",
    "pickleId",
    "pickleStepId",
    "stepDefinitionIds",
    "testRunStartedId",
    "testRunHookStartedId",
    "testCaseId",
    "testCaseStartedId",
    "testStepId",
    "nanos",
    "seconds",
    "message",
    "stackTrace",
    "language",
    "code",
];

/// A test for each folder of the kit.
pub fn trials(folder: &Path) -> Vec<Trial> {
    let names: Vec<String> = runs(folder).iter().map(|run| file_name(run)).collect();
    for (name, reason) in EXCEPTIONS {
        let known = names.iter().any(|known| known == name);
        assert!(known, "there is no run {name}, of which was said: {reason}");
    }
    trials_of("compatibility-kit", folder, &folder.join("../messages"))
}

/// A test for each run of our own: what the kit does not show. Their streams hold only what is
/// compared; `BDD_BLESS=1` writes them anew.
pub fn own_trials(conformance: &Path) -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compatibility/runs");
    trials_of("compatibility", &folder, &conformance.join("messages"))
}

fn trials_of(set: &str, folder: &Path, schema: &Path) -> Vec<Trial> {
    let schema = schema.is_dir().then(|| Arc::new(messages::schema(schema)));
    let trial = |folder: PathBuf| {
        let name = file_name(&folder);
        let schema = schema.clone();
        Trial::test(format!("{set}::{name}"), move || {
            let result = check(&folder, &name, schema.as_deref());
            match EXCEPTIONS.iter().find(|(exception, _)| *exception == name) {
                Some((_, reason)) if result.is_ok() => {
                    Err(format!("it is no exception any more: {reason}").into())
                }
                Some(_) => Ok(()),
                None => result,
            }
        })
    };
    runs(folder).into_iter().map(trial).collect()
}

/// The folders in a folder.
fn runs(folder: &Path) -> Vec<PathBuf> {
    let all = super::files(folder, &[""]).into_iter();
    all.filter(|path| path.is_dir()).collect()
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Runs the features of a folder and compares the stream.
fn check(folder: &Path, name: &str, schema: Option<&JsonSchema>) -> Result<(), Failed> {
    let golden = folder.join(format!("{name}.ndjson"));
    let (stream, log) = run(folder, name)?;
    if let Some(schema) = schema {
        messages::all_valid(schema, &stream).map_err(|problem| with_log(&problem, &log))?;
    }
    let actual = comparable(&stream)?;
    if env::var_os("BDD_BLESS").is_some() && folder.starts_with(env!("CARGO_MANIFEST_DIR")) {
        let lines = actual.iter().map(|message| format!("{message}\n"));
        fs::write(&golden, lines.collect::<String>())?;
    }
    let expected = comparable(&fs::read_to_string(golden)?)?;
    match first_difference(&expected, &actual) {
        Some(problem) => Err(with_log(&problem.into(), &log)),
        None => Ok(()),
    }
}

/// The first message that differs.
pub fn first_difference(expected: &[Value], actual: &[Value]) -> Option<String> {
    if actual == expected {
        return None;
    }
    let differs = |index: &usize| actual.get(*index) != expected.get(*index);
    let index = (0..).find(differs).unwrap_or_default();
    let show = |messages: &[Value]| {
        let message = messages.get(index);
        message.map_or_else(|| "nothing".to_owned(), Value::to_string)
    };
    Some(format!(
        "message {index} differs\nexpected: {}\n  actual: {}",
        show(expected),
        show(actual)
    ))
}

fn with_log(problem: &Failed, log: &str) -> Failed {
    let problem = problem.message().unwrap_or_default();
    format!("{problem}\n{log}").into()
}

/// The stream that `bdd run` writes, and what it prints besides.
fn run(folder: &Path, name: &str) -> Result<(String, String), Failed> {
    let program = programs()?
        .get(&format!("kit-{name}"))
        .ok_or_else(|| format!("tests/compatibility has no program {name}"))?;
    let project = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_bdd"));
    command
        .current_dir(project.path())
        .stdin(Stdio::null())
        .args(["run", "--jobs", "1", "--format", "progress"])
        .args(["--format", "messages:run.ndjson", "--steps"])
        .arg(program);
    for variable in env::vars_os().map(|(name, _)| name) {
        if variable.to_string_lossy().starts_with("BDD_") {
            command.env_remove(variable);
        }
    }
    for file in super::files(folder, &[""]) {
        let name = file_name(&file);
        fs::copy(&file, project.path().join(&name))?;
        if name.ends_with(".feature") || name.ends_with(".feature.md") {
            command.arg(&name);
        } else if name.ends_with(".arguments.txt") {
            let options = fs::read_to_string(&file)?;
            // `--error` is what the program of that run does by itself.
            command.args(
                options
                    .split_whitespace()
                    .filter(|option| *option != "--error"),
            );
        }
    }
    let output = command.output()?;
    let log = format!(
        "== exit code\n{:?}\n== stdout\n{}\n== stderr\n{}",
        output.status.code(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let stream = fs::read_to_string(project.path().join("run.ndjson"))
        .map_err(|error| with_log(&format!("no stream: {error}").into(), &log))?;
    Ok((stream, log))
}

/// The messages of a stream without what is not compared.
pub fn comparable(stream: &str) -> Result<Vec<Value>, Failed> {
    let mut messages: Vec<Value> = stream
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    messages.iter_mut().for_each(forget);
    Ok(messages)
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !IGNORED.contains(&key.as_str()));
            members.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

/// The step programs by their names, `kit-` and that of their run, built once; cargo does nothing when they are up to date.
fn programs() -> Result<&'static BTreeMap<String, PathBuf>, Failed> {
    static PROGRAMS: OnceLock<Result<BTreeMap<String, PathBuf>, String>> = OnceLock::new();
    let built = PROGRAMS.get_or_init(|| built("compatibility", &["--bins"]));
    built.as_ref().map_err(|error| error.as_str().into())
}
