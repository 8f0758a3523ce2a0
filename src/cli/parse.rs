//! `bdd parse`: files as Cucumber Messages.

use std::fs;
use std::io::{self, Write};

use clap::Args;

use crate::gherkin::{self, Dialect, Messages, ParseError, ParseOptions};

/// Print files as Cucumber Messages, one JSON object per line.
#[derive(Debug, Args)]
pub struct ParseArgs {
    /// Leave out the messages with the text of the files
    #[arg(long)]
    pub no_source: bool,
    /// Leave out the messages with the documents
    #[arg(long)]
    pub no_ast: bool,
    /// Leave out the messages with the scenarios ready to run
    #[arg(long)]
    pub no_pickles: bool,
    /// The language of files that do not name their own
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub language: String,
    /// Feature files: `.feature`, or `.feature.md` for Markdown
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
}

/// Prints the messages of all files and returns the exit code: 3 if a file does not parse,
/// 2 if one cannot be read.
///
/// # Errors
/// Only those of the streams.
pub fn run(args: &ParseArgs, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let Some(dialect) = Dialect::find(&args.language) else {
        let hint = gherkin::nearest_language(&args.language);
        let hint = hint.map_or(String::new(), |code| format!("; did you mean `{code}`?"));
        writeln!(err, "error: unknown language `{}`{hint}", args.language)?;
        return Ok(2);
    };
    let mut code = 0;
    for path in &args.files {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                writeln!(err, "error: cannot read {path}: {error}")?;
                code = code.max(2);
                continue;
            }
        };
        let options = ParseOptions {
            dialect,
            markdown: false,
        };
        let mut buffer = Vec::new();
        let result = gherkin::decode(&bytes)
            .map_err(|error| vec![error])
            .and_then(|source| write(args, path, source, options.for_path(path), &mut buffer));
        if let Err(errors) = result {
            buffer.clear();
            let text = gherkin::decode(&bytes)
                .map_or_else(|_| String::from_utf8_lossy(&bytes), |source| source.into());
            for error in &errors {
                messages(path).parse_error(&mut buffer, error);
            }
            err.write_all(gherkin::render_errors(&errors, path, &text).as_bytes())?;
            // Outweighs a file that cannot be read, as everywhere.
            code = 3;
        }
        out.write_all(&buffer)?;
    }
    out.flush()?;
    Ok(code)
}

fn messages(uri: &str) -> Messages<'_> {
    Messages { uri, first_id: 0 }
}

/// Writes the messages of a file that parses.
fn write(
    args: &ParseArgs,
    path: &str,
    source: &str,
    options: ParseOptions,
    buffer: &mut Vec<u8>,
) -> Result<(), Vec<ParseError>> {
    let document = gherkin::parse(source, &options)?;
    let messages = messages(path);
    if !args.no_source {
        messages.source(buffer, source, options.markdown);
    }
    if !args.no_ast {
        messages.document(buffer, &document);
    }
    if !args.no_pickles {
        for pickle in gherkin::compile(&document).map_err(|error| vec![error])? {
            messages.pickle(buffer, &pickle);
        }
    }
    Ok(())
}
