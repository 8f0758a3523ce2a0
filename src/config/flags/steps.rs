//! The flags of the step program and its build.

use clap::Args;

use super::super::settings::{Layer, SettingRow};
use super::super::value::Setting as _;
use super::{list, optional, row, switch, switched};

/// Which step program, and how cargo builds it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Step program")]
pub struct StepsFlags {
    /// The step program, or the crate that builds it
    ///
    /// An executable file runs directly. Otherwise: a folder with a Cargo.toml, a Cargo.toml, or
    /// the name of a package of this workspace, each with `:TARGET` if the package has several
    /// programs.
    ///
    /// Without it: `[steps]` of bdd.toml, else the crate in features/steps.
    #[arg(long, value_name = "STEPS")]
    pub steps: Option<String>,

    /// Use the step program of the last build
    #[arg(long)]
    pub no_build: bool,

    /// Build the steps with optimizations
    #[arg(long, conflicts_with = "cargo_profile")]
    pub release: bool,

    /// Build the steps with this cargo profile
    #[arg(long, value_name = "NAME")]
    pub cargo_profile: Option<String>,

    /// Build the steps with these cargo features
    #[arg(long, value_name = "FEATURES", value_delimiter = ',')]
    pub features: Vec<String>,

    /// Make cargo fail if Cargo.lock would change
    #[arg(long)]
    pub locked: bool,

    /// Make cargo build without the network
    #[arg(long)]
    pub offline: bool,
}

impl StepsFlags {
    /// Adds the settings that the flags give to a layer.
    pub(super) fn add_to(&self, layer: &mut Layer) {
        layer.steps_release = switch(self.release, true, "--release");
        layer.steps_profile = optional(self.cargo_profile.clone(), "--cargo-profile");
        layer.steps_features = list(&self.features, "--features");
    }

    /// What these flags give that has no key in the file.
    pub(super) fn rows(&self) -> Vec<SettingRow> {
        let steps = self.steps.as_ref().map(|text| row("--steps", text.shown()));
        switched([
            (self.no_build, "--no-build"),
            (self.locked, "--locked"),
            (self.offline, "--offline"),
        ])
        .chain(steps)
        .collect()
    }
}
