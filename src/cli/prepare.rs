//! The beginning of `run`, `list` and `history`: discover, plan, and report the problems.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::{Exit, Failure};
use crate::config::flags::{FileFlags, SelectionFlags};
use crate::config::{Config, Environment, Flags, LintLevel, Order, Selection};
use crate::discover::{Changed, FeatureFile, FoundFiles, discover, neighbours};
use crate::event::ShardOf;
use crate::history::{Durations, History};
use crate::plan::{
    FeatureWarning, KnownTags, Plan, PlannedScenario, Planning, Shard, SourceText, TagFiles,
    Unparsed, hash, mark_equal_titles, mistakes, near_tags, plan, tag_uses,
};
use crate::report::{one_line, with_cells};

/// A plan, and the messages to show before it runs.
#[derive(Debug)]
pub struct Prepared {
    /// What was selected from the files that parse.
    pub plan: Plan,
    /// The text of each feature's file, if a report needs it; else empty.
    pub sources: Vec<SourceText>,
    /// Whether nothing of it may run: files do not parse and `--keep-going` is not given.
    pub stopped: bool,
    /// The mistakes in feature files, in the order of files.
    pub unparsed: Vec<Unparsed>,
    /// What settings and the search for feature files noticed: one line each.
    pub notices: Vec<String>,
    /// What breaks the rules of runs in feature files.
    pub warnings: Vec<FeatureWarning>,
    /// The reason if there is nothing to run.
    pub nothing: Option<Nothing>,
    /// Which part of it the plan is, if it is one.
    pub shard: Option<Arc<ShardOf>>,
    /// The feature files of which every scenario was selected.
    pub whole_files: Vec<Arc<str>>,
    /// The feature files and settings, and the run's own record: no report may replace them.
    pub inputs: Vec<PathBuf>,
    /// The `@list` files that were read.
    pub lists: Vec<PathBuf>,
    /// The record of earlier runs, if it is needed and exists.
    pub history: Option<History>,
}

/// Why there is nothing to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nothing {
    /// One line, lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether that is not an error: an empty `@list`, shard, `--failed` or `--changed`, or `--allow-empty`.
    pub fine: bool,
}

impl Prepared {
    /// The exit code if everything that runs passes.
    pub fn exit(&self) -> Exit {
        match &self.nothing {
            _ if !self.unparsed.is_empty() => Exit::Parse,
            Some(nothing) if !nothing.fine => Exit::Nothing,
            _ => Exit::Success,
        }
    }

    /// Whether there is something to run.
    pub fn can_run(&self) -> bool {
        !self.stopped && !self.plan.features.is_empty()
    }

    /// The same as a result, for a command whose reports show each mistake.
    ///
    /// # Errors
    /// When files do not parse, or there is nothing to run; that may be fine.
    pub fn ending(&self) -> Result<(), Failure> {
        let files: BTreeSet<&str> = self.unparsed.iter().map(|error| &*error.uri).collect();
        let do_not_parse = match files.len() {
            1 => "1 feature file does not parse".to_owned(),
            several => format!("{several} feature files do not parse"),
        };
        match &self.nothing {
            _ if self.stopped => Err(Failure::new(
                Exit::Parse,
                format!("{do_not_parse}; nothing was run"),
            )
            .hint("`--keep-going` runs the scenarios of all other files")),
            _ if !self.unparsed.is_empty() => Err(Failure::new(Exit::Parse, do_not_parse)),
            Some(nothing) => {
                let failure = Failure::new(self.exit(), nothing.message.clone());
                Err(match &nothing.hint {
                    Some(hint) => failure.hint(hint.clone()),
                    None => failure,
                })
            }
            None => Ok(()),
        }
    }

    /// Prints everything but the plan, for a command without reports.
    ///
    /// # Errors
    /// Only those of the stream.
    pub fn print(&self, err: &mut dyn Write) -> io::Result<()> {
        for notice in &self.notices {
            writeln!(err, "warning: {notice}")?;
        }
        for warning in &self.warnings {
            writeln!(err, "warning: {warning}")?;
        }
        for unparsed in self.unparsed.iter().filter(|error| !error.follows) {
            writeln!(err, "error: {}", unparsed.diagnostic)?;
        }
        if let Some(nothing) = &self.nothing {
            let kind = if nothing.fine { "note" } else { "error" };
            writeln!(err, "{kind}: {}", nothing.message)?;
            if let Some(hint) = &nothing.hint {
                writeln!(err, "hint: {hint}")?;
            }
        }
        Ok(())
    }
}

