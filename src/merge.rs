//! Joins the events of shards into one run, as if one machine had run everything.
//!
//! It reads `events` reports, or the Cucumber Messages of another tool, and emits events. Each file is read twice: first
//! to check whether the shards fit together, then to emit the events. Between the two it keeps numbers, hashes and places
//! in the files, but no texts of the plan. One run by itself is emitted as it is.

mod check;
mod course;
mod cucumber;
mod join;
mod line_ranges;
mod outline;
mod part;
mod renumber;
mod selection;

use std::path::Path;
use std::sync::Arc;

use crate::event::{Event, RunErrorKind};
use crate::plan::Interner;
use crate::report::OptionSettings;

use join::Joined;
use part::MergePart;

/// The events of all shards of a selection, or of one whole run.
#[derive(Debug)]
pub struct Merge {
    parts: Vec<MergePart>,
    joined: Joined,
    /// Whether it is one run, whose reports are those that the run wrote.
    as_it_is: bool,
}

/// Why files cannot be joined: one or a few lines for each reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeError {
    /// The problems, at least one.
    pub problems: Vec<String>,
}

impl std::fmt::Display for MergeError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.problems.join("\n"))
    }
}

impl std::error::Error for MergeError {}

impl Merge {
    /// Reads the files and joins their plans. Relative paths start at `directory`.
    ///
    /// # Errors
    /// When a file is no `events` report, and when the files are not all shards of one selection,
    /// each once; all problems of a kind at once.
    pub fn read(files: &[impl AsRef<Path>], directory: &Path) -> Result<Self, MergeError> {
        Self::read_checked(files, directory, true)
    }

    /// As [`Merge::read`], but one file alone may be any shard: it is a run of its own.
    ///
    /// # Errors
    /// As [`Merge::read`].
    pub fn read_runs(files: &[impl AsRef<Path>], directory: &Path) -> Result<Self, MergeError> {
        Self::read_checked(files, directory, files.len() > 1)
    }

    fn read_checked(
        files: &[impl AsRef<Path>],
        directory: &Path,
        all_shards: bool,
    ) -> Result<Self, MergeError> {
        let mut parts = Vec::new();
        let mut problems = Vec::new();
        let mut selection = None;
        for file in files {
            let file = file.as_ref();
            let shown = file.display().to_string();
            match MergePart::read(&directory.join(file), shown, &mut selection) {
                Ok(part) => parts.push(part),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() && all_shards {
            problems = check::problems(&parts);
        }
        if !problems.is_empty() {
            return Err(MergeError { problems });
        }
        // The order of the files on the command line has no meaning.
        parts.sort_by_key(MergePart::number);
        let joined = Joined::of(&parts).map_err(|problems| MergeError { problems })?;
        let is_one_run = |part: &MergePart| !all_shards || part.shard_of().is_none();
        let as_it_is = matches!(&*parts, [part] if is_one_run(part));
        Ok(Self {
            parts,
            joined,
            as_it_is,
        })
    }

    /// The number of planned scenarios in all files.
    #[must_use]
    pub fn scenarios(&self) -> usize {
        self.parts.iter().map(|part| part.scenarios().count()).sum()
    }

    /// The options that the settings of the run gave to reports.
    #[must_use]
    pub fn report_options(&self) -> OptionSettings {
        match join::report_options(&self.parts) {
            Some(Event::ReportOptions { options, .. }) => OptionSettings::of_named(options),
            _ => OptionSettings::default(),
        }
    }

    /// Whether a feature file did not parse.
    #[must_use]
    pub fn has_parse_errors(&self) -> bool {
        let mut notices = self.parts.iter().flat_map(|part| &part.notices);
        notices.any(|event| matches!(event, Event::ParseError { .. }))
    }

    /// Whether there is no scenario, and that was an error of a run.
    #[must_use]
    pub fn selected_nothing(&self) -> bool {
        join::selected_nothing(&self.parts)
    }

    /// Whether the step program could not be built or started.
    #[must_use]
    pub fn lacks_step_program(&self) -> bool {
        (self.parts.iter()).any(|part| part.course.run_errors.contains(&RunErrorKind::StepProgram))
    }

    /// Emits all events of the joined run.
    ///
    /// # Errors
    /// When a file can no longer be read.
    pub fn replay(self, emit: &mut dyn FnMut(&Event)) -> Result<(), MergeError> {
        let mut texts = Interner::default();
        let mut emit = |mut event: Event| {
            // The reports keep the plan.
            if let Event::FeaturePlanned { feature } = &mut event {
                Arc::make_mut(feature).share_texts(&mut texts);
            }
            emit(&event);
        };
        let replayed = match &*self.parts {
            [part] if self.as_it_is => self.replay_run(part, &mut emit),
            _ => self.replay_joined(&mut emit),
        };
        replayed.map_err(|problem| MergeError {
            problems: vec![problem],
        })
    }

    fn replay_run(&self, part: &MergePart, emit: &mut dyn FnMut(Event)) -> Result<(), String> {
        part.whole(emit)?;
        if !part.is_whole() {
            self.joined.end(&self.parts, emit);
        }
        Ok(())
    }

    fn replay_joined(&self, emit: &mut dyn FnMut(Event)) -> Result<(), String> {
        self.joined.begin(&self.parts, emit)?;
        let several = self.parts.len() > 1;
        for (number, part) in self.parts.iter().enumerate() {
            let renumbering = self.joined.renumbering(number);
            part.body(&mut |mut event| {
                renumbering.apply(&mut event);
                if several && let Event::RunError { message, .. } = &mut event {
                    *message = format!("{message} (shard {})", renumbering.shard);
                }
                emit(event);
            })?;
        }
        self.joined.end(&self.parts, emit);
        Ok(())
    }
}
