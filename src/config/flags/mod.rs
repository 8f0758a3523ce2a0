//! The flags of the command line, in groups that commands share, and the layer of settings that they
//! give.
//!
//! How flags combine with other sources is not known here: [`super::Config::load`] does that.

mod behave;
mod report;
mod run;
mod selection;
mod steps;

use std::path::PathBuf;

use clap::Args;

pub use behave::BehaveRequest;
pub use report::{ColorFlags, ConsoleFlags, ReportFlags};
pub use run::RunFlags;
pub use selection::SelectionFlags;
pub use steps::StepsFlags;

use super::origin::{Origin, Sourced};
use super::settings::{Layer, SettingRow};
use super::value::FROM_ZERO;

/// All flags of a run. A command that lacks some leaves them at their default.
#[derive(Debug, Clone, Default, Args)]
pub struct Flags {
    /// Which scenarios.
    #[command(flatten)]
    pub selection: SelectionFlags,
    /// How they are run.
    #[command(flatten)]
    pub run: RunFlags,
    /// Which step program.
    #[command(flatten)]
    pub steps: StepsFlags,
    /// What is shown and written.
    #[command(flatten)]
    pub report: ReportFlags,
    /// Colours.
    #[command(flatten)]
    pub color: ColorFlags,
    /// Where the settings come from.
    #[command(flatten)]
    pub file: FileFlags,
    /// What `bdd behave` asks for, where it is the command.
    #[arg(skip)]
    pub behave: Option<BehaveRequest>,
}

/// Where the settings come from.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "General")]
pub struct FileFlags {
    /// Read the settings from FILE instead of the nearest bdd.toml
    ///
    /// Without it, bdd looks for bdd.toml in the current directory and its parents. The folder that
    /// contains it is the project's root, and paths in the file are relative to it.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Use the settings of `[profile.NAME]` in bdd.toml
    ///
    /// They win over those at the top of the file. `default` selects no profile, even if the
    /// environment variable BDD_PROFILE names one.
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,
}

impl Flags {
    /// The settings that the flags give.
    pub(super) fn layer(&self) -> Layer {
        let mut layer = Layer::default();
        self.selection.add_to(&mut layer);
        self.run.add_to(self.selection.wip, &mut layer);
        self.steps.add_to(&mut layer);
        self.report.add_to(&mut layer);
        layer.color = given(self.color.color, "--color");
        layer
    }

    /// What the flags give that has no key in the file, as `bdd config` shows it.
    pub(super) fn rows(&self) -> Vec<SettingRow> {
        let groups = [
            self.selection.rows(),
            self.run.rows(),
            self.report.rows(),
            self.steps.rows(),
        ];
        groups.concat()
    }
}

/// The N of a flag.
fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("expected {FROM_ZERO}"))
}

fn given<T>(value: Option<T>, flag: &'static str) -> Option<Sourced<T>> {
    value.map(|value| Sourced::flag(value, flag))
}

fn optional<T>(value: Option<T>, flag: &'static str) -> Option<Sourced<Option<T>>> {
    value.map(|value| Sourced::flag(Some(value), flag))
}

/// The value that a flag without a value stands for.
fn switch<T>(on: bool, value: T, flag: &'static str) -> Option<Sourced<T>> {
    on.then(|| Sourced::flag(value, flag))
}

fn list<T: Clone>(values: &[T], flag: &'static str) -> Option<Sourced<Vec<T>>> {
    (!values.is_empty()).then(|| Sourced::flag(values.to_vec(), flag))
}

/// The rows of the flags that are on.
fn switched<const N: usize>(flags: [(bool, &'static str); N]) -> impl Iterator<Item = SettingRow> {
    let on = flags.into_iter().filter(|(on, _)| *on);
    on.map(|(_, flag)| row(flag, true.into()))
}

fn row(flag: &'static str, value: serde_json::Value) -> SettingRow {
    SettingRow {
        key: flag.trim_start_matches('-').to_owned(),
        value,
        origin: Origin::Flag(flag),
    }
}