/// Finds what these flags select, and prints what was noticed.
///
/// # Errors
/// Those of [`Config::load`], [`prepare`] and the stream.
pub fn prepare_selected(
    file: &FileFlags,
    selection: &SelectionFlags,
    environment: &Environment,
    err: &mut dyn Write,
) -> Result<(Config, Prepared), Failure> {
    let flags = Flags {
        file: file.clone(),
        selection: selection.clone(),
        ..Flags::default()
    };
    let config = Config::load(&flags, environment)?;
    let prepared = prepare(&config, environment)?;
    prepared.print(err)?;
    Ok((config, prepared))
}

/// A scenario for people: its place and its name, with the cells of its row.
pub fn located(uri: &str, scenario: &PlannedScenario) -> String {
    let (uri, line) = (one_line(uri), scenario.location.line);
    let text = format!("{uri}:{line}  {}", one_line(&with_cells(scenario)));
    text.trim_end().to_owned()
}

/// Finds and plans what a configuration selects.
///
/// # Errors
/// Exit code 2 for paths that cannot be searched, for lines that select no scenario, and when `--changed` or
/// `--durations-from` fails.
pub fn prepare(config: &Config, environment: &Environment) -> Result<Prepared, Failure> {
    let selection = &config.selection;
    let mut found = discover(&config.project, selection).map_err(|error| {
        let failure = Failure::from(error);
        match &selection.changed {
            // Other programs take the revision as a word of its own.
            Some(_) => failure.or_hint("write the revision after `=`: --changed=REV"),
            None => failure,
        }
    })?;
    let inputs = inputs(config, &found);
    let mut unchanged = false;
    if let Some(revision) = &selection.changed {
        let changed = Changed::since(revision, &config.project.root)
            .map_err(|error| Failure::usage(error.to_string()))?;
        let some = !found.files.is_empty();
        found.files.retain(|file| changed.contains(&file.path));
        unchanged = some && found.files.is_empty();
    }
    let mut planning = plan(
        &found.files,
        selection,
        environment.cores,
        config.reporting.needs_sources(),
    );
    if !planning.misses.is_empty() {
        let misses: Vec<_> = planning.misses.iter().map(ToString::to_string).collect();
        return Err(Failure::usage(misses.join("\nerror: ")));
    }
    let mut warnings = feature_warnings(config, &found.files, &mut planning)?;
    // Style is for those who ask for it.
    warnings.retain(|warning| warning.rule.is_in_runs() && !warning.is_ignored);
    if config.reporting.needs_equal_titles() {
        mark_equal_titles(
            &mut planning.plan,
            &found.files,
            &planning.titles,
            &neighbours(&found.files),
            selection,
        );
    }
    let stopped = !planning.unparsed.is_empty() && !selection.keep_going;
    let nothing = if planning.unparsed.is_empty() && planning.plan.features.is_empty() {
        Some(match &selection.changed {
            Some(revision) if unchanged => Nothing {
                message: format!("nothing to run: no feature file has changed since {revision}"),
                hint: None,
                fine: true,
            },
            _ => nothing(&found, &planning, selection),
        })
    } else {
        None
    };
    let mut prepared = Prepared {
        whole_files: whole_files(&found, &planning, selection),
        plan: planning.plan,
        sources: planning.sources,
        stopped,
        unparsed: planning.unparsed,
        notices: [config.warnings.clone(), found.warnings].concat(),
        warnings,
        nothing,
        shard: None,
        inputs,
        lists: found.lists,
        history: None,
    };
    if selection.failed || config.run.order == Order::FailedFirst {
        let ids = prepared.plan.ids().map(|id| &**id);
        let loaded = History::of(&config.project.root, ids);
        prepared.notices.extend(loaded.warnings);
        prepared.history = loaded.history;
    }
    if selection.failed {
        prepared.keep_failed();
    }
    if let Some(shard) = selection.shard {
        let durations = durations(config)?;
        prepared.keep_shard(shard, durations.as_ref());
    }
    Ok(prepared)
}

/// What planning noticed about feature files, without rules that are off. What comments ask not to report is among it.
///
/// # Errors
/// When tags that say how a scenario runs are wrong.
pub(super) fn feature_warnings(
    config: &Config,
    files: &[FeatureFile],
    planning: &mut Planning,
) -> Result<Vec<FeatureWarning>, Failure> {
    let groups = |name: &str| config.run.groups.contains_key(name);
    let tag_files = TagFiles {
        files,
        selection: &config.selection,
        unsaved: &[],
    };
    let tags = tag_uses(&planning.plan);
    let mistakes = mistakes(&tags, tag_files, &groups);
    if !mistakes.is_empty() {
        let mistakes: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        return Err(Failure::usage(mistakes.join("\nerror: ")));
    }
    let mut warnings = std::mem::take(&mut planning.warnings);
    let known = KnownTags::of(config);
    warnings.extend(near_tags(&tags, tag_files, &known));
    warnings.retain(|found| config.lint.get(found.rule.name()) != Some(&LintLevel::Off));
    Ok(warnings)
}

