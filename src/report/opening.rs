//! Opens the reports of a run: their files, and standard output.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Reporter;
use super::assemble::Keep;
use super::behave::BehaveReporter;
use super::console::{
    ConsoleOptions, HoldBack, Pretty, Progress, Room, Style, SummaryReport, TerminalSize,
};
use super::cucumber_json::CucumberJson;
use super::events::EventsReporter;
use super::format::Format;
use super::format_name::FormatName;
use super::github::{Github, GithubForm};
use super::html::Html;
use super::junit::{Junit, JunitPlace};
use super::live::{LiveLine, LiveScreen};
use super::lost::{OpenError, OpenProblem};
use super::messages::MessagesReporter;
use super::options::FormatOptions;
use super::output::{self, Output};
use super::report_set::Report;
use super::rerun::Rerun;
use super::spool::Spool;
use super::tap::Tap;
use super::target::{is_same, replaced_input};
use super::usage::UsageReport;

/// What the reports know about the run and the terminal. They look up nothing else.
pub struct ReportContext {
    /// Standard output.
    pub stdout: Box<dyn Write + Send>,
    /// The size of the terminal that standard output is; `None` when it is not a terminal.
    pub terminal: Option<TerminalSize>,
    /// Asks that terminal for its size again, because it may be resized.
    pub resized: Option<fn() -> TerminalSize>,
    /// What a console report on that terminal shows below everything else; none if it shows no such line.
    pub live: Option<LiveLine>,
    /// Whether standard output gets colours.
    pub stdout_colors: bool,
    /// Whether reports in files get colours.
    pub file_colors: bool,
    /// `-v`: a line instead of a character per scenario.
    pub verbose: bool,
    /// What the reports for people show.
    pub console: ConsoleOptions,
    /// How long scenarios are held back to show those of a feature together.
    pub hold_back: HoldBack,
    /// The stream to the process of `bdd behave` that prints, where that is the command. Then no report of bdd goes to
    /// standard output.
    pub printer: Option<Box<dyn Write + Send>>,
    /// Where relative paths begin.
    pub directory: PathBuf,
    /// Files that the run reads, which no report may replace.
    pub inputs: Vec<PathBuf>,
    /// The lists that name what to run: only a new list may replace them.
    pub lists: Vec<PathBuf>,
}

/// The reports of a run, which get no events yet.
pub(super) struct OpenedReports {
    pub(super) reports: Vec<Report>,
    pub(super) keep: Keep,
    /// The temporary files of reports that are not complete yet.
    pub(super) temporary: Vec<PathBuf>,
    /// What may become of reports.
    pub(super) warnings: Vec<String>,
    pub(super) live: Option<LiveLine>,
}

impl OpenedReports {
    /// Opens the reports. When none goes to standard output a console report is added:
    /// `pretty` on a terminal, else `progress`. Files are made as temporary files beside their
    /// targets, directories at once.
    ///
    /// # Errors
    /// All reports that have the target of another one or would replace an input, before anything is made; otherwise all
    /// whose target cannot be written.
    pub(super) fn open(formats: &[Format], context: ReportContext) -> Result<Self, Vec<OpenError>> {
        let mut formats = formats.to_vec();
        let has_printer = context.printer.is_some();
        if !has_printer && formats.iter().all(|format| format.file.is_some()) {
            let name = if context.terminal.is_some() {
                FormatName::Pretty
            } else {
                FormatName::Progress
            };
            formats.push(Format {
                name,
                options: FormatOptions::default(),
                file: None,
            });
        }
        let conflicts = conflicts(&formats, &context);
        if !conflicts.is_empty() {
            return Err(conflicts);
        }
        let ReportContext {
            stdout,
            terminal,
            resized,
            live,
            stdout_colors,
            file_colors,
            verbose,
            console,
            hold_back,
            printer,
            directory,
            ..
        } = context;
        let html = (formats.iter()).find(|format| format.name == FormatName::Html);
        let html = html.and_then(|format| format.file.clone());
        let mut stdout = Some(StandardOutput {
            stream: stdout,
            live: live.clone(),
        });
        let mut reports: Vec<Report> = Vec::new();
        let mut errors = Vec::new();
        let mut temporary = Vec::new();
        let mut warnings = Vec::new();
        for format in formats {
            let live = format.file.is_none();
            let style = Style {
                color: if live { stdout_colors } else { file_colors },
                room: Room::new(terminal.filter(|_| live), resized),
                verbose,
                options: console,
            };
            let places = (directory.as_path(), html.as_deref());
            match open(&format, (style, hold_back), &mut stdout, places) {
                Ok(opened) => {
                    temporary.extend(opened.temporary);
                    warnings.extend(
                        opened
                            .warning
                            .map(|warning| format!("`-f {format}`: {warning}")),
                    );
                    reports.push(Report {
                        number: 0,
                        format,
                        reporter: Some(opened.reporter),
                        spool: opened.spool,
                    });
                }
                Err(error) => errors.push(OpenError {
                    format,
                    reason: OpenProblem::Io(error),
                }),
            }
        }
        reports.extend(printer.map(printer_report));
        for (number, report) in reports.iter_mut().enumerate() {
            report.number = number;
        }
        let keep = Keep {
            passed_hooks: verbose || console.durations > 0,
            matches: reports
                .iter()
                .any(|report| matches!(report.format.name, FormatName::Pretty | FormatName::Html)),
        };
        if errors.is_empty() {
            Ok(Self {
                reports,
                keep,
                temporary,
                warnings,
                live,
            })
        } else {
            Err(errors)
        }
    }
}

