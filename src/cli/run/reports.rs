//! Who takes the events of a run: the reports and the record.

use std::io::{self, Write};

use super::super::prepare::Prepared;
use super::super::{Exit, Failure};
use super::Followed;
use crate::config::{Config, Flaky};
use crate::history::{Recorder, Recording};
use crate::report::{HoldBack, LiveLine, Patience, ReportContext, Reports, TerminalSize};

pub(super) fn recorder(config: &Config, prepared: &Prepared) -> Option<Recorder> {
    config.run.history.then(|| {
        Recorder::new(Recording {
            root: config.project.root.clone(),
            flaky_fails: config.run.flaky == Flaky::Fail,
            selected: (prepared.shard.as_ref())
                .map_or_else(Default::default, |shard| shard.scenarios.clone()),
            whole_files: prepared.whole_files.clone(),
        })
    })
}

/// The live line, where one can be drawn and nothing else writes to the terminal.
pub(super) fn live_line(config: &Config) -> Option<LiveLine> {
    let alone = config.run.capture && !config.run.is_attended();
    let drawn = config.reporting.redraws && alone;
    drawn.then(|| LiveLine::new(|| terminal_size().columns))
}

pub(super) fn open_reports(
    config: &Config,
    prepared: &Prepared,
    (live, followed): (Option<LiveLine>, Followed),
) -> Result<Reports, Failure> {
    let reporting = &config.reporting;
    let context = ReportContext {
        stdout: Box::new(io::stdout()),
        terminal: reporting.terminal.then(terminal_size),
        resized: Some(terminal_size),
        live,
        stdout_colors: reporting.stdout_colors,
        file_colors: reporting.file_colors,
        // A mark would end up in the middle of what steps print; a line of its own does not.
        verbose: reporting.verbose || !config.run.capture,
        console: reporting.console,
        hold_back: HoldBack::of_a_run(),
        printer: match followed {
            Followed::ByNobody => None,
            Followed::By(stream) => Some(stream),
        },
        directory: reporting.folder.clone(),
        inputs: prepared.inputs.clone(),
        lists: prepared.lists.clone(),
    };
    Reports::open(&reporting.formats, context).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::usage(errors.join("\nerror: "))
    })
}

/// The size of the terminal that standard output is.
pub(in crate::cli) fn terminal_size() -> TerminalSize {
    let (lines, columns) = console::Term::stdout().size();
    TerminalSize { columns, lines }
}

/// Ends the reports and returns the result of the run.
pub(in crate::cli) fn finish(
    reports: Reports,
    patience: &mut Patience<'_>,
    err: &mut dyn Write,
) -> Exit {
    let finished = reports.finish(patience);
    for error in &finished.errors {
        Failure::new(Exit::Report, error.to_string()).print(err);
    }
    let summary = &finished.summary;
    // A run in which a selected scenario has no result never passes, whatever the reason.
    let failed = !summary.failing.is_empty()
        || !summary.run_errors.is_empty()
        || summary.scenarios.not_run > 0;
    let lost = if finished.errors.is_empty() {
        Exit::Success
    } else {
        Exit::Report
    };
    if failed { Exit::Failed.or(lost) } else { lost }
}
