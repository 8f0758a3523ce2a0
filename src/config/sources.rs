//! The sources of settings: flags, environment, profile, file and defaults. Each wins over the next.
//!
//! Each value keeps its source. [`Config`] is made of the values.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use super::behave_files::{BehaveSettings, OfBehave};
use super::file::{self, SettingsFile};
use super::flags::{BehaveRequest, Flags};
use super::origin::Origin;
use super::python::{self, StepsBeside};
use super::settings::{Layer, PROGRAM_KEYS, RunSettings, SettingRow, Settings};
use super::steps::{self, MissingStepsError, PythonSteps, StepsError, StepsSource};
use super::{
    Config, ConfigError, Environment, ExcludeGlob, Paths, Project, Reporting, Selection, Steps,
    profile, tags_flag, variables,
};
use crate::gherkin::Flavor;
use crate::paths::from_directory;
use crate::plan::ShardKind;
use crate::report::{Format, OptionSettings};

/// The tag of `--wip`.
const WIP: &str = "@wip";

/// All settings of a run, each with where it comes from.
#[derive(Debug)]
pub struct Sources {
    /// Where the project is.
    pub project: Project,
    /// The chosen profile and those that it inherits, the lowest last; empty without one.
    pub profiles: Vec<String>,
    settings: Settings,
    beside: StepsBeside,
    command: Option<BehaveRequest>,
    behave: BehaveSettings,
    others: Vec<SettingRow>,
    warnings: Vec<String>,
}

impl Sources {
    /// Reads all sources and layers them.
    ///
    /// # Errors
    /// When `bdd.toml` or a variable of the environment cannot be understood, when there is no such
    /// profile, and when settings contradict each other.
    pub fn read(flags: &Flags, environment: &Environment) -> Result<Self, ConfigError> {
        let directory = &environment.directory;
        // The file first: the environment may be meant for other projects, too.
        let variables = variables::read(environment);
        let of_environment = variables
            .as_ref()
            .ok()
            .and_then(|found| found.config.clone());
        let named = flags.file.config.clone().or(of_environment);
        let path = match &named {
            Some(path) => Some(directory.join(path)),
            // behave never looks above the current directory, and names files from there.
            None if flags.behave.is_some() => file::in_folder(directory),
            None => file::find(directory),
        };
        let SettingsFile { top, profiles } = match &path {
            Some(path) => {
                let shown = match &named {
                    Some(given) => given.display().to_string(),
                    None => from_directory(path, directory),
                };
                file::read(path, &shown)?
            }
            None => SettingsFile::default(),
        };
        let variables = variables.map_err(ConfigError::Variables)?;
        let asked = match (&flags.file.profile, variables.profile) {
            (Some(name), _) => Some((name.clone(), Origin::Flag("--profile"))),
            (None, Some(name)) => Some((name, Origin::Variable(variables::PROFILE.to_owned()))),
            (None, None) => None,
        };
        let (chosen, profiles) = match asked {
            Some((name, origin)) => {
                profile::choose(&name, &origin, profiles).map_err(ConfigError::Profile)?
            }
            None => (Layer::default(), Vec::new()),
        };
        let layer = flags.layer().over(variables.layer).over(chosen).over(top);
        let mut project = Project::around(directory, path);
        let of_behave = OfBehave::read(&project, environment);
        let beside = match (&flags.behave, &flags.steps.steps) {
            (Some(request), _) => StepsBeside::of_request(request),
            (None, Some(_)) => StepsBeside::NoSuite,
            (None, None) => python::steps_beside(&layer, &project, environment, &of_behave),
        };
        let (mut layer, mut behave) = match beside {
            _ if flags.behave.is_some() => {
                project.root.clone_from(directory);
                (python::of_command(layer), BehaveSettings::default())
            }
            StepsBeside::Suite(_) => {
                let mut behave = of_behave.settings(&project)?;
                let jobs = layer.jobs.as_ref();
                if jobs.is_some_and(|jobs| jobs.value > NonZeroU32::MIN) {
                    behave.capture_again();
                }
                let lower = std::mem::take(&mut behave.layer).over(python::defaults());
                (layer.over(lower), behave)
            }
            _ => (layer, BehaveSettings::default()),
        };
        let (tags, warnings) = tags_flag::read(&flags.selection.tags, beside.flavor())?;
        layer.tags = tags.or(layer.tags);
        let mut settings = Settings::new(layer, environment);
        let flag = "--pause-on-failure";
        if flags.run.pause_on_failure && !environment.stdin_is_terminal {
            return Err(ConfigError::NoTerminal { flag });
        }
        add(flags, &mut settings)?;
        Ok(Self {
            project,
            profiles,
            settings,
            beside,
            command: flags.behave.clone(),
            others: flags.rows(),
            warnings: [
                variables.warnings,
                warnings,
                std::mem::take(&mut behave.warnings),
            ]
            .concat(),
            behave,
        })
    }

