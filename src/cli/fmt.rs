//! `bdd fmt`: formats feature files.

use std::io::{self, Read, Write};
use std::sync::Arc;

use clap::Args;

use super::prepare::counted;
use super::visible::Visible;
use super::whole_files::{WholeFileArgs, refuse_parts};
use super::{Exit, Failure};
use crate::config::{Config, Environment};
use crate::discover::{FeatureFile, FoundFiles, discover};
use crate::format::{FormatStyle, NotFormatted, format, replace, unified_diff};
use crate::gherkin::{self, ParseOptions};
use crate::input;
use crate::system_error::reason;

/// The arguments of `bdd fmt`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FmtArgs {
    /// Feature files, folders or globs; `-` formats standard input to standard output
    ///
    /// The default is `features` in bdd.toml, else the folder `features` in the current directory or one of
    /// its parents.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,

    /// Change nothing; name the files that are not formatted, and exit with 1 if there are any
    #[arg(long)]
    check: bool,

    /// Change nothing; show what would change, and exit with 1 if anything would
    #[arg(long)]
    diff: bool,

    #[command(flatten)]
    files: WholeFileArgs,
}

const EXAMPLES: &str = "\
Examples:
  bdd fmt                       format all features of the project
  bdd fmt --check               in CI: is everything formatted?
  bdd fmt - < a.feature         in an editor

Exit codes:
  0  everything is formatted
  1  with --check or --diff: a file is not formatted
  2  a file does not parse, or cannot be read or written; or wrong usage";

/// The name of standard input in messages.
const STDIN: &str = "<stdin>";

/// Formats files. What `out` gets may be the text of a file, so nothing on its way may change it.
///
/// # Errors
/// When there is nothing to format, or standard output cannot be written.
pub fn run(
    arguments: &FmtArgs,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let flags = arguments.files.flags(&arguments.paths);
    let config = Config::load(&flags, environment)?;
    let mut formatting = Formatting {
        arguments,
        options: config.selection.parse_options(),
        style: config.fmt.style(),
        plain: !environment.stdout_is_terminal,
        counts: FormatCounts::default(),
        out,
        err,
    };
    if arguments.paths.iter().any(|path| path == "-") {
        if arguments.paths.len() > 1 {
            return Err(Failure::usage(
                "`-` is standard input, and cannot be combined with other paths",
            ));
        }
        return Ok(formatting.stdin()?);
    }
    for warning in &config.warnings {
        writeln!(formatting.err, "warning: {warning}")?;
    }
    let found = discover(&config.project, &config.selection)?;
    files_to_format(&found)?;
    for warning in &found.warnings {
        writeln!(formatting.err, "warning: {warning}")?;
    }
    for file in &found.files {
        formatting.file(file)?;
    }
    formatting.summary()?;
    Ok(formatting.counts.exit())
}

/// Sees that there are files, and no parts of files.
fn files_to_format(found: &FoundFiles) -> Result<(), Failure> {
    refuse_parts(found, "`bdd fmt` formats")?;
    if found.files.is_empty() && !found.empty_lists {
        let message = format!("no feature files in {}{}", found.searched, found.left_out);
        return Err(Failure::usage(message).hint("name files or folders"));
    }
    Ok(())
}

#[derive(Debug, Default)]
struct FormatCounts {
    changed: usize,
    unchanged: usize,
    markdown: usize,
    bad: usize,
    /// Whether changes are only shown.
    only_shown: bool,
}

impl FormatCounts {
    fn exit(&self) -> Exit {
        match self {
            _ if self.bad > 0 => Exit::Usage,
            _ if self.only_shown && self.changed > 0 => Exit::Failed,
            _ => Exit::Success,
        }
    }
}

struct Formatting<'f> {
    arguments: &'f FmtArgs,
    options: ParseOptions,
    style: FormatStyle,
    /// Whether differences are shown as they are: no terminal could act on them.
    plain: bool,
    counts: FormatCounts,
    out: &'f mut dyn Write,
    err: &'f mut dyn Write,
}

