//! The flags that select scenarios.

use std::path::PathBuf;

use clap::Args;

use super::super::settings::{Layer, Row};
use super::super::value::{Setting as _, Tags};
use super::super::{ExcludeGlob, Language, NamePattern, Sourced};
use super::{given, list, row, switch, switched};
use crate::plan::Shard;
use crate::plan::tags::TagExpression;

/// Which scenarios.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectionFlags {
    /// Files, folders, globs, FILE:LINE[:LINE…] or @LIST to take
    ///
    /// A folder means all `*.feature` and `*.feature.md` files in it, except what .gitignore or
    /// .bddignore leave out and folders with a .freshenignore file. A line may be any line of a
    /// scenario, a row of examples, or the heading of a feature, rule, outline or Examples block,
    /// which selects all it contains. @LIST is a text file with one of these on each line.
    ///
    /// Without any: the `features` of bdd.toml, else the folder `features` in the current directory
    /// or one of its parents.
    #[arg(value_name = "PATH", help_heading = "Arguments")]
    pub paths: Vec<String>,

    /// Take only scenarios whose tags match EXPRESSION
    ///
    /// For example `@smoke`, `not @slow`, `@db and (@read or @write)`. If given several times, all
    /// expressions must match.
    #[arg(short, long, value_name = "EXPRESSION")]
    pub tags: Vec<TagExpression>,

    /// Take only scenarios whose name matches REGEX
    ///
    /// REGEX may match any part of the name. If given several times, one of them must match.
    #[arg(short, long, value_name = "REGEX")]
    pub name: Vec<NamePattern>,

    /// Leave out files and folders that match GLOB
    ///
    /// A glob without `/` matches a name anywhere (`draft_*`); one with `/` matches a path from the
    /// project's root or the current directory (`features/old/**`).
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<ExcludeGlob>,

    /// Take only scenarios that failed or did not run last time
    ///
    /// The folder .bdd of the project records the results of earlier runs. Without a record, all
    /// scenarios are taken.
    #[arg(long)]
    pub failed: bool,

    /// Take only feature files that changed in git since REV [default of REV: HEAD]
    ///
    /// Staged, changed and new files in the working tree count too.
    #[arg(
        long,
        value_name = "REV",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "HEAD"
    )]
    pub changed: Option<String>,

    /// Take one of N parts of the selection: hash:I/N, slice:I/N or balanced:I/N
    ///
    /// `hash` divides by the names of scenarios: each stays in its shard when others change. `slice`
    /// makes ranges of equal length. `balanced` uses the durations in the FILE of --durations-from.
    /// I is from 1 to N.
    #[arg(long, value_name = "SHARD")]
    pub shard: Option<Shard>,

    /// How long scenarios take, for --shard balanced: an `events` report or .bdd/history.jsonl
    #[arg(long, value_name = "FILE")]
    pub durations_from: Option<PathBuf>,

    /// Take only scenarios tagged @wip; one worker, output shown, stop at the first failure
    #[arg(long)]
    pub wip: bool,

    /// Read feature files without a `# language:` line in this language, such as fr
    #[arg(long, value_name = "CODE")]
    pub language: Option<Language>,

    /// Make it an error when text that looks like a step, a heading or a cell is ignored
    ///
    /// Such as `Gven a user` below the heading of a scenario, which is read as a description. Without it,
    /// such lines are warnings.
    #[arg(long)]
    pub strict_text: bool,

    /// Skip feature files that do not parse instead of running nothing (the exit code stays 3)
    #[arg(long)]
    pub keep_going: bool,

    /// Succeed when nothing was selected, instead of exit code 4
    #[arg(long)]
    pub allow_empty: bool,
}

impl SelectionFlags {
    /// Adds the settings that the flags give to a layer. `--exclude` and `--wip`, which add to settings
    /// of other sources, are applied when all sources are known.
    pub(super) fn add_to(&self, layer: &mut Layer) {
        layer.features = list(&self.paths, "PATH");
        layer.tags = list(&self.tags, "--tags").map(|tags| Sourced {
            value: Tags(tags.value),
            origin: tags.origin,
        });
        layer.language = given(self.language, "--language");
        layer.strict_text = switch(self.strict_text, true, "--strict-text");
    }

    /// What these flags give that has no key in the file.
    pub(super) fn rows(&self) -> Vec<Row> {
        let names: Vec<String> = self.name.iter().map(ToString::to_string).collect();
        let names = (!names.is_empty()).then(|| row("--name", names.shown()));
        let durations = self.durations_from.as_ref();
        let texts = [
            (self.changed.clone(), "--changed"),
            (self.shard.map(|shard| shard.to_string()), "--shard"),
            (
                durations.map(|file| file.display().to_string()),
                "--durations-from",
            ),
        ];
        let switches = switched([
            (self.keep_going, "--keep-going"),
            (self.allow_empty, "--allow-empty"),
            (self.failed, "--failed"),
        ]);
        let texts = texts
            .into_iter()
            .filter_map(|(text, flag)| Some(row(flag, text?.shown())));
        names.into_iter().chain(switches).chain(texts).collect()
    }
}
