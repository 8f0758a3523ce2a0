//! `bdd parse`: files as Cucumber Messages.

use std::io::{self, Write};

use clap::Args;

use crate::gherkin::{self, Dialect, Messages, ParseError, ParseOptions};
use crate::input;

/// Print files as Cucumber Messages, one JSON object per line.
#[derive(Debug, Args)]
pub struct ParseArgs {
    /// Leave out the messages with the text of the files
    #[arg(long)]
    pub no_source: bool,
    /// Leave out the messages with the documents
    #[arg(long)]
    pub no_ast: bool,
    /// Leave out the messages with the pickles, which are scenarios ready to run
    #[arg(long)]
    pub no_pickles: bool,
    /// The language of files without a `# language:` line
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
        let bytes = match input::read(path.as_ref()) {
            Ok(bytes) => bytes,
            Err(error) => {
                writeln!(err, "error: cannot read {path}: {error}")?;
                code = code.max(2);
                continue;
            }
        };
        let options = ParseOptions {
            dialect,
            ..ParseOptions::default()
        };
        let result = gherkin::decode(&bytes)
            .map_err(|error| vec![error])
            .and_then(|source| print(args, path, source, options.for_path(path), out));
        match result {
            Ok(printed) => printed?,
            Err(errors) => {
                let text = gherkin::decode(&bytes)
                    .map_or_else(|_| String::from_utf8_lossy(&bytes), |source| source.into());
                let mut buffer = Vec::new();
                if !args.no_source {
                    let markdown = options.for_path(path).markdown;
                    messages(path).source(&mut buffer, &text, markdown);
                }
                for error in &errors {
                    messages(path).parse_error(&mut buffer, error);
                }
                out.write_all(&buffer)?;
                err.write_all(gherkin::render_errors(&errors, path, &text).as_bytes())?;
                // Outweighs a file that cannot be read, as everywhere.
                code = 3;
            }
        }
    }
    out.flush()?;
    Ok(code)
}

fn messages(uri: &str) -> Messages<'_> {
    Messages {
        uri,
        first_id: 0,
        empty_keyword: false,
    }
}

/// Prints the messages of a file without mistakes one at a time: the scenarios of an outline can be much
/// larger than the file.
fn print(
    args: &ParseArgs,
    path: &str,
    source: &str,
    options: ParseOptions,
    out: &mut dyn Write,
) -> Result<io::Result<()>, Vec<ParseError>> {
    let document = gherkin::parse(source, &options)?;
    let pickles = if args.no_pickles {
        Vec::new()
    } else {
        gherkin::compile(&document).map_err(|error| vec![error])?
    };
    let messages = messages(path);
    let mut buffer = Vec::new();
    if !args.no_source {
        messages.source(&mut buffer, source, options.markdown);
    }
    if !args.no_ast {
        messages.document(&mut buffer, &document);
    }
    for pickle in &pickles {
        if buffer.len() > 1 << 16 {
            if let Err(error) = out.write_all(&buffer) {
                return Ok(Err(error));
            }
            buffer.clear();
        }
        messages.pickle(&mut buffer, pickle);
    }
    Ok(out.write_all(&buffer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Runs the command on files of these names and bytes; exit code, stdout and stderr with
    /// the directory left out.
    fn parse(files: &[(&str, Option<&[u8]>)], language: &str) -> (u8, String, String) {
        let directory = tempfile::tempdir().expect("a directory for the test");
        let root = format!("{}/", directory.path().display());
        for (name, bytes) in files {
            if let Some(bytes) = bytes {
                fs::write(directory.path().join(name), bytes).expect("a file for the test");
            }
        }
        let args = ParseArgs {
            no_source: true,
            no_ast: true,
            no_pickles: false,
            language: language.into(),
            files: files
                .iter()
                .map(|(name, _)| format!("{root}{name}"))
                .collect(),
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = run(&args, &mut out, &mut err).expect("buffers take everything");
        let text = |bytes| {
            String::from_utf8(bytes)
                .unwrap_or_default()
                .replace(&root, "")
        };
        (code, text(out), text(err))
    }

    #[test]
    fn a_file_with_mistakes_ends_in_3_and_the_others_are_printed() {
        let good: &[u8] = b"\xef\xbb\xbfFeature: f\nScenario: s\n* a\n";
        let (code, out, err) = parse(
            &[
                ("a.feature", Some(b"no\n")),
                ("b.feature", Some(good)),
                ("c.feature", None),
            ],
            "en",
        );
        assert_eq!(code, 3);
        let lines: Vec<_> = out.lines().collect();
        assert_eq!(
            lines[0],
            r#"{"parseError":{"source":{"uri":"a.feature","location":{"line":1,"column":1}},"message":"(1:1): expected: #EOF, #Language, #TagLine, #FeatureLine, #Comment, #Empty, got 'no'"}}"#
        );
        assert!(
            lines[1].starts_with(r#"{"pickle":{"id":"3","uri":"b.feature""#),
            "{out}"
        );
        assert_eq!(lines.len(), 2);
        assert!(err.starts_with("a.feature:1:1: "), "{err}");
        assert!(err.contains("error: cannot read c.feature: "), "{err}");
    }

    #[test]
    fn a_file_that_cannot_be_read_ends_in_2_and_bytes_that_are_no_text_in_3() {
        let (code, out, err) = parse(&[("a.feature", None)], "en");
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.starts_with("error: cannot read a.feature: "), "{err}");
        let (code, out, _) = parse(&[("a.feature", Some(b"\xff"))], "en");
        assert_eq!(code, 3);
        assert!(
            out.contains("(1:1): not UTF-8: unexpected byte 0xff"),
            "{out}"
        );
    }

    #[test]
    fn the_language_is_that_of_files_without_their_own() {
        let source = "Fonctionnalité: f\nScénario: s\n* a\n";
        let (code, out, _) = parse(&[("a.feature", Some(source.as_bytes()))], "fr");
        assert_eq!(code, 0);
        assert!(out.contains(r#""language":"fr""#), "{out}");
        let (code, _, err) = parse(&[("a.feature", Some(b""))], "frr");
        assert_eq!(code, 2);
        assert_eq!(err, "error: unknown language `frr`; did you mean `fr`?\n");
    }
}
