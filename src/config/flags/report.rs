//! The flags of reports and colours.

use clap::{ArgAction, Args};

use super::super::settings::{Layer, SettingRow};
use super::super::{ColorChoice, SnippetStyle};
use super::{given, list, number, switched};
use crate::report::{ConsoleOptions, Format};

/// What is shown and written.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Reports")]
pub struct ReportFlags {
    /// Write a report, to standard output or to a file; may be given several times
    ///
    /// NAME is pretty, progress, junit, html, messages, events, rerun, json, github, github-summary, tap, usage or summary;
    /// `-f help` lists them and their options. `junit:DIR/` writes a file for each feature.
    ///
    /// [default: pretty on a terminal, else progress]
    #[arg(short, long, value_name = "NAME[,KEY=VALUE][:FILE]")]
    pub format: Vec<Format>,

    /// Print a line for each scenario
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub verbose: bool,

    /// What `pretty` and `progress` show.
    #[command(flatten)]
    pub console: ConsoleFlags,

    /// Suggest code for undefined steps in this style, or none [default: expression]
    #[arg(long, value_name = "STYLE", value_enum)]
    pub snippets: Option<SnippetStyle>,
}

impl ReportFlags {
    /// Adds the settings that the flags give to a layer.
    pub(super) fn add_to(&self, layer: &mut Layer) {
        layer.format = list(&self.format, "--format");
        layer.snippets = given(self.snippets, "--snippets");
    }

    /// What these flags give that has no key in the file.
    pub(super) fn rows(&self) -> Vec<SettingRow> {
        let ConsoleFlags {
            no_source,
            no_multiline,
            show_timings,
            no_skipped,
            durations,
        } = self.console;
        let switches = [
            (self.verbose, "--verbose"),
            (no_source, "--no-source"),
            (no_multiline, "--no-multiline"),
            (show_timings, "--show-timings"),
            (no_skipped, "--no-skipped"),
            (durations.is_some(), "--durations"),
        ];
        switched(switches).collect()
    }
}

/// What `pretty` and `progress` show.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Reports")]
pub struct ConsoleFlags {
    /// Leave out the places of scenarios and step definitions
    #[arg(long, action = ArgAction::SetTrue)]
    pub no_source: bool,

    /// Leave out tables and docstrings
    #[arg(long, action = ArgAction::SetTrue)]
    pub no_multiline: bool,

    /// Show the time of every step and scenario
    #[arg(long, action = ArgAction::SetTrue)]
    pub show_timings: bool,

    /// Leave out skipped scenarios and steps
    #[arg(long, action = ArgAction::SetTrue)]
    pub no_skipped: bool,

    /// List the N slowest scenarios, steps and hooks at the end
    #[arg(long, value_name = "N", value_parser = number)]
    pub durations: Option<u32>,
}

impl ConsoleFlags {
    /// The same for reports.
    pub(crate) fn options(self) -> ConsoleOptions {
        ConsoleOptions {
            no_source: self.no_source,
            no_multiline: self.no_multiline,
            show_timings: self.show_timings,
            no_skipped: self.no_skipped,
            durations: self.durations.unwrap_or_default() as usize,
        }
    }
}

/// Colours.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "General")]
pub struct ColorFlags {
    /// When to use colours [default: auto, that is on a terminal unless NO_COLOR is set]
    #[arg(long, value_name = "WHEN", value_enum)]
    pub color: Option<ColorChoice>,
}
