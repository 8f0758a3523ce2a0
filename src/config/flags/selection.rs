//! The flags that select scenarios.

use std::path::PathBuf;

use clap::Args;

use super::super::settings::{Layer, SettingRow};
use super::super::value::Setting as _;
use super::super::{ExcludeGlob, Language, NamePattern, TagsFlag};
use super::{given, list, row, switch, switched};
use crate::plan::Shard;

/// Which scenarios.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectionFlags {
    /// Files, folders, globs, FILE:LINE[:LINE…] or @LIST with the scenarios
    ///
    /// A folder means all `*.feature` and `*.feature.md` files in it. Files that .gitignore or .bddignore
    /// exclude are left out, and so are folders with a .freshenignore file. LINE may be any line of a
    /// scenario, or a row of examples. The heading of a feature, rule, outline or Examples block selects
    /// everything in it. @LIST is a text file with one of these on each line.
    ///
    /// The default is `features` in bdd.toml, else the folder `features` in the current directory or one of
    /// its parents.
    #[arg(value_name = "PATH", help_heading = "Arguments")]
    pub paths: Vec<String>,

    /// Select only scenarios whose tags match EXPRESSION
    ///
    /// For example `@smoke`, `not @slow`, `@db and (@read or @write)`. If given several times, all
    /// expressions must match.
    #[arg(short, long, value_name = "EXPRESSION")]
    pub tags: Vec<TagsFlag>,

    /// Select only scenarios whose name matches REGEX
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

    /// Select only scenarios that failed or did not run last time
    ///
    /// The folder .bdd of the project records the results of earlier runs. Without a record, all scenarios
    /// are selected.
    #[arg(long)]
    pub failed: bool,

    /// Select only feature files that changed in git since REV [default of REV: HEAD]
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

    /// Select one of N parts of the selection: hash:I/N, slice:I/N or balanced:I/N
    ///
    /// I is from 1 to N. `hash` divides by the names of scenarios: a scenario stays in its shard when others
    /// are added or removed. `slice` makes ranges of equal length. `balanced` makes parts that take equally
    /// long, by the durations in the FILE of --durations-from.
    #[arg(long, value_name = "SHARD")]
    pub shard: Option<Shard>,

    /// Read the durations for --shard balanced from FILE: an `events` report or .bdd/history.jsonl
    #[arg(long, value_name = "FILE")]
    pub durations_from: Option<PathBuf>,

    /// Select only scenarios tagged @wip; one worker, output shown, stop at the first failure
    #[arg(long)]
    pub wip: bool,

    /// Read feature files without a `# language:` line in this language, such as fr
    #[arg(long, value_name = "CODE")]
    pub language: Option<Language>,

    /// Make it an error when text that looks like a step, a heading or a cell is ignored
    ///
    /// For example, `Gven a user` below the heading of a scenario is read as its description. Without this
    /// flag, such a line is a warning.
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
    /// of other sources, are applied when all sources are known, and `--tags` when it is known what the steps are.
    pub(super) fn add_to(&self, layer: &mut Layer) {
        layer.features = list(&self.paths, "PATH");
        layer.language = given(self.language, "--language");
        layer.strict_text = switch(self.strict_text, true, "--strict-text");
    }

    /// What these flags give that has no key in the file.
    pub(super) fn rows(&self) -> Vec<SettingRow> {
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
