//! `bdd steps`: the catalogue of step definitions.

use std::io::{self, BufWriter, Write};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::prepare::{counted, prepare};
use super::run::worker_variables;
use super::{Exit, Failure};
use crate::config::flags::{FileFlags, SelectionFlags, StepsFlags};
use crate::config::{Config, Environment, Flags};
use crate::step_catalogue::{
    AskError, AskedProgram, CatalogueEntry, StepCatalogue, TextMatch, html, markdown, search,
};
use crate::system_error::reason;
use crate::worker::build::{BuildError, Building};
use crate::worker::find::{FindError, find};
use crate::worker::process::{Launcher, Streams};
use crate::worker::registry::ProcessRegistry;

/// The arguments of `bdd steps`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct StepsArgs {
    /// Feature files and folders whose steps count as uses
    ///
    /// As in `bdd run`.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,

    /// Show the definitions that answer these words, the best first
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,

    /// Show which definition a step with this text would get, with its arguments, or the nearest
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["search", "unused", "overlapping"])]
    r#match: Option<String>,

    /// Show only definitions that no step uses
    #[arg(long)]
    unused: bool,

    /// Show only definitions that match the same text as another
    #[arg(long)]
    overlapping: bool,

    /// The form of the catalogue
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    format: CatalogueFormat,

    /// Build the step program first
    #[arg(long, conflicts_with = "no_build")]
    build: bool,

    #[command(flatten)]
    steps: StepsFlags,

    #[command(flatten)]
    file: FileFlags,
}

impl StepsArgs {
    /// Whether the output is JSON.
    pub fn prints_json(&self) -> bool {
        matches!(self.format, CatalogueFormat::Json)
    }
}

const HELP: &str = "\
The step program of the last build is asked what it defines. None of its hooks and steps runs.

Examples:
  bdd steps                                all definitions, with their uses
  bdd steps --search 'user signs in'       by words
  bdd steps --match 'I press add 3 times'  what would this step run?
  bdd steps --unused                       dead code
  bdd steps -f markdown > steps.md         for readers

Exit codes:
  0  definitions are shown
  1  with --match: not exactly one definition matches; else: there is none to show
  2  wrong usage or configuration
  5  the step program is not built, or does not start";

/// How to show definitions.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum CatalogueFormat {
    /// A line for each definition, and its place
    #[default]
    Text,
    /// One JSON document, described in docs/steps.md
    Json,
    /// Markdown, for a wiki or repository
    Markdown,
    /// An HTML page
    Html,
}

/// Shows the catalogue.
///
/// # Errors
/// When there is no step program to ask, or standard output cannot be written.
pub fn run(
    arguments: &StepsArgs,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let mut steps = arguments.steps.clone();
    steps.no_build = !arguments.build;
    let flags = Flags {
        file: arguments.file.clone(),
        selection: SelectionFlags {
            paths: arguments.paths.clone(),
            keep_going: true,
            ..SelectionFlags::default()
        },
        steps,
        ..Flags::default()
    };
    let mut config = Config::load(&flags, environment)?;
    // The settings of runs select scenarios; here the steps of all count.
    config.selection.tags.clear();
    config.selection.strict_text = false;
    let prepared = prepare(&config, environment)?;
    for notice in &prepared.notices {
        writeln!(err, "warning: {notice}")?;
    }
    for unparsed in prepared.unparsed.iter().filter(|error| !error.follows) {
        writeln!(
            err,
            "warning: its steps do not count: {}",
            unparsed.diagnostic
        )?;
    }
    let launcher = launcher(&config, environment)?;
    let limit = config.steps.start_timeout.duration();
    let (mut program, hello) =
        AskedProgram::start(&launcher, limit).map_err(|error| no_answer(&error))?;
    let root = &config.project.root;
    let strict = config.run.strict_keywords;
    let catalogue = StepCatalogue::new(&hello, &mut program, &prepared.plan, root, strict);
    let mut catalogue = catalogue.map_err(|error| no_answer(&error))?;
    let mut out = BufWriter::new(out);
    let exit = match &arguments.r#match {
        Some(text) => {
            let found = catalogue
                .matched(text, &mut program)
                .map_err(|error| no_answer(&error))?;
            show_match(arguments.format, text, &catalogue, &found, &mut out)?
        }
        None => show(arguments, &catalogue, &mut out, err)?,
    };
    program.finish();
    out.flush()?;
    Ok(exit)
}

fn no_answer(error: &AskError) -> Failure {
    Failure::new(Exit::StepProgram, error.to_string())
}

