//! `bdd init`: a project that works, in an empty directory.

mod source;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use self::source::StepsCrate;
use super::{Exit, Failure};
use crate::config::Environment;
use crate::system_error::reason;

/// The arguments of `bdd init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder of the project; it may exist
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,

    /// Where the crate bdd-steps comes from: `path=FOLDER` or `git=URL`
    ///
    /// Default: the registry, or the checkout from which this bdd was built.
    #[arg(long, value_name = "SOURCE")]
    steps_source: Option<StepsCrate>,

    /// Write the steps in Python, for behave
    #[arg(long, conflicts_with = "steps_source")]
    python: bool,
}

const FEATURE: &str = include_str!("calculator.feature");
const STEPS: &str = include_str!("steps.rs.txt");
const PYTHON_STEPS: &str = include_str!("calculator_steps.py.txt");

/// What the virtual environment of a project in Python needs.
const REQUIREMENTS: &str = "behave>=1.2.6\n";

const SETTINGS: &str = "\
# The settings of this project. Without this file, bdd would use the bdd.toml of a parent folder, if there is one.

# A line that only looks like a step or a heading is an error.
strict-text = true
";

/// Makes the project, or nothing at all.
///
/// # Errors
/// When a file exists already or cannot be written.
pub fn run(
    arguments: &InitArgs,
    environment: &Environment,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let root = environment.directory.join(&arguments.directory);
    let mut files = match arguments.python {
        true => python_files(&root),
        false => rust_files(arguments, environment, &root)?,
    };
    if !root.join("bdd.toml").exists() {
        files.push(("bdd.toml", SETTINGS.to_owned()));
    }
    let there: Vec<_> = files
        .iter()
        .filter(|(path, _)| root.join(path).symlink_metadata().is_ok())
        .map(|(path, _)| format!("\n  {path}"))
        .collect();
    if !there.is_empty() {
        let message = format!("nothing was written: these files exist:{}", there.concat());
        return Err(Failure::usage(message).hint("`bdd init DIR` makes a new folder"));
    }
    write_all(&root, &files)?;
    for (path, _) in &files {
        writeln!(out, "created {path}")?;
    }
    writeln!(out, "\nNext:")?;
    if arguments.directory != Path::new(".") {
        writeln!(out, "  cd {}", arguments.directory.display())?;
    }
    if arguments.python {
        out.write_all(PYTHON_NEXT.as_bytes())?;
    } else {
        out.write_all(RUST_NEXT.as_bytes())?;
    }
    Ok(Exit::Success)
}

const RUST_NEXT: &str = "  bdd run     build the steps and run the feature
  bdd list    show the scenarios
";

const PYTHON_NEXT: &str = "  python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
  bdd run     run the feature
  bdd list    show the scenarios
";

type NewFile = (&'static str, String);

/// A suite of behave. The files of the virtual environment and of Python are none of the project's.
fn python_files(root: &Path) -> Vec<NewFile> {
    let mut files = vec![
        ("features/calculator.feature", FEATURE.to_owned()),
        (
            "features/steps/calculator_steps.py",
            PYTHON_STEPS.to_owned(),
        ),
        ("requirements.txt", REQUIREMENTS.to_owned()),
    ];
    if !root.join(".gitignore").exists() {
        files.push((".gitignore", "/.bdd\n/.venv\n__pycache__\n".to_owned()));
    }
    files
}

/// A step crate.
fn rust_files(
    arguments: &InitArgs,
    environment: &Environment,
    root: &Path,
) -> Result<Vec<NewFile>, Failure> {
    let steps = match &arguments.steps_source {
        Some(given) => given.clone(),
        None => StepsCrate::of_this_build(),
    };
    let dependency = steps
        .dependency(&environment.directory, &root.join("features/steps"))
        .map_err(|error| {
            Failure::usage(format!("--steps-source: {error}"))
                .hint("name the folder of the crate bdd-steps")
        })?;
    Ok(vec![
        ("features/calculator.feature", FEATURE.to_owned()),
        ("features/steps/Cargo.toml", manifest(&dependency)),
        ("features/steps/src/main.rs", STEPS.to_owned()),
        ("features/steps/.gitignore", "/target\n".to_owned()),
    ])
}

fn manifest(dependency: &str) -> String {
    format!(
        "[package]
name = \"steps\"
version = \"0.1.0\"
edition = \"2024\"
publish = false

[dependencies]
bdd-steps = {dependency}

# A workspace of its own: it builds wherever the features are.
[workspace]

# What runs the steps is optimized a little in builds for development, too: quick steps then take half the time.
[profile.dev.package]
bdd-steps.opt-level = 1
bdd-protocol.opt-level = 1
"
    )
}

/// Writes all files, or takes back what was written.
fn write_all(root: &Path, files: &[(&str, String)]) -> Result<(), Failure> {
    for (done, (path, content)) in files.iter().enumerate() {
        if let Err(error) = write(&root.join(path), content) {
            for (written, _) in &files[..done] {
                // It was made a moment ago; if it is gone already, so much the better.
                let _ = fs::remove_file(root.join(written));
            }
            return Err(Failure::usage(format!(
                "cannot write {path}: {}",
                reason(&error)
            )));
        }
    }
    Ok(())
}

fn write(path: &Path, content: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(content.as_bytes())
}
