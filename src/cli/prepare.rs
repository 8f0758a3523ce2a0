//! What `run` and `list` begin with: discover and plan, and say what is wrong with either.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use super::{Exit, Failure};
use crate::config::{Config, Environment, Selection};
use crate::discover::{Found, discover};
use crate::plan::{Plan, Planning, Unparsed, Warning, mistakes, plan};

/// A plan, and what a person should hear before it runs.
#[derive(Debug)]
pub struct Prepared {
    /// What was selected from the files that parse.
    pub plan: Plan,
    /// The text of each feature's file, if a report needs it; else empty.
    pub sources: Vec<Arc<str>>,
    /// Whether nothing of it may run: files do not parse and `--keep-going` is not given.
    pub stopped: bool,
    /// The mistakes in feature files, in the order of files.
    pub unparsed: Vec<Unparsed>,
    /// What settings and the search for feature files noticed: one line each.
    pub notices: Vec<String>,
    /// What the plan noticed about feature files.
    pub warnings: Vec<Warning>,
    /// Why there is nothing to run, if there is nothing.
    pub nothing: Option<Nothing>,
}

/// Why there is nothing to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nothing {
    /// One line, lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether that is fine: an empty `@list`, or `--allow-empty`.
    pub fine: bool,
}

impl Prepared {
    /// The exit code that this gives when all that is run passes.
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

    /// Prints all but the plan, as a command does that has no reports.
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
        for unparsed in &self.unparsed {
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

/// Finds and plans what a configuration selects.
///
/// # Errors
/// Paths that cannot be searched, and lines that mean no scenario: exit code 2.
pub fn prepare(config: &Config, environment: &Environment) -> Result<Prepared, Failure> {
    let found = discover(&config.project, &config.selection)?;
    let planning = plan(
        &found.files,
        &config.selection,
        environment.cores,
        config.reporting.needs_sources(),
    );
    if !planning.misses.is_empty() {
        let misses: Vec<_> = planning.misses.iter().map(ToString::to_string).collect();
        return Err(Failure::usage(misses.join("\nerror: ")));
    }
    let groups = |name: &str| config.run.groups.contains_key(name);
    let mistakes = mistakes(&planning.plan, &groups);
    if !mistakes.is_empty() {
        let mistakes: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        return Err(Failure::usage(mistakes.join("\nerror: ")));
    }
    let stopped = !planning.unparsed.is_empty() && !config.selection.keep_going;
    let nothing = if planning.unparsed.is_empty() && planning.plan.features.is_empty() {
        Some(nothing(&found, &planning, &config.selection))
    } else {
        None
    };
    Ok(Prepared {
        plan: planning.plan,
        sources: planning.sources,
        stopped,
        unparsed: planning.unparsed,
        notices: [config.warnings.clone(), found.warnings].concat(),
        warnings: planning.warnings,
        nothing,
    })
}

fn nothing(found: &Found, planning: &Planning, selection: &Selection) -> Nothing {
    let fine = found.empty_lists || selection.allow_empty;
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
            message: format!("no feature files in {}", found.searched),
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
    let bare = selection
        .tags
        .iter()
        .flat_map(|expression| expression.tags())
        .find(|tag| !tag.starts_with('@'));
    Nothing {
        message: format!(
            "nothing selected: none of {} in {files} has what was asked for",
            counted(planning.total, "scenario")
        ),
        hint: match bare {
            Some(tag) => hint(&format!("tags begin with `@`: `@{tag}`?")),
            None => hint("`bdd list` shows what a selection takes"),
        },
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
