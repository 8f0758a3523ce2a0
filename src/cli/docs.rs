//! `bdd docs`: living documentation, a site made from the features.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::prepare::{Prepared, counted, prepare};
use super::step_program::FoundProgram;
use super::{Exit, Failure};
use crate::config::flags::{FileFlags, SelectionFlags, StepsFlags};
use crate::config::{Config, Environment, Flags, MissingStepsError};
use crate::discover::discover;
use crate::docs::{self, DocumentedFile, SiteError, SiteFolder, SiteSource};
use crate::history::History;
use crate::plan::PlannedFeature;
use crate::step_catalogue::StepCatalogue;

/// The arguments of `bdd docs`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct DocsArgs {
    /// The folder of the site: new, empty, or an earlier site
    #[arg(value_name = "DIR", help_heading = "Arguments")]
    directory: PathBuf,

    /// The title of the site [default: the name of the project's folder]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// Build the step program for the catalogue of steps, instead of using that of the last build
    #[arg(long, conflicts_with = "no_build")]
    build: bool,

    /// Leave out the catalogue of steps, so that no step program is started
    #[arg(long, conflicts_with = "build")]
    no_steps: bool,

    #[command(flatten)]
    selection: SelectionFlags,
    #[command(flatten)]
    steps: StepsFlags,
    #[command(flatten)]
    file: FileFlags,
}

const HELP: &str = "\
The site has a page for each feature with a link for each scenario, pages of tags, and a search that works without a
network. Last results come from the record in .bdd/. If there is a built step program, the site also has the catalogue
of its steps. The site is complete before it replaces an earlier one; a folder with other files is refused.

Examples:
  bdd docs site                             all features
  bdd docs site features/shop               the features of a folder
  bdd docs site --tags 'not @internal'      a part of the scenarios

Exit codes:
  0  the site was written
  2  wrong usage or configuration, or DIR has files that bdd did not write
  3  a feature file does not parse; without --keep-going nothing is written
  4  nothing was selected
  5  --build or --steps was given, and the step program does not build or start
  6  the site could not be written; an earlier one is still there";

/// Writes the site.
///
/// # Errors
/// When nothing can be documented, or the site cannot be written.
pub fn run(
    arguments: &DocsArgs,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let flags = Flags {
        file: arguments.file.clone(),
        selection: arguments.selection.clone(),
        steps: StepsFlags {
            no_build: !arguments.build,
            ..arguments.steps.clone()
        },
        ..Flags::default()
    };
    let config = Config::load(&flags, environment)?;
    let prepared = prepare(&config, environment)?;
    prepared.print(err)?;
    let files = files(&config, &prepared)?;
    if prepared.stopped || prepared.plan.features.is_empty() {
        return Ok(prepared.exit());
    }
    // Before anything is asked or read: a wrong folder is the likeliest mistake.
    let shown = arguments.directory.display().to_string();
    let target = config.project.directory.join(&arguments.directory);
    let mut folder = SiteFolder::open(&target, &shown).map_err(failure)?;
    let ids = prepared.plan.ids().map(|id| &**id);
    let loaded = History::of(&config.project.root, ids);
    for warning in &loaded.warnings {
        writeln!(err, "warning: {warning}")?;
    }
    let catalogue = match arguments.no_steps {
        true => None,
        false => catalogue(arguments, &config, environment, &prepared, err)?,
    };
    let source = SiteSource {
        title: title(arguments, &config),
        files,
        options: config.selection.parse_options(),
        history: loaded.history,
        catalogue,
    };
    let counts = docs::write(&source, &mut folder).map_err(failure)?;
    if let Some(warning) = folder.finish().map_err(failure)? {
        writeln!(err, "warning: {warning}")?;
    }
    writeln!(
        out,
        "{shown}: {}, {}, {}",
        counted(counts.features, "feature"),
        counted(counts.scenarios, "scenario"),
        counted(counts.tags, "tag")
    )?;
    Ok(prepared.exit())
}

fn failure(error: SiteError) -> Failure {
    match error.is_refusal() {
        true => Failure::usage(error.message())
            .hint("name a new or empty folder, or move these files away"),
        false => Failure::new(Exit::Report, error.message())
            .hint("nothing was replaced; an earlier site is as it was"),
    }
}

fn title(arguments: &DocsArgs, config: &Config) -> String {
    let of_folder = || {
        let name = config.project.root.file_name();
        name.map_or("Features".to_owned(), |name| {
            name.to_string_lossy().into_owned()
        })
    };
    arguments.title.clone().unwrap_or_else(of_folder)
}

/// The selected files in order. Files that have only prose are among them, unless only some scenarios are selected.
fn files<'p>(config: &Config, prepared: &'p Prepared) -> Result<Vec<DocumentedFile<'p>>, Failure> {
    let planned: HashMap<&str, &PlannedFeature> = (prepared.plan.features.iter())
        .map(|feature| (&*feature.uri, &**feature))
        .collect();
    let whole: std::collections::HashSet<&str> =
        prepared.whole_files.iter().map(AsRef::as_ref).collect();
    let found = discover(&config.project, &config.selection)?;
    let files = found.files.into_iter().map(|file| DocumentedFile {
        planned: planned.get(&*file.uri).copied(),
        whole: whole.contains(&*file.uri),
        path: file.path,
        uri: file.uri,
    });
    Ok(files
        .filter(|file| file.planned.is_some() || file.whole)
        .collect())
}

/// The step definitions, if there is a step program. One that was asked for must be there.
fn catalogue(
    arguments: &DocsArgs,
    config: &Config,
    environment: &Environment,
    prepared: &Prepared,
    err: &mut dyn Write,
) -> Result<Option<StepCatalogue>, Failure> {
    let is_wanted = arguments.build || arguments.steps.steps.is_some();
    if !is_wanted && matches!(config.steps.source(), Err(MissingStepsError::Unnamed)) {
        return Ok(None);
    }
    let found = FoundProgram::find(config, environment, "bdd docs --build");
    let stale = found.as_ref().ok().and_then(FoundProgram::staleness);
    if let Some(stale) = stale.filter(|_| !arguments.build) {
        writeln!(
            err,
            "warning: {stale}, so the catalogue may not have every definition: build it again"
        )?;
    }
    let asked = found.and_then(|found| {
        let mut program = found.start(config)?;
        let catalogue = program.catalogue(config, &prepared.plan)?;
        program.end();
        Ok(catalogue)
    });
    match asked {
        Ok(catalogue) => Ok(Some(catalogue)),
        Err(failure) if is_wanted => Err(failure),
        Err(failure) => {
            writeln!(
                err,
                "note: the site has no catalogue of steps: {}",
                failure.message()
            )?;
            Ok(None)
        }
    }
}