/// The report to the process that prints. Errors name `pretty`: it writes the console.
fn printer_report(stream: Box<dyn Write + Send>) -> Report {
    let output = Output::stream(stream);
    Report {
        number: 0,
        format: Format {
            name: FormatName::Pretty,
            options: FormatOptions::default(),
            file: None,
        },
        spool: output.spool(),
        reporter: Some(Box::new(BehaveReporter::new(output))),
    }
}

/// Standard output, for one report.
struct StandardOutput {
    stream: Box<dyn Write + Send>,
    live: Option<LiveLine>,
}

impl StandardOutput {
    /// Only reports for people have a live line.
    fn open(self, name: FormatName, color: bool) -> Output {
        let is_console = matches!(name, FormatName::Pretty | FormatName::Progress);
        match self.live.filter(|_| is_console) {
            Some(live) => Output::screen(LiveScreen::new(self.stream, live, color)),
            None => Output::stream(self.stream),
        }
    }
}

/// A report that is open.
struct Opened {
    reporter: Box<dyn Reporter + Send>,
    /// The file under which it is written until it is whole.
    temporary: Option<PathBuf>,
    /// What is on its way to a reader, if it is a stream.
    spool: Option<Spool>,
    /// What may become of it.
    warning: Option<String>,
}

/// Standard output is taken at most once: two reports on it are an error before.
fn open(
    format: &Format,
    (style, hold_back): (Style, HoldBack),
    stdout: &mut Option<StandardOutput>,
    (directory, html): (&Path, Option<&Path>),
) -> io::Result<Opened> {
    let given = format.file.as_deref();
    let path = given.map(|file| directory.join(file));
    if let (Some(given), Some(path)) = (given, &path)
        && format.is_directory(directory)
    {
        output::open_directory(path)?;
        let place = JunitPlace::folder(directory, given);
        let warning = Junit::warning_of(path).or_else(|| place.warning(format.options.junit()));
        let reporter = Junit::directory(path.clone(), place, format.options.junit());
        return Ok(Opened {
            reporter: Box::new(reporter.with_html(html)),
            temporary: None,
            spool: None,
            warning,
        });
    }
    let output = match path {
        Some(path) => Output::open(&path)?,
        None => match stdout.take() {
            Some(stdout) => stdout.open(format.name, style.color),
            None => Output::stream(Box::new(io::sink())),
        },
    };
    let temporary = output.temporary().map(Path::to_owned);
    let spool = output.spool();
    let mut warning = None;
    let reporter: Box<dyn Reporter + Send> = match format.name {
        FormatName::Pretty => Box::new(Pretty::new(output, style, hold_back)),
        FormatName::Progress => Box::new(Progress::new(output, style)),
        FormatName::Junit => {
            let place = JunitPlace::file(directory, given);
            let options = format.options.junit();
            warning = place.warning(options).filter(|_| !output.is_live());
            Box::new(Junit::file(output, place, options).with_html(html))
        }
        FormatName::Html => Box::new(Html::new(output)?),
        FormatName::Messages => Box::new(MessagesReporter::new(output)),
        FormatName::Events => Box::new(EventsReporter::new(output)),
        FormatName::Rerun => Box::new(Rerun::new(output)),
        FormatName::Json => Box::new(CucumberJson::new(output, format.options.attachments())?),
        FormatName::Github => Box::new(Github::new(output, GithubForm::Annotations)),
        FormatName::GithubSummary => Box::new(Github::new(output, GithubForm::Summary)),
        FormatName::Tap => Box::new(Tap::new(output)),
        FormatName::Usage => Box::new(UsageReport::new(output, format.options.usage())),
        FormatName::Summary => Box::new(SummaryReport::new(output, style)),
    };
    Ok(Opened {
        reporter,
        temporary,
        spool,
        warning,
    })
}

/// The reports that would replace an earlier one or a file that the run reads.
fn conflicts(formats: &[Format], context: &ReportContext) -> Vec<OpenError> {
    let all = formats.iter().enumerate();
    let conflicts = all.filter_map(|(number, format)| {
        Some(OpenError {
            reason: conflict(format, &formats[..number], context)?,
            format: format.clone(),
        })
    });
    conflicts.collect()
}

fn conflict(format: &Format, earlier: &[Format], context: &ReportContext) -> Option<OpenProblem> {
    let directory = &context.directory;
    if let Some(other) = (earlier.iter()).find(|other| same_target(other, format, directory)) {
        return Some(OpenProblem::SameTarget(other.clone()));
    }
    let path = directory.join(format.file.as_ref()?);
    let lists = match format.name {
        FormatName::Rerun => &[][..],
        _ => &context.lists,
    };
    let replaced =
        replaced_input(&path, &context.inputs).or_else(|| replaced_input(&path, lists))?;
    let input = crate::paths::from_directory(replaced, directory);
    Some(OpenProblem::Input(input))
}

fn same_target(one: &Format, other: &Format, directory: &Path) -> bool {
    match (&one.file, &other.file) {
        (None, None) => true,
        (Some(one), Some(other)) => {
            let (one, other) = (directory.join(one), directory.join(other));
            is_same(&one, &other)
        }
        _ => false,
    }
}