/// How the step program is started. Nothing is built unless that was asked for.
fn launcher(config: &Config, environment: &Environment) -> Result<Launcher, Failure> {
    let source = config.steps.source()?;
    let building = Building::default();
    let command = find(source, config, environment, &building).map_err(|error| match error {
        FindError::Build(BuildError::NotBuilt(program)) => {
            let message = format!(
                "the step program is not built: there is no {}",
                program.display()
            );
            Failure::new(Exit::StepProgram, message)
                .hint("`bdd steps --build` builds it, and so does `bdd run`")
        }
        error => {
            let failure = Failure::new(Exit::StepProgram, error.to_string());
            match error.hint() {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        }
    })?;
    let registry = ProcessRegistry::default();
    let variables = worker_variables(config);
    Launcher::new(
        command,
        &config.project.root,
        variables,
        Streams::Captured,
        registry,
    )
    .map_err(|error| {
        let message = format!("no place for sockets: {}", reason(&error));
        Failure::new(Exit::StepProgram, message)
    })
}

/// Shows the definitions that are wanted.
fn show(
    arguments: &StepsArgs,
    catalogue: &StepCatalogue,
    out: &mut impl Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let entries = &catalogue.entries;
    let mut wanted: Vec<usize> = match &arguments.search {
        Some(words) => search(entries, words)
            .iter()
            .map(|found| found.position)
            .collect(),
        None => (0..entries.len()).collect(),
    };
    wanted.retain(|at| !arguments.unused || entries[*at].uses == 0);
    wanted.retain(|at| !arguments.overlapping || !entries[*at].overlaps.is_empty());
    let chosen: Vec<&CatalogueEntry> = wanted.iter().map(|at| &entries[*at]).collect();
    match arguments.format {
        CatalogueFormat::Text => {
            for at in &wanted {
                text(&entries[*at], entries, out)?;
            }
            out.flush()?;
            let undefined = match catalogue.undefined {
                0 => String::new(),
                count => format!("; {} without a definition", counted(count, "step")),
            };
            writeln!(err, "{}{undefined}", counted(wanted.len(), "definition"))?;
        }
        CatalogueFormat::Json => {
            let definitions: Vec<Value> =
                chosen.iter().map(|entry| shown(entry, entries)).collect();
            let document = json!({
                "version": VERSION, "definitions": definitions, "undefined": catalogue.undefined,
            });
            json_document(&document, out)?;
        }
        CatalogueFormat::Markdown => out.write_all(markdown(&chosen).as_bytes())?,
        CatalogueFormat::Html => out.write_all(html(&chosen).as_bytes())?,
    }
    Ok(match wanted.is_empty() {
        true => Exit::Failed,
        false => Exit::Success,
    })
}

/// The version of the JSON; it grows when a reader of the old one would misread the new.
const VERSION: u32 = 1;

fn json_document(document: &Value, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}

fn shown(entry: &CatalogueEntry, all: &[CatalogueEntry]) -> Value {
    json!({
        "keyword": entry.keyword,
        "pattern": entry.pattern,
        "kind": entry.kind,
        "file": entry.location.file,
        "line": entry.location.line,
        "function": entry.function,
        "doc": entry.doc,
        "uses": entry.uses,
        "examples": entry.examples,
        "overlaps": entry.overlaps.iter().map(|at| &all[*at].pattern).collect::<Vec<_>>(),
    })
}

fn place(entry: &CatalogueEntry) -> String {
    match entry.location.line {
        0 => entry.location.file.clone(),
        line => format!("{}:{line}", entry.location.file),
    }
}

fn text(entry: &CatalogueEntry, all: &[CatalogueEntry], out: &mut impl Write) -> io::Result<()> {
    let uses = match entry.uses {
        0 => "not used".to_owned(),
        count => counted(count, "use"),
    };
    let one_line = crate::report::one_line;
    writeln!(out, "{:<5} {}", entry.keyword, one_line(&entry.pattern))?;
    writeln!(out, "      {}, {uses}", one_line(&place(entry)))?;
    if let Some(first) = entry.doc.lines().next().filter(|line| !line.is_empty()) {
        writeln!(out, "      {}", one_line(first))?;
    }
    for other in entry.overlaps.iter().map(|at| &all[*at]) {
        writeln!(
            out,
            "      overlaps {}  # {}",
            one_line(&other.pattern),
            one_line(&place(other))
        )?;
    }
    Ok(())
}

/// Shows what a text would run.
fn show_match(
    format: CatalogueFormat,
    searched: &str,
    catalogue: &StepCatalogue,
    found: &TextMatch,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let entries = &catalogue.entries;
    let exit = match found {
        TextMatch::Defined(..) => Exit::Success,
        _ => Exit::Failed,
    };
    if matches!(format, CatalogueFormat::Json) {
        let (positions, arguments, hint) = match found {
            TextMatch::Defined(at, values) => (vec![*at], Some(values), None),
            TextMatch::Ambiguous(all) => (all.clone(), None, None),
            TextMatch::Undefined(hint) => (Vec::new(), None, hint.as_ref()),
        };
        let definitions: Vec<Value> = positions
            .iter()
            .map(|at| shown(&entries[*at], entries))
            .collect();
        let document = json!({
            "version": VERSION, "text": searched, "definitions": definitions, "arguments": arguments, "hint": hint,
        });
        json_document(&document, out)?;
        return Ok(exit);
    }
    match found {
        TextMatch::Defined(at, values) => {
            text(&entries[*at], entries, out)?;
            for (number, value) in (1..).zip(values) {
                match value {
                    Some(value) => writeln!(out, "      argument {number}: {value:?}")?,
                    None => writeln!(out, "      argument {number}: none")?,
                }
            }
        }
        TextMatch::Ambiguous(all) => {
            writeln!(out, "ambiguous: {} match", counted(all.len(), "definition"))?;
            for at in all {
                text(&entries[*at], entries, out)?;
            }
        }
        TextMatch::Undefined(hint) => {
            let hint = hint.as_ref().map(|hint| format!("; {hint}"));
            writeln!(
                out,
                "undefined: no definition matches{}",
                hint.unwrap_or_default()
            )?;
            if hint_is_missing(found) {
                for near in search(entries, searched).iter().take(3) {
                    text(&entries[near.position], entries, out)?;
                }
            }
        }
    }
    Ok(exit)
}

fn hint_is_missing(found: &TextMatch) -> bool {
    matches!(found, TextMatch::Undefined(None))
}
