//! The flags of reports and colours.

use clap::{ArgAction, Args};

use super::super::settings::{Layer, SettingRow};
use super::super::{ColorChoice, SnippetStyle};
use super::{given, list, switched};
use crate::report::Format;

/// What is shown and written.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Reports")]
pub struct ReportFlags {
    /// Write a report, to standard output or to a file; may be given several times
    ///
    /// NAME is pretty, progress, junit, messages, events, rerun, json, github, github-summary, tap, usage or summary;
    /// `-f help` lists them and their options. `junit:DIR/` writes a file for each feature.
    ///
    /// [default: pretty on a terminal, else progress]
    #[arg(short, long, value_name = "NAME[,KEY=VALUE][:FILE]")]
    pub format: Vec<Format>,

    /// Print a line for each scenario
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub verbose: bool,

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
        switched([(self.verbose, "--verbose")]).collect()
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