/// The files that no report may replace. The events of an earlier run (`--durations-from`) are not among them:
/// they are read before, and the next run may take their place.
fn inputs(config: &Config, found: &FoundFiles) -> Vec<PathBuf> {
    let features = found.files.iter().map(|file| file.path.clone());
    let record = config.project.root.join(".bdd/history.jsonl");
    let settings = config.project.file.clone();
    features.chain(settings).chain([record]).collect()
}

/// The files that parse and of which all scenarios are selected.
fn whole_files(found: &FoundFiles, planning: &Planning, selection: &Selection) -> Vec<Arc<str>> {
    if !selection.tags.is_empty() || !selection.names.is_empty() || selection.failed {
        return Vec::new();
    }
    let unparsed: BTreeSet<&str> = (planning.unparsed.iter())
        .map(|unparsed| &*unparsed.uri)
        .collect();
    let whole = found.files.iter().filter(|file| file.lines.is_none());
    whole
        .map(|file| file.uri.clone())
        .filter(|uri| !unparsed.contains(&**uri))
        .collect()
}

fn durations(config: &Config) -> Result<Option<Durations>, Failure> {
    let Some(file) = &config.selection.durations_from else {
        return Ok(None);
    };
    let path = config.project.directory.join(file);
    let shown = file.display().to_string();
    let durations = Durations::read(&path, &shown);
    durations
        .map(Some)
        .map_err(|error| Failure::usage(format!("--durations-from: {error}")))
}

impl Prepared {
    /// Keeps the scenarios that failed or did not run last time.
    fn keep_failed(&mut self) {
        let Some(history) = &self.history else {
            self.notices.push(
                "there is no record of an earlier run: --failed takes all scenarios".to_owned(),
            );
            return;
        };
        let keep = |scenario: &PlannedScenario| history.failed(&scenario.id);
        self.plan.retain(&mut self.sources, keep);
        self.nothing_is_left("nothing to run: no selected scenario failed last time");
    }

    /// Keeps one part.
    fn keep_shard(&mut self, shard: Shard, durations: Option<&Durations>) {
        let selected: Arc<[Arc<str>]> = self.plan.ids().cloned().collect();
        let ids: Vec<&str> = selected.iter().map(AsRef::as_ref).collect();
        let nanos = |id: &str| durations.and_then(|durations| durations.nanos(id));
        let mut taken = shard.takes(&ids, &nanos).into_iter();
        let keep = |_: &PlannedScenario| taken.next() == Some(true);
        self.plan.retain(&mut self.sources, keep);
        self.shard = Some(Arc::new(ShardOf {
            shard: shard.to_string(),
            selection: format!("{:016x}", hash::of_texts(ids)),
            durations: durations.map(|durations| durations.hash.clone()),
            scenarios: Arc::clone(&selected),
        }));
        self.nothing_is_left(&format!("nothing to run: the shard {shard} is empty"));
    }

    /// Notes that a selection that may be empty has selected nothing.
    fn nothing_is_left(&mut self, message: &str) {
        if self.plan.features.is_empty() && self.unparsed.is_empty() && self.nothing.is_none() {
            self.nothing = Some(Nothing {
                message: message.to_owned(),
                hint: None,
                fine: true,
            });
        }
    }
}

fn nothing(found: &FoundFiles, planning: &Planning, selection: &Selection) -> Nothing {
    // Few files change, so it is not an error when none of them has what the other flags select.
    let other_files = selection.changed.is_some() && !found.files.is_empty();
    let fine = found.empty_lists || selection.allow_empty || other_files;
    let hint = |text: &str| (!fine).then(|| text.to_owned());
    if found.empty_lists {
        return Nothing {
            message: format!("nothing to run: no entries in {}", found.searched),
            hint: None,
            fine,
        };
    }
    if found.files.is_empty() {
        return Nothing {
            message: format!("no feature files in {}{}", found.searched, found.left_out),
            hint: hint("name files or folders, or make a project with `bdd init`"),
            fine,
        };
    }
    let files = counted(found.files.len(), "feature file");
    if planning.total == 0 {
        return Nothing {
            message: format!("no scenarios in {files}"),
            hint: None,
            fine,
        };
    }
    Nothing {
        message: format!(
            "nothing selected: none of {} in {files} matches",
            counted(planning.total, "scenario")
        ),
        hint: hint("`bdd list` shows what a selection takes"),
        fine,
    }
}

/// `1 feature`, `2 features`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}