    /// The settings of the run.
    ///
    /// # Errors
    /// When `--steps` or `[steps]` names nothing that can be a step program.
    pub fn config(&self, flags: &Flags, environment: &Environment) -> Result<Config, ConfigError> {
        let flavor = self.beside.flavor();
        let selection = selection(flags, &self.settings, flavor, &self.behave);
        Ok(Config {
            steps: self.steps(flags, &selection.paths)?,
            selection,
            run: self.run(flags),
            reporting: self.reporting(flags, environment),
            fmt: self.settings.fmt.clone(),
            lint: (self.settings.lint.iter())
                .map(|(name, level)| (name.clone(), level.value))
                .collect(),
            userdata: self.userdata(),
            jobs_are_default: self.settings.origins.jobs == Origin::Default,
            warnings: self.warnings.clone(),
            project: self.project.clone(),
        })
    }

    /// All settings, as `bdd config` shows them, without those that have no effect.
    pub fn rows(&self) -> Vec<SettingRow> {
        let mut rows = self.settings.rows();
        if self.others.iter().any(|row| row.key == "steps") {
            rows.retain(|row| !PROGRAM_KEYS.contains(&row.key.as_str()));
        }
        rows.extend(self.others.iter().cloned());
        let given = |row: &&SettingRow| rows.iter().all(|other| other.key != row.key);
        let of_behave: Vec<_> = self.behave.rows.iter().filter(given).cloned().collect();
        rows.extend(of_behave);
        rows
    }

    /// The user data for steps, by name.
    pub fn userdata(&self) -> BTreeMap<String, String> {
        let pairs = self.settings.userdata.iter();
        pairs
            .map(|(name, text)| (name.clone(), text.value.clone()))
            .collect()
    }

    fn run(&self, flags: &Flags) -> RunSettings {
        let groups = self.settings.groups.iter();
        let mut run = self.settings.run.clone();
        run.groups = groups
            .map(|(name, group)| (name.clone(), group.value.clone()))
            .collect();
        flags.run.complete(&mut run);
        run.dry_run |= self.behave.dry_run;
        run
    }

    fn reporting(&self, flags: &Flags, environment: &Environment) -> Reporting {
        let settings = &self.settings;
        let color = settings.report.color;
        let options = settings.reports.iter();
        let options = options.map(|(option, given)| (*option, given.value));
        let options: OptionSettings = options.collect();
        let mut formats = settings.report.format.clone();
        if let Some(command) = &self.command {
            // behave's own formatters have standard output.
            formats.retain(|format| format.file.is_some());
            let junit = command.junit.as_deref().map(Format::junit_folder);
            formats.extend(junit);
        }
        Reporting {
            formats: (formats.into_iter())
                .map(|format| format.with_home(environment.variable("HOME")))
                .map(|format| format.with_settings(&options))
                .collect(),
            options,
            folder: self.base(&settings.origins.format).clone(),
            stdout_colors: color.decide(environment.stdout_is_terminal, environment),
            file_colors: color.decide(false, environment),
            terminal: environment.stdout_is_terminal,
            redraws: environment.redraws() && self.command.is_none(),
            verbose: flags.report.verbose || self.behave.verbose,
            console: flags.report.console.options().with(self.behave.console),
            snippets: settings.report.snippets,
        }
    }

    /// The folder to which paths from this source are relative.
    fn base(&self, origin: &Origin) -> &PathBuf {
        match origin.counts_from_root() {
            true => &self.project.root,
            false => &self.project.directory,
        }
    }

    fn steps(&self, flags: &Flags, paths: &Paths) -> Result<Steps, ConfigError> {
        let named = match &flags.steps.steps {
            Some(text) => steps::by_flag(text, &self.project.directory)
                .map(Some)
                .map_err(|error| ("--steps".to_owned(), error)),
            None => self.source().map_err(|error| (self.steps_table(), error)),
        };
        let source = match named {
            Ok(Some(source)) => Ok(source),
            Ok(None) => self.beside(paths)?,
            Err((place, error)) if error.is_contradiction() => {
                return Err(ConfigError::StepsTable { place, error });
            }
            Err((place, error)) => Err(MissingStepsError::Unusable { place, error }),
        };
        Ok(Steps::new(source, &flags.steps, &self.settings))
    }

    /// The steps beside the features.
    fn beside(&self, paths: &Paths) -> Result<Result<StepsSource, MissingStepsError>, ConfigError> {
        match &self.beside {
            StepsBeside::Suite(suite) => Ok(Ok(StepsSource::Python(self.python(&suite.base)))),
            StepsBeside::Missing(error) => Ok(Err(error.clone())),
            StepsBeside::Both { folder, error } => Err(ConfigError::StepsTable {
                place: folder.clone(),
                error: error.clone(),
            }),
            StepsBeside::NoSuite => {
                let source = steps::by_convention(feature_folders(&self.project, paths));
                Ok(source.ok_or(MissingStepsError::Unnamed))
            }
        }
    }

