//! `bdd steps`: the catalogue of step definitions.

use std::io::{BufWriter, Write};

use clap::{Args, ValueEnum};

use super::prepare::{Prepared, prepare};
use super::step_program::{FoundProgram, StepProgram};
use super::{Exit, Failure};
use crate::config::flags::{FileFlags, SelectionFlags, StepsFlags};
use crate::config::{Config, Environment, Flags};
use crate::docs::catalogue_page;
use crate::step_catalogue::{StepCatalogue, print};

/// How many results of a search are shown.
const MOST_FOUND: usize = 10;

/// The arguments of `bdd steps`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct StepsArgs {
    /// Show the step definitions that fit TEXT, the best first: by words, their forms and similar words
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["matches", "unused", "overlapping"])]
    search: Option<String>,

    /// Show which step definition the step TEXT would get, with its arguments, or the nearest
    #[arg(long = "match", value_name = "TEXT", conflicts_with_all = ["unused", "overlapping"])]
    matches: Option<String>,

    /// Show only definitions that no step uses
    #[arg(long)]
    unused: bool,

    /// Show only definitions that match a text that another one matches, too
    #[arg(long)]
    overlapping: bool,

    /// Build the step program first, instead of using that of the last build
    #[arg(long, conflicts_with = "no_build")]
    build: bool,

    /// The form of the catalogue
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    format: CatalogueFormat,

    #[command(flatten)]
    steps: StepsFlags,
    #[command(flatten)]
    selection: SelectionFlags,
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
The step program of the last build says what it defines; no step runs. Uses are counted in all features, or in those
that are selected. Mean durations are those of earlier runs, from .bdd/.

Examples:
  bdd steps                                 all step definitions
  bdd steps --search 'user signs in'        the definitions that fit these words
  bdd steps --match 'I press add'           the definition that runs this step
  bdd steps --unused --overlapping          what needs attention
  bdd steps --format html > steps.html      a page to send

Exit codes:
  0  the catalogue was shown; with --match: exactly one definition matches
  1  --search found nothing, or none or several definitions match the text of --match
  2  wrong usage or configuration
  3  a feature file does not parse; the others were used
  5  there is no built step program, or it does not start, or has no definitions";

/// The form of the catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum CatalogueFormat {
    /// For a terminal
    #[default]
    Text,
    /// A Markdown page
    Markdown,
    /// A page for a browser
    Html,
    /// One JSON document, described in docs/steps.md
    Json,
}

/// Shows the catalogue.
///
/// # Errors
/// When there is no step program to ask, the settings make no sense, or standard output cannot be written.
pub fn run(
    arguments: &StepsArgs,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let flags = Flags {
        file: arguments.file.clone(),
        selection: SelectionFlags {
            // Without features there are still step definitions.
            allow_empty: true,
            keep_going: true,
            ..arguments.selection.clone()
        },
        steps: StepsFlags {
            no_build: !arguments.build,
            ..arguments.steps.clone()
        },
        ..Flags::default()
    };
    let config = Config::load(&flags, environment)?;
    let prepared = prepare(&config, environment)?;
    print_problems(&prepared, err)?;
    let found = FoundProgram::find(&config, environment, "bdd steps --build")?;
    // Cargo knows better than the times of files.
    if let Some(stale) = found.staleness().filter(|_| !arguments.build) {
        writeln!(
            err,
            "warning: {stale}, so it may not have every definition: build it again"
        )?;
    }
    let mut program = found.start(&config)?;
    let mut catalogue = program.catalogue(&config, &prepared.plan)?;
    if catalogue.entries().is_empty() && catalogue.unusable().is_empty() {
        return Err(Failure::new(
            Exit::StepProgram,
            "the step program has no step definitions",
        ));
    }
    let (shown, matched) = match (&arguments.search, &arguments.matches) {
        (Some(question), _) => (search(&catalogue, question), None),
        (None, Some(text)) => {
            let dialect = config.selection.language.dialect();
            let interview = program.interview();
            let matched = catalogue.match_text(interview, text, dialect);
            let matched = matched.map_err(StepProgram::failure)?;
            let fitting = matched.fitting.iter().map(|one| one.position);
            let shown = fitting.chain(matched.nearest.iter().copied()).collect();
            (shown, Some(matched))
        }
        (None, None) => (chosen(&catalogue, arguments), None),
    };
    program.end();
    let mut out = BufWriter::new(out);
    match (arguments.format, &matched) {
        (CatalogueFormat::Text, Some(matched)) => print::matched(&catalogue, matched, &mut out)?,
        (CatalogueFormat::Text, None) => match &arguments.search {
            None => print::overview(&catalogue, &shown, &mut out)?,
            Some(question) if shown.is_empty() => {
                writeln!(
                    out,
                    "no step definition fits `{}`",
                    crate::report::one_line(question)
                )?;
            }
            Some(_) => {
                for position in &shown {
                    print::one_entry(&catalogue, *position, &mut out)?;
                }
            }
        },
        (CatalogueFormat::Markdown, _) => {
            out.write_all(print::markdown(&catalogue, &shown).as_bytes())?;
        }
        (CatalogueFormat::Html, _) => {
            out.write_all(catalogue_page(&catalogue, &shown).as_bytes())?;
        }
        (CatalogueFormat::Json, matched) => {
            let document = print::json(&catalogue, &shown, matched.as_ref());
            writeln!(out, "{document:#}")?;
        }
    }
    out.flush()?;
    let found = match &matched {
        Some(matched) => matched.fitting.len() == 1,
        None => arguments.search.is_none() || !shown.is_empty(),
    };
    let ending = if found { Exit::Success } else { Exit::Failed };
    Ok(match prepared.unparsed.is_empty() {
        true => ending,
        false => Exit::Parse.or(ending),
    })
}

fn search(catalogue: &StepCatalogue, question: &str) -> Vec<usize> {
    let found = catalogue.search(question).into_iter();
    found.map(|found| found.position).take(MOST_FOUND).collect()
}

/// The entries that `--unused` and `--overlapping` choose; all without them.
fn chosen(catalogue: &StepCatalogue, arguments: &StepsArgs) -> Vec<usize> {
    let all = !arguments.unused && !arguments.overlapping;
    let entries = catalogue.entries().iter().enumerate();
    entries
        .filter(|(_, entry)| {
            all || (arguments.unused && entry.uses() == 0)
                || (arguments.overlapping && !entry.overlaps().is_empty())
        })
        .map(|(position, _)| position)
        .collect()
}

/// What keeps uses from being counted. Warnings about feature files belong to `run` and `list`.
fn print_problems(prepared: &Prepared, err: &mut dyn Write) -> std::io::Result<()> {
    for notice in &prepared.notices {
        writeln!(err, "warning: {notice}")?;
    }
    for unparsed in prepared.unparsed.iter().filter(|error| !error.follows) {
        writeln!(err, "error: {}", unparsed.diagnostic)?;
    }
    if let Some(nothing) = &prepared.nothing {
        writeln!(err, "note: {}", nothing.message)?;
    }
    Ok(())
}