impl Formatting<'_> {
    fn only_shows(&self) -> bool {
        self.arguments.check || self.arguments.diff
    }

    fn stdin(&mut self) -> io::Result<Exit> {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        let Some(text) = self.formatted(STDIN, &bytes)? else {
            return Ok(Exit::Usage);
        };
        if self.only_shows() {
            if text != bytes {
                self.show(STDIN, &bytes, &text)?;
                return Ok(Exit::Failed);
            }
            return Ok(Exit::Success);
        }
        self.out.write_all(&text)?;
        self.out.flush()?;
        Ok(Exit::Success)
    }

    fn file(&mut self, file: &FeatureFile) -> io::Result<()> {
        if self.options.for_path(&file.uri).markdown {
            self.counts.markdown += 1;
            return Ok(());
        }
        let bytes = match input::read(&file.path) {
            Ok(bytes) => bytes,
            Err(error) => return self.bad("read", &file.uri, &reason(&error)),
        };
        let Some(text) = self.formatted(&file.uri, &bytes)? else {
            self.counts.bad += 1;
            return Ok(());
        };
        if text == bytes {
            self.counts.unchanged += 1;
            return Ok(());
        }
        if self.only_shows() {
            self.counts.only_shown = true;
        } else if let Err(error) = replace(&file.path, &bytes, &text) {
            return self.bad("write", &file.uri, &error.to_string());
        }
        self.counts.changed += 1;
        self.show(&file.uri, &bytes, &text)
    }

    fn bad(&mut self, what: &str, uri: &Arc<str>, why: &str) -> io::Result<()> {
        self.counts.bad += 1;
        writeln!(self.err, "error: cannot {what} {uri}: {why}")
    }

    /// The formatted content of a file; `None` if it has mistakes, which are reported.
    fn formatted(&mut self, name: &str, bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let errors = match gherkin::decode(bytes) {
            Ok(source) => match format(source, &self.options, self.style) {
                Ok(text) => {
                    // A byte order mark stays.
                    let mark = &bytes[..bytes.len() - source.len()];
                    return Ok(Some([mark, text.as_bytes()].concat()));
                }
                Err(NotFormatted::Meaning) => {
                    writeln!(
                        self.err,
                        "error: {name} stays as it is: formatted, it would mean something else. This is a fault of bdd"
                    )?;
                    return Ok(None);
                }
                Err(NotFormatted::Parse(errors)) => errors,
            },
            Err(error) => vec![error],
        };
        let source = gherkin::decode(bytes)
            .map_or_else(|_| String::from_utf8_lossy(bytes), |source| source.into());
        for (error, is_shown) in gherkin::worth_showing(&errors) {
            if is_shown {
                writeln!(self.err, "error: {}", error.render(name, &source))?;
            }
        }
        Ok(None)
    }

    /// Names a file that changes, or shows how.
    fn show(&mut self, name: &str, old: &[u8], new: &[u8]) -> io::Result<()> {
        let mut visible;
        let out: &mut dyn Write = match self.plain && self.arguments.diff {
            true => &mut *self.out,
            false => {
                visible = Visible::new(&mut *self.out);
                &mut visible
            }
        };
        if !self.arguments.diff {
            writeln!(out, "{name}")?;
            return out.flush();
        }
        let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
        out.write_all(unified_diff(name, &old, &new).as_bytes())?;
        out.flush()
    }

    fn summary(&mut self) -> io::Result<()> {
        let counts = &self.counts;
        let (changed, all) = (
            counts.changed,
            counts.changed + counts.unchanged + counts.bad,
        );
        let mut parts = Vec::new();
        if counts.only_shown {
            let verb = if changed == 1 { "is" } else { "are" };
            parts.push(format!(
                "{changed} of {} {verb} not formatted",
                counted(all, "file")
            ));
        } else if changed > 0 {
            parts.push(format!("{} formatted", counted(changed, "file")));
        }
        if counts.bad > 0 {
            parts.push(format!(
                "{} left as they were because of errors",
                counted(counts.bad, "file")
            ));
        }
        if counts.markdown > 0 {
            let files = counted(counts.markdown, "Markdown file");
            parts.push(format!("{files} left as they are"));
        }
        if counts.unchanged > 0 && changed + counts.bad == 0 {
            let verb = if counts.unchanged == 1 { "is" } else { "are" };
            parts.insert(
                0,
                format!("{} {verb} formatted", counted(counts.unchanged, "file")),
            );
        }
        writeln!(self.err, "{}", parts.join(", "))
    }
}