    /// How the suite in this folder is run.
    fn python(&self, folder: &Path) -> PythonSteps {
        let (steps, origins) = (&self.settings.steps, &self.settings.origins);
        let named = &self.settings.selection.features;
        let mut formatters = match steps.steps_formatters.as_slice() {
            [] => self.behave.formatters.clone(),
            given => given.to_vec(),
        };
        let command = self.command.as_ref();
        formatters.extend(
            command
                .iter()
                .flat_map(|command| command.formatters.clone()),
        );
        PythonSteps {
            base: folder.to_path_buf(),
            python: self.interpreter(),
            paths: match (command, named.as_slice()) {
                (Some(command), _) => command.paths.clone(),
                (None, []) => vec![from_directory(folder, &self.project.root)],
                (None, named) => python::from_root(named, &origins.features, &self.project),
            },
            formatters,
            command: self.command.clone(),
        }
    }

    /// The Python that a setting names: an absolute path, or a word.
    pub fn interpreter(&self) -> Option<PathBuf> {
        let named = self.settings.steps.steps_python.as_ref()?;
        let base = self.base(&self.settings.origins.steps_python);
        Some(python::program(named, base))
    }

    /// The program that the settings name.
    fn source(&self) -> Result<Option<StepsSource>, StepsError> {
        let base = self.base(&self.settings.origins.steps_path);
        steps::by_settings(&self.settings, base)
    }

    /// The place of the settings that name the program.
    fn steps_table(&self) -> String {
        let origins = &self.settings.origins;
        let origins = [
            &origins.steps_command,
            &origins.steps_path,
            &origins.steps_package,
            &origins.steps_target,
            &origins.steps_profile,
            &origins.steps_release,
            &origins.steps_language,
        ];
        let mut origins = origins.into_iter();
        match origins.find(|origin| **origin != Origin::Default) {
            Some(origin) => origin.place(),
            None => "[steps]".to_owned(),
        }
    }
}

/// Applies the flags that add to settings of other sources, and the settings that change others.
fn add(flags: &Flags, settings: &mut Settings) -> Result<(), ConfigError> {
    let origins = &mut settings.origins;
    if !flags.selection.exclude.is_empty() {
        let globs: &[ExcludeGlob] = &flags.selection.exclude;
        settings.selection.exclude.extend_from_slice(globs);
        origins.exclude = origins.exclude.clone().and(Origin::Flag("--exclude"));
    }
    let shard = flags.selection.shard;
    let balanced = shard.is_some_and(|shard| shard.kind() == ShardKind::Balanced);
    if balanced != flags.selection.durations_from.is_some() {
        return Err(ConfigError::Durations { balanced });
    }
    if flags.selection.wip {
        let wip = WIP.parse().map_err(ConfigError::Tags)?;
        settings.selection.tags.0.push(wip);
        origins.tags = origins.tags.clone().and(Origin::Flag("--wip"));
    }
    // The output of several workers would be mixed up.
    if settings.run.capture || settings.run.jobs == NonZeroU32::MIN {
        return Ok(());
    }
    if flags.run.jobs.is_some() {
        return Err(ConfigError::OneWorker {
            reason: match &origins.capture {
                Origin::Flag(flag) => (*flag).to_owned(),
                other => format!("`capture = false` ({other})"),
            },
        });
    }
    settings.run.jobs = NonZeroU32::MIN;
    origins.jobs = origins.capture.clone();
    Ok(())
}

fn selection(
    flags: &Flags,
    settings: &Settings,
    flavor: Flavor,
    behave: &BehaveSettings,
) -> Selection {
    let flags = &flags.selection;
    let declared = &settings.selection;
    let features = declared.features.clone();
    Selection {
        paths: if features.is_empty() {
            Paths::Convention
        } else if settings.origins.features.counts_from_root() {
            Paths::Configured(features)
        } else {
            Paths::Given(features)
        },
        paths_place: match &settings.origins.features {
            Origin::Default | Origin::Flag(_) => None,
            origin => Some(origin.place()),
        },
        exclude: declared.exclude.clone(),
        tags: declared.tags.0.clone(),
        names: match flags.name.as_slice() {
            [] => behave.names.clone(),
            names => names.to_vec(),
        },
        files: behave.files.clone(),
        failed: flags.failed,
        changed: flags.changed.clone(),
        shard: flags.shard,
        durations_from: flags.durations_from.clone(),
        language: declared.language,
        flavor,
        strict_text: declared.strict_text,
        keep_going: flags.keep_going,
        allow_empty: flags.allow_empty,
    }
}

/// The folders in which a step crate is looked for: the one of each path, then those above it, up to the root or to where
/// that is below them.
fn feature_folders(project: &Project, paths: &Paths) -> impl Iterator<Item = PathBuf> {
    let (base, texts): (_, &[String]) = match paths {
        Paths::Given(texts) => (&project.directory, texts),
        Paths::Configured(texts) => (&project.root, texts),
        Paths::Convention => (&project.root, &[]),
    };
    let root = &project.root;
    let of_paths = texts.iter().flat_map(move |text| {
        let folder = python::folder_of(text, base, root);
        let above = folder.ancestors();
        let here = above.take_while(|folder| folder == root || !root.starts_with(folder));
        here.map(Path::to_path_buf).collect::<Vec<_>>()
    });
    project.features.iter().cloned().chain(of_paths)
}
